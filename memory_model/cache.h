// The tags of a cache: which lines it holds, which of them are dirty, and which one goes next.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "memory_model/board.h"
#include "memory_model/quick_lines.h"

namespace memory_model {

/// Lines are numbered: address / 32.
class Cache {
 public:
  explicit Cache(const CacheGeometry& geometry);

  bool exists() const { return !lines_.empty(); }
  bool lru() const { return replacement_ == Replacement::kLru; }
  std::uint32_t sets() const { return sets_; }
  int ways() const { return ways_; }

  /// The way that holds `line`, or nullopt. Changes nothing.
  std::optional<int> find(std::uint32_t line) const;
  bool dirty(std::uint32_t line, int way) const { return dirty_[at(line, way)]; }
  void set_dirty(std::uint32_t line, int way, bool dirty) { dirty_[at(line, way)] = dirty; }
  /// Marks it as the most recently used of its set.
  void touch(std::uint32_t line, int way);

  struct Evicted {
    std::uint32_t line = 0;
    bool dirty = false;
  };
  /// Puts a line that is absent in: in an invalid way where there is one. Returns what had to leave.
  std::optional<Evicted> fill(std::uint32_t line);

  /// Removes a line. Returns it where it was there.
  std::optional<Evicted> invalidate(std::uint32_t line);
  void invalidate_all();
  /// As after power-on, the replacement too.
  void reset();
  /// The line in a way of a set, by number.
  std::optional<std::uint32_t> line_in(std::uint32_t set, int way) const;

 private:
  static constexpr std::uint32_t kInvalid = 0xffffffff;
  std::uint32_t set_of(std::uint32_t line) const { return line & (sets_ - 1); }
  std::size_t at(std::uint32_t line, int way) const {
    return std::size_t{set_of(line)} * static_cast<std::size_t>(ways_) + static_cast<std::size_t>(way);
  }
  int victim(std::uint32_t line);

  Replacement replacement_;
  std::uint32_t sets_ = 0;
  int ways_ = 1;
  std::vector<std::uint32_t> lines_;  ///< of each set, of each way
  std::vector<std::uint8_t> dirty_;
  std::vector<std::uint64_t> used_;  ///< when; only counted for LRU
  std::uint64_t uses_ = 0;
  std::uint32_t random_ = 1;  ///< state of the pseudo-random replacement
};

}  // namespace memory_model
