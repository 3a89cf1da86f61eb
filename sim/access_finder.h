// Which instruction of a block made an access. The emulator tells only the block; the order of the block's
// accesses, and the registers at that moment, tell the rest.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "isa/units.h"
#include "sim/block_cache.h"

namespace sim {

/// A load or store as the emulator reports it.
struct AccessEvent {
  isa::Address address;
  std::uint8_t bytes = 0;
  bool store = false;
};

/// The accesses of the block that runs, in order. Fixed size; a block makes at most 360 x 32.
class AccessLog {
 public:
  void clear() { count_ = 0; }
  /// Takes back `clear`, if nothing was added since: the first `count` are there again.
  void restore(std::size_t count) { count_ = count; }
  std::size_t count() const { return count_; }
  void add(std::uint32_t address, std::uint32_t bytes, bool store) {
    events_[count_++ & (kSize - 1)] = {isa::Address(address), static_cast<std::uint8_t>(bytes), store};
  }
  /// The n-th of the block, while no more than are kept were made.
  const AccessEvent& operator[](std::size_t n) const { return events_[n & (kSize - 1)]; }
  /// Empty where more were made than are kept.
  std::span<const AccessEvent> events() const {
    return count_ <= kSize ? std::span(events_.data(), count_) : std::span<const AccessEvent>();
  }

 private:
  static constexpr std::size_t kSize = 1 << 14;
  std::size_t count_ = 0;
  std::array<AccessEvent, kSize> events_{};
};

/// Index in `block.code` of the instruction that made the last of `events`. `r` are the registers at that
/// moment (write-back not yet done), `xpsr` the flags. Nothing where no instruction can have made it.
std::optional<std::size_t> find_access(const Block& block, std::span<const AccessEvent> events,
                                       const std::array<std::uint32_t, 16>& r, std::uint32_t xpsr);

}  // namespace sim
