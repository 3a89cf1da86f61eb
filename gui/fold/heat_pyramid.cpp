#include "gui/fold/heat_pyramid.h"

#include <algorithm>
#include <cmath>

namespace gui {

namespace {

constexpr std::uint64_t kMostCells = 24u << 20;  // of the finest plane: beyond, columns are made wider
constexpr std::uint64_t kMostRows = 1u << 20;    // beyond, rows are made higher
constexpr double kLevelsADoubling = 16;          // traces::heat_level

using Levels = std::vector<std::uint8_t>;

Levels halved_columns(const Levels& from, std::size_t columns, std::size_t rows) {
  const std::size_t half = (columns + 1) / 2;
  Levels to(half * rows);
  for (std::size_t c = 0; c < half; ++c) {
    const std::uint8_t* a = &from[2 * c * rows];
    const std::uint8_t* b = 2 * c + 1 < columns ? a + rows : a;
    for (std::size_t r = 0; r < rows; ++r) to[c * rows + r] = std::max(a[r], b[r]);
  }
  return to;
}

Levels halved_rows(const Levels& from, std::size_t columns, std::size_t rows) {
  const std::size_t half = (rows + 1) / 2;
  Levels to(columns * half);
  for (std::size_t c = 0; c < columns; ++c) {
    const std::uint8_t* column = &from[c * rows];
    std::uint8_t* out = &to[c * half];
    for (std::size_t r = 0; r < rows / 2; ++r) out[r] = std::max(column[2 * r], column[2 * r + 1]);
    if (rows % 2 != 0) out[half - 1] = column[rows - 1];
  }
  return to;
}

}  // namespace

HeatPyramid::HeatPyramid(const std::vector<const traces::Heat*>& chunks) {
  std::uint64_t end = 0, high = 0;
  begin_ = base_ = ~std::uint64_t{0};
  column_cycles_ = row_bytes_ = ~std::uint64_t{0};
  for (const traces::Heat* chunk : chunks) {
    if (chunk->rows == 0 || chunk->columns == 0) continue;
    begin_ = std::min(begin_, chunk->begin);
    base_ = std::min<std::uint64_t>(base_, chunk->base);
    end = std::max(end, chunk->begin + chunk->columns * chunk->column_cycles);
    high = std::max(high, chunk->base + std::uint64_t{chunk->rows} * chunk->row_bytes);
    column_cycles_ = std::min(column_cycles_, std::max<std::uint64_t>(chunk->column_cycles, 1));
    row_bytes_ = std::min<std::uint64_t>(row_bytes_, std::max(chunk->row_bytes, 1u));
  }
  if (end <= begin_) return;

  while ((high - base_) / row_bytes_ >= kMostRows) row_bytes_ *= 2;
  Plane finest;
  finest.rows = (high - base_ + row_bytes_ - 1) / row_bytes_;
  while ((end - begin_) / column_cycles_ + 1 > kMostCells / finest.rows + 1) column_cycles_ *= 2;
  finest.columns = (end - begin_ + column_cycles_ - 1) / column_cycles_;
  finest.reads.resize(finest.rows * finest.columns);
  finest.writes.resize(finest.rows * finest.columns);
  levels_.emplace_back().push_back(std::move(finest));
  for (const traces::Heat* chunk : chunks) splat(*chunk);

  for (std::size_t t = 0;; ++t) {
    while (levels_[t].back().rows > 1) {
      const Plane& below = levels_[t].back();
      levels_[t].push_back({below.columns, (below.rows + 1) / 2,
                            halved_rows(below.reads, below.columns, below.rows),
                            halved_rows(below.writes, below.columns, below.rows)});
    }
    const Plane& below = levels_[t].front();
    if (below.columns <= 1) break;
    Plane half{(below.columns + 1) / 2, below.rows, halved_columns(below.reads, below.columns, below.rows),
               halved_columns(below.writes, below.columns, below.rows)};
    levels_.emplace_back().push_back(std::move(half));
  }
  const Plane& top = levels_.back().back();
  hottest_ = std::max(top.reads.front(), top.writes.front());
}

void HeatPyramid::splat(const traces::Heat& chunk) {
  if (chunk.rows == 0 || chunk.columns == 0) return;
  Plane& finest = levels_.front().front();
  const std::uint64_t chunk_cycles = std::max<std::uint64_t>(chunk.column_cycles, 1);
  const std::uint64_t chunk_bytes = std::max(chunk.row_bytes, 1u);
  // A coarser chunk's accesses are spread over several cells.
  const double spread = static_cast<double>(std::max<std::uint64_t>(chunk_cycles / column_cycles_, 1)) *
                        static_cast<double>(std::max<std::uint64_t>(chunk_bytes / row_bytes_, 1));
  const auto less = static_cast<std::uint8_t>(std::min(254.0, kLevelsADoubling * std::log2(spread)));
  const auto level = [&](std::uint8_t of) -> std::uint8_t { return of == 0 ? 0 : of > less ? of - less : 1; };

  for (std::uint32_t c = 0; c < chunk.columns; ++c) {
    const std::uint64_t from = chunk.begin - begin_ + c * chunk_cycles;
    const std::size_t first_column = from / column_cycles_;
    const std::size_t last_column = std::min(finest.columns - 1, (from + chunk_cycles - 1) / column_cycles_);
    for (std::size_t column = first_column; column <= last_column; ++column) {
      for (std::uint32_t r = 0; r < chunk.rows; ++r) {
        const std::uint8_t reads = level(chunk.reads[c * chunk.rows + r]);
        const std::uint8_t writes = level(chunk.writes[c * chunk.rows + r]);
        if ((reads | writes) == 0) continue;
        const std::uint64_t at = chunk.base - base_ + r * chunk_bytes;
        const std::size_t last_row = std::min(finest.rows - 1, (at + chunk_bytes - 1) / row_bytes_);
        for (std::size_t row = at / row_bytes_; row <= last_row; ++row) {
          const std::size_t i = column * finest.rows + row;
          finest.reads[i] = std::max(finest.reads[i], reads);
          finest.writes[i] = std::max(finest.writes[i], writes);
        }
      }
    }
  }
}

Stretch HeatPyramid::extent() const {
  if (empty()) return {};
  return {base_, base_ + levels_.front().front().rows * row_bytes_};
}

std::vector<Stretch> HeatPyramid::hot() const {
  std::vector<Stretch> stretches;
  if (empty()) return stretches;
  const Plane& at_any_time = levels_.back().front();
  for (std::size_t row = 0; row < at_any_time.rows; ++row)
    if ((at_any_time.reads[row] | at_any_time.writes[row]) != 0)
      stretches.push_back({base_ + row * row_bytes_, base_ + (row + 1) * row_bytes_});
  return stretches;
}

std::size_t HeatPyramid::level_for(double source, std::size_t levels) {
  if (source < 2) return 0;
  return std::min(levels - 1, static_cast<std::size_t>(std::log2(source)));
}

HeatImage HeatPyramid::image(const TimeView& time, const AddressView& addresses, double cell) const {
  HeatImage image;
  image.width = static_cast<std::size_t>(std::ceil(time.width() / cell));
  image.height = static_cast<std::size_t>(std::ceil(addresses.height() / cell));
  image.reads.resize(image.width * image.height);
  image.writes.resize(image.width * image.height);
  if (empty()) return image;

  // Source cells, as fractions, at each edge between cells of the image.
  std::vector<double> columns(image.width + 1), rows(image.height + 1);
  for (std::size_t x = 0; x <= image.width; ++x)
    columns[x] = (time.cycle(time.left() + static_cast<double>(x) * cell) - static_cast<double>(begin_)) /
                 static_cast<double>(column_cycles_);
  for (std::size_t y = 0; y <= image.height; ++y)
    rows[y] =
        (addresses.address(addresses.top() + static_cast<double>(y) * cell) - static_cast<double>(base_)) /
        static_cast<double>(row_bytes_);

  for (std::size_t x = 0; x < image.width; ++x) {
    const std::size_t t = level_for(columns[x + 1] - columns[x], levels_.size());
    const double column_scale = 1 / static_cast<double>(std::size_t{1} << t);
    for (std::size_t y = 0; y < image.height; ++y) {
      const std::size_t a = level_for(rows[y] - rows[y + 1], levels_[t].size());
      const Plane& plane = levels_[t][a];
      const double row_scale = 1 / static_cast<double>(std::size_t{1} << a);
      // All source cells that the image's cell touches: four at most.
      const double c0 = std::floor(columns[x] * column_scale), c1 = columns[x + 1] * column_scale;
      const double r0 = std::floor(rows[y + 1] * row_scale), r1 = rows[y] * row_scale;
      const double end_column = static_cast<double>(plane.columns), end_row = static_cast<double>(plane.rows);
      std::uint8_t reads = 0, writes = 0;
      for (double c = std::max(c0, 0.0); c < std::min(c1, end_column); ++c)
        for (double r = std::max(r0, 0.0); r < std::min(r1, end_row); ++r) {
          const std::size_t i = static_cast<std::size_t>(c) * plane.rows + static_cast<std::size_t>(r);
          reads = std::max(reads, plane.reads[i]);
          writes = std::max(writes, plane.writes[i]);
        }
      image.reads[y * image.width + x] = reads;
      image.writes[y * image.width + x] = writes;
    }
  }
  return image;
}

}  // namespace gui
