#include "sim/gdb/monitor.h"

#include <fmt/format.h>

namespace sim::gdb {
namespace {

std::string cycles(DebugTarget& target) {
  isa::CauseCycles causes = target.cycles();
  std::string text =
      fmt::format("{} cycles, {} instructions since reset\n", causes.total(), target.instructions());
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    auto cause = static_cast<isa::Cause>(i);
    if (causes[cause] > 0) text += fmt::format("  {:<11} {}\n", isa::to_string(cause), causes[cause]);
  }
  return text;
}

std::string reset(DebugTarget& target) {
  target.reset();
  // gdb keeps what it has read until the target has run.
  return "reset: stopped before the first instruction; `maintenance flush register-cache` shows it\n";
}

std::string help(DebugTarget&);

struct Command {
  const char* name;
  const char* help;
  std::string (*run)(DebugTarget&);
};

constexpr Command kCommands[] = {
    {"cycles", "core cycles since reset, and what they went to", cycles},
    {"reset", "reset the core and its devices; memory keeps its contents", reset},
    {"help", "this list", help},
};

std::string help(DebugTarget&) {
  std::string text;
  for (const Command& command : kCommands) text += fmt::format("{:<8} {}\n", command.name, command.help);
  return text;
}

std::string_view trimmed(std::string_view text) {
  constexpr const char* kSpace = " \t\r\n";
  std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

std::string answer_monitor(DebugTarget& target, std::string_view command) {
  command = trimmed(command);
  for (const Command& known : kCommands) {
    if (command == known.name) return known.run(target);
  }
  return fmt::format("unknown command '{}'; there are\n{}", command, help(target));
}

}  // namespace sim::gdb
