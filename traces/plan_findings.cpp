#include "traces/plan_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace traces {
namespace {

using StepRange = PlanWatch::StepRange;

std::string bytes_text(std::int64_t bytes) {
  return fmt::format("{} byte{}", bytes, bytes == 1 ? "" : "s");
}

class PlanReport {
 public:
  explicit PlanReport(const PlanWatch& watch)
      : watch_(watch), table_(watch.table()), peak_(plan_peak(watch)), observations_(watch.problems()) {}

  std::vector<Observation> run() {
    if (!watch_.complete()) return observations_;
    for (std::size_t i = 0; i < table_.buffers.size(); ++i) {
      if (!add_never_read(i)) add_kept_too_long(i);
    }
    for (const auto& [offset, bytes] : watch_.untouched()) add_untouched(offset, bytes);
    return observations_;
  }

 private:
  Observation about(std::size_t buffer, FindingKind kind) const {
    const BufferRow& row = table_.buffers[buffer];
    Observation one;
    one.kind = kind;
    one.is_problem = false;
    one.owner = row.name;
    one.pc = watch_.writer_pc(buffer);
    one.step = watch_.writer_index(buffer);
    one.address = watch_.arena() + static_cast<std::uint32_t>(row.offset);
    one.bytes = static_cast<std::uint32_t>(row.bytes);
    one.cycle = watch_.first_write(buffer) == kNever ? 0 : watch_.first_write(buffer);
    return one;
  }

  bool add_never_read(std::size_t buffer) {
    const BufferRow& row = table_.buffers[buffer];
    const bool written = watch_.bytes_written(buffer) != 0 && watch_.bytes_read(buffer) == 0;
    if (!written || row.kind == BufferKind::kOutput) return false;
    Observation one = about(buffer, FindingKind::kWriteNeverRead);
    one.bytes = watch_.bytes_written(buffer);
    one.text = fmt::format("{} is written, {}, and never read", row.name, bytes_text(one.bytes));
    one.saves_bytes = unneeded_at_peak(buffer);
    observations_.push_back(std::move(one));
    return true;
  }

  /// Bytes that the plan keeps for this buffer in the peak's step, and that nothing needs then.
  std::int64_t unneeded_at_peak(std::size_t buffer) {
    const BufferRow& row = table_.buffers[buffer];
    if (row.first_step > peak_.planned_step || row.last_step < peak_.planned_step) return 0;
    if (needed_at_peak_.empty()) needed_at_peak_ = watch_.needed_in(peak_.planned_step);
    const auto begin = needed_at_peak_.begin() + row.offset;
    return std::count(begin, begin + row.bytes, 0);
  }

  void add_kept_too_long(std::size_t buffer) {
    const BufferRow& row = table_.buffers[buffer];
    const StepRange needed = watch_.needed(buffer);
    const bool whole = needed.empty() || needed.first > row.first_step || needed.last < row.last_step;
    // Bytes of a buffer that nothing needs, such as a last column that a stride leaves out, matter where they
    // make the peak.
    const std::int64_t saves = whole || peak_.needed < peak_.planned ? unneeded_at_peak(buffer) : 0;
    if (!whole && saves == 0) return;
    Observation one = about(buffer, FindingKind::kLifetimeTooLong);
    one.saves_bytes = saves;
    one.text = fmt::format(
        "the plan keeps {} from step {} to step {}, {}; ", row.name, row.first_step, row.last_step,
        needed.empty() ? "the binary never uses it"
        : whole        ? fmt::format("the binary needs it from step {} to step {}", needed.first, needed.last)
                       : fmt::format("the binary does not need all of it in step {}", peak_.planned_step));
    one.text += saves == 0 ? fmt::format("the peak, in step {}, is elsewhere", peak_.planned_step)
                           : fmt::format("that is {} of the peak of {} in step {}, which would be {}",
                                         bytes_text(saves), bytes_text(peak_.planned), peak_.planned_step,
                                         bytes_text(peak_.needed));
    observations_.push_back(std::move(one));
  }

  void add_untouched(std::uint32_t offset, std::uint32_t bytes) {
    if (bytes < kLeastUntouched) return;
    Observation one;
    one.kind = FindingKind::kArenaUntouched;
    one.is_problem = bytes == table_.arena_bytes;
    one.owner = kArenaSymbol;
    one.address = watch_.arena() + offset;
    one.bytes = bytes;
    one.text = one.is_problem
                   ? fmt::format("none of the arena's {} is ever read or written", bytes_text(bytes))
                   : fmt::format("{} at arena+0x{:x} are never read or written", bytes_text(bytes), offset);
    observations_.push_back(std::move(one));
  }

  const PlanWatch& watch_;
  const StepTable& table_;
  const PlanPeak peak_;
  std::vector<Observation> observations_;
  std::vector<std::uint8_t> needed_at_peak_;  ///< of each byte of the arena
};

}  // namespace

PlanPeak plan_peak(const PlanWatch& watch) {
  PlanPeak peak;
  for (const StepRow& row : watch.table().steps) {
    if (row.arena_live_bytes > peak.planned) {
      peak.planned = row.arena_live_bytes;
      peak.planned_step = row.id;
    }
    const std::int64_t needed = std::ranges::count(watch.needed_in(row.id), 1);
    if (needed > peak.needed) {
      peak.needed = needed;
      peak.needed_step = row.id;
    }
  }
  return peak;
}

std::vector<Observation> plan_observations(const PlanWatch& watch) {
  return PlanReport(watch).run();
}

std::optional<Observation> within_steps_observation(const PlanWatch& watch, std::vector<Occupant> lives) {
  if (!watch.complete()) return std::nullopt;
  const PlanPeak steps = plan_peak(watch);
  const Peak peak = peak_of(live_bytes(std::move(lives)));
  const std::int64_t saves = steps.needed - static_cast<std::int64_t>(peak.bytes);
  if (saves <= 0) return std::nullopt;
  Observation one;
  one.kind = FindingKind::kLifetimeTooLong;
  one.is_problem = false;
  one.owner = kArenaSymbol;
  one.address = watch.arena();
  one.bytes = static_cast<std::uint32_t>(watch.table().arena_bytes);
  one.cycle = peak.cycle;
  one.saves_bytes = saves;
  one.text = fmt::format(
      "no more than {} of the arena hold data at once, {} less than in all of step {}: inputs end before all "
      "of "
      "the output is there",
      bytes_text(static_cast<std::int64_t>(peak.bytes)), bytes_text(saves), steps.needed_step);
  return one;
}

}  // namespace traces
