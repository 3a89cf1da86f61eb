// The flash interface's registers: wait states and accelerator, locks. Programming and erasing are refused
// by name.
#pragma once

#include <functional>
#include <vector>

#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

/// What ACR asks for.
struct FlashAccess {
  int wait_states = 0;
  bool art = false;       ///< STM32F7: ARTEN
  bool prefetch = false;  ///< STM32F7: PRFTEN
};

/// A key register and the lock that it opens.
struct FlashLock {
  std::uint32_t key_offset, lock_offset, lock_bit, first_key, second_key;
};

struct FlashKind {
  const RegisterMap& map;
  std::span<const FlashLock> locks;
  std::span<const std::uint32_t> control_offsets;  ///< CR, or CR1 and CR2
  std::uint32_t start_bits;                        ///< of a control register: begins to erase or program
  std::uint32_t control_to_status;                 ///< from a control register to its status register
  std::uint32_t error;                             ///< the status bit that says an operation failed
  bool art;
};
extern const FlashKind kFlashKindF7, kFlashKindH743, kFlashKindH7A3;

class FlashInterface : public Peripheral {
 public:
  FlashInterface(Place place, const FlashKind& kind, Unmodelled& notes);

  FlashAccess access() const;
  std::function<void()> on_access;  ///< ACR has changed

  void reset() override;

 protected:
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  void key(const FlashLock& lock, std::size_t index, std::uint32_t value);
  void control(std::uint32_t offset, std::uint32_t value);

  const FlashKind& kind_;
  std::vector<bool> half_open_;  ///< by index of locks: the first key has been seen
};

}  // namespace sim::peripherals
