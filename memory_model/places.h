// Which way an access to an address goes: TCM, cache, accelerator, bus, or nowhere.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "memory_model/attributes.h"
#include "memory_model/board.h"
#include "memory_model/quick_lines.h"

namespace memory_model {

enum class Path : std::uint8_t {
  kNowhere,  ///< no memory there, or the core's own registers: costs nothing
  kTcm,
  kArt,     ///< flash on the ITCM port
  kCached,  ///< where the cache is enabled
  kUncached,
  kDevice,
  kStronglyOrdered,
};

struct Place {
  Path path = Path::kNowhere;
  bool write_back = false, write_allocate = false;
};

/// `board` must outlive it.
class Places {
 public:
  explicit Places(const Board& board) : board_(board) {}

  const AttributeMap& attributes() const { return attributes_; }
  void set_mpu(std::span<const MpuRegion> regions, bool enabled, bool background);

  const Place& of_line(std::uint32_t line) {
    Known& known = known_[line % known_.size()];
    if (known.line != line) known = {line, find(line)};
    return known.place;
  }

 private:
  struct Known {
    std::uint32_t line = 0xffffffff;
    Place place;
  };
  Place find(std::uint32_t line) const;

  const Board& board_;
  AttributeMap attributes_;
  std::array<Known, 4096> known_;
};

}  // namespace memory_model
