#include "traces/timeline_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "traces/clock.h"
#include "traces/memories.h"
#include "traces/peak.h"
#include "traces/roofline.h"
#include "traces/summary.h"
#include "traces/text.h"
#include "traces/timeline_layout.h"
#include "traces/timeline_style.h"

namespace traces {
namespace {

constexpr double kLeft = 92, kRight = 14, kCharacter = 6.7;  // average width of a character of 10.5 pixels
constexpr double kMemoryPixels = 460;                        // of all memories together
constexpr double kLeastMemoryPixels = 46;
constexpr std::size_t kMostLives = 1200, kMostBuffers = 400, kMostSteps = 1500, kMostMarks = 100;

constexpr const char* kOutline =
    "fill-opacity=\".9\" stroke=\"#10131a\" stroke-opacity=\".45\" stroke-width=\".6\"";

/// A memory in which something lived.
struct MemoryRow {
  Memory memory;
  std::vector<Occupant> occupants;
  std::vector<LivePoint> live;
  Peak peak;
  std::vector<AddressRange> used;
};

class Picture {
 public:
  Picture(const Trace& trace, const TimelineOptions& options)
      : trace_(trace), options_(options), width_(std::max(400.0, options.width)) {
    time_.left = kLeft;
    time_.width = width_ - kLeft - kRight;
    time_.cycles = std::max<std::uint64_t>(1, trace.cycles());
    columns_ = static_cast<std::size_t>(time_.width / 2);
  }

  std::string draw() {
    if (options_.standalone) title();
    ruler();
    steps();
    causes();
    cycles_per_mac();
    memories();
    stack();
    legend();
    return head() + body_ + "</svg>\n";
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    fmt::format_to(std::back_inserter(body_), text, std::forward<Args>(args)...);
  }

  std::string head() const {
    std::string text = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"10.5\" "
        "role=\"img\" aria-label=\"bytes of memory over time\">\n",
        width_, y_);
    if (options_.standalone) {
      text += fmt::format("<style>{}</style>\n<rect class=\"tl-back\" width=\"100%\" height=\"100%\"/>\n",
                          timeline_css(false));
    }
    return text;
  }

  void text(double x, double y, std::string_view what, const char* css = "tl-text", const char* more = "") {
    add("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>\n", css, x, y, more, escaped(what));
  }
  /// The name of a row, left of it.
  void row_name(double y, std::string_view what, const char* css = "tl-text") {
    text(kLeft - 8, y, what, css, " text-anchor=\"end\"");
  }
  void frame(double y, double height) {
    add("<rect class=\"tl-back\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", kLeft, y,
        time_.width, height);
  }

  void title() {
    y_ = 26;
    const About& about = trace_.about;
    const std::string what = about.model.empty() ? about.firmware : about.model;
    text(kLeft, y_, fmt::format("{} on {}", what.empty() ? "a run" : what, about.board), "tl-text",
         " font-size=\"15\" font-weight=\"bold\"");
    text(width_ - kRight, y_, fmt::format("{} cycles, {}", grouped(trace_.cycles()), ended(trace_)), "tl-dim",
         " text-anchor=\"end\"");
  }

  // Cycles and, below them, milliseconds.
  void ruler() {
    y_ += 16;
    row_name(y_, "cycles", "tl-dim");
    const bool has_time = seconds_at(trace_, time_.cycles) > 0;
    if (has_time) row_name(y_ + 13, "ms", "tl-dim");
    const std::uint64_t distance = tick_distance(time_.cycles, 10);
    for (std::uint64_t at = 0; at <= time_.cycles; at += distance) {
      const char* anchor = at == 0                     ? ""
                           : time_.x(at) > width_ - 60 ? " text-anchor=\"end\""
                                                       : " text-anchor=\"middle\"";
      text(time_.x(at), y_, grouped(at), "tl-dim", anchor);
      if (has_time)
        text(time_.x(at), y_ + 13, fmt::format("{:.4g}", seconds_at(trace_, at) * 1e3), "tl-dim", anchor);
      if (at > time_.cycles - distance) break;  // the next could wrap around
    }
    y_ += has_time ? 20 : 7;
  }

  void steps() {
    if (trace_.steps.empty()) return;
    constexpr double kHeight = 20;
    row_name(y_ + 14, "steps");
    frame(y_, kHeight);
    // Steps that are too small to see are drawn with the one before them.
    double drawn_to = -1;
    std::size_t drawn = 0;
    for (std::size_t i = 0; i < trace_.steps.size() && drawn < kMostSteps; ++i) {
      const Step& step = trace_.steps[i];
      const double x = time_.x(step.begin), width = time_.x(step.end) - x;
      if (x + width < drawn_to + 0.7) continue;
      drawn_to = x + width;
      ++drawn;
      add("<g><title>{}</title><rect class=\"tl-step{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
          "height=\"{}\"/>",
          escaped(fmt::format("step {}: {}\n{} cycles", i, name_of(trace_, step),
                              grouped(step.end - step.begin))),
          i % 2, x, y_, std::max(0.7, width), kHeight);
      name_in({x, y_, width, kHeight},
              step.op == 0 ? fmt::format("{}", step.id) : std::string(trace_.text(step.op)));
      add("</g>\n");
    }
    y_ += kHeight + 8;
  }

  /// A name inside a box, as much as fits.
  void name_in(const Box& box, std::string_view name) {
    const auto room = static_cast<std::size_t>(std::max(0.0, (box.width - 6) / kCharacter));
    if (box.height < 11 || room < 3 || name.empty()) return;
    add("<text class=\"tl-name\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", box.x + 3,
        box.y + std::min(box.height / 2 + 4, 14.0), escaped(shortened(name, room)));
  }

  /// Rectangles of one class as a single path.
  void boxes_path(const std::string& css, const std::vector<Box>& boxes, const char* more = "") {
    if (boxes.empty()) return;
    add("<path class=\"{}\"{} d=\"", css, more);
    for (const Box& b : boxes) {
      add("M{:.1f} {:.1f}h{:.1f}v{:.1f}h-{:.1f}z", b.x, b.y, b.width, b.height, b.width);
    }
    add("\"/>\n");
  }

  void causes() {
    const std::vector<isa::CauseCycles> columns = cause_columns(trace_, columns_);
    if (std::all_of(columns.begin(), columns.end(), [](const auto& c) { return c.total().value == 0; }))
      return;
    constexpr double kHeight = 46;
    row_name(y_ + 14, "causes");
    row_name(y_ + 28, "of cycles", "tl-dim");
    frame(y_, kHeight);
    const double width = time_.width / static_cast<double>(columns.size());
    std::array<std::vector<Box>, isa::kCauses> boxes;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const double total = static_cast<double>(columns[c].total().value);
      double y = y_ + kHeight;
      for (std::size_t i = 0; i < isa::kCauses && total > 0; ++i) {
        const double height = kHeight * static_cast<double>(columns[c].by[i]) / total;
        y -= height;
        if (height >= 0.3) boxes[i].push_back({kLeft + static_cast<double>(c) * width, y, width, height});
      }
    }
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      boxes_path(fmt::format("tl-c{}", i), boxes[i]);
      cause_seen_[i] = !boxes[i].empty();
    }
    y_ += kHeight + 8;
  }

  void cycles_per_mac() {
    const std::vector<StepLimits> limits = limits_of(trace_);
    const double limit = trace_.about.macs_per_cycle > 0 ? 1 / trace_.about.macs_per_cycle : 0;
    // One cheap step with few MACs must not flatten all others.
    const double top = std::max(4.0, 6 * limit);
    std::vector<Box> boxes;
    constexpr double kHeight = 40;
    for (std::size_t i = 0; i < trace_.steps.size() && boxes.size() < kMostSteps; ++i) {
      if (limits[i].cycles_per_mac <= 0) continue;
      const double x = time_.x(trace_.steps[i].begin), width = time_.x(trace_.steps[i].end) - x;
      const double height = kHeight * std::min(1.0, limits[i].cycles_per_mac / top);
      if (width >= 0.3) boxes.push_back({x, y_ + kHeight - height, width, height});
    }
    if (boxes.empty()) return;
    row_name(y_ + 14, "cycles/MAC");
    row_name(y_ + 28, fmt::format("0 to {:.2g}", top), "tl-dim");
    frame(y_, kHeight);
    boxes_path("tl-step0", boxes);
    const double y = y_ + kHeight * (1 - limit / top);
    add("<line class=\"tl-limit\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"><title>the core's "
        "limit: "
        "{:.2f} cycles a MAC</title></line>\n",
        kLeft, kLeft + time_.width, y, y, limit);
    y_ += kHeight + 12;
  }

  std::vector<MemoryRow> used_memories() const {
    std::vector<MemoryRow> rows;
    for (const Memory& memory : memories_of(trace_)) {
      MemoryRow row{memory, occupants_in(trace_, memory.range), {}, {}, {}};
      // The stack alone has its own row below.
      const bool any_life = std::any_of(row.occupants.begin(), row.occupants.end(),
                                        [](const Occupant& o) { return o.life >= 0; });
      if (!any_life) continue;
      row.live = live_bytes(row.occupants);
      row.peak = peak_of(row.live);
      for (const Occupant& o : row.occupants) row.used.push_back({o.begin, o.end});
      for (const Buffer& b : trace_.buffers) {
        const std::uint64_t begin = b.address, end = begin + b.bytes;
        if (begin >= memory.range.begin && end <= memory.range.end) row.used.push_back({begin, end});
      }
      rows.push_back(std::move(row));
    }
    return rows;
  }

  void memories() {
    const std::vector<MemoryRow> rows = used_memories();
    double all = 0;
    for (const MemoryRow& row : rows) all += static_cast<double>(row.peak.bytes);
    for (const MemoryRow& row : rows) {
      const double share = all > 0 ? static_cast<double>(row.peak.bytes) / all : 1;
      memory(row, std::max(kLeastMemoryPixels, kMemoryPixels * share), rows.size());
    }
  }

  void memory(const MemoryRow& row, double height, std::size_t memories) {
    y_ += 12;
    text(kLeft, y_,
         fmt::format("{}: at the peak {} of {} bytes in use, at cycle {}", row.memory.name,
                     grouped(row.peak.bytes), grouped(row.memory.range.end - row.memory.range.begin),
                     grouped(row.peak.cycle)),
         "tl-text", " font-weight=\"bold\"");
    y_ += 8;
    const AddressScale addresses(row.used, y_, height);
    frame(y_, height);
    address_marks(addresses);
    step_lines(y_, height);
    stack_shape(row, addresses);
    lives(lay_out(trace_, row.occupants, time_, addresses, kMostLives / memories));
    plans(row.memory.range, addresses);
    findings(row.memory.range, addresses);
    peak_line(row.peak, y_, height);
    y_ += height + 4;
    in_use(row);
  }

  void address_marks(const AddressScale& addresses) {
    double last = 1e9;
    for (std::size_t i = 0; i < addresses.pieces().size(); ++i) {
      const AddressRange& piece = addresses.pieces()[i];
      for (const std::uint64_t address : {piece.begin, piece.end}) {
        const double y = addresses.y(address);
        if (last - y < 12) continue;
        last = y;
        row_name(y + (address == piece.begin ? -1 : 9), fmt::format("0x{:08x}", address), "tl-dim");
      }
      if (i == 0) continue;
      const double y = addresses.y(piece.begin) + 4.5;
      add("<line class=\"tl-fold\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"><title>{} bytes "
          "that nothing "
          "used are left out</title></line>\n",
          kLeft, kLeft + time_.width, y, y, grouped(piece.begin - addresses.pieces()[i - 1].end));
    }
  }

  void step_lines(double top, double height) {
    if (trace_.steps.size() > 160) return;
    std::string path;
    for (const Step& step : trace_.steps) {
      path += fmt::format("M{:.1f} {:.1f}v{:.1f}", time_.x(step.begin), top, height);
    }
    if (!path.empty()) add("<path class=\"tl-grid\" d=\"{}\"/>\n", path);
  }

  // The stack hangs from its top.
  void stack_shape(const MemoryRow& row, const AddressScale& addresses) {
    const auto stack = std::find_if(row.occupants.begin(), row.occupants.end(),
                                    [](const Occupant& o) { return o.life < 0; });
    if (stack == row.occupants.end()) return;
    const std::vector<std::uint64_t> depths = highest_by_column(stack_curve(trace_), time_.cycles, columns_);
    const double width = time_.width / static_cast<double>(columns_), top = addresses.y(stack->end);
    std::vector<Box> boxes;
    for (std::size_t c = 0; c < depths.size(); ++c) {
      if (depths[c] == 0) continue;
      const std::uint64_t low = stack->end - std::min(depths[c], stack->end);
      boxes.push_back({kLeft + static_cast<double>(c) * width, top, width, addresses.y(low) - top});
    }
    boxes_path(kind_class(LifeKind::kStack), boxes);
    kind_seen_[static_cast<std::size_t>(LifeKind::kStack)] = true;
  }

  static std::string kind_class(LifeKind kind) { return fmt::format("tl-k{}", static_cast<int>(kind)); }

  void lives(const RegionLayout& layout) {
    std::map<std::pair<LifeKind, int>, std::vector<Box>> cells;
    for (const CellRun& run : layout.cells) cells[{run.kind, run.density}].push_back(run.box);
    for (const auto& [key, boxes] : cells) {
      kind_seen_[static_cast<std::size_t>(key.first)] = true;
      boxes_path(
          kind_class(key.first), boxes,
          fmt::format(" fill-opacity=\"{:.2f}\"", static_cast<double>(key.second) / kDensities).c_str());
    }
    for (const LifeBox& life : layout.lives) life_box(trace_.lives[life.life], life.box);
  }

  void life_box(const Life& life, const Box& box) {
    kind_seen_[static_cast<std::size_t>(life.kind)] = true;
    // An outline would hide a thin one.
    const bool outlined = box.width >= 3 && box.height >= 3;
    add("<g><title>{}</title><rect class=\"{}\" {} x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
        "height=\"{:.1f}\"/>",
        escaped(described(life)), kind_class(life.kind), outlined ? kOutline : "fill-opacity=\".9\"", box.x,
        box.y, box.width, box.height);
    name_in(box, name_of(trace_, life));
    add("</g>\n");
  }

  std::string described(const Life& life) const {
    std::string text = fmt::format("{} ({})\n{} bytes at 0x{:08x}\ncycles {} to {}", name_of(trace_, life),
                                   to_string(life.kind), grouped(std::uint64_t{life.bytes}), life.address,
                                   grouped(life.born), grouped(life.died()));
    const auto add_place = [&](const char* what, StringId function, StringId line) {
      if (function == 0 && line == 0) return;
      text +=
          fmt::format("\n{} {}{}{}", what, trace_.text(function), line == 0 ? "" : " at ", trace_.text(line));
    };
    add_place("written by", life.writer, life.writer_line);
    add_place("last read by", life.reader, life.reader_line);
    return text;
  }

  // What was planned, around what was observed.
  void plans(AddressRange range, const AddressScale& addresses) {
    std::size_t drawn = 0;
    for (const Buffer& b : trace_.buffers) {
      if (b.address < range.begin || b.address >= range.end || b.bytes == 0) continue;
      const auto [begin, end] = cycles_of_steps(trace_, b.first_step, b.last_step);
      if (begin == end) continue;
      if (++drawn > kMostBuffers) return;
      const double x = time_.x(begin), y = addresses.y(std::uint64_t{b.address} + b.bytes);
      add("<rect class=\"tl-plan\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", x, y,
          time_.x(end) - x, addresses.y(b.address) - y);
      planned_ = true;
    }
  }

  void findings(AddressRange range, const AddressScale& addresses) {
    std::size_t drawn = 0;
    for (const Finding& finding : trace_.findings) {
      if (finding.address < range.begin || finding.address >= range.end) continue;
      if (++drawn > kMostMarks) return;
      add("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"><title>{}</title></circle>\n",
          finding.is_problem ? "tl-problem" : "tl-note", time_.x(finding.cycle), addresses.y(finding.address),
          escaped(fmt::format("{}: {}", to_string(finding.kind), trace_.text(finding.text))));
    }
  }

  void peak_line(const Peak& peak, double top, double height) {
    if (peak.bytes == 0) return;
    add("<line class=\"tl-peak\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>\n",
        time_.x(peak.cycle), top - 3, top + height);
  }

  void in_use(const MemoryRow& row) {
    if (row.peak.bytes == 0) return;
    constexpr double kHeight = 40;
    row_name(y_ + 14, "bytes in use");
    row_name(y_ + 28, fmt::format("0 to {}", grouped(row.peak.bytes)), "tl-dim");
    frame(y_, kHeight);
    curve(highest_by_column(row.live, time_.cycles, columns_), row.peak.bytes, kHeight, "tl-live");
    add("<circle class=\"tl-dot\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"/>\n", time_.x(row.peak.cycle), y_);
    y_ += kHeight + 10;
  }

  /// An area of steps, `top` high at `height` pixels.
  void curve(const std::vector<std::uint64_t>& values, std::uint64_t top, double height,
             const std::string& css) {
    const double width = time_.width / static_cast<double>(values.size());
    add("<path class=\"{}\" d=\"M{:.1f} {:.1f}", css, kLeft, y_ + height);
    for (std::size_t c = 0; c < values.size(); ++c) {
      const double y = y_ + height * (1 - static_cast<double>(values[c]) / static_cast<double>(top));
      if (c > 0 && values[c] == values[c - 1]) continue;
      add("H{:.1f}V{:.1f}", kLeft + static_cast<double>(c) * width, y);
    }
    add("H{:.1f}V{:.1f}z\"/>\n", kLeft + time_.width, y_ + height);
  }

  void stack() {
    const std::vector<std::uint64_t> depths = highest_by_column(stack_curve(trace_), time_.cycles, columns_);
    const std::uint64_t deepest = depths.empty() ? 0 : *std::max_element(depths.begin(), depths.end());
    if (deepest == 0) return;
    constexpr double kHeight = 34;
    row_name(y_ + 14, "stack");
    row_name(y_ + 28, fmt::format("0 to {}", grouped(deepest)), "tl-dim");
    frame(y_, kHeight);
    curve(depths, deepest, kHeight, kind_class(LifeKind::kStack));
    y_ += kHeight + 10;
  }

  void legend() {
    double x = kLeft;
    y_ += 12;
    const auto entry = [&](const std::string& css, std::string_view name) {
      add("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"11\" height=\"11\"/>", css, x, y_ - 9.5);
      text(x + 16, y_, name);
      x += 30 + kCharacter * static_cast<double>(name.size());
    };
    for (std::size_t i = 0; i < kLifeKinds; ++i) {
      if (kind_seen_[i]) entry(fmt::format("tl-k{}", i), to_string(static_cast<LifeKind>(i)));
    }
    if (planned_) entry("tl-plan", "planned");
    const bool any_cause =
        std::any_of(cause_seen_.begin(), cause_seen_.end(), [](bool seen) { return seen; });
    if (any_cause) {
      y_ += 18;
      x = kLeft;
    }
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      if (cause_seen_[i]) entry(fmt::format("tl-c{}", i), isa::to_string(static_cast<isa::Cause>(i)));
    }
    y_ += 14;
  }

  const Trace& trace_;
  TimelineOptions options_;
  double width_, y_ = 4;
  TimeScale time_;
  std::size_t columns_ = 1;
  std::array<bool, kLifeKinds> kind_seen_{};
  std::array<bool, isa::kCauses> cause_seen_{};
  bool planned_ = false;
  std::string body_;
};

}  // namespace

std::string timeline_svg(const Trace& trace, const TimelineOptions& options) {
  return Picture(trace, options).draw();
}

}  // namespace traces
