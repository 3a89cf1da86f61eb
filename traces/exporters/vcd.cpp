// Value change dump. The rules: IEEE 1364-2005, clause 18; strings ("s") are GTKWave's extension.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "traces/exporters/exporters.h"
#include "traces/exporters/live_points.h"
#include "traces/exporters/timebase.h"
#include "traces/roofline.h"
#include "traces/summary.h"

namespace traces {
namespace {

constexpr std::size_t kLivePoints = 8192;

/// Names of scopes and variables hold no white space.
std::string identifier(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    out += is_plain ? c : '_';
  }
  return out.empty() ? "_" : out;
}

/// In comments, which end at "$end".
std::string comment(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '$' || c < ' '; }, '_');
  return text;
}

std::string whole(std::uint64_t value) {
  return fmt::format("b{:b} ", value);
}
std::string real(double value) {
  return fmt::format("r{} ", value);
}
/// White space, control characters and what is not ASCII as octal escapes.
std::string text(std::string_view value) {
  std::string out = "s";
  for (const char c : value) {
    const auto code = static_cast<unsigned char>(c);
    if (code > ' ' && code < 0x7F && c != '\\') {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "\\{:03o}", code);
    }
  }
  return out + " ";
}

struct Change {
  std::uint64_t cycle = 0;
  std::size_t variable = 0;
  std::string value;  ///< with what tells its type, and the space behind it
};

class VcdWriter {
 public:
  VcdWriter(const Trace& trace, std::ostream& stream, const ExportOptions& options)
      : trace_(trace), time_(trace), out_(stream, options.cap_bytes, options.heartbeat) {}

  ExportResult write() {
    begin();
    declare();
    for (const Sample& row : trace_.samples) sample(row);
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) step(i);
    live_bytes_of_regions();
    end_of_run();
    std::stable_sort(changes_.begin(), changes_.end(),
                     [](const Change& a, const Change& b) { return a.cycle < b.cycle; });
    write_changes();
    return {out_.bytes(), out_.left_out()};
  }

 private:
  void begin() {
    // No $date: the same trace gives the same file.
    out_.print("$version {} $end\n$comment {} on {}{} $end\n$timescale 1 ps $end\n",
               comment(trace_.about.tool), comment(trace_.about.command), comment(trace_.about.board),
               time_.is_known() ? "" : "; unknown clock: a cycle is a nanosecond");
  }

  std::size_t variable(const char* type, int bits, const std::string& name, std::string initial) {
    // Any printable characters name a variable: base 94 from '!' on.
    std::string code;
    for (std::size_t n = initial_.size();; n = n / 94 - 1) {
      code += static_cast<char>('!' + n % 94);
      if (n < 94) break;
    }
    out_.print("$var {} {} {} {} $end\n", type, bits, code, name);
    codes_.push_back(code);
    initial_.push_back(std::move(initial));
    return codes_.size() - 1;
  }

  void declare() {
    out_.write("$scope module m7scope $end\n");
    step_ = variable("wire", 32, "step", "bx ");
    step_name_ = variable("string", 1, "step_name", text("-"));
    cycles_per_mac_ = variable("real", 64, "cycles_per_mac", real(0));
    stack_ = variable("wire", 32, "stack_bytes", whole(0));
    out_.write("$scope module percent_of_cycles $end\n");
    for (std::size_t i = 0; i < isa::kCauses; ++i) percent_[i] = variable("real", 64, cause_name(i), real(0));
    out_.write("$upscope $end\n$scope module cycles $end\n");
    for (std::size_t i = 0; i < isa::kCauses; ++i) cycles_[i] = variable("wire", 64, cause_name(i), whole(0));
    out_.write("$upscope $end\n$scope module bytes_in_use $end\n");
    for (const Region& region : trace_.regions) {
      regions_.push_back(variable("wire", 64, identifier(region.name), whole(0)));
    }
    out_.write("$upscope $end\n$upscope $end\n$enddefinitions $end\n");
  }
  static std::string cause_name(std::size_t cause) {
    return identifier(isa::to_string(static_cast<isa::Cause>(cause)));
  }

  void change(std::uint64_t cycle, std::size_t variable, std::string value) {
    changes_.push_back({cycle, variable, std::move(value)});
  }

  void sample(const Sample& sample) {
    const std::uint64_t total = sample.causes.total().value;
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      const std::uint64_t cycles = sample.causes.by[i];
      change(sample.begin, cycles_[i], whole(cycles));
      // Hundredths of a percent, so that the text is short and the same everywhere.
      const double hundredths =
          total == 0 ? 0 : 1e4 * static_cast<double>(cycles) / static_cast<double>(total);
      change(sample.begin, percent_[i], real(std::round(hundredths) / 100));
    }
    change(sample.begin, stack_, whole(sample.stack_bytes));
  }

  void step(std::size_t index) {
    const Step& step = trace_.steps[index];
    const StepLimits limits = limits_of(step, trace_.about.macs_per_cycle);
    if (index > 0 && step.begin > trace_.steps[index - 1].end) no_step(trace_.steps[index - 1].end);
    change(step.begin, step_, whole(index));
    change(step.begin, step_name_, text(name_of(trace_, step)));
    change(step.begin, cycles_per_mac_, real(std::round(limits.cycles_per_mac * 1e4) / 1e4));
    if (index + 1 == trace_.steps.size()) no_step(step.end);
  }
  void no_step(std::uint64_t cycle) {
    change(cycle, step_, initial_[step_]);
    change(cycle, step_name_, initial_[step_name_]);
    change(cycle, cycles_per_mac_, initial_[cycles_per_mac_]);
  }

  void live_bytes_of_regions() {
    for (std::size_t i = 0; i < trace_.regions.size(); ++i) {
      for (const LivePoint& point : live_points(trace_, trace_.regions[i], kLivePoints)) {
        change(point.cycle, regions_[i], whole(point.bytes));
      }
    }
  }

  void end_of_run() {
    if (!trace_.samples.empty()) {
      const std::uint64_t end = trace_.samples.back().end;
      for (std::size_t i = 0; i < isa::kCauses; ++i) {
        change(end, cycles_[i], whole(0));
        change(end, percent_[i], real(0));
      }
      change(end, stack_, whole(0));
    }
  }

  /// All changes of a time together; what did not change is not written again.
  void write_changes() {
    std::vector<std::string> now = initial_;
    std::size_t next = apply(0, 0, &now);
    std::vector<std::string> written = now;
    std::string block = "#0\n$dumpvars\n";
    for (std::size_t i = 0; i < codes_.size(); ++i) block += now[i] + codes_[i] + "\n";
    out_.write(block + "$end\n");

    std::uint64_t last = 0;
    while (next < changes_.size()) {
      const std::uint64_t cycle = changes_[next].cycle;
      const std::size_t first = next;
      next = apply(next, cycle, &now);
      block.clear();
      for (std::size_t i = first; i < next; ++i) {
        const std::size_t variable = changes_[i].variable;
        if (now[variable] == written[variable]) continue;
        block += now[variable] + codes_[variable] + "\n";
        written[variable] = now[variable];
      }
      if (block.empty()) continue;
      out_.detail(fmt::format("#{}\n{}", time_.picoseconds(cycle), block));
      last = cycle;
    }
    if (trace_.cycles() > last) out_.detail(fmt::format("#{}\n", time_.picoseconds(trace_.cycles())));
  }

  /// Takes the changes of `cycle` over into `values`; of two of the same variable the later counts. Returns
  /// the first change behind them.
  std::size_t apply(std::size_t next, std::uint64_t cycle, std::vector<std::string>* values) {
    for (; next < changes_.size() && changes_[next].cycle == cycle; ++next) {
      (*values)[changes_[next].variable] = std::move(changes_[next].value);
    }
    return next;
  }

  const Trace& trace_;
  Timebase time_;
  Output out_;
  std::vector<std::string> codes_, initial_;  ///< by variable
  std::size_t step_ = 0, step_name_ = 0, cycles_per_mac_ = 0, stack_ = 0;
  std::array<std::size_t, isa::kCauses> cycles_{}, percent_{};
  std::vector<std::size_t> regions_;
  std::vector<Change> changes_;
};

}  // namespace

ExportResult export_vcd(const Trace& trace, std::ostream& stream, const ExportOptions& options) {
  return VcdWriter(trace, stream, options).write();
}

}  // namespace traces
