// Every cycle has one cause, and the causes sum to the total.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "isa/units.h"

namespace isa {

enum class Cause : std::uint8_t {
  kIssue,       ///< instructions were issued in it
  kDependency,  ///< an operand was not ready
  kStructural,  ///< the unit or the slot was taken
  kBranch,      ///< refill behind a branch that was not predicted
  kIFetch,      ///< the next instruction had not arrived
  kDLoad,       ///< a load waited for memory
  kDStore,      ///< a store waited for the store buffer or for memory
  kBus,         ///< the bus was busy with another transfer or another master
  kDevice,      ///< a peripheral answered
};
inline constexpr std::size_t kCauses = 9;

/// "issue", "dependency", ... as in tables and JSON.
const char* to_string(Cause cause);

struct CauseCycles {
  std::array<std::uint64_t, kCauses> by{};

  std::uint64_t& operator[](Cause cause) { return by[static_cast<std::size_t>(cause)]; }
  std::uint64_t operator[](Cause cause) const { return by[static_cast<std::size_t>(cause)]; }
  Cycles total() const {
    std::uint64_t sum = 0;
    for (std::uint64_t cycles : by) sum += cycles;
    return Cycles(sum);
  }
  CauseCycles& operator+=(const CauseCycles& o) {
    for (std::size_t i = 0; i < kCauses; ++i) by[i] += o.by[i];
    return *this;
  }
  CauseCycles& operator-=(const CauseCycles& o) {
    for (std::size_t i = 0; i < kCauses; ++i) by[i] -= o.by[i];
    return *this;
  }
  friend CauseCycles operator*(CauseCycles c, std::uint64_t n) {
    for (std::uint64_t& cycles : c.by) cycles *= n;
    return c;
  }
  bool operator==(const CauseCycles&) const = default;
};

}  // namespace isa
