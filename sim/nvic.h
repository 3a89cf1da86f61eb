// Which exception is pending, which is active, and which comes next: the NVIC and the priorities of the
// system exceptions (Armv7-M ARM, DDI 0403E, B1.5 and B3.4). No time and no stack frames in here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/device.h"

namespace sim {

/// Exception numbers as in IPSR.
enum Exception : unsigned {
  kThread = 0,
  kNmi = 2,
  kHardFault = 3,
  kMemManage = 4,
  kBusFault = 5,
  kUsageFault = 6,
  kSvCall = 11,
  kDebugMonitor = 12,
  kPendSv = 14,
  kSysTick = 15,
  kFirstInterrupt = 16,
};

/// "SysTick", "interrupt 28": for texts.
std::string exception_name(unsigned number);

/// What software on the core holds exceptions off with.
struct Masks {
  bool primask = false, faultmask = false;
  std::uint8_t basepri = 0;
};

class Nvic : public InterruptLines {
 public:
  static constexpr unsigned kMostLines = 240, kExceptions = kFirstInterrupt + kMostLines;
  /// Less urgent than every exception.
  static constexpr int kThreadPriority = 256;

  /// `lines` external interrupts (rounded up to whole words of 32); the `priority_bits` upper bits of a
  /// priority byte exist.
  Nvic(unsigned lines, unsigned priority_bits);
  void reset();

  /// A device's line. A rising edge pends the interrupt; while the line stays high it pends again after each
  /// return. A line that the part does not have is ignored.
  void set_line(unsigned irq, bool level) override;

  void pend(unsigned exception);
  void unpend(unsigned exception);
  bool pending(unsigned exception) const { return pending_[exception]; }
  bool active(unsigned exception) const { return active_[exception]; }
  bool enabled(unsigned exception) const { return enabled_[exception]; }
  void enable(unsigned exception, bool on);
  /// -2 (NMI), -1 (HardFault), or the priority byte.
  int priority(unsigned exception) const;
  void set_priority(unsigned exception, std::uint8_t byte);
  /// AIRCR.PRIGROUP.
  unsigned group() const { return group_; }
  void set_group(unsigned prigroup);

  /// Of what runs now (B1.5.4, ExecutionPriority).
  int execution_priority(const Masks& masks) const;
  /// The most urgent exception that is pending and enabled, if it may pre-empt what runs now.
  std::optional<unsigned> next(const Masks& masks) const;
  /// The same with PRIMASK taken as clear: what ends WFI (B1.5.19).
  bool wakes(Masks masks) const;
  /// The most urgent exception pending and enabled, whatever runs; ICSR.VECTPENDING.
  std::optional<unsigned> most_urgent() const;
  /// Whether anything is pending and enabled: cheap.
  bool any() const { return ready_ > 0; }
  /// Whether an external interrupt is pending: ICSR.ISRPENDING.
  bool any_interrupt_pending() const;
  /// Whether anything is pending, enabled or not: what SCR.SEVONPEND looks at.
  bool any_pending() const;
  unsigned active_count() const { return active_count_; }
  /// Whether a fault of this exception can be taken now, or has to become a HardFault.
  bool can_take(unsigned exception, const Masks& masks) const;

  /// Entry: pending no more, active.
  void activate(unsigned exception);
  /// Return: active no more; pending again where its line is still high.
  void deactivate(unsigned exception);
  /// SHCSR's way to change an active bit.
  void set_active(unsigned exception, bool on);

  unsigned lines() const { return lines_; }

  /// NVIC_ISER0 and so on: the word at `offset` from 0xE000E100 (bits of interrupts), up to 0x3ef.
  std::uint32_t read(std::uint32_t offset) const;
  void write(std::uint32_t offset, std::uint32_t value);

 private:
  int group_priority(int priority) const;
  std::optional<unsigned> most_urgent_below(int priority) const;
  void recount();

  using Flags = std::array<bool, kExceptions>;
  unsigned lines_;
  std::uint8_t priority_mask_;
  unsigned group_ = 0;
  Flags enabled_{}, pending_{}, active_{}, level_{};
  std::array<std::uint8_t, kExceptions> priorities_{};
  unsigned ready_ = 0;         ///< exceptions both pending and enabled
  unsigned active_count_ = 0;  ///< exceptions active
};

}  // namespace sim
