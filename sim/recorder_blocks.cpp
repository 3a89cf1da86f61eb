// A recorder's fast part: called for every block, every access and every call.
#include <fmt/format.h>

#include <algorithm>

#include "sim/recorder.h"

namespace sim {

// --- accesses ---

std::uint32_t Recorder::real(std::uint32_t address) const {
  for (const Alias& alias : aliases_) {
    if (address - alias.base < alias.bytes) return address - alias.base + alias.real;
  }
  return address;
}

void Recorder::ran(const Block& block, const AccessLog& log, std::uint64_t begin) {
  const std::span<const AccessEvent> events = log.events();
  if (taken_ >= events.size()) return;
  if (!block.sites) block.sites = std::make_unique<AccessSites>(block);
  const std::span<const std::uint32_t> pcs = block.sites->pcs(events);
  lives_.at(begin);
  findings_.at(begin);
  for (std::size_t n = taken_; n < events.size(); ++n) {
    const AccessEvent& event = events[n];
    const std::uint32_t address = aliases_.empty() ? event.address.value : real(event.address.value);
    heat_.touch(address, event.store);
    if (!event.store) {
      lives_.load(address, event.bytes, pcs[n]);
      findings_.load(address, event.bytes, pcs[n]);
      continue;
    }
    lives_.store(address, event.bytes, pcs[n]);
    findings_.store(address, event.bytes, pcs[n]);
    if (address < lowest_ && address >= guard_) [[unlikely]]
      deepen(address, begin, pcs[n]);
  }
  taken_ = events.size();
}

void Recorder::access(std::uint32_t address, bool store, std::uint32_t pc, std::uint64_t cycle) {
  address = real(address);
  lives_.at(cycle);
  heat_.touch(address, store);
  if (!store) return lives_.load(address, 4, pc);
  lives_.store(address, 4, pc);
  if (address < lowest_ && address >= stack_.bottom) deepen(address, cycle, pc);
}

void Recorder::arrive(isa::Address address, isa::Bytes size, Origin origin) {
  lives_.at(now_);
  if (origin == Origin::kHost) {
    findings_.at(now_);
    findings_.host_wrote(real(address.value), static_cast<std::uint32_t>(size.value));
  }
  lives_.arrive(real(address.value), static_cast<std::uint32_t>(size.value),
                origin == Origin::kImage ? from_image_ : from_host_);
}

void Recorder::host_reads(isa::Address address, isa::Bytes size) {
  lives_.at(now_);
  const std::uint32_t begin = real(address.value);
  const auto bytes = static_cast<std::uint32_t>(size.value);
  findings_.at(now_);
  findings_.host_read(begin, bytes);
  lives_.call(from_host_);
  for (std::uint32_t at = 0; at < bytes; at += 4) {
    lives_.load(begin + at, std::min<std::uint32_t>(4, bytes - at), 0);
  }
  lives_.leave();
}

/// The stack is deeper than before in this sample.
void Recorder::deepen(std::uint32_t address, std::uint64_t cycle, std::uint32_t pc) {
  // Below the limit there may be data of others.
  if (address < stack_.bottom && !core_.pushes(isa::Address(pc))) return;
  lowest_ = address;
  if (address >= deepest_) return;
  deepest_ = address;
  deepest_cycle_ = cycle;
  deepest_pc_ = pc;
  deepest_step_ = running_ ? static_cast<std::int32_t>(steps_) : -1;
  const std::vector<CallStack::Frame>& frames = calls_.frames();
  Path& path = deepest_path_;
  path.depth = frames.size();
  for (std::size_t i = 0; i < std::min(frames.size(), path.outer.size()); ++i) {
    path.outer[i] = frames[i].function;
  }
  const std::size_t inner = std::min(frames.size(), path.inner.size());
  for (std::size_t i = frames.size() - inner; i < frames.size(); ++i) {
    path.inner[i % path.inner.size()] = frames[i].function;
  }
}

// --- calls ---

void Recorder::reset(std::uint32_t pc, std::uint64_t cycle) {
  now_ = cycle;
  calls_.reset(pc);
}

void Recorder::exception(std::uint32_t frame, std::uint32_t handler, std::uint64_t cycle) {
  now_ = cycle;
  calls_.exception(frame, handler);
}

void Recorder::exception_return(std::uint32_t frame, std::uint32_t to, std::uint64_t cycle) {
  now_ = cycle;
  calls_.exception_return(frame, to);
}

/// What has passed since the last call or return was the top function's.
void Recorder::charge_calls() {
  tree_.charge(nodes_.empty() ? 0 : nodes_.back(), now_ - charged_cycles_,
               instructions_ - charged_instructions_);
  charged_cycles_ = now_;
  charged_instructions_ = instructions_;
}

void Recorder::called(const CallStack::Frame& frame) {
  charge_calls();
  nodes_.push_back(tree_.call(nodes_.empty() ? 0 : nodes_.back(), frame.function));
  lives_.at(now_);
  lives_.call(frame.function);
  findings_.at(now_);
  findings_.call(frame.begin);
  heap_.called(calls_.frames());
}

void Recorder::left(const CallStack::Frame&, bool returns) {
  charge_calls();
  nodes_.pop_back();
  lives_.at(now_);
  lives_.leave();
  findings_.leave();
  if (auto event = heap_.left(calls_.frames(), returns)) heap(*event);
}

void Recorder::heap(const HeapWatch::Event& event) {
  if (event.released != 0) {
    lives_.release(real(event.released));
    findings_.release(real(event.released));
  }
  if (event.allocated == 0) return;
  const std::string line = names_.lines().at(isa::Address(event.call_site)).to_text();
  const std::string& function = functions_[event.caller].name;
  const std::string name =
      fmt::format("heap block of {}{}", function.empty() ? "?" : function, line.empty() ? "" : " at " + line);
  const traces::LifeTracker::Container block{real(event.allocated), event.bytes, writer_.intern(name),
                                             traces::LifeKind::kHeap};
  lives_.allocate(block);
  findings_.allocate(block, name);
}

}  // namespace sim
