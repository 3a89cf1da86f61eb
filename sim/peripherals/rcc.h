// Reset and clock control: oscillators that become ready, the switch of the system clock, peripheral resets.
#pragma once

#include <functional>
#include <vector>

#include "sim/peripherals/clock_tree.h"
#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

/// A clock source with an enable bit and a flag that follows it.
struct ClockSource {
  const char* name;
  std::uint32_t offset;  ///< of the register that holds both bits
  std::uint32_t on, ready;
  double microseconds;  ///< from enable to ready: estimated, see `source`
  const char* source;
};

/// What differs between the families.
struct RccKind {
  const RegisterMap& map;
  std::span<const ClockSource> sources;
  std::span<const char* const> by_switch;  ///< names of `sources` by value of SW
  std::uint32_t cfgr;                      ///< offset of the register with SW and SWS
  std::uint32_t sw_mask, sws_shift;
  std::uint32_t pll_source_register, pll_source_shift, pll_source_mask;
  std::span<const char* const> by_pll_source;
  std::uint32_t first_reset, end_reset;      ///< offsets of the ...RSTR registers
  std::uint32_t reset_to_enable;             ///< from a ...RSTR to its ...ENR
  std::uint32_t alias, alias_of, alias_end;  ///< a second address of some registers; 0: none
  Clocks (*clocks)(const RegisterFile&, const Oscillators&);
};
extern const RccKind kRccKindF7, kRccKindH743, kRccKindH7A3;

class Rcc : public Peripheral {
 public:
  Rcc(Place place, const RccKind& kind, const Oscillators& oscillators, Unmodelled& notes);

  const Clocks& clocks() const { return clocks_; }
  void set_hse(std::uint64_t hz) { oscillators_.hse_hz = hz; }
  /// Whether a bit of an ...ENR register is set.
  bool enabled(std::uint32_t offset, unsigned bit) const { return registers_.get(offset) >> bit & 1; }

  /// The tree has changed.
  std::function<void(const Clocks&, isa::Cycles now)> on_clocks;
  /// Peripherals whose enable bits are `bits` of the ...ENR register at `enable_offset` are reset.
  std::function<void(std::uint32_t enable_offset, std::uint32_t bits)> on_reset;
  std::function<void()> on_backup_reset;
  /// Whether BDCR may be written (PWR's DBP).
  std::function<bool()> backup_writable;

  isa::Cycles next_event() const override;
  void advance(isa::Cycles now) override;
  void reset() override;

 protected:
  std::uint32_t home(std::uint32_t offset) const override;
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  const ClockSource* source(const char* name) const;
  bool ready(const ClockSource* source) const { return registers_.get(source->offset) & source->ready; }
  /// Enable bits at `offset` that hardware keeps set while the system runs from them.
  std::uint32_t in_use(std::uint32_t offset) const;
  void switch_sources(std::uint32_t offset, isa::Cycles now);
  void update(isa::Cycles now);

  const RccKind& kind_;
  Oscillators oscillators_;
  Clocks clocks_;
  std::vector<isa::Cycles> ready_at_;  ///< by index of `kind_.sources`
};

}  // namespace sim::peripherals
