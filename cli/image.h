// PNG files as pixels of the size a network wants.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace cli {

/// Reads a PNG as grey (channels 1) or RGB (channels 3) and resizes it to height x width.
/// Returns uint8 [height, width, channels]. Throws InputError.
std::vector<std::uint8_t> load_png(const std::filesystem::path& path, int height, int width, int channels);

}  // namespace cli
