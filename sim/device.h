// A peripheral: registers, and things that happen to it as time passes.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "isa/units.h"

namespace sim {

inline constexpr isa::Cycles kNeverHappens{std::numeric_limits<std::uint64_t>::max()};

/// Times are core cycles since reset. Between two calls nothing happens to a device but by `advance`.
class Device {
 public:
  virtual ~Device() = default;
  /// An aligned access of 1, 2 or 4 bytes at `offset` from the device's base.
  virtual std::uint32_t read(std::uint32_t offset, unsigned bytes, isa::Cycles now) = 0;
  virtual void write(std::uint32_t offset, unsigned bytes, std::uint32_t value, isa::Cycles now) = 0;
  /// When it next does something of its own accord (sets a flag, raises an interrupt).
  virtual isa::Cycles next_event() const { return kNeverHappens; }
  /// Does all that is due at `now`.
  virtual void advance(isa::Cycles now) { (void)now; }
  virtual void reset() = 0;
};

/// Where devices raise interrupts: the NVIC's external lines.
class InterruptLines {
 public:
  virtual ~InterruptLines() = default;
  virtual void set_line(unsigned irq, bool level) = 0;
};

}  // namespace sim
