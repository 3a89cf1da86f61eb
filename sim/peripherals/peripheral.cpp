// A peripheral with a register page.
#include "sim/peripherals/peripheral.h"

#include <fmt/format.h>

namespace sim::peripherals {
namespace {

std::uint32_t ones(unsigned bytes) {
  return bytes >= 4 ? 0xffffffffu : (1u << bytes * 8) - 1;
}

}  // namespace

Peripheral::Peripheral(Place place, const RegisterMap& map, Unmodelled& notes)
    : registers_(map, place.bytes), notes_(notes), place_(std::move(place)) {}

std::uint32_t Peripheral::read(std::uint32_t offset, unsigned bytes, isa::Cycles now) {
  std::uint32_t word = home(offset & ~3u);
  report_if_kept(word);
  return load(word, now) >> offset % 4 * 8 & ones(bytes);
}

void Peripheral::write(std::uint32_t offset, unsigned bytes, std::uint32_t value, isa::Cycles now) {
  std::uint32_t word = home(offset & ~3u), shift = offset % 4 * 8;
  report_if_kept(word);
  std::uint32_t mask = ones(bytes) << shift;
  store(word, (registers_.get(word) & ~mask) | (value << shift & mask), now);
}

std::uint32_t Peripheral::load(std::uint32_t offset, isa::Cycles) {
  return registers_.get(offset);
}

void Peripheral::store(std::uint32_t offset, std::uint32_t value, isa::Cycles) {
  registers_.write(offset, value);
}

void Peripheral::report_if_kept(std::uint32_t offset) {
  const Register* row = registers_.row(offset);
  if (row ? row->effect == Effect::kModelled : registers_.quiet()) return;
  notes_.report(place_.base + offset, [&] {
    std::string name = row ? row->name : fmt::format("0x{:02x}", offset);
    return fmt::format("{}.{} (0x{:08x}) is not modelled: it keeps what is written, nothing follows from it",
                       place_.name, name, place_.base + offset);
  });
}

void Peripheral::note(std::uint32_t offset, const std::string& what) {
  // Registers are word-aligned: the odd address leaves room for a note about the register itself.
  notes_.report((place_.base + offset) | 1, [&] {
    const Register* row = registers_.row(offset);
    return fmt::format("{}.{}: {}", place_.name, row ? row->name : fmt::format("0x{:02x}", offset), what);
  });
}

}  // namespace sim::peripherals
