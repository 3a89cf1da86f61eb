// The folder a guest's files live in, and nowhere else.
#pragma once

#include <filesystem>
#include <string_view>

namespace sim {

/// Names are relative to the root: no "..", no absolute path, and no symbolic link anywhere on the way;
/// files with a second hard link are refused, since it may lie outside. All
/// calls return -1 with `errno` set on failure; with an empty root every call fails with EACCES.
class Sandbox {
 public:
  explicit Sandbox(const std::filesystem::path& root);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Opens a regular file with open(2)'s flags.
  int open(std::string_view name, int flags) const;
  int remove(std::string_view name) const;
  int rename(std::string_view from, std::string_view to) const;

 private:
  /// Opens the folder that holds `name`; `leaf` becomes the last component.
  int open_parent(std::string_view name, std::string& leaf) const;

  int root_ = -1;
};

}  // namespace sim
