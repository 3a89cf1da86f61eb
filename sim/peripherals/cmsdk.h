// Arm's CMSDK peripherals of the MPS2 boards: UART and timer, and the board's FPGA I/O (Arm DDI 0479, DAI
// 0500). Just enough that programs for QEMU's mps2-an500 run alike.
#pragma once

#include "sim/peripherals/console_hub.h"
#include "sim/peripherals/irq_line.h"
#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

extern const RegisterMap kCmsdkUart, kCmsdkTimer, kFpgaIo, kScc;

class CmsdkUart : public Peripheral {
 public:
  CmsdkUart(Place place, IrqLine receive, IrqLine transmit, ConsoleHub& hub, Unmodelled& notes);

  void clocks_changed(const Clocks& clocks, isa::Cycles) override { core_hz_ = clocks.core_hz; }
  isa::Cycles next_event() const override;
  void advance(isa::Cycles now) override;
  void reset() override;
  void finish() override;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  isa::Cycles frame() const;
  void begin(isa::Cycles now);
  void look_for_input(isa::Cycles now);
  void drive();

  IrqLine receive_, transmit_;
  ConsoleHub& hub_;
  ConsolePort* port_ = nullptr;
  std::uint64_t core_hz_ = 0;
  bool holding_ = false;
  std::uint8_t arriving_ = 0;
  isa::Cycles sent_at_ = kNeverHappens, received_at_ = kNeverHappens, look_at_ = kNeverHappens;
};

/// Counts down from RELOAD with the core clock.
class CmsdkTimer : public Peripheral {
 public:
  CmsdkTimer(Place place, IrqLine irq, Unmodelled& notes);

  isa::Cycles next_event() const override;
  void advance(isa::Cycles now) override;
  void reset() override;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  bool runs() const;
  void sync(isa::Cycles now);

  IrqLine irq_;
  std::uint32_t value_ = 0;  ///< at since_
  isa::Cycles since_;
};

/// LEDs, buttons (none is pressed) and the counters at 1 Hz, 100 Hz and the core clock.
class FpgaIo : public Peripheral {
 public:
  FpgaIo(Place place, Unmodelled& notes);
  void clocks_changed(const Clocks& clocks, isa::Cycles now) override;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;

 private:
  TickClock second_, hundredth_;
};

}  // namespace sim::peripherals
