// Power control: requests for a voltage or a supply, and the flags that say they are met.
#pragma once

#include <span>
#include <vector>

#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

/// `flag` of the register at `flag_offset` follows a change of `request` at `request_offset`.
struct PowerFlag {
  std::uint32_t request_offset, request;
  std::uint32_t flag_offset, flag;
  bool follows_level;   ///< the flag is that of the request; else it is set again after any change
  double microseconds;  ///< estimated
};

struct PwrKind {
  const RegisterMap& map;
  std::span<const PowerFlag> flags;
  bool h7;                     ///< CSR1.ACTVOS repeats D3CR.VOS; CR3's supply bits can be written once
  std::uint32_t single_write;  ///< CR3.SCUEN: says that this store is still to come
};
extern const PwrKind kPwrKindF7, kPwrKindH743, kPwrKindH7A3;

class Pwr : public Peripheral {
 public:
  Pwr(Place place, const PwrKind& kind, Unmodelled& notes);

  /// CR1.DBP: whether RTC, backup registers and RCC.BDCR may be written.
  bool backup_writable() const;
  /// SYSCFG.PWRCR.ODEN has changed (H743): the voltage moves between VOS1 and VOS0.
  void overdrive_changed(isa::Cycles now);

  void clocks_changed(const Clocks& clocks, isa::Cycles) override { core_hz_ = clocks.core_hz; }
  isa::Cycles next_event() const override;
  void advance(isa::Cycles now) override;
  void reset() override;

 protected:
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  void request(std::size_t flag, isa::Cycles now);

  const PwrKind& kind_;
  std::uint64_t core_hz_ = 16'000'000;
  bool supply_set_ = false;
  std::vector<isa::Cycles> set_at_;  ///< by index of `kind_.flags`
};

}  // namespace sim::peripherals
