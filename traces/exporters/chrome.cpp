// Chrome's trace event format. The rules: "Trace Event Format" by the Catapult project.
#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "traces/exporters/exporters.h"
#include "traces/exporters/live_points.h"
#include "traces/exporters/timebase.h"
#include "traces/roofline.h"
#include "traces/summary.h"

namespace traces {
namespace {

constexpr int kCore = 1;  // process of steps, counters and findings; a region's is kFirstMemory + its index
constexpr int kFirstMemory = 10;
constexpr int kStepsThread = 1, kFindingsThread = 2, kLivesThread = 1;
constexpr std::size_t kCounterPoints = 4096;

std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string never_or(std::uint64_t cycle) {
  return cycle == kNever ? "null" : std::to_string(cycle);
}

class ChromeWriter {
 public:
  ChromeWriter(const Trace& trace, std::ostream& stream, const ExportOptions& options)
      : trace_(trace), time_(trace), out_(stream, options.cap_bytes, options.heartbeat) {}

  ExportResult write() {
    begin();
    name_threads();
    steps();
    for (const Finding& row : trace_.findings) finding(row);
    for (const Step& row : trace_.steps) cycles_per_mac(row);
    for (std::size_t i = 0; i < trace_.regions.size(); ++i) live_bytes_of(i);
    for (const Sample& row : trace_.samples) sample(row);
    end_of_counters();
    lives();
    out_.write("\n]}\n");
    return {out_.bytes(), out_.left_out()};
  }

 private:
  void begin() {
    const About& about = trace_.about;
    out_.print("{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"tool\":{},\"command\":{},\"board\":{},",
               json_text(about.tool), json_text(about.command), json_text(about.board));
    out_.print(
        "\"firmware\":{},\"firmware_hash\":{},\"ended\":{},\"cycles\":{},\"time\":{}}},\n\"traceEvents\":[",
        json_text(about.firmware), json_text(about.firmware_hash), json_text(ended(trace_)), trace_.cycles(),
        json_text(time_.is_known() ? "simulated" : "unknown clock: a cycle is drawn as a nanosecond"));
  }

  /// Begins an event; what the format needs.
  template <class... Args>
  void event(fmt::format_string<Args...> format, Args&&... args) {
    out_.write(is_first_ ? "\n" : ",\n");
    is_first_ = false;
    out_.print(format, std::forward<Args>(args)...);
  }

  void name(int process, std::string_view text) {
    event(R"({{"ph":"M","name":"process_name","pid":{0},"args":{{"name":{1}}}}})", process, json_text(text));
    event(R"({{"ph":"M","name":"process_sort_index","pid":{0},"args":{{"sort_index":{0}}}}})", process);
  }
  void name(int process, int thread, std::string_view text) {
    event(R"({{"ph":"M","name":"thread_name","pid":{},"tid":{},"args":{{"name":{}}}}})", process, thread,
          json_text(text));
  }

  void name_threads() {
    const About& about = trace_.about;
    name(kCore, fmt::format("{} on {}", about.model.empty() ? about.firmware : about.model, about.board));
    name(kCore, kStepsThread, "steps");
    name(kCore, kFindingsThread, "findings");
    has_lives_.assign(trace_.regions.size(), false);
    for (const Life& life : trace_.lives) {
      if (life.touched > 0) has_lives_[life.region] = true;
    }
    for (std::size_t i = 0; i < trace_.regions.size(); ++i) {
      if (!has_lives_[i]) continue;
      name(process_of(i),
           fmt::format("memory {}, {} bytes", trace_.regions[i].name, trace_.regions[i].bytes));
      name(process_of(i), kLivesThread, "lives");
    }
  }
  static int process_of(std::size_t region) { return kFirstMemory + static_cast<int>(region); }

  /// What a step lies in, the outer first: its phase, its patch.
  std::vector<std::string> slices_around(const Step& step) const {
    std::vector<std::string> around;
    if (!trace_.text(step.phase).empty()) around.push_back(slice(trace_.text(step.phase), "phase"));
    if (step.patch >= 0) around.push_back(slice(fmt::format("patch {}", step.patch), "patch"));
    return around;
  }

  /// Begins and ends in the order of time, not begins and lengths: a reader that adds those may round the sum
  /// past the next begin, and then nests what only follows.
  void steps() {
    std::vector<std::string> open;
    std::uint64_t reached = 0;
    for (std::size_t i = 0; i < trace_.steps.size(); ++i) {
      const Step& step = trace_.steps[i];
      const std::vector<std::string> around = slices_around(step);
      const auto differs = std::mismatch(open.begin(), open.end(), around.begin(), around.end()).first;
      close(&open, static_cast<std::size_t>(differs - open.begin()), reached);
      while (open.size() < around.size()) {
        open.push_back(around[open.size()]);
        edge('B', step.begin, open.back());
      }
      const std::string own = slice(name_of(trace_, step), "step", arguments_of(i));
      edge('B', step.begin, own);
      edge('E', step.end, own);
      reached = step.end;
    }
    close(&open, 0, reached);
  }
  void close(std::vector<std::string>* open, std::size_t down_to, std::uint64_t cycle) {
    for (; open->size() > down_to; open->pop_back()) edge('E', cycle, open->back());
  }
  /// What begin and end of a slice both hold: speedscope finds the begin by name and arguments.
  static std::string slice(std::string_view name, std::string_view category,
                           std::string_view arguments = "") {
    return fmt::format(R"("name":{},"cat":"{}","args":{{{}}})", json_text(name), category, arguments);
  }
  void edge(char phase, std::uint64_t cycle, const std::string& slice) {
    event(R"({{"ph":"{}","pid":{},"tid":{},"ts":{},{}}})", phase, kCore, kStepsThread,
          time_.microseconds(cycle), slice);
  }

  std::string arguments_of(std::size_t index) const {
    const Step& step = trace_.steps[index];
    const StepLimits limits = limits_of(step, trace_.about.macs_per_cycle);
    std::string arguments = fmt::format(
        R"("step":{},"cycles":{},"instructions":{},"macs":{},"load_bytes":{},"store_bytes":{},"bound":"{}")",
        index, step.end - step.begin, step.counts.instructions, step.macs, step.counts.load_bytes,
        step.counts.store_bytes, to_string(limits.bound));
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      if (step.counts.causes.by[i] == 0) continue;
      fmt::format_to(std::back_inserter(arguments), ",\"{}\":{}", isa::to_string(static_cast<isa::Cause>(i)),
                     step.counts.causes.by[i]);
    }
    return arguments;
  }

  void cycles_per_mac(const Step& step) {
    const StepLimits limits = limits_of(step, trace_.about.macs_per_cycle);
    counter(kCore, "cycles per MAC", step.begin, fmt::format("\"value\":{:.4f}", limits.cycles_per_mac));
  }

  /// Detail, as lives are. An event always stands before it: the names of the processes.
  void counter(int process, std::string_view name, std::uint64_t cycle, std::string_view series) {
    out_.detail(
        fmt::format(",\n"
                    R"({{"ph":"C","pid":{},"tid":1,"name":{},"ts":{},"args":{{{}}}}})",
                    process, json_text(name), time_.microseconds(cycle), series));
  }

  void sample(const Sample& sample) {
    const double cycles = static_cast<double>(std::max<std::uint64_t>(1, sample.causes.total().value));
    std::string series;
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      fmt::format_to(std::back_inserter(series), "{}\"{}\":{:.2f}", i == 0 ? "" : ",",
                     isa::to_string(static_cast<isa::Cause>(i)),
                     100 * static_cast<double>(sample.causes.by[i]) / cycles);
    }
    counter(kCore, "% of cycles", sample.begin, series);
    counter(kCore, "stack bytes", sample.begin, fmt::format("\"value\":{}", sample.stack_bytes));
  }

  void live_bytes_of(std::size_t region) {
    if (!has_lives_[region]) return;
    for (const LivePoint& point : live_points(trace_, trace_.regions[region], kCounterPoints)) {
      counter(process_of(region), "bytes in use", point.cycle, fmt::format("\"value\":{}", point.bytes));
    }
  }

  /// A counter's last value would be drawn on to the end of the page.
  void end_of_counters() {
    if (!trace_.steps.empty()) counter(kCore, "cycles per MAC", trace_.steps.back().end, "\"value\":0");
    if (!trace_.samples.empty()) counter(kCore, "stack bytes", trace_.samples.back().end, "\"value\":0");
  }

  void finding(const Finding& finding) {
    event(
        R"({{"ph":"i","s":"t","pid":{},"tid":{},"name":"{}","cat":"{}","ts":{},"args":{{"text":{},"where":{},"count":{},"cycle":{}}}}})",
        kCore, kFindingsThread, to_string(finding.kind), finding.is_problem ? "problem" : "note",
        time_.microseconds(finding.cycle), json_text(trace_.text(finding.text)),
        json_text(where(trace_, finding)), finding.count, finding.cycle);
  }

  /// The largest first, in bytes x cycles: those that the picture shows.
  void lives() {
    const auto area = [this](std::uint32_t index) {
      const Life& life = trace_.lives[index];
      return static_cast<double>(life.bytes) * (static_cast<double>(life.died() - life.born) + 1);
    };
    std::vector<std::uint32_t> order;
    for (const Life& life : trace_.lives) {
      if (life.touched > 0) order.push_back(life.id);  // else it was taken back
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return area(a) > area(b); });
    for (const std::uint32_t index : order) life(index);
  }

  void life(std::uint32_t index) {
    const Life& life = trace_.lives[index];
    const std::string head =
        fmt::format(R"("pid":{},"tid":{},"id":"0x{:x}","name":{},"cat":"{}")", process_of(life.region),
                    kLivesThread, index, json_text(name_of(trace_, life)), to_string(life.kind));
    std::string pair = fmt::format(
        ",\n"
        R"({{"ph":"b",{},"ts":{},"args":{{"address":"0x{:08x}","bytes":{},"touched":{},"generations":{},"owner":{},)",
        head, time_.microseconds(life.born), life.address, life.bytes, life.touched, life.generations,
        json_text(trace_.text(life.owner)));
    fmt::format_to(
        std::back_inserter(pair),
        R"("born":{},"last_write":{},"first_read":{},"last_read":{},"writer":{},"writer_line":{},"reader":{},"reader_line":{}}}}},)",
        life.born, life.last_write, never_or(life.first_read), never_or(life.last_read),
        json_text(trace_.text(life.writer)), json_text(trace_.text(life.writer_line)),
        json_text(trace_.text(life.reader)), json_text(trace_.text(life.reader_line)));
    // Its bytes are in use in the cycle of its last access too.
    fmt::format_to(std::back_inserter(pair), "\n{{\"ph\":\"e\",{},\"ts\":{}}}", head,
                   time_.microseconds(life.died() + 1));
    out_.detail(pair);
  }

  const Trace& trace_;
  Timebase time_;
  Output out_;
  bool is_first_ = true;
  std::vector<bool> has_lives_;  ///< by region
};

}  // namespace

ExportResult export_chrome(const Trace& trace, std::ostream& stream, const ExportOptions& options) {
  return ChromeWriter(trace, stream, options).write();
}

}  // namespace traces
