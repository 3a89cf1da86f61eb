// Linefill buffers: the lines that are on their way into a cache.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "isa/units.h"
#include "memory_model/burst.h"
#include "memory_model/quick_lines.h"

namespace memory_model {

class LineFills {
 public:
  struct Fill {
    std::uint32_t line = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t critical = 0;  ///< offset in the line of the word that comes first
    Burst burst;
    Time begins = 0;
    std::uint32_t stored = 0;  ///< which of its bytes one burst of stores has stored meanwhile: a mask
    isa::Cycles stored_at;     ///< when the last of them was

    /// When the byte at that offset in the line is on the bus.
    Time at(std::uint32_t offset) const { return burst.at((offset - critical) % kLineBytes); }
  };

  /// 1 or 2 buffers.
  explicit LineFills(unsigned buffers) : buffers_(buffers) {}

  /// When a buffer is free for a line wanted at `t`: all but `buffers - 1` of the fills must be over.
  Time free_at(Time t) const {
    if (t >= last_done_) return t;
    Time latest = 0, second = 0;
    for (const Fill& fill : fills_) {
      second = std::max(second, std::min(latest, fill.burst.done));
      latest = std::max(latest, fill.burst.done);
    }
    return std::max(t, buffers_ == 1 ? latest : second);
  }
  /// The one that is over first: a new one is written over it, and has then `began`.
  Fill& oldest() {
    return *std::min_element(fills_.begin(), fills_.end(),
                             [](const Fill& a, const Fill& b) { return a.burst.done < b.burst.done; });
  }
  void began(const Fill& fill) {
    newest_ = static_cast<int>(&fill - fills_.data());
    last_done_ = std::max(last_done_, fill.burst.done);
  }
  /// Remembers one that is begun, in place of the oldest.
  Fill& add(const Fill& fill) {
    Fill& slot = oldest();
    slot = fill;
    began(slot);
    return slot;
  }
  /// The fill of `line` that is not over at `t`, or nullptr.
  Fill* under_way(std::uint32_t line, Time t) {
    if (t >= last_done_) return nullptr;
    for (Fill& fill : fills_) {
      if (fill.line == line && fill.burst.done > t) return &fill;
    }
    return nullptr;
  }
  /// The last one that was added, over or not; nullptr before the first.
  Fill* newest() { return newest_ < 0 ? nullptr : &fills_[static_cast<std::size_t>(newest_)]; }
  Time last_done() const { return last_done_; }
  void clear() { *this = LineFills(buffers_); }

 private:
  static constexpr unsigned kKept = 6;
  unsigned buffers_;
  std::array<Fill, kKept> fills_;
  Time last_done_ = 0;
  int newest_ = -1;
};

}  // namespace memory_model
