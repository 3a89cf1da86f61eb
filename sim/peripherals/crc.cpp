// CRC calculation unit.
#include "sim/peripherals/crc.h"

namespace sim::peripherals {
namespace {

enum : std::uint32_t { kDr = 0x00, kCr = 0x08, kInit = 0x10, kPol = 0x14 };
constexpr std::uint32_t kReset = 1u << 0, kReverseOut = 1u << 7;

/// The low `bits` of `value` in the other order, in groups of `group` bits.
std::uint32_t reverse(std::uint32_t value, unsigned bits, unsigned group) {
  std::uint32_t out = 0;
  for (unsigned i = 0; i < bits; ++i) {
    unsigned to = i / group * group + (group - 1 - i % group);
    out |= (value >> i & 1) << to;
  }
  return out;
}

}  // namespace

unsigned Crc::width() const {
  constexpr unsigned kWidths[] = {32, 16, 8, 7};
  return kWidths[registers_.get(kCr) >> 3 & 3];
}

void Crc::feed(std::uint32_t value, unsigned bits) {
  constexpr unsigned kGroups[] = {1, 8, 16, 32};
  unsigned group = kGroups[registers_.get(kCr) >> 5 & 3];
  if (group > 1) value = reverse(value, bits, group < bits ? group : bits);
  unsigned width = this->width();
  std::uint32_t top = 1u << (width - 1), mask = top | (top - 1), crc = registers_.get(kDr) & mask;
  for (unsigned i = bits; i-- > 0;) {
    bool out = ((crc & top) != 0) != ((value >> i & 1) != 0);
    crc = (crc << 1 & mask) ^ (out ? registers_.get(kPol) & mask : 0);
  }
  registers_.set(kDr, crc);
}

std::uint32_t Crc::load(std::uint32_t offset, isa::Cycles) {
  std::uint32_t value = registers_.get(offset);
  bool reversed = offset == kDr && (registers_.get(kCr) & kReverseOut);
  return reversed ? reverse(value, width(), width()) : value;
}

void Crc::write(std::uint32_t offset, unsigned bytes, std::uint32_t value, isa::Cycles now) {
  if (offset == kDr) return feed(value, bytes * 8);
  Peripheral::write(offset, bytes, value, now);
  if (offset == kInit || (offset == kCr && (value & kReset))) registers_.set(kDr, registers_.get(kInit));
}

}  // namespace sim::peripherals
