// Units are types: an address, a size and a cycle count do not mix by accident.
#pragma once

#include <fmt/format.h>

#include <compare>
#include <cstdint>

namespace isa {

/// A number with a unit. Same units add and subtract; scaling is by plain integers; `.value` is the raw
/// number.
template <class Tag, class Rep>
struct Quantity {
  Rep value = 0;

  constexpr Quantity() = default;
  constexpr explicit Quantity(Rep v) : value(v) {}

  friend constexpr auto operator<=>(Quantity, Quantity) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.value + b.value); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.value - b.value); }
  friend constexpr Quantity operator*(Quantity a, Rep n) { return Quantity(a.value * n); }
  friend constexpr Quantity operator*(Rep n, Quantity a) { return Quantity(a.value * n); }
  constexpr Quantity& operator+=(Quantity b) { return value += b.value, *this; }
  constexpr Quantity& operator-=(Quantity b) { return value -= b.value, *this; }
};

/// A size or a distance in memory; signed, so that "missing" and "overlap" are plain subtractions.
using Bytes = Quantity<struct BytesTag, std::int64_t>;
/// Core clock cycles.
using Cycles = Quantity<struct CyclesTag, std::uint64_t>;

/// A place in the 32-bit address space. Address - Address = Bytes, Address + Bytes = Address.
struct Address {
  std::uint32_t value = 0;

  constexpr Address() = default;
  constexpr explicit Address(std::uint32_t v) : value(v) {}

  friend constexpr auto operator<=>(Address, Address) = default;
  friend constexpr Bytes operator-(Address a, Address b) {
    return Bytes(static_cast<std::int64_t>(a.value) - static_cast<std::int64_t>(b.value));
  }
  friend constexpr Address operator+(Address a, Bytes b) {
    return Address(static_cast<std::uint32_t>(a.value + b.value));
  }
  friend constexpr Address operator-(Address a, Bytes b) {
    return Address(static_cast<std::uint32_t>(a.value - b.value));
  }
};

}  // namespace isa

template <class Tag, class Rep>
struct fmt::formatter<isa::Quantity<Tag, Rep>> : fmt::formatter<Rep> {
  template <class Context>
  auto format(isa::Quantity<Tag, Rep> q, Context& ctx) const {
    return fmt::formatter<Rep>::format(q.value, ctx);
  }
};

/// Addresses print as 0x%08x.
template <>
struct fmt::formatter<isa::Address> {
  constexpr auto parse(fmt::format_parse_context& ctx) { return ctx.begin(); }
  template <class Context>
  auto format(isa::Address a, Context& ctx) const {
    return fmt::format_to(ctx.out(), "0x{:08x}", a.value);
  }
};
