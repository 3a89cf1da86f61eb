#include "cli/viewer.h"

#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/errors.h"

namespace cli {
namespace {

constexpr const char* kViewer = "m7scope-view";

/// The viewer's command line, as exec takes it.
struct CommandLine {
  std::vector<std::string> words;
  std::vector<char*> argv;

  explicit CommandLine(const std::vector<std::string>& arguments) {
    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    words.push_back((self.parent_path() / kViewer).string());
    words.insert(words.end(), arguments.begin(), arguments.end());
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
  }
};

[[noreturn]] void cannot_start(const CommandLine& line, int error) {
  throw InputError(fmt::format("{}: cannot be started: {}; the viewer is built beside m7scope", line.words[0],
                               std::strerror(error)));
}

}  // namespace

pid_t start_viewer(const std::vector<std::string>& arguments) {
  const CommandLine line(arguments);
  pid_t viewer = 0;
  const int error = posix_spawn(&viewer, line.words[0].c_str(), nullptr, nullptr, line.argv.data(), environ);
  if (error != 0) cannot_start(line, error);
  return viewer;
}

void become_viewer(const std::vector<std::string>& arguments) {
  const CommandLine line(arguments);
  execv(line.words[0].c_str(), line.argv.data());
  cannot_start(line, errno);
}

}  // namespace cli
