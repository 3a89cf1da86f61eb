// The core's port into the interconnect, and everything behind it: one SystemC simulation per board.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "isa/units.h"
#include "memory_model/board.h"
#include "memory_model/burst.h"
#include "memory_model/bus.h"

namespace memory_model {

/// While one lives, SystemC objects are made in, and calls go to, the simulation it was made for.
class SimulationScope {
 public:
  explicit SimulationScope(sc_core::sc_simcontext* context) : before_(sc_core::sc_curr_simcontext) {
    sc_core::sc_curr_simcontext = context;
  }
  ~SimulationScope() { sc_core::sc_curr_simcontext = before_; }
  SimulationScope(const SimulationScope&) = delete;
  SimulationScope& operator=(const SimulationScope&) = delete;

 private:
  sc_core::sc_simcontext* before_;
};

class Interconnect {
 public:
  /// `board` must outlive it.
  explicit Interconnect(const Board& board);
  ~Interconnect();
  Interconnect(const Interconnect&) = delete;
  Interconnect& operator=(const Interconnect&) = delete;

  void reset();
  /// Clocks and wait states from `at` on.
  void set_operating_point(const OperatingPoint& point, isa::Cycles at);

  /// Core cycles to time and back; a fraction of a cycle counts as one.
  Time time_of(isa::Cycles now) const;
  isa::Cycles cycle_of(Time t) const;

  /// The core reads or writes [address, address + bytes) at `at`; a line (`wraps`) from `address` on and
  /// around. Not for TCMs. The answer stands until the next transfer.
  const Burst& transfer(isa::Address address, unsigned bytes, bool write, bool wraps, Time at);

  /// Another bus master, made inside `scope()`, binds its initiator socket to `port`, before the first
  /// transfer. Its threads run as the core's time goes on. Throws std::logic_error after the first transfer,
  /// BoardError where no bus has that name.
  SimulationScope scope() const { return SimulationScope(context_.get()); }
  TargetSocket& port(const std::string& bus);
  /// Where the bytes of the region at `base` live, for masters that move data. Throws BoardError where no
  /// region begins there.
  void attach_storage(isa::Address base, std::span<std::uint8_t> bytes);
  /// Lets other masters do all that is due at `now`.
  void advance(isa::Cycles now);

 private:
  class CorePort;
  std::unique_ptr<Memory> make_memory(const Region& region, const Bus& bus) const;
  /// Routes on the bus of that name and on all it hangs behind.
  void connect(const std::string& bus, isa::Address base, isa::Bytes size, Memory& memory,
               isa::Address there);
  void connect_regions();
  void begin();

  const Board& board_;
  Clocks clocks_;
  int wait_states_ = 0;
  isa::Cycles since_cycle_;  ///< when the core's clock last changed
  Time since_ = 0;
  bool running_ = false, attached_ = false;
  std::unique_ptr<sc_core::sc_simcontext> context_;
  std::vector<std::unique_ptr<BusModule>> buses_;  ///< in the board's order
  std::vector<std::unique_ptr<Memory>> memories_;
  std::vector<Memory*> memory_of_region_;  ///< in the board's order; nullptr for TCMs
  std::unique_ptr<CorePort> core_port_;
};

}  // namespace memory_model
