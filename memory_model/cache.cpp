#include "memory_model/cache.h"

#include <algorithm>
#include <utility>

namespace memory_model {

Cache::Cache(const CacheGeometry& geometry) : replacement_(geometry.replacement), ways_(geometry.ways) {
  if (geometry.size.value == 0) return;
  const auto lines = static_cast<std::uint32_t>(geometry.size.value) / kLineBytes;
  sets_ = lines / static_cast<std::uint32_t>(ways_);
  lines_.assign(lines, kInvalid);
  dirty_.assign(lines, 0);
  if (lru()) used_.assign(lines, 0);
}

std::optional<int> Cache::find(std::uint32_t line) const {
  for (int way = 0; way < ways_; ++way) {
    if (lines_[at(line, way)] == line) return way;
  }
  return std::nullopt;
}

void Cache::touch(std::uint32_t line, int way) {
  if (lru()) used_[at(line, way)] = ++uses_;
}

int Cache::victim(std::uint32_t line) {
  int oldest = 0;
  for (int way = 0; way < ways_; ++way) {
    if (lines_[at(line, way)] == kInvalid) return way;
    if (lru() && used_[at(line, way)] < used_[at(line, oldest)]) oldest = way;
  }
  if (lru()) return oldest;
  // A linear feedback shift register (x^32 + x^22 + x^2 + x + 1): as good as any, and always the same.
  random_ = (random_ >> 1) ^ ((random_ & 1) ? 0x80200003u : 0u);
  return static_cast<int>(random_ & static_cast<std::uint32_t>(ways_ - 1));
}

std::optional<Cache::Evicted> Cache::fill(std::uint32_t line) {
  const int way = victim(line);
  const std::size_t slot = at(line, way);
  std::optional<Evicted> out;
  if (lines_[slot] != kInvalid) out = Evicted{lines_[slot], dirty_[slot] != 0};
  lines_[slot] = line;
  dirty_[slot] = 0;
  touch(line, way);
  return out;
}

std::optional<Cache::Evicted> Cache::invalidate(std::uint32_t line) {
  const std::optional<int> way = exists() ? find(line) : std::nullopt;
  if (!way) return std::nullopt;
  const std::size_t slot = at(line, *way);
  lines_[slot] = kInvalid;
  return Evicted{line, std::exchange(dirty_[slot], 0) != 0};
}

void Cache::invalidate_all() {
  std::fill(lines_.begin(), lines_.end(), kInvalid);
  std::fill(dirty_.begin(), dirty_.end(), 0);
}

void Cache::reset() {
  invalidate_all();
  uses_ = 0;
  random_ = 1;
}

std::optional<std::uint32_t> Cache::line_in(std::uint32_t set, int way) const {
  if (!exists()) return std::nullopt;
  const std::uint32_t line =
      lines_[std::size_t{set} * static_cast<std::size_t>(ways_) + static_cast<std::size_t>(way)];
  return line == kInvalid ? std::nullopt : std::optional(line);
}

}  // namespace memory_model
