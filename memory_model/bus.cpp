#include "memory_model/bus.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace memory_model {
namespace {

Time arrival_of(const sc_core::sc_time& delay) {
  return sc_core::sc_time_stamp().value() + delay.value();
}

sc_core::sc_time delay_until(Time t) {
  const Time now = sc_core::sc_time_stamp().value();
  return sc_core::sc_time::from_value(t > now ? t - now : 0);
}

/// The burst that comes with the payload, or `own` where the initiator brought none.
Burst& burst_of(tlm::tlm_generic_payload& payload, Burst& own) {
  auto* extension = payload.get_extension<BurstExtension>();
  return extension ? extension->burst : own;
}

}  // namespace

void Memory::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  Burst own;
  Burst& burst = burst_of(payload, own);
  const Request request{payload.is_write(), static_cast<std::uint32_t>(payload.get_address() - base_.value),
                        payload.get_data_length(), burst.wraps};
  Time start = arrival_of(delay);
  if (start < free_at_) {
    burst.waited += free_at_ - start;
    start = free_at_;
  }
  serve(request, start, burst);
  free_at_ = burst.done;
  delay = delay_until(burst.done);
  payload.set_response_status(tlm::TLM_OK_RESPONSE);

  std::uint8_t* data = payload.get_data_ptr();
  if (!data) return;  // the core's own transfers only ask for the time
  if (request.offset + std::uint64_t{request.bytes} > storage_.size()) {
    payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    return;
  }
  std::uint8_t* here = storage_.data() + request.offset;
  if (request.write)
    std::memcpy(here, data, request.bytes);
  else
    std::memcpy(data, here, request.bytes);
}

void Routes::add(isa::Address base, isa::Bytes size, Target& target, isa::Address there) {
  auto known =
      std::find_if(outlets_.begin(), outlets_.end(), [&](const auto& o) { return o.first == &target; });
  if (known == outlets_.end()) {
    const std::string name = from_ + "_to_" + target.basename();
    outlets_.emplace_back(&target, std::make_unique<Outlet>(sc_core::sc_module_name(name.c_str()), target));
    known = std::prev(outlets_.end());
  }
  routes_.push_back({base.value, static_cast<std::uint32_t>(size.value), there.value, known->second.get()});
}

BusModule::BusModule(const std::string& name, const Bus& bus, const Clock& clock)
    : Target(sc_core::sc_module_name(name.c_str())),
      clock_(clock),
      beat_bytes_(static_cast<unsigned>(bus.width_bits) / 8),
      latency_(bus.latency),
      serial_(bus.serial),
      routes_(name) {}

void BusModule::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const Routes::Route* route = routes_.find(static_cast<std::uint32_t>(payload.get_address()));
  BurstExtension* extension = payload.get_extension<BurstExtension>();
  if (!route) {
    if (extension) extension->burst.answered = false;
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  } else if (extension) {
    forward(*route, payload, delay, extension->burst);
  } else {
    BurstExtension own;
    payload.set_extension(&own);
    forward(*route, payload, delay, own.burst);
    payload.clear_extension(&own);
  }
}

void BusModule::forward(const Routes::Route& route, tlm::tlm_generic_payload& payload,
                        sc_core::sc_time& delay, Burst& burst) {
  Time start = clock_.edge(arrival_of(delay));
  if (serial_ && start < free_at_) {
    burst.waited += free_at_ - start;
    start = free_at_;
  }
  payload.set_address(payload.get_address() - route.base + route.there);
  delay = delay_until(start + clock_.cycles(latency_));
  route.outlet->b_transport(payload, delay);

  // A beat of this bus goes on when its last byte has come.
  const unsigned narrower = std::max(1u, beat_bytes_ / burst.beat_bytes);
  burst.first = clock_.edge(burst.at(std::min(beat_bytes_, payload.get_data_length()) - 1));
  burst.interval = std::max(clock_.period(), burst.interval * narrower);
  burst.beat_bytes = beat_bytes_;
  const unsigned beats = (payload.get_data_length() + beat_bytes_ - 1) / beat_bytes_;
  burst.done = std::max(clock_.edge(burst.done), burst.first + (beats - 1) * burst.interval);
  free_at_ = burst.done;
  delay = delay_until(burst.done);
}

}  // namespace memory_model
