#include "traces/heat_grid.h"

#include <algorithm>
#include <bit>

namespace traces {
namespace {

constexpr std::uint32_t kSmall = 4096;

}  // namespace

HeatGrid::HeatGrid(std::span<const Region> regions) : regions_(regions.begin(), regions.end()) {
  for (std::uint32_t level = 0; level < kSmall; ++level) small_levels_.push_back(heat_level(level));
  constexpr std::uint64_t kStretch = std::uint64_t{1} << kStretchBits;
  for (std::size_t i = 0; i < stretches_.size(); ++i) {
    const std::uint64_t begin = i << kStretchBits, end = begin + kStretch;
    std::uint64_t low = end, high = begin;
    for (const Region& region : regions) {
      const std::uint64_t first = std::max<std::uint64_t>(begin, region.base);
      const std::uint64_t last = std::min(end, std::uint64_t{region.base} + region.bytes);
      if (first >= last) continue;
      low = std::min(low, first);
      high = std::max(high, last);
    }
    if (low >= high) continue;
    std::uint32_t row_bytes = kRowBytes;
    while ((high - low + row_bytes - 1) / row_bytes > kMaxRows) row_bytes *= 2;
    const auto rows = static_cast<std::uint32_t>((high - low + row_bytes - 1) / row_bytes);
    const std::uint32_t tiles = (rows + kTileRows - 1) / kTileRows;
    auto storage = std::make_unique<Storage>();
    storage->counts.resize(std::size_t{tiles} * kTileRows);
    storage->tile_touched.resize(tiles);
    storage->tiles.resize(tiles);
    stretches_[i] = {static_cast<std::uint32_t>(low), rows,
                     static_cast<std::uint32_t>(std::countr_zero(row_bytes)), storage->counts.data(),
                     storage->tile_touched.data()};
    storage_.push_back(std::move(storage));
  }
}

void HeatGrid::begin(std::uint64_t cycle, std::uint64_t cycles) {
  begin_ = cycle;
  column_cycles_ = cycles;
  columns_ = 0;
}

bool HeatGrid::next_column() {
  auto level = [&](std::uint32_t n) { return n < kSmall ? small_levels_[n] : heat_level(n); };
  for (const std::unique_ptr<Storage>& storage : storage_) {
    for (std::size_t t = 0; t < storage->tiles.size(); ++t) {
      if (!storage->tile_touched[t]) continue;
      storage->tile_touched[t] = 0;
      Tile& tile = storage->tiles[t];
      tile.reads.resize(std::size_t{kBatchColumns} * kTileRows);
      tile.writes.resize(std::size_t{kBatchColumns} * kTileRows);
      Count* counts = &storage->counts[t * kTileRows];
      const std::size_t at = std::size_t{columns_} * kTileRows;
      for (std::size_t row = 0; row < kTileRows; ++row) {
        if (counts[row] == Count{}) continue;
        tile.reads[at + row] = level(counts[row][0]);
        tile.writes[at + row] = level(counts[row][1]);
        counts[row] = {};
      }
    }
  }
  return ++columns_ == kBatchColumns;
}

/// The rows of a tile that lie in `region`.
Heat HeatGrid::cut(const Tile& tile, std::uint32_t base, std::uint32_t row_bytes, std::size_t region) const {
  const std::uint64_t begin = std::max(base, regions_[region].base);
  const std::uint64_t end = std::min(std::uint64_t{base} + kTileRows * row_bytes,
                                     std::uint64_t{regions_[region].base} + regions_[region].bytes);
  Heat heat;
  if (begin >= end) return heat;
  heat.region = static_cast<std::uint16_t>(region);
  heat.base = static_cast<std::uint32_t>(begin);
  heat.row_bytes = row_bytes;
  heat.begin = begin_;
  heat.column_cycles = column_cycles_;
  heat.rows = static_cast<std::uint32_t>((end - begin + row_bytes - 1) / row_bytes);
  heat.columns = columns_;
  const auto first = static_cast<std::ptrdiff_t>((begin - base) / row_bytes);
  for (std::uint32_t column = 0; column < columns_; ++column) {
    const std::ptrdiff_t from = first + static_cast<std::ptrdiff_t>(column * kTileRows);
    const auto add = [&](std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& levels) {
      to.insert(to.end(), levels.begin() + from, levels.begin() + from + heat.rows);
    };
    add(heat.reads, tile.reads);
    add(heat.writes, tile.writes);
  }
  return heat;
}

std::vector<Heat> HeatGrid::take() {
  std::vector<Heat> taken;
  std::size_t next = 0;
  for (const Stretch& stretch : stretches_) {
    if (stretch.rows == 0) continue;
    Storage& storage = *storage_[next++];
    for (std::size_t t = 0; t < storage.tiles.size(); ++t) {
      Tile& tile = storage.tiles[t];
      if (tile.reads.empty()) continue;
      const std::uint32_t row_bytes = 1u << stretch.row_shift;
      const std::uint32_t base = stretch.base + static_cast<std::uint32_t>(t) * kTileRows * row_bytes;
      for (std::size_t region = 0; region < regions_.size(); ++region) {
        Heat heat = cut(tile, base, row_bytes, region);
        if (heat.rows > 0) taken.push_back(std::move(heat));
      }
      tile = {};
    }
  }
  begin_ += columns_ * column_cycles_;
  columns_ = 0;
  return taken;
}

}  // namespace traces
