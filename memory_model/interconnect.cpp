#include "memory_model/interconnect.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "memory_model/memories.h"

/// The SystemC library brings a main() that calls this; here, nobody does.
extern "C" int sc_main(int, char**) {
  return 0;
}

namespace memory_model {
namespace {

constexpr isa::Address kPeripherals{0x40000000};
constexpr isa::Bytes kPeripheralBytes{0x20000000};

const Clock& clock_named(const Clocks& clocks, ClockName name) {
  switch (name) {
    case ClockName::kCore:
      return clocks.core;
    case ClockName::kAxi:
      return clocks.axi;
    case ClockName::kAhb:
      return clocks.ahb;
  }
  return clocks.core;
}

/// SystemC keeps the time resolution in the context, and complains where time was used before it is set.
std::unique_ptr<sc_core::sc_simcontext> new_context() {
  auto context = std::make_unique<sc_core::sc_simcontext>();
  SimulationScope scope(context.get());
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  return context;
}

}  // namespace

/// The core's AXI master, peripheral and flash-on-ITCM ports: an initiator for each bus they lead to.
class Interconnect::CorePort {
 public:
  CorePort() { payload_.set_extension(&extension_); }
  ~CorePort() { payload_.clear_extension(&extension_); }
  CorePort(const CorePort&) = delete;
  CorePort& operator=(const CorePort&) = delete;

  /// [base, base + size) is reached through `bus`.
  void add_route(isa::Address base, isa::Bytes size, BusModule& bus) { routes_.add(base, size, bus, base); }

  const Burst& transfer(std::uint32_t address, unsigned bytes, bool write, bool wraps,
                        sc_core::sc_time delay) {
    Burst& burst = extension_.burst;
    burst = Burst{};
    burst.wraps = wraps;
    const Routes::Route* route = routes_.find(address);
    if (!route) {
      burst.answered = false;
      return burst;
    }
    payload_.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload_.set_address(address);
    payload_.set_data_length(bytes);
    payload_.set_streaming_width(bytes);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    route->outlet->b_transport(payload_, delay);
    return burst;
  }

 private:
  BurstExtension extension_;
  tlm::tlm_generic_payload payload_;
  Routes routes_{"core"};
};

Interconnect::Interconnect(const Board& board) : board_(board), context_(new_context()) {
  SimulationScope here = scope();
  core_port_ = std::make_unique<CorePort>();
  for (const Bus& bus : board.buses) {
    buses_.push_back(std::make_unique<BusModule>(fmt::format("bus{}", buses_.size()), bus,
                                                 clock_named(clocks_, bus.clock)));
  }
  connect_regions();
  set_operating_point(board.reset_point, isa::Cycles(0));
}

Interconnect::~Interconnect() {
  SimulationScope here = scope();
  core_port_.reset();
  buses_.clear();
  memories_.clear();
  context_.reset();
}

std::unique_ptr<Memory> Interconnect::make_memory(const Region& region, const Bus& bus) const {
  const std::string name = fmt::format("memory{}", memories_.size());
  const auto beat_bytes = static_cast<unsigned>(bus.width_bits) / 8;
  const Clock& clock = clock_named(clocks_, bus.clock);
  if (region.sdram) return std::make_unique<Sdram>(name, region);
  if (region.qspi) return std::make_unique<Qspi>(name, region);
  if (region.kind == RegionKind::kFlash) {
    return std::make_unique<Flash>(name, region, board_.flash.line_bits, beat_bytes, clock, wait_states_);
  }
  return std::make_unique<Sram>(name, region, beat_bytes, clock);
}

void Interconnect::connect(const std::string& bus_name, isa::Address base, isa::Bytes size, Memory& memory,
                           isa::Address there) {
  const Bus* bus = board_.bus(bus_name);
  Target* target = &memory;
  while (true) {
    BusModule& module = *buses_[static_cast<std::size_t>(bus - board_.buses.data())];
    module.add_route(base, size, *target, there);
    target = &module;
    there = base;  // only the last bus knows aliases
    if (bus->behind.empty()) {
      core_port_->add_route(base, size, module);
      return;
    }
    bus = board_.bus(bus->behind);
  }
}

void Interconnect::connect_regions() {
  memory_of_region_.assign(board_.regions.size(), nullptr);
  for (bool aliases : {false, true}) {
    for (std::size_t i = 0; i < board_.regions.size(); ++i) {
      const Region& region = board_.regions[i];
      const Bus* bus = board_.bus(region.bus);
      if (!bus || region.alias_of.empty() == aliases) continue;
      const Region* real = aliases ? board_.region(region.alias_of) : &region;
      Memory*& memory = memory_of_region_[i];
      if (aliases) {
        memory = memory_of_region_[static_cast<std::size_t>(real - board_.regions.data())];
      } else {
        memories_.push_back(make_memory(region, *bus));
        memory = memories_.back().get();
      }
      if (memory) connect(region.bus, region.base, region.size, *memory, real->base);
    }
  }
  const Bus* bus = board_.bus(board_.peripheral_bus);
  if (!bus) return;
  Region peripherals;
  peripherals.base = kPeripherals;
  peripherals.size = kPeripheralBytes;
  memories_.push_back(make_memory(peripherals, *bus));
  connect(bus->name, peripherals.base, peripherals.size, *memories_.back(), peripherals.base);
}

void Interconnect::reset() {
  SimulationScope here = scope();
  for (auto& bus : buses_) bus->reset();
  for (auto& memory : memories_) memory->reset();
  // The simulation's own time cannot go back: what is counted from here on starts where it is.
  since_cycle_ = isa::Cycles(0);
  since_ = sc_core::sc_time_stamp().value();
  set_operating_point(board_.reset_point, isa::Cycles(0));
}

void Interconnect::set_operating_point(const OperatingPoint& point, isa::Cycles at) {
  const Time then = clocks_.core.hz() > 0 ? time_of(at) : 0;
  since_cycle_ = at;
  since_ = then;
  auto sane = [](double hz) { return hz > 0 ? hz : 1e6; };
  clocks_.core.set(sane(point.core_hz));
  clocks_.axi.set(sane(point.axi_hz));
  clocks_.ahb.set(sane(point.ahb_hz));
  wait_states_ = point.flash_wait_states;
}

Time Interconnect::time_of(isa::Cycles now) const {
  if (now < since_cycle_)
    return since_ - std::min(since_, clocks_.core.cycles(static_cast<double>((since_cycle_ - now).value)));
  return since_ + clocks_.core.cycles(static_cast<double>((now - since_cycle_).value));
}

isa::Cycles Interconnect::cycle_of(Time t) const {
  if (t <= since_) return since_cycle_;
  constexpr double kSlack = 1.0 / 64;
  return since_cycle_ +
         isa::Cycles(static_cast<std::uint64_t>(rounded_up(clocks_.core.count(t - since_) - kSlack)));
}

void Interconnect::begin() {
  // This only binds the sockets; that nothing else happens is no news.
  sc_core::sc_report_handler::set_actions(sc_core::SC_ID_NO_SC_START_ACTIVITY_, sc_core::SC_DO_NOTHING);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  running_ = true;
}

const Burst& Interconnect::transfer(isa::Address address, unsigned bytes, bool write, bool wraps, Time at) {
  SimulationScope here = scope();
  if (!running_) begin();
  const Time stamp = attached_ ? sc_core::sc_time_stamp().value() : 0;
  const auto delay = sc_core::sc_time::from_value(at > stamp ? at - stamp : 0);
  return core_port_->transfer(address.value, bytes, write, wraps, delay);
}

TargetSocket& Interconnect::port(const std::string& name) {
  if (running_) throw std::logic_error("memory_model: a bus master is attached after the first transfer");
  const Bus* bus = board_.bus(name);
  if (!bus) throw BoardError(fmt::format("board {}: no bus '{}'", board_.name, name));
  attached_ = true;
  return buses_[static_cast<std::size_t>(bus - board_.buses.data())]->socket;
}

void Interconnect::attach_storage(isa::Address base, std::span<std::uint8_t> bytes) {
  for (std::size_t i = 0; i < board_.regions.size(); ++i) {
    if (board_.regions[i].base != base) continue;
    if (memory_of_region_[i]) memory_of_region_[i]->attach_storage(bytes);
    return;
  }
  throw BoardError(fmt::format("board {}: no region begins at {}", board_.name, base));
}

void Interconnect::advance(isa::Cycles now) {
  if (!attached_) return;
  SimulationScope here = scope();
  if (!running_) begin();
  const Time then = time_of(now), stamp = sc_core::sc_time_stamp().value();
  if (then > stamp) sc_core::sc_start(sc_core::sc_time::from_value(then - stamp));
}

}  // namespace memory_model
