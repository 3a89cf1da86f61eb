#include "gui/canvas/tooltip.h"

#include <fmt/format.h>

#include <string>

#include "gui/canvas/tracks.h"
#include "gui/fold/relations.h"
#include "gui/format.h"
#include "traces/peak.h"
#include "traces/roofline.h"
#include "traces/summary.h"

namespace gui {

namespace {

class Tooltip {
 public:
  explicit Tooltip(const Palette& colours) : colours_(colours) {
    const float pad = ImGui::GetFontSize() * 0.7f;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(pad, pad));
    ImGui::BeginTooltip();
  }
  ~Tooltip() {
    ImGui::EndTooltip();
    ImGui::PopStyleVar();
  }
  Tooltip(const Tooltip&) = delete;
  Tooltip& operator=(const Tooltip&) = delete;

  void title(const std::string& text, Colour colour) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float side = ImGui::GetFontSize() * 0.75f, lift = ImGui::GetFontSize() * 0.125f;
    ImGui::GetWindowDrawList()->AddRectFilled(ImVec2(at.x, at.y + lift),
                                              ImVec2(at.x + side, at.y + lift + side), colour, 2);
    ImGui::Dummy(ImVec2(side, side));
    ImGui::SameLine();
    ImGui::TextUnformatted(text.data(), text.data() + text.size());
  }
  /// Nothing where there is no value.
  void row(const char* name, const std::string& value) {
    if (value.empty()) return;
    ImGui::PushStyleColor(ImGuiCol_Text, colours_.dim_text);
    ImGui::TextUnformatted(name);
    ImGui::PopStyleColor();
    ImGui::SameLine(ImGui::GetFontSize() * 6.5f);
    ImGui::TextUnformatted(value.data(), value.data() + value.size());
  }

 private:
  const Palette& colours_;
};

std::string joined(std::string_view a, const char* between, std::string_view b) {
  if (a.empty() || b.empty()) return std::string(a.empty() ? b : a);
  return fmt::format("{}{}{}", a, between, b);
}

/// "cycle 1,234,567 (5.72 ms), step 3 CONV_2D".
std::string when(const Frame& frame, std::uint64_t cycle, std::int32_t step) {
  std::string text = fmt::format("cycle {}", grouped(cycle));
  if (!frame.trace().clocks.empty())
    text +=
        fmt::format(" ({})", milliseconds_text(milliseconds_at(frame.trace(), static_cast<double>(cycle))));
  if (step >= 0 && static_cast<std::size_t>(step) < frame.trace().steps.size())
    text += fmt::format(", step {} {}", step,
                        traces::name_of(frame.trace(), frame.trace().steps[static_cast<std::size_t>(step)]));
  return text;
}

std::string names_of(const traces::Trace& trace, const std::vector<std::uint32_t>& lives) {
  constexpr std::size_t kMost = 4;
  std::string text;
  for (std::size_t i = 0; i < lives.size() && i < kMost; ++i)
    text = joined(text, ", ", traces::name_of(trace, trace.lives[lives[i]]));
  if (lives.size() > kMost) text += fmt::format(" and {} more", lives.size() - kMost);
  return text;
}

}  // namespace

void life_tooltip(const Frame& frame, std::uint32_t id) {
  const traces::Trace& trace = frame.trace();
  const traces::Life& life = trace.lives[id];
  Tooltip tip(frame.colours);
  tip.title(traces::name_of(trace, life), frame.colours.of(life.kind));
  std::string tensor;
  if (life.buffer >= 0 && static_cast<std::size_t>(life.buffer) < trace.buffers.size()) {
    const traces::Buffer& buffer = trace.buffers[static_cast<std::size_t>(life.buffer)];
    tensor = joined(trace.text(buffer.type), " ", trace.text(buffer.shape));
  }
  tip.row("kind", joined(traces::to_string(life.kind), ", ", tensor));
  std::string bytes = fmt::format("{} bytes", grouped(life.bytes));
  if (life.touched != life.bytes && life.touched != 0)
    bytes += fmt::format(", {} touched", grouped(life.touched));
  tip.row("size", bytes);
  const traces::Region& region = trace.regions[life.region];
  tip.row("place",
          fmt::format("{} + {} ({})", region.name, grouped(life.address - region.base), hex(life.address)));
  if (life.name != 0) tip.row("in", std::string(trace.text(life.owner)));
  tip.row("born", when(frame, life.born, life.born_step));
  tip.row("died", (life.flags & traces::Life::kOpen) != 0
                      ? joined(when(frame, life.died(), life.died_step), "", ", still there")
                      : when(frame, life.died(), life.died_step));
  if (life.generations > 1) tip.row("written", fmt::format("anew {} times", grouped(life.generations)));
  tip.row("writer", joined(trace.text(life.writer), " at ", trace.text(life.writer_line)));
  tip.row("reader", life.last_read == traces::kNever
                        ? std::string("nobody")
                        : joined(trace.text(life.reader), " at ", trace.text(life.reader_line)));
  tip.row("made from", names_of(trace, producers_of(frame.run(), life)));
  tip.row("used for", names_of(trace, consumers_of(frame.run(), life)));
}

void step_tooltip(const Frame& frame, const traces::Trace& trace, std::size_t index) {
  const traces::Step& step = trace.steps[index];
  const traces::StepLimits limits = traces::limits_of(step, trace.about.macs_per_cycle);
  Tooltip tip(frame.colours);
  tip.title(fmt::format("step {}  {}", index, traces::name_of(trace, step)),
            step_colour(frame.colours, trace, step));
  const std::uint64_t cycles = step.end - step.begin;
  tip.row("cycles", fmt::format("{} ({} of the run)", grouped(cycles),
                                percent_text(trace.cycles() > 0 ? static_cast<double>(cycles) /
                                                                      static_cast<double>(trace.cycles())
                                                                : 0)));
  if (!trace.clocks.empty())
    tip.row("time", milliseconds_text(milliseconds_at(trace, static_cast<double>(step.end)) -
                                      milliseconds_at(trace, static_cast<double>(step.begin))));
  if (step.macs > 0)
    tip.row("MACs", fmt::format("{}, {:.2f} cycles each", grouped(static_cast<std::uint64_t>(step.macs)),
                                limits.cycles_per_mac));
  tip.row("bound by", cycles > 0 ? traces::to_string(limits.bound) : "");
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    const double share =
        cycles > 0 ? static_cast<double>(step.counts.causes.by[i]) / static_cast<double>(cycles) : 0;
    if (share >= 0.01) tip.row(isa::to_string(static_cast<isa::Cause>(i)), percent_text(share));
  }
}

void causes_tooltip(const Frame& frame, double begin, double end) {
  const Activity activity = frame.run().samples.between(begin, end);
  const double cycles = activity.cycles();
  if (cycles <= 0) return;
  Tooltip tip(frame.colours);
  for (std::size_t i = 0; i < isa::kCauses; ++i)
    if (activity.causes[i] / cycles >= 0.001)
      tip.title(fmt::format("{} {}", percent_text(activity.causes[i] / cycles),
                            isa::to_string(static_cast<isa::Cause>(i))),
                frame.colours.causes[i]);
  tip.row("IPC", fmt::format("{:.2f}", activity.instructions / cycles));
}

void stacked_tooltip(const Frame& frame, std::size_t region, double cycle) {
  if (cycle < 0 || cycle >= frame.run().cycles) return;
  const KindBytes kinds = frame.run().kinds_at(region, static_cast<std::uint64_t>(cycle));
  Tooltip tip(frame.colours);
  std::uint64_t all = 0;
  for (std::size_t i = kinds.size(); i-- > 0;) {
    all += kinds[i];
    if (kinds[i] > 0)
      tip.title(fmt::format("{} {}", grouped(kinds[i]), traces::to_string(static_cast<traces::LifeKind>(i))),
                frame.colours.kinds[i]);
  }
  tip.row("bytes", grouped(all));
  tip.row("at", when(frame, static_cast<std::uint64_t>(cycle), -1));
}

void stack_tooltip(const Frame& frame, double begin, double end) {
  Tooltip tip(frame.colours);
  tip.title(fmt::format("{} bytes of stack", grouped(frame.run().samples.stack_between(begin, end))),
            frame.colours.of(traces::LifeKind::kStack));
  if (frame.run().stack_limit != 0)
    tip.row("limit", fmt::format("{} bytes", grouped(frame.run().stack_top - frame.run().stack_limit)));
  if (frame.trace().end)
    tip.row("deepest in", std::string(frame.trace().text(frame.trace().end->stack_path)));
}

}  // namespace gui
