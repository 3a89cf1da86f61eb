// Where things lie in a picture of bytes over time, and what is too small to be drawn one by one. Pure
// geometry in pixels; knows nothing of how it is drawn.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "traces/peak.h"
#include "traces/trace.h"

namespace traces {

/// From cycles to pixels from the left.
struct TimeScale {
  std::uint64_t cycles = 1;  ///< that `width` shows
  double left = 0, width = 1;

  double x(std::uint64_t cycle) const {
    return left + width * static_cast<double>(cycle < cycles ? cycle : cycles) / static_cast<double>(cycles);
  }
};

/// From addresses to pixels, low ones at the bottom. Long stretches that nothing uses are folded away.
class AddressScale {
 public:
  /// `used`: address ranges, in any order, overlapping or not; at least one with bytes.
  AddressScale(std::vector<AddressRange> used, double top, double height);

  double y(std::uint64_t address) const;
  double top() const { return top_; }
  double height() const { return height_; }
  /// Lowest addresses first; between two of them is a fold.
  const std::vector<AddressRange>& pieces() const { return pieces_; }

 private:
  double top_, height_, pixels_per_byte_ = 0;
  std::vector<AddressRange> pieces_;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

/// A life that is large enough to be seen.
struct LifeBox {
  std::size_t life = 0;  ///< index into Trace::lives
  Box box;
};

/// Cells of one kind and density, next to each other.
struct CellRun {
  LifeKind kind = LifeKind::kUnknown;
  int density = 0;  ///< 1..kDensities: how much of the cells is covered
  Box box;
};
inline constexpr int kDensities = 3;

/// What to draw of a region: the largest lives one by one, oldest first, and the rest as cells of a grid.
struct RegionLayout {
  std::vector<LifeBox> lives;
  std::vector<CellRun> cells;
};
/// At most `most_lives` lives; cells are about 4 x 3 pixels, so their number has a bound too.
RegionLayout lay_out(const Trace& trace, const std::vector<Occupant>& occupants, const TimeScale& time,
                     const AddressScale& addresses, std::size_t most_lives);

/// Cycles of each cause in each of `columns` equal stretches of the run: from the samples, else the steps.
std::vector<isa::CauseCycles> cause_columns(const Trace& trace, std::size_t columns);

/// The most of a curve within each of `columns` equal stretches of `cycles`.
std::vector<std::uint64_t> highest_by_column(const std::vector<LivePoint>& points, std::uint64_t cycles,
                                             std::size_t columns);
/// The stack's depth as a curve.
std::vector<LivePoint> stack_curve(const Trace& trace);

/// When the steps with these ids ran: from the first run of `first` to the last run of `last`. `begin` ==
/// `end` where one of them did not run.
std::pair<std::uint64_t, std::uint64_t> cycles_of_steps(const Trace& trace, std::int32_t first,
                                                        std::int32_t last);

/// A round distance (1, 2 or 5 times a power of ten) that gives at most `most` ticks over `range`; at
/// least 1.
std::uint64_t tick_distance(std::uint64_t range, std::size_t most);

}  // namespace traces
