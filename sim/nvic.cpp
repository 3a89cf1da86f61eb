// Pending, active, next.
#include "sim/nvic.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace sim {
namespace {

constexpr std::uint32_t kEnableClear = 0x080, kPendSet = 0x100, kPendClear = 0x180, kActive = 0x200,
                        kPriority = 0x300, kEnd = 0x3f0;

}  // namespace

std::string exception_name(unsigned number) {
  switch (number) {
    case kThread:
      return "thread mode";
    case kNmi:
      return "NMI";
    case kHardFault:
      return "HardFault";
    case kMemManage:
      return "MemManage";
    case kBusFault:
      return "BusFault";
    case kUsageFault:
      return "UsageFault";
    case kSvCall:
      return "SVCall";
    case kDebugMonitor:
      return "DebugMonitor";
    case kPendSv:
      return "PendSV";
    case kSysTick:
      return "SysTick";
    default:
      return number < kFirstInterrupt ? fmt::format("exception {}", number)
                                      : fmt::format("interrupt {}", number - kFirstInterrupt);
  }
}

Nvic::Nvic(unsigned lines, unsigned priority_bits)
    : lines_(std::min((lines + 31) / 32 * 32, kMostLines)),
      priority_mask_(static_cast<std::uint8_t>(0xff00u >> priority_bits)) {
  reset();
}

void Nvic::reset() {
  enabled_ = pending_ = active_ = {};
  priorities_ = {};
  group_ = 0;
  for (unsigned always : {kNmi, kHardFault, kSvCall, kPendSv, kSysTick}) enabled_[always] = true;
  // Lines are the devices' own; what is high stays high.
  for (unsigned n = kFirstInterrupt; n < kExceptions; ++n) pending_[n] = level_[n];
  recount();
}

void Nvic::recount() {
  ready_ = active_count_ = 0;
  for (unsigned n = 0; n < kExceptions; ++n) {
    ready_ += pending_[n] && enabled_[n];
    active_count_ += active_[n];
  }
}

void Nvic::set_line(unsigned irq, bool level) {
  if (irq >= lines_) return;
  unsigned n = kFirstInterrupt + irq;
  if (level && !level_[n]) pend(n);
  level_[n] = level;
}

void Nvic::pend(unsigned n) {
  if (pending_[n]) return;
  pending_[n] = true;
  ready_ += enabled_[n];
}

void Nvic::unpend(unsigned n) {
  if (!pending_[n] || level_[n]) return;
  pending_[n] = false;
  ready_ -= enabled_[n];
}

void Nvic::enable(unsigned n, bool on) {
  if (enabled_[n] == on) return;
  enabled_[n] = on;
  if (pending_[n]) ready_ += on ? 1u : -1u;
}

int Nvic::priority(unsigned n) const {
  if (n == kNmi) return -2;
  if (n == kHardFault) return -1;
  return priorities_[n];
}

void Nvic::set_priority(unsigned n, std::uint8_t byte) {
  priorities_[n] = byte & priority_mask_;
}

void Nvic::set_group(unsigned prigroup) {
  group_ = prigroup & 7;
}

int Nvic::group_priority(int priority) const {
  return priority < 0 ? priority : priority & ~((2 << group_) - 1);
}

int Nvic::execution_priority(const Masks& masks) const {
  int highest = kThreadPriority;
  if (active_count_ > 0) {
    for (unsigned n = kNmi; n < kExceptions; ++n) {
      if (active_[n]) highest = std::min(highest, group_priority(priority(n)));
    }
  }
  std::uint8_t basepri = masks.basepri & priority_mask_;
  if (basepri != 0) highest = std::min(highest, group_priority(basepri));
  if (masks.primask) highest = std::min(highest, 0);
  if (masks.faultmask) highest = std::min(highest, -1);
  return highest;
}

/// Lower numbers win between equals; the sub-priority decides who comes first, not who pre-empts.
std::optional<unsigned> Nvic::most_urgent_below(int priority_limit) const {
  if (ready_ == 0) return std::nullopt;
  std::optional<unsigned> best;
  for (unsigned n = kNmi; n < kExceptions; ++n) {
    if (!pending_[n] || !enabled_[n] || group_priority(priority(n)) >= priority_limit) continue;
    if (!best || priority(n) < priority(*best)) best = n;
  }
  return best;
}

std::optional<unsigned> Nvic::next(const Masks& masks) const {
  if (ready_ == 0) return std::nullopt;
  return most_urgent_below(execution_priority(masks));
}

bool Nvic::wakes(Masks masks) const {
  masks.primask = false;
  return next(masks).has_value();
}

std::optional<unsigned> Nvic::most_urgent() const {
  return most_urgent_below(kThreadPriority + 1);
}

bool Nvic::any_interrupt_pending() const {
  return std::any_of(pending_.begin() + kFirstInterrupt, pending_.end(), [](bool b) { return b; });
}

bool Nvic::any_pending() const {
  return std::ranges::find(pending_, true) != pending_.end();
}

bool Nvic::can_take(unsigned n, const Masks& masks) const {
  return enabled_[n] && group_priority(priority(n)) < execution_priority(masks);
}

void Nvic::activate(unsigned n) {
  if (pending_[n]) {
    pending_[n] = false;
    ready_ -= enabled_[n];
  }
  set_active(n, true);
}

void Nvic::deactivate(unsigned n) {
  set_active(n, false);
  if (level_[n]) pend(n);
}

void Nvic::set_active(unsigned n, bool on) {
  if (active_[n] == on) return;
  active_[n] = on;
  active_count_ += on ? 1u : -1u;
}

std::uint32_t Nvic::read(std::uint32_t offset) const {
  std::uint32_t value = 0;
  if (offset >= kPriority) {
    unsigned first = kFirstInterrupt + (offset - kPriority);
    for (unsigned i = 0; i < 4; ++i) {
      if (first + i < kExceptions) value |= std::uint32_t{priorities_[first + i]} << 8 * i;
    }
    return value;
  }
  const Flags& flags = offset < kPendSet ? enabled_ : offset < kActive ? pending_ : active_;
  unsigned first = kFirstInterrupt + (offset & 0x7f) / 4 * 32;
  for (unsigned i = 0; i < 32; ++i) {
    if (first + i < kExceptions && flags[first + i]) value |= 1u << i;
  }
  return value;
}

void Nvic::write(std::uint32_t offset, std::uint32_t value) {
  if (offset >= kEnd || (offset >= kActive && offset < kPriority)) return;
  if (offset >= kPriority) {
    unsigned first = kFirstInterrupt + (offset - kPriority);
    for (unsigned i = 0; i < 4; ++i) {
      if (first + i < kFirstInterrupt + lines_)
        set_priority(first + i, static_cast<std::uint8_t>(value >> 8 * i));
    }
    return;
  }
  unsigned first = kFirstInterrupt + (offset & 0x7f) / 4 * 32;
  for (unsigned i = 0; i < 32; ++i) {
    unsigned n = first + i;
    if (!(value >> i & 1) || n >= kFirstInterrupt + lines_) continue;
    if (offset < kEnableClear) {
      enable(n, true);
    } else if (offset < kPendSet) {
      enable(n, false);
    } else if (offset < kPendClear) {
      pend(n);
    } else {
      unpend(n);
    }
  }
}

}  // namespace sim
