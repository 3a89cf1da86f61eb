// USART and UART of the F7 and H7 in asynchronous mode: a byte takes the bit times that BRR says.
#pragma once

#include "sim/peripherals/console_hub.h"
#include "sim/peripherals/irq_line.h"
#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

class Uart : public Peripheral {
 public:
  /// `clock`: index into Clocks::uart_hz. `hub` outlives this.
  Uart(Place place, const RegisterMap& map, unsigned clock, IrqLine irq, ConsoleHub& hub, Unmodelled& notes);

  void clocks_changed(const Clocks& clocks, isa::Cycles now) override;
  isa::Cycles next_event() const override;
  void advance(isa::Cycles now) override;
  void reset() override;
  void finish() override;

 protected:
  std::uint32_t load(std::uint32_t offset, isa::Cycles now) override;
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) override;

 private:
  bool sends() const;
  bool receives() const;
  bool flag(std::uint32_t bit) const;
  void set_flag(std::uint32_t bit, bool on);
  /// Time from the first edge of a start bit to the end of the last stop bit; kNeverHappens without a clock.
  isa::Cycles frame() const;
  isa::Cycles after_frames(isa::Cycles from, std::uint64_t frames) const;
  void control(std::uint32_t value, isa::Cycles now);
  void begin_transmission(isa::Cycles now);
  void transmitted();
  void taken(isa::Cycles now);
  void look_for_input(isa::Cycles now);
  void received();
  void drive();
  void report_modes();

  unsigned clock_;
  IrqLine irq_;
  ConsoleHub& hub_;
  ConsolePort* port_ = nullptr;
  std::uint64_t core_hz_ = 0, kernel_hz_ = 0;
  bool holding_ = false;                 ///< TDR holds a byte that the shift register has not taken
  isa::Cycles sent_at_ = kNeverHappens;  ///< the shift register is empty
  std::uint8_t arriving_ = 0;
  isa::Cycles received_at_ = kNeverHappens;  ///< `arriving_` is complete
  isa::Cycles look_at_ = kNeverHappens;      ///< ask the console again
  isa::Cycles idle_at_ = kNeverHappens;      ///< the line has been idle for a frame
};

}  // namespace sim::peripherals
