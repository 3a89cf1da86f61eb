// Running another program.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace engine {

struct ProcessResult {
  int exit_code = 0;   ///< 128 + n where signal n ended it
  std::string output;  ///< standard output and standard error, at most 1 MiB
};

/// Runs `arguments[0]` (found on PATH) in `folder` without a shell, in the C locale, and waits for it. Throws
/// std::system_error where it cannot be started.
ProcessResult run_process(const std::vector<std::string>& arguments, const std::filesystem::path& folder);

}  // namespace engine
