// All peripherals of a board: who answers at an address, when something happens next, and what their
// registers mean for clocks and flash.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "memory_model/board.h"
#include "memory_model/operating_point.h"
#include "sim/peripherals/console_hub.h"
#include "sim/peripherals/flash_interface.h"
#include "sim/peripherals/irq_line.h"
#include "sim/peripherals/part.h"
#include "sim/peripherals/rcc.h"
#include "sim/unmodelled.h"

namespace sim::peripherals {

class PeripheralBus {
 public:
  /// Both outlive this.
  PeripheralBus(const memory_model::Board& board, Unmodelled& notes);
  PeripheralBus(const PeripheralBus&) = delete;
  PeripheralBus& operator=(const PeripheralBus&) = delete;

  /// Stretches of address space to send here; empty where the board's peripherals are not known. Outside the
  /// system space.
  struct Window {
    isa::Address base;
    isa::Bytes size;
  };
  std::vector<Window> windows() const;
  /// Whether a peripheral is at `address` (also inside the system space: DBGMCU of the STM32F7).
  bool has(isa::Address address) const { return at(address.value) != nullptr; }

  void connect_interrupts(InterruptLines* lines) { lines_.connect(lines); }
  /// `device`: name of the serial port that `port` is wired to; empty: the first that firmware enables.
  void connect_console(ConsolePort* port, std::string device) { hub_.connect(port, std::move(device)); }
  /// Names of the serial ports, as `connect_console` takes them.
  std::vector<std::string> serial_ports() const;

  /// The external oscillator, where it is not the board's usual one. Before `reset`.
  void set_hse(std::optional<std::uint64_t> hz);
  /// As after power-on. `now`: time goes on where the core is reset in the middle of a run.
  void reset(isa::Cycles now = isa::Cycles(0));

  /// An aligned access of 1, 2 or 4 bytes. Nothing is there: nullopt, or false (a BusFault on the part).
  std::optional<std::uint32_t> read(isa::Address address, unsigned bytes, isa::Cycles now);
  bool write(isa::Address address, unsigned bytes, std::uint32_t value, isa::Cycles now);

  /// When a device next does something of its own accord.
  isa::Cycles next_event() const { return next_; }
  /// Does all that is due at `now`.
  void advance(isa::Cycles now);

  /// The run is over: bytes that firmware has handed to a serial port still leave.
  void finish();

  /// Clocks and flash settings; the caches are the core's and off here.
  memory_model::OperatingPoint operating_point() const;
  /// operating_point() has changed.
  std::function<void(const memory_model::OperatingPoint&)> on_operating_point;

 private:
  struct Slot {
    const Site* site;
    std::unique_ptr<Peripheral> device;
    isa::Cycles due = kNeverHappens;
    bool clock_noted = false;
  };

  std::unique_ptr<Peripheral> make(const Site& site);
  void wire();
  const Slot* at(std::uint32_t address) const;
  Slot* access(std::uint32_t address, isa::Cycles now);
  void done(Slot& slot);
  void note_clock(Slot& slot);
  void clocks_changed(const Clocks& clocks, isa::Cycles now);
  void reset_devices(std::uint32_t enable, std::uint32_t bits);
  void publish();
  void refresh_all();
  void find_next();

  const memory_model::Board& board_;
  Unmodelled& notes_;
  Part part_;
  SharedLines lines_;
  ConsoleHub hub_;
  std::vector<Slot> slots_;  ///< by base address
  Rcc* rcc_ = nullptr;
  Pwr* pwr_ = nullptr;
  FlashInterface* flash_ = nullptr;
  Clocks clocks_;
  memory_model::OperatingPoint published_;
  isa::Cycles next_ = kNeverHappens;
  bool all_due_changed_ = false;
};

}  // namespace sim::peripherals
