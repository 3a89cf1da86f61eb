// Small files, whole: read at once, written beside their place and renamed into it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace gui {

/// Throws ViewError where the file cannot be read or is larger than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::uintmax_t max_bytes = 1u << 20);

/// Replaces `path` in one step; a reader sees the old file or the new one. Throws ViewError.
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace gui
