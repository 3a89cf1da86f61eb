#include "traces/timeline_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace traces {
namespace {

constexpr double kFoldPixels = 9;        // height of a stretch that is folded away
constexpr double kFoldShare = 1 / 30.0;  // of the used bytes: shorter stretches are not folded
constexpr std::size_t kMostFolds = 12;
constexpr double kCellWidth = 4, kCellHeight = 3;
constexpr double kRounding = 1e-6;    // what sums of differences may be off
constexpr double kSpeck = 16;         // square pixels: smaller lives do not stand out
constexpr double kLeastPixels = 0.8;  // nothing is thinner

/// Sorted, and joined where they touch.
std::vector<AddressRange> joined(std::vector<AddressRange> ranges) {
  std::erase_if(ranges, [](const AddressRange& r) { return r.begin >= r.end; });
  std::sort(ranges.begin(), ranges.end(),
            [](const AddressRange& a, const AddressRange& b) { return a.begin < b.begin; });
  std::vector<AddressRange> out;
  for (const AddressRange& range : ranges) {
    if (!out.empty() && range.begin <= out.back().end) {
      out.back().end = std::max(out.back().end, range.end);
    } else {
      out.push_back(range);
    }
  }
  return out;
}

std::uint64_t bytes_of(const std::vector<AddressRange>& ranges) {
  return std::accumulate(ranges.begin(), ranges.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const AddressRange& r) { return sum + r.end - r.begin; });
}

/// Gaps that are long enough to fold stay; pieces around other gaps become one.
std::vector<AddressRange> with_short_gaps_closed(const std::vector<AddressRange>& ranges) {
  const double least = kFoldShare * static_cast<double>(bytes_of(ranges));
  std::vector<std::uint64_t> gaps;
  for (std::size_t i = 1; i < ranges.size(); ++i) gaps.push_back(ranges[i].begin - ranges[i - 1].end);
  std::sort(gaps.begin(), gaps.end(), std::greater<>());
  const std::uint64_t most_closed = gaps.size() > kMostFolds ? gaps[kMostFolds] : 0;

  std::vector<AddressRange> out;
  for (const AddressRange& range : ranges) {
    const std::uint64_t gap = out.empty() ? 0 : range.begin - out.back().end;
    if (!out.empty() && (static_cast<double>(gap) < least || gap <= most_closed)) {
      out.back().end = range.end;
    } else {
      out.push_back(range);
    }
  }
  return out;
}

Box box_of(const Occupant& o, const TimeScale& time, const AddressScale& addresses) {
  const double x = time.x(o.born), y = addresses.y(o.end);
  return {x, y, std::max(kLeastPixels, time.x(o.died == kNever ? kNever : o.died + 1) - x),
          std::max(kLeastPixels, addresses.y(o.begin) - y)};
}

/// How much of each cell along one axis a stretch covers, as differences between neighbours: there are at
/// most four. Positions reach to `count`, one behind the last cell.
std::vector<std::pair<std::size_t, double>> coverage_steps(double from, double length, double size,
                                                           std::size_t count) {
  const double end = std::min(from + length, size * static_cast<double>(count));
  from = std::max(0.0, from);
  if (from >= end) return {};
  const auto first = static_cast<std::size_t>(from / size);
  const auto last = std::min(count - 1, static_cast<std::size_t>(end / size));
  if (first >= last) return {{first, (end - from) / size}, {first + 1, -(end - from) / size}};
  const double in_first = static_cast<double>(first + 1) - from / size,
               in_last = end / size - static_cast<double>(last);
  return {{first, in_first}, {first + 1, 1 - in_first}, {last, in_last - 1}, {last + 1, -in_last}};
}

/// Covered area by cell and kind. Adding a box costs the same whatever its size: only differences between
/// cells are kept until all are summed up.
class Grid {
 public:
  Grid(const TimeScale& time, const AddressScale& addresses)
      : left_(time.left),
        top_(addresses.top()),
        columns_(cells(time.width, kCellWidth)),
        rows_(cells(addresses.height(), kCellHeight)),
        covered_((columns_ + 1) * (rows_ + 1) * kLifeKinds) {}

  void add(const Box& box, LifeKind kind) {
    const auto across = coverage_steps(box.x - left_, box.width, kCellWidth, columns_);
    const auto down = coverage_steps(box.y - top_, box.height, kCellHeight, rows_);
    for (const auto& [r, high] : down) {
      for (const auto& [c, wide] : across) at(r, c, static_cast<std::size_t>(kind)) += high * wide;
    }
  }

  /// To be called once, after the last box.
  std::vector<CellRun> runs() {
    sum_up();
    std::vector<CellRun> out;
    for (std::size_t r = 0; r < rows_; ++r) {
      for (std::size_t c = 0; c < columns_; ++c) {
        const CellRun cell = run_of_one(r, c);
        if (cell.density == 0) continue;
        const bool continues = c > 0 && !out.empty() && out.back().kind == cell.kind &&
                               out.back().density == cell.density && out.back().box.y == cell.box.y &&
                               out.back().box.x + out.back().box.width == cell.box.x;
        if (continues) {
          out.back().box.width += kCellWidth;
        } else {
          out.push_back(cell);
        }
      }
    }
    return out;
  }

 private:
  static std::size_t cells(double pixels, double size) {
    return static_cast<std::size_t>(std::max(1.0, std::ceil(pixels / size)));
  }
  double& at(std::size_t r, std::size_t c, std::size_t kind) {
    return covered_[(r * (columns_ + 1) + c) * kLifeKinds + kind];
  }

  void sum_up() {
    for (std::size_t r = 0; r <= rows_; ++r) {
      for (std::size_t c = 0; c <= columns_; ++c) {
        for (std::size_t k = 0; k < kLifeKinds; ++k) {
          if (c > 0) at(r, c, k) += at(r, c - 1, k);
        }
      }
    }
    for (std::size_t r = 1; r <= rows_; ++r) {
      for (std::size_t i = 0; i < (columns_ + 1) * kLifeKinds; ++i) {
        covered_[r * (columns_ + 1) * kLifeKinds + i] += covered_[(r - 1) * (columns_ + 1) * kLifeKinds + i];
      }
    }
  }

  /// The kind that covers most of a cell, and how much of it all kinds cover.
  CellRun run_of_one(std::size_t r, std::size_t c) {
    const double* kinds = &at(r, c, 0);
    const double* most = std::max_element(kinds, kinds + kLifeKinds);
    const double all = std::min(1.0, std::accumulate(kinds, kinds + kLifeKinds, 0.0));
    return {static_cast<LifeKind>(most - kinds),
            static_cast<int>(std::ceil(all * kDensities - kRounding)),
            {left_ + static_cast<double>(c) * kCellWidth, top_ + static_cast<double>(r) * kCellHeight,
             kCellWidth, kCellHeight}};
  }

  double left_, top_;
  std::size_t columns_, rows_;
  std::vector<double> covered_;  // one more row and column than cells: differences end there
};

std::size_t column_of(std::uint64_t cycle, std::uint64_t cycles, std::size_t columns) {
  const double at = static_cast<double>(cycle) / static_cast<double>(cycles) * static_cast<double>(columns);
  return std::min(columns - 1, static_cast<std::size_t>(at));
}

}  // namespace

AddressScale::AddressScale(std::vector<AddressRange> used, double top, double height)
    : top_(top), height_(height), pieces_(with_short_gaps_closed(joined(std::move(used)))) {
  const double folds = kFoldPixels * static_cast<double>(pieces_.empty() ? 0 : pieces_.size() - 1);
  const double bytes = static_cast<double>(std::max<std::uint64_t>(1, bytes_of(pieces_)));
  pixels_per_byte_ = std::max(1.0, height - folds) / bytes;
}

double AddressScale::y(std::uint64_t address) const {
  double y = top_ + height_;
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const AddressRange& piece = pieces_[i];
    if (address < piece.begin) return i == 0 ? y : y + kFoldPixels / 2;
    if (address <= piece.end) return y - static_cast<double>(address - piece.begin) * pixels_per_byte_;
    y -= static_cast<double>(piece.end - piece.begin) * pixels_per_byte_;
    if (i + 1 < pieces_.size()) y -= kFoldPixels;
  }
  return y;
}

RegionLayout lay_out(const Trace& trace, const std::vector<Occupant>& occupants, const TimeScale& time,
                     const AddressScale& addresses, std::size_t most_lives) {
  struct Candidate {
    Box box;
    const Occupant* occupant;
    double area() const { return box.width * box.height; }
  };
  std::vector<Candidate> all;
  for (const Occupant& o : occupants) {
    if (o.life >= 0) all.push_back({box_of(o, time, addresses), &o});
  }
  std::size_t shown = all.size();
  if (shown > most_lives) {
    // Where there are many, one by one only what stands out among the cells.
    const auto specks =
        std::partition(all.begin(), all.end(), [](const Candidate& c) { return c.area() >= kSpeck; });
    shown = std::min<std::size_t>(most_lives, static_cast<std::size_t>(specks - all.begin()));
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), specks,
                     [](const Candidate& a, const Candidate& b) {
                       return a.area() != b.area() ? a.area() > b.area() : a.occupant < b.occupant;
                     });
  }
  std::sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown),
            [](const Candidate& a, const Candidate& b) {
              return a.occupant->born != b.occupant->born ? a.occupant->born < b.occupant->born
                                                          : a.occupant < b.occupant;
            });
  RegionLayout out;
  for (std::size_t i = 0; i < shown; ++i) {
    out.lives.push_back({static_cast<std::size_t>(all[i].occupant->life), all[i].box});
  }
  if (shown == all.size()) return out;
  Grid grid(time, addresses);
  for (std::size_t i = shown; i < all.size(); ++i) {
    grid.add(all[i].box, trace.lives[static_cast<std::size_t>(all[i].occupant->life)].kind);
  }
  out.cells = grid.runs();
  return out;
}

std::vector<isa::CauseCycles> cause_columns(const Trace& trace, std::size_t columns) {
  std::vector<isa::CauseCycles> out(columns);
  const std::uint64_t cycles = trace.cycles();
  if (cycles == 0 || columns == 0) return out;
  const double width = static_cast<double>(cycles) / static_cast<double>(columns);
  const auto spread = [&](std::uint64_t begin, std::uint64_t end, const isa::CauseCycles& causes) {
    if (begin >= end) return;
    const std::size_t first = column_of(begin, cycles, columns), last = column_of(end - 1, cycles, columns);
    for (std::size_t c = first; c <= last; ++c) {
      const double from = std::max(static_cast<double>(begin), static_cast<double>(c) * width);
      const double to = std::min(static_cast<double>(end), static_cast<double>(c + 1) * width);
      const double share = first == last ? 1 : std::max(0.0, to - from) / static_cast<double>(end - begin);
      for (std::size_t i = 0; i < isa::kCauses; ++i) {
        out[c].by[i] += static_cast<std::uint64_t>(static_cast<double>(causes.by[i]) * share + 0.5);
      }
    }
  };
  if (!trace.samples.empty()) {
    for (const Sample& sample : trace.samples) spread(sample.begin, sample.end, sample.causes);
  } else {
    for (const Step& step : trace.steps) spread(step.begin, step.end, step.counts.causes);
  }
  return out;
}

std::vector<std::uint64_t> highest_by_column(const std::vector<LivePoint>& points, std::uint64_t cycles,
                                             std::size_t columns) {
  std::vector<std::uint64_t> out(columns);
  if (cycles == 0 || columns == 0) return out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].cycle >= cycles) break;
    const std::uint64_t end = i + 1 < points.size() ? std::min(points[i + 1].cycle, cycles) : cycles;
    if (end <= points[i].cycle) continue;
    const std::size_t last = column_of(end - 1, cycles, columns);
    for (std::size_t c = column_of(points[i].cycle, cycles, columns); c <= last; ++c) {
      out[c] = std::max(out[c], points[i].bytes);
    }
  }
  return out;
}

std::vector<LivePoint> stack_curve(const Trace& trace) {
  std::vector<LivePoint> points;
  for (const Sample& sample : trace.samples) {
    if (points.empty() || points.back().bytes != sample.stack_bytes) {
      points.push_back({sample.begin, sample.stack_bytes});
    }
  }
  return points;
}

std::pair<std::uint64_t, std::uint64_t> cycles_of_steps(const Trace& trace, std::int32_t first,
                                                        std::int32_t last) {
  const auto begin = std::find_if(trace.steps.begin(), trace.steps.end(),
                                  [first](const Step& step) { return step.id == first; });
  const auto end = std::find_if(trace.steps.rbegin(), trace.steps.rend(),
                                [last](const Step& step) { return step.id == last; });
  if (begin == trace.steps.end() || end == trace.steps.rend()) return {0, 0};
  return {begin->begin, std::max(begin->begin, end->end)};
}

std::uint64_t tick_distance(std::uint64_t range, std::size_t most) {
  const double least = static_cast<double>(range) / static_cast<double>(std::max<std::size_t>(1, most));
  for (double power = 1;; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor * power >= least) return static_cast<std::uint64_t>(factor * power);
    }
  }
}

}  // namespace traces
