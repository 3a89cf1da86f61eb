// The interconnect behind the caches: SystemC TLM-2.0, loosely timed. A burst is one b_transport whose delay
// ends with its last beat; who waits for whom follows from when buses and memories are free again.
#pragma once

// As the SystemC library was built; its headers refuse to be mixed.
#ifndef SC_CPLUSPLUS
#define SC_CPLUSPLUS 201703L
#endif

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <systemc>
#include <tlm>
#include <vector>

#include "isa/units.h"
#include "memory_model/board.h"
#include "memory_model/burst.h"

namespace memory_model {

/// Carries a Burst with a transaction. Initiators that do not want to know may leave it out.
struct BurstExtension : tlm::tlm_extension<BurstExtension> {
  Burst burst;
  tlm::tlm_extension_base* clone() const override { return new BurstExtension(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    burst = static_cast<const BurstExtension&>(other).burst;
  }
};

/// What may be bound to by any number of initiators.
using TargetSocket = tlm::tlm_target_socket<64, tlm::tlm_base_protocol_types, 0>;

/// A target that only knows b_transport.
class Target : public sc_core::sc_module, public tlm::tlm_fw_transport_if<> {
 public:
  TargetSocket socket{"socket"};

  /// SystemC wants the name to live until the sockets are made.
  explicit Target(const sc_core::sc_module_name& name) : sc_module(name) { socket.bind(*this); }
  /// Forgets everything that is under way, as after power-on.
  virtual void reset() = 0;

 private:
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase&,
                                     sc_core::sc_time& delay) final {
    b_transport(payload, delay);
    return tlm::TLM_COMPLETED;
  }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi&) final { return false; }
  unsigned transport_dbg(tlm::tlm_generic_payload&) final { return 0; }
};

/// A memory serves one burst after the other. Its bytes live elsewhere: where a transaction carries data, it
/// is copied from or to the storage that was attached.
class Memory : public Target {
 public:
  Memory(const std::string& name, isa::Address base, isa::Bytes size)
      : Target(sc_core::sc_module_name(name.c_str())), base_(base), size_(size) {}
  void attach_storage(std::span<std::uint8_t> bytes) { storage_ = bytes; }
  void reset() override { free_at_ = 0; }

 protected:
  struct Request {
    bool write = false;
    std::uint32_t offset = 0;  ///< from the beginning of the memory
    unsigned bytes = 0;
    bool wraps = false;  ///< all of the aligned line that holds `offset`

    std::uint32_t begin() const { return wraps ? offset & ~(bytes - 1) : offset; }
    std::uint32_t end() const { return begin() + bytes; }
  };
  /// Sets first, interval, beat_bytes and done of a burst that may begin at `start`.
  virtual void serve(const Request& request, Time start, Burst& burst) = 0;

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) final;

  isa::Address base_;
  isa::Bytes size_;
  std::span<std::uint8_t> storage_;
  Time free_at_ = 0;
};

/// An initiator's end of one connection.
class Outlet : public sc_core::sc_module, public tlm::tlm_bw_transport_if<> {
 public:
  Outlet(const sc_core::sc_module_name& name, Target& target) : sc_module(name) {
    socket_.bind(*this);
    socket_.bind(target.socket);
  }
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    socket_->b_transport(payload, delay);
  }

 private:
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) final {
    return tlm::TLM_COMPLETED;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) final {}

  tlm::tlm_initiator_socket<64> socket_{"socket"};
};

/// Which outlet leads to an address. Makes one outlet for each target.
class Routes {
 public:
  struct Route {
    std::uint32_t base = 0, size = 0;
    std::uint32_t there = 0;  ///< the address, behind the outlet, of `base`
    Outlet* outlet = nullptr;
  };
  /// `from` begins the outlets' names.
  explicit Routes(std::string from) : from_(std::move(from)) {}
  void add(isa::Address base, isa::Bytes size, Target& target, isa::Address there);
  /// nullptr where nothing is.
  const Route* find(std::uint32_t address) const {
    for (const Route& route : routes_) {
      if (address - route.base < route.size) return &route;
    }
    return nullptr;
  }

 private:
  std::string from_;
  std::vector<Route> routes_;
  std::vector<std::pair<Target*, std::unique_ptr<Outlet>>> outlets_;
};

/// A bus sends transactions on by address, adds its latency and cuts them into beats of its width.
class BusModule : public Target {
 public:
  /// `clock` must outlive it.
  BusModule(const std::string& name, const Bus& bus, const Clock& clock);
  /// [base, base + size) is reached through `target`, where it begins at `there`.
  void add_route(isa::Address base, isa::Bytes size, Target& target, isa::Address there) {
    routes_.add(base, size, target, there);
  }
  void reset() override { free_at_ = 0; }

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) final;
  void forward(const Routes::Route& route, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay,
               Burst& burst);

  const Clock& clock_;
  unsigned beat_bytes_;
  int latency_;
  bool serial_;
  Time free_at_ = 0;
  Routes routes_;
};

}  // namespace memory_model
