#include "engine/toolchain/cache.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <system_error>

#include "engine/image.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWorkPrefix = "work-";

bool is_image_name(const std::string& name) {
  return name.size() == 32 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

fs::path default_cache() {
  const auto from = [](const char* variable) -> fs::path {
    const char* value = getenv(variable);
    // The XDG specification: a relative path is to be ignored.
    return value != nullptr && value[0] == '/' ? fs::path(value) : fs::path();
  };
  if (const fs::path xdg = from("XDG_CACHE_HOME"); !xdg.empty()) return xdg / "m7scope" / "images";
  if (const fs::path home = from("HOME"); !home.empty()) return home / ".cache" / "m7scope" / "images";
  return fs::temp_directory_path() / fmt::format("m7scope-{}", getuid()) / "images";
}

std::string content_hash(const std::vector<std::string>& parts) {
  XXH3_state_t* state = XXH3_createState();
  XXH3_128bits_reset(state);
  for (const std::string& part : parts) {
    const std::uint64_t size = part.size();
    XXH3_128bits_update(state, &size, sizeof size);
    XXH3_128bits_update(state, part.data(), part.size());
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state);
  XXH3_freeState(state);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

WorkFolder::WorkFolder(const fs::path& cache) : cache_(cache) {
  std::error_code error;
  fs::create_directories(cache, error);
  std::string name = (cache / (std::string(kWorkPrefix) + "XXXXXX")).string();
  if (error || mkdtemp(name.data()) == nullptr) {
    throw BuildError(fmt::format("cache folder {}: {}; set XDG_CACHE_HOME to a folder that can be written",
                                 cache.string(),
                                 error ? error.message() : std::generic_category().message(errno)));
  }
  path_ = name;
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

fs::path WorkFolder::keep_as(const std::string& name) {
  const fs::path target = cache_ / name;
  std::error_code error;
  fs::rename(path_, target, error);
  if (!error) {
    path_.clear();
    return target;
  }
  if (!fs::is_directory(target)) {
    throw BuildError(fmt::format("cache folder {}: {}", target.string(), error.message()));
  }
  return target;  // somebody else built the same content meanwhile
}

void touch(const fs::path& image) {
  std::error_code ignored;  // a read-only cache still serves
  fs::last_write_time(image, fs::file_time_type::clock::now(), ignored);
}

void prune(const fs::path& cache, int keep) {
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> images;
  const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
  for (const fs::directory_entry& entry : fs::directory_iterator(cache, error)) {
    std::error_code ignored;
    const auto time = entry.last_write_time(ignored);
    if (ignored) continue;  // removed by another process
    const std::string name = entry.path().filename().string();
    if (is_image_name(name)) images.emplace_back(time, entry.path());
    if (name.starts_with(kWorkPrefix) && time < yesterday) fs::remove_all(entry.path(), ignored);
  }
  std::sort(images.begin(), images.end());
  for (std::size_t i = 0; i + static_cast<std::size_t>(keep) < images.size(); ++i) {
    fs::remove_all(images[i].second, error);
  }
}

}  // namespace engine
