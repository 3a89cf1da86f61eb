// Built images by content: a folder per image, named by the hash of everything that went into it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace engine {

/// $XDG_CACHE_HOME/m7scope/images, or ~/.cache/m7scope/images, or below the system's temporary folder.
std::filesystem::path default_cache();

/// 128-bit hash of the parts and of where they end, as 32 hexadecimal digits.
std::string content_hash(const std::vector<std::string>& parts);

/// A fresh folder beside the cached images; removed with this object unless kept.
class WorkFolder {
 public:
  /// Throws BuildError where it cannot be made.
  explicit WorkFolder(const std::filesystem::path& cache);
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Renames the folder to `cache`/`name` in one step. Where another process was faster, its folder stays and
  /// this one goes. Returns the final folder.
  std::filesystem::path keep_as(const std::string& name);

 private:
  std::filesystem::path cache_, path_;
};

/// Marks an image as just used.
void touch(const std::filesystem::path& image);

/// Removes the least recently used images beyond `keep`, and work folders abandoned for a day.
void prune(const std::filesystem::path& cache, int keep);

}  // namespace engine
