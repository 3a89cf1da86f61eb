// The viewer is a program of its own, m7scope-view, beside this one.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace cli {

/// Starts the viewer beside this process, which goes on. Throws InputError where it cannot be started.
pid_t start_viewer(const std::vector<std::string>& arguments);

/// Turns this process into the viewer. Throws InputError where that cannot be done.
[[noreturn]] void become_viewer(const std::vector<std::string>& arguments);

}  // namespace cli
