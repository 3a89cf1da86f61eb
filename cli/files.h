// Files, whole: read at once, written beside their place and renamed into it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

namespace cli {

/// Throws InputError where the file cannot be read or is larger than `max_bytes`.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                    std::uintmax_t max_bytes = 256U << 20U);

/// Replaces `path` in one step; a reader sees the old file or the new one. Throws InputError.
void write_file(const std::filesystem::path& path, std::string_view text);
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

/// The same as a stream. Nothing is left behind where `write` throws. What is no plain file (a terminal,
/// /dev/null) is written as it stands.
void replace_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write);

/// A folder under the system's temporary folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace cli
