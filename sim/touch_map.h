// Which bytes of RAM the guest's own loads and stores have touched: what a program really uses.
#pragma once

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

  /// An access of 1 to 8 bytes. Called for every load and store: the last region that was hit is tried first.
  void touch(std::uint32_t address, std::uint32_t size) {
    if (address - last_->base >= last_->size && !find(address)) [[unlikely]]
      return;
    last_->touched[(address - last_->base) / kGranule] = 1;
    const std::uint32_t end = address - last_->base + size - 1;
    if (end < last_->size) last_->touched[end / kGranule] = 1;
  }

  /// Touched bytes as extents, sorted, in whole granules; neighbours are joined.
  std::vector<Extent> extents() const;

 private:
  struct Ram {
    std::uint32_t base = 0, size = 0;
    std::vector<std::uint8_t> touched;
  };

  bool find(std::uint32_t address);

  std::vector<Ram> rams_;  ///< the last one has size 0, so that there always is one
  Ram* last_;
};

}  // namespace sim
