// Which bytes of RAM the guest's own loads and stores have touched: what a program really uses.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "memory_model/board.h"
#include "sim/machine.h"

namespace sim {

/// One flag for every kGranule bytes of the board's writable regions; an alias counts as its own region.
class TouchMap {
 public:
  static constexpr std::uint32_t kGranule = 8;

  explicit TouchMap(const memory_model::Board& board);

  void clear();

  /// An access of 1 to 8 bytes. Called for every load and store.
  void touch(std::uint32_t address, std::uint32_t size) {
    const Stretch& stretch = stretches_[address >> kStretchBits];
    const std::uint32_t first = address - stretch.base, last = first + size - 1;
    if (last >= stretch.size || first > last) [[unlikely]]
      return;
    stretch.touched[first / kGranule] = 1;
    stretch.touched[last / kGranule] = 1;
  }

  /// Touched bytes as extents, sorted, in whole granules; neighbours are joined.
  std::vector<Extent> extents() const;

 private:
  static constexpr unsigned kStretchBits = 24;

  /// The part of 16 MB of address space that has RAM, gaps between regions included.
  struct Stretch {
    std::uint32_t base = 0, size = 0;
    std::uint8_t* touched = nullptr;
  };

  std::array<Stretch, 1u << (32 - kStretchBits)> stretches_{};
  std::vector<std::vector<std::uint8_t>> flags_;
};

}  // namespace sim
