// A board's peripherals on the bench: registers by address, time by hand, fakes at the far ends.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "memory_model/board.h"
#include "sim/peripherals/peripheral_bus.h"

namespace sim::peripherals::test {

class FakeLines : public InterruptLines {
 public:
  void set_line(unsigned irq, bool level) override { high[irq] = level; }
  std::map<unsigned, bool> high;
};

class FakeConsole : public ConsolePort {
 public:
  void send(std::uint8_t byte) override { sent += static_cast<char>(byte); }
  std::optional<std::uint8_t> receive() override {
    ++asked;
    if (typed.empty()) return std::nullopt;
    auto byte = static_cast<std::uint8_t>(typed.front());
    typed.erase(0, 1);
    return byte;
  }
  bool at_end() const override { return closed && typed.empty(); }
  bool waits_for_reader() const override { return patient; }

  std::string sent, typed;
  bool closed = false, patient = true;
  int asked = 0;
};

struct Bench {
  explicit Bench(const std::string& name, const std::string& device = "")
      : board(memory_model::load_board(name)), bus(board, notes) {
    bus.connect_interrupts(&lines);
    bus.connect_console(&console, device);
    bus.on_operating_point = [this](const memory_model::OperatingPoint& p) { point = p; };
    bus.reset();
    point = bus.operating_point();
  }

  std::uint32_t read(std::uint32_t address, unsigned bytes = 4) {
    return bus.read(isa::Address(address), bytes, now).value();
  }
  void write(std::uint32_t address, std::uint32_t value, unsigned bytes = 4) {
    if (!bus.write(isa::Address(address), bytes, value, now)) throw std::runtime_error("nothing is there");
  }
  void set(std::uint32_t address, std::uint32_t bits) { write(address, read(address) | bits); }
  void clear(std::uint32_t address, std::uint32_t bits) { write(address, read(address) & ~bits); }
  void go_to(std::uint64_t cycle) {
    now = isa::Cycles(cycle);
    if (bus.next_event() <= now) bus.advance(now);
  }
  void wait(std::uint64_t cycles) { go_to(now.value + cycles); }
  /// Cycles from now until `bits` of the register are `wanted`; the flag is looked at in every cycle around
  /// the change, so that it is exact.
  std::uint64_t cycles_until(std::uint32_t address, std::uint32_t bits, std::uint32_t wanted) {
    std::uint64_t start = now.value;
    while ((read(address) & bits) != wanted) {
      if (bus.next_event() == kNeverHappens) throw std::runtime_error("it never happens");
      std::uint64_t next = bus.next_event().value;
      go_to(next - 1);
      if ((read(address) & bits) == wanted) throw std::runtime_error("it happens before its event");
      go_to(next);
    }
    return now.value - start;
  }

  memory_model::Board board;
  Unmodelled notes;
  FakeLines lines;
  FakeConsole console;
  PeripheralBus bus;
  memory_model::OperatingPoint point;
  isa::Cycles now;
};

}  // namespace sim::peripherals::test
