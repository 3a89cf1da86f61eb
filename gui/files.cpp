#include "gui/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "gui/errors.h"

namespace gui {

std::string read_file(const std::filesystem::path& path, std::uintmax_t max_bytes) {
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  if (error) throw ViewError(fmt::format("{}: {}", path.string(), error.message()));
  if (bytes > max_bytes)
    throw ViewError(fmt::format("{}: {} bytes, expected at most {}", path.string(), bytes, max_bytes));
  std::string content(bytes, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file.read(content.data(), static_cast<std::streamsize>(bytes)))
    throw ViewError(fmt::format("{}: cannot be read", path.string()));
  return content;
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::path beside = path;
  beside += fmt::format(".{}.part", ::getpid());
  std::error_code error;
  {
    errno = 0;
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close();
    if (!file) {
      const std::string why = errno != 0 ? std::strerror(errno) : "cannot be written";
      std::filesystem::remove(beside, error);
      throw ViewError(fmt::format("{}: {}", path.string(), why));
    }
  }
  std::filesystem::rename(beside, path, error);
  if (error) {
    const std::string why = error.message();
    std::filesystem::remove(beside, error);
    throw ViewError(fmt::format("{}: {}", path.string(), why));
  }
}

}  // namespace gui
