// Callgrind's format. The rules: "Callgrind Format Specification" in Valgrind's manual, cl-format.html.
#include <array>
#include <iterator>
#include <string>
#include <unordered_map>

#include "traces/exporters/call_graph.h"
#include "traces/exporters/exporters.h"
#include "traces/text.h"

namespace traces {
namespace {

/// Names of events are letters and digits. Causes in the order of isa::Cause.
constexpr const char* kEvents = "Cy Ir Issue Dependency Structural Branch IFetch DLoad DStore Bus Device";

/// Numbers for names: the first time "(3) name", then "(3)". What follows the number is read as it is, so a
/// name may hold anything but a line end.
class Names {
 public:
  explicit Names(const Trace& trace, const char* if_empty) : trace_(trace), if_empty_(if_empty) {}

  std::string operator()(StringId id) {
    const auto [found, is_new] = numbers_.try_emplace(id, numbers_.size() + 1);
    if (!is_new) return fmt::format("({})", found->second);
    return fmt::format("({}) {}", found->second,
                       trace_.text(id).empty() ? if_empty_ : printable(trace_.text(id)));
  }

 private:
  const Trace& trace_;
  const char* if_empty_;
  std::unordered_map<StringId, std::size_t> numbers_;
};

std::string costs(const Cost& cost) {
  std::string text = fmt::format("{} {}", cost.cycles, cost.instructions);
  for (const std::uint64_t cycles : cost.causes.by) fmt::format_to(std::back_inserter(text), " {}", cycles);
  return text;
}

class CallgrindWriter {
 public:
  CallgrindWriter(const Trace& trace, std::ostream& stream, const ExportOptions& options)
      : trace_(trace),
        graph_(call_graph(trace)),
        files_(trace, "???"),
        functions_(trace, "(unknown)"),
        out_(stream, options.cap_bytes, options.heartbeat) {}

  ExportResult write() {
    begin();
    for (const FunctionNode& function : graph_.functions) write(function);
    if (graph_.other.cycles != 0 || graph_.other.instructions != 0) {
      out_.print("\nfl=(0) ???\nfn=(0) (in no function)\n0 {}\n", costs(graph_.other));
    }
    out_.print("\ntotals: {}\n", costs(graph_.total));
    return {out_.bytes(), out_.left_out()};
  }

 private:
  void begin() {
    const About& about = trace_.about;
    out_.print("# callgrind format\nversion: 1\ncreator: {}\ncmd: {}\npart: 1\n", printable(about.tool),
               printable(about.command));
    out_.print("desc: Board: {}\ndesc: Firmware: {} {}\n", printable(about.board), printable(about.firmware),
               printable(about.firmware_hash));
    out_.write("positions: line\nevent: Cy : Cycles\nevent: Ir : Instructions\n");
    out_.print("events: {}\nsummary: {}\n", kEvents, costs(graph_.total));
    if (!about.firmware.empty()) out_.print("\nob=(1) {}\n", printable(about.firmware));
  }

  void write(const FunctionNode& function) {
    if (function.lines.empty() && function.edges.empty()) return;
    out_.print("\nfl={}\nfn={}\n", files_(function.file), functions_(function.name));
    StringId file = function.file;
    for (const LineOfFunction& line : function.lines) {
      go_to(line.file, function, &file);
      out_.print("{} {}\n", line.line, costs(line.cost));
    }
    go_to(function.file, function, &file);
    for (const CallEdge& edge : function.edges) {
      const FunctionNode& callee = graph_.functions[edge.callee];
      // Where in the function the call stands is not known: it is shown at the function's first line.
      out_.print("cfi={}\ncfn={}\ncalls={} {}\n{} {} {}\n", files_(callee.file), functions_(callee.name),
                 edge.calls, callee.first_line, function.first_line, edge.cycles, edge.instructions);
    }
  }

  /// Lines of another file are those of functions that were inlined.
  void go_to(StringId file, const FunctionNode& function, StringId* at) {
    if (file == *at) return;
    out_.print("{}={}\n", file == function.file ? "fe" : "fi", files_(file));
    *at = file;
  }

  const Trace& trace_;
  CallGraph graph_;
  Names files_, functions_;
  Output out_;
};

}  // namespace

ExportResult export_callgrind(const Trace& trace, std::ostream& stream, const ExportOptions& options) {
  return CallgrindWriter(trace, stream, options).write();
}

}  // namespace traces
