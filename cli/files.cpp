#include "cli/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>

#include "cli/errors.h"

namespace cli {

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uintmax_t max_bytes) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw InputError(fmt::format("{}: is a folder, expected a file", path.string()));
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw InputError(fmt::format("{}: cannot be read: {}", path.string(), error.message()));
  if (size > max_bytes) {
    throw InputError(fmt::format("{}: {} bytes, expected at most {}", path.string(), size, max_bytes));
  }
  std::vector<std::uint8_t> bytes(size);
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in || static_cast<std::uintmax_t>(in.gcount()) != size) {
    throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
  }
  return bytes;
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_file(path, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  replace_file(path, [bytes](std::ostream& out) {
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  });
}

void replace_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write) {
  std::error_code error;
  const bool is_plain =
      !std::filesystem::exists(path, error) || std::filesystem::is_regular_file(path, error);
  const std::filesystem::path part =
      is_plain ? path.string() + fmt::format(".part{}", getpid()) : path.string();
  const auto remove_part = [&] {
    if (is_plain) std::filesystem::remove(part, error);
  };
  std::ofstream out(part, std::ios::binary);
  if (out) {
    try {
      write(out);
    } catch (...) {
      out.close();
      remove_part();
      throw;
    }
    out.close();
  }
  if (out) {
    if (is_plain) std::filesystem::rename(part, path, error);
    if (!is_plain || !error) return;
  }
  const std::string reason = is_plain && error ? error.message() : std::strerror(errno);
  remove_part();
  throw InputError(fmt::format("{}: cannot be written: {}", path.string(), reason));
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "m7scope-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw InputError(fmt::format("{}: cannot make a temporary folder: {}", name, std::strerror(errno)));
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

}  // namespace cli
