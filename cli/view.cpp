// m7scope view: starts the viewer.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/errors.h"
#include "cli/trace_commands.h"

namespace cli {
namespace {

constexpr const char* kViewer = "m7scope-view";

}  // namespace

int view(const std::vector<std::string>& arguments) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path viewer = self.parent_path() / kViewer;
  std::vector<std::string> words = {viewer.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(viewer.c_str(), argv.data());
  throw InputError(fmt::format("{}: cannot be started: {}; the viewer is built beside m7scope",
                               viewer.string(), std::strerror(errno)));
}

}  // namespace cli
