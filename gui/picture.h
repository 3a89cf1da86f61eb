// Pixels, and the PNG file they become.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gui {

/// Rows from the top; red, green, blue and alpha, a byte each.
struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgba;
};

/// Replaces `path` in one step. The file has no alpha and no time stamp: equal pixels give equal bytes.
/// Throws ViewError.
void write_png(const Picture& picture, const std::filesystem::path& path);

}  // namespace gui
