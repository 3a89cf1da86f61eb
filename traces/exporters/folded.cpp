// Folded stacks: a line for each path of calls, its frames separated by ";", a space, its cycles.
#include <algorithm>
#include <string>
#include <vector>

#include "traces/exporters/exporters.h"
#include "traces/text.h"

namespace traces {
namespace {

/// A frame must not hold what separates frames.
std::string frame(const Trace& trace, StringId function) {
  std::string name = printable(trace.text(function));
  std::replace(name.begin(), name.end(), ';', ':');
  return name.empty() ? "(unknown)" : name;
}

std::string path_to(const Trace& trace, std::size_t node) {
  std::vector<std::size_t> nodes;
  for (std::size_t at = node; at != 0; at = trace.calls[at].parent) nodes.push_back(at);
  if (trace.calls[0].function != 0 || nodes.empty())
    nodes.push_back(0);  // a root without a name frames nothing
  std::string path;
  for (auto at = nodes.rbegin(); at != nodes.rend(); ++at) {
    if (!path.empty()) path += ';';
    path += frame(trace, trace.calls[*at].function);
  }
  return path;
}

}  // namespace

ExportResult export_folded(const Trace& trace, std::ostream& stream, const ExportOptions& options) {
  Output out(stream, options.cap_bytes, options.heartbeat);
  std::uint64_t sum = 0;
  const auto write = [&](const std::string& path, std::uint64_t cycles) {
    if (cycles == 0) return;
    sum += cycles;
    out.print("{} {}\n", path, cycles);
  };
  for (std::size_t i = 0; i < trace.calls.size(); ++i) write(path_to(trace, i), trace.calls[i].self_cycles);
  if (trace.calls.empty()) {
    for (const FunctionCost& function : trace.functions) {
      write(frame(trace, function.name), function.causes.total().value);
    }
  }
  if (trace.cycles() > sum) write("(in no function)", trace.cycles() - sum);
  return {out.bytes(), out.left_out()};
}

}  // namespace traces
