// The flash interface's registers.
#include "sim/peripherals/flash_interface.h"

#include <algorithm>

#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

constexpr std::uint32_t kAcr = 0x00, kLatency = 0xf, kPrefetch = 1u << 8, kArt = 1u << 9;

constexpr FlashLock kLocksF7[] = {
    {0x04, 0x10, 1u << 31, 0x45670123, 0xcdef89ab},
    {0x08, 0x14, 1u << 0, 0x08192a3b, 0x4c5d6e7f},
};
constexpr FlashLock kLocksH7[] = {
    {0x04, 0x0c, 1u << 0, 0x45670123, 0xcdef89ab},
    {0x104, 0x10c, 1u << 0, 0x45670123, 0xcdef89ab},
    {0x08, 0x18, 1u << 0, 0x08192a3b, 0x4c5d6e7f},
};
constexpr std::uint32_t kControlF7[] = {0x10}, kControlH7[] = {0x0c, 0x10c};
// Status registers whose error and end bits are cleared by writing ones (F7), and their clear registers (H7).
constexpr std::uint32_t kSrF7 = 0x0c, kClearOffset = 4;

}  // namespace

// F7: STRT (erase). OPERR. H7: START1 at bit 7 (bit 5 on the H7A3) and OPERR.
const FlashKind kFlashKindF7{kFlashF7, kLocksF7, kControlF7, 1u << 16, 0u - 4, 1u << 1, true};
const FlashKind kFlashKindH743{kFlashH743, kLocksH7, kControlH7, 1u << 7, 4, 1u << 22, false};
const FlashKind kFlashKindH7A3{kFlashH7A3, kLocksH7, kControlH7, 1u << 5, 4, 1u << 22, false};

FlashInterface::FlashInterface(Place place, const FlashKind& kind, Unmodelled& notes)
    : Peripheral(std::move(place), kind.map, notes), kind_(kind) {
  reset();
}

void FlashInterface::reset() {
  Peripheral::reset();
  half_open_.assign(kind_.locks.size(), false);
}

FlashAccess FlashInterface::access() const {
  std::uint32_t acr = registers_.get(kAcr);
  return {static_cast<int>(acr & kLatency), kind_.art && (acr & kArt), kind_.art && (acr & kPrefetch)};
}

void FlashInterface::store(std::uint32_t offset, std::uint32_t value, isa::Cycles) {
  for (std::size_t i = 0; i < kind_.locks.size(); ++i) {
    if (kind_.locks[i].key_offset == offset) return key(kind_.locks[i], i, value);
  }
  auto controls = kind_.control_offsets;
  if (std::find(controls.begin(), controls.end(), offset) != controls.end()) return control(offset, value);
  if (kind_.art && offset == kSrF7) return registers_.set(kSrF7, registers_.get(kSrF7) & ~value);
  for (std::uint32_t at : controls) {
    std::uint32_t status = at + 4;
    if (!kind_.art && offset == status + kClearOffset)
      return registers_.set(status, registers_.get(status) & ~value);
  }
  registers_.write(offset, value);
  if (offset == kAcr && on_access) on_access();
}

/// The two keys in order open the lock; anything else leaves it shut.
void FlashInterface::key(const FlashLock& lock, std::size_t index, std::uint32_t value) {
  if (half_open_[index] && value == lock.second_key)
    registers_.set_bits(lock.lock_offset, lock.lock_bit, false);
  half_open_[index] = value == lock.first_key;
}

void FlashInterface::control(std::uint32_t offset, std::uint32_t value) {
  const FlashLock* lock = &*std::find_if(kind_.locks.begin(), kind_.locks.end(),
                                         [&](const FlashLock& l) { return l.lock_offset == offset; });
  if (registers_.get(offset) & lock->lock_bit) return;
  registers_.write(offset, value & ~kind_.start_bits);
  if (value & kind_.start_bits) {
    note(offset, "erasing and programming the flash are not modelled: nothing was erased, and OPERR is set");
    registers_.set_bits(offset + kind_.control_to_status, kind_.error, true);
  }
}

}  // namespace sim::peripherals
