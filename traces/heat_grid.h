// Folds accesses into address x time: how often each row of bytes was read and written in each column of
// cycles.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// Rows are kRowBytes, more where a stretch of memory is large. Columns come in batches; only tiles of rows
/// that were touched in a batch are kept.
class HeatGrid {
 public:
  static constexpr std::uint32_t kRowBytes = 64, kMaxRows = 1 << 14;
  static constexpr std::uint32_t kTileRows = 64, kBatchColumns = 64;

  explicit HeatGrid(std::span<const Region> regions);

  /// One access in the current column. Called for every load and store; addresses outside the regions count
  /// nowhere.
  void touch(std::uint32_t address, bool store) {
    Stretch& stretch = stretches_[address >> kStretchBits];
    const std::uint32_t row = (address - stretch.base) >> stretch.row_shift;
    if (row >= stretch.rows) [[unlikely]]
      return;
    ++stretch.counts[row][store];
    stretch.tile_touched[row / kTileRows] = 1;
  }

  /// The column that is filled begins at `cycle` and is `cycles` wide. Done before any access, and whenever
  /// the width changes or columns are left out: then the batch so far must have been taken.
  void begin(std::uint64_t cycle, std::uint64_t cycles);
  /// The current column is over, the next begins. Returns whether the batch is full and must be taken.
  bool next_column();
  /// What the columns that are over hold, in address order. The next batch begins with the current column.
  std::vector<Heat> take();
  /// Whether no column of the batch is over.
  bool empty() const { return columns_ == 0; }

 private:
  static constexpr unsigned kStretchBits = 24;
  using Count = std::array<std::uint32_t, 2>;  ///< loads, stores

  /// Rows of one column that has ended, as levels.
  struct Tile {
    std::vector<std::uint8_t> reads, writes;  ///< empty where the batch has not touched it
  };
  /// 16 MB of the address space that hold memory, gaps between regions included.
  struct Stretch {
    std::uint32_t base = 0, rows = 0, row_shift = 0;
    Count* counts = nullptr;  ///< of the current column
    std::uint8_t* tile_touched = nullptr;
  };
  struct Storage {
    std::vector<Count> counts;
    std::vector<std::uint8_t> tile_touched;
    std::vector<Tile> tiles;
  };

  Heat cut(const Tile& tile, std::uint32_t base, std::uint32_t row_bytes, std::size_t region) const;

  std::array<Stretch, 1u << (32 - kStretchBits)> stretches_{};
  std::vector<std::unique_ptr<Storage>> storage_;
  std::vector<Region> regions_;
  std::uint64_t begin_ = 0, column_cycles_ = 1;
  std::uint32_t columns_ = 0;               ///< of the batch that are over
  std::vector<std::uint8_t> small_levels_;  ///< heat_level of small numbers
};

}  // namespace traces
