// What an access makes the core wait.
#pragma once

#include <algorithm>
#include <cstdint>

namespace memory_model {

/// Cycles the core waits, beyond what its pipeline charges for an access that hits.
struct Stall {
  std::uint32_t cycles = 0;  ///< for the access itself: the caller's cause is D-load, D-store or I-fetch
  std::uint32_t bus = 0;     ///< because the bus was busy with other transfers
  std::uint32_t device = 0;  ///< because a peripheral answered
  /// Of a fetch: made again while `fetch_epoch()` is the same, it would cost nothing and change nothing.
  /// Code that comes over the bus or from the flash accelerator each time never gets there.
  bool settled = false;

  std::uint32_t total() const { return cycles + bus + device; }
  Stall& operator+=(const Stall& o) {
    cycles += o.cycles;
    bus += o.bus;
    device += o.device;
    settled &= o.settled;
    return *this;
  }
};

/// Splits a wait of `total` cycles, of which `waited` were spent behind other transfers.
inline Stall waited_for(std::uint64_t total, std::uint64_t waited) {
  const std::uint64_t bus = std::min(total, waited);
  return {static_cast<std::uint32_t>(total - bus), static_cast<std::uint32_t>(bus), 0, false};
}

}  // namespace memory_model
