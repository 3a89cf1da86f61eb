// Heat of address x time at any zoom: each level is the one below it at half its columns or half its rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gui/fold/address_axis.h"
#include "gui/fold/time_axis.h"
#include "traces/trace.h"

namespace gui {

/// Levels of traces::heat_level, row 0 at the top.
struct HeatImage {
  std::size_t width = 0, height = 0;
  std::vector<std::uint8_t> reads, writes;  ///< row after row
};

/// A cell of a higher level is as hot as the hottest it covers: what is small does not vanish.
class HeatPyramid {
 public:
  HeatPyramid() = default;
  /// Of one region. Chunks may differ in how fine they are; those that overlap count with the hottest.
  explicit HeatPyramid(const std::vector<const traces::Heat*>& chunks);

  bool empty() const { return levels_.empty(); }
  std::uint8_t hottest() const { return hottest_; }
  /// From the first to the last address that it knows of.
  Stretch extent() const;
  /// Rows that were read or written at any time.
  std::vector<Stretch> hot() const;
  /// Cells of `cell` pixels that cover both views.
  HeatImage image(const TimeView& time, const AddressView& addresses, double cell) const;

 private:
  struct Plane {
    std::size_t columns = 0, rows = 0;
    std::vector<std::uint8_t> reads, writes;  ///< one column after the other
  };
  void splat(const traces::Heat& chunk);
  /// How often to halve for cells of `source` cells.
  static std::size_t level_for(double source, std::size_t levels);

  std::uint64_t begin_ = 0, column_cycles_ = 1;
  std::uint64_t base_ = 0, row_bytes_ = 1;
  std::uint8_t hottest_ = 0;
  /// [t][a]: t times halved in time, a times in address.
  std::vector<std::vector<Plane>> levels_;
};

}  // namespace gui
