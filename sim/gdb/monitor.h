// gdb's `monitor COMMAND`: what a simulator knows and gdb has no command for.
#pragma once

#include <string>
#include <string_view>

#include "sim/gdb/target.h"

namespace sim::gdb {

/// Carries out `command` and returns what to print, in whole lines. An unknown command is answered by the
/// list of those that exist.
std::string answer_monitor(DebugTarget& target, std::string_view command);

}  // namespace sim::gdb
