// USART and UART in asynchronous mode.
#include "sim/peripherals/uart.h"

#include <algorithm>

namespace sim::peripherals {
namespace {

enum : std::uint32_t {
  kCr1 = 0x00,
  kCr2 = 0x04,
  kCr3 = 0x08,
  kBrr = 0x0c,
  kRqr = 0x18,
  kIsr = 0x1c,
  kIcr = 0x20,
  kRdr = 0x24,
  kTdr = 0x28,
  kPresc = 0x2c,
};
// CR1
constexpr std::uint32_t kUe = 1u << 0, kRe = 1u << 2, kTe = 1u << 3, kIdleIe = 1u << 4, kRxneIe = 1u << 5,
                        kTcIe = 1u << 6, kTxeIe = 1u << 7, kM0 = 1u << 12, kOver8 = 1u << 15, kM1 = 1u << 28,
                        kFifoEn = 1u << 29;
// ISR; ICR clears ORE, IDLE, TC and the line errors at the same places.
constexpr std::uint32_t kOre = 1u << 3, kIdle = 1u << 4, kRxne = 1u << 5, kTc = 1u << 6, kTxe = 1u << 7,
                        kBusy = 1u << 16, kTxfe = 1u << 23, kTeack = 1u << 21, kReack = 1u << 22;
constexpr std::uint32_t kClearable = 0x0012195f;
// RQR
constexpr std::uint32_t kFlushReceived = 1u << 3, kFlushSent = 1u << 4;
constexpr std::uint32_t kDma = 3u << 6;  // CR3
/// How long a silent console is left alone.
constexpr std::uint64_t kLookEveryFrames = 10;

}  // namespace

Uart::Uart(Place place, const RegisterMap& map, unsigned clock, IrqLine irq, ConsoleHub& hub,
           Unmodelled& notes)
    : Peripheral(std::move(place), map, notes), clock_(clock), irq_(irq), hub_(hub) {}

void Uart::reset() {
  Peripheral::reset();
  holding_ = false;
  sent_at_ = received_at_ = look_at_ = idle_at_ = kNeverHappens;
  drive();
}

void Uart::clocks_changed(const Clocks& clocks, isa::Cycles) {
  core_hz_ = clocks.core_hz;
  kernel_hz_ = clocks.uart_hz[clock_];
}

void Uart::finish() {
  if (holding_ && sent_at_ != kNeverHappens) begin_transmission(sent_at_);
}

bool Uart::sends() const {
  return (registers_.get(kCr1) & (kUe | kTe)) == (kUe | kTe);
}
bool Uart::receives() const {
  return (registers_.get(kCr1) & (kUe | kRe)) == (kUe | kRe);
}
bool Uart::flag(std::uint32_t bit) const {
  return registers_.get(kIsr) & bit;
}
void Uart::set_flag(std::uint32_t bit, bool on) {
  registers_.set_bits(kIsr, bit, on);
}

isa::Cycles Uart::frame() const {
  constexpr std::uint64_t kPrescalers[] = {1, 2, 4, 6, 8, 10, 12, 16, 32, 64, 128, 256, 256, 256, 256, 256};
  std::uint32_t cr1 = registers_.get(kCr1), brr = registers_.get(kBrr);
  std::uint64_t data = cr1 & kM1 ? 7 : cr1 & kM0 ? 9 : 8;
  std::uint64_t stop = registers_.get(kCr2) >> 13 & 1 ? 2 : 1;
  // With OVER8, BRR[2:0] is half of the fraction, and 8 samples make a bit.
  std::uint64_t ticks_of_two_bits = cr1 & kOver8 ? (brr & 0xfff0) + (brr & 7) * 2 : std::uint64_t{brr} * 2;
  std::uint64_t ticks = (1 + data + stop) * ticks_of_two_bits * kPrescalers[registers_.get(kPresc) & 15] / 2;
  TickClock clock;
  clock.start(isa::Cycles(0), core_hz_, kernel_hz_);
  return ticks == 0 ? kNeverHappens : clock.when(ticks);
}

isa::Cycles Uart::after_frames(isa::Cycles from, std::uint64_t frames) const {
  isa::Cycles one = frame();
  return one == kNeverHappens ? kNeverHappens : from + one * frames;
}

isa::Cycles Uart::next_event() const {
  return std::min({sent_at_, received_at_, look_at_, idle_at_});
}

void Uart::advance(isa::Cycles now) {
  while (sent_at_ <= now) transmitted();
  while (received_at_ <= now) received();
  if (look_at_ <= now) look_for_input(look_at_);
  if (idle_at_ <= now) {
    idle_at_ = kNeverHappens;
    set_flag(kIdle, true);
  }
  drive();
}

std::uint32_t Uart::load(std::uint32_t offset, isa::Cycles now) {
  std::uint32_t value = registers_.get(offset);
  if (offset == kIsr) {
    bool fifo = registers_.get(kCr1) & kFifoEn;
    return value | (sends() ? kTeack : 0) | (receives() ? kReack : 0) |
           (received_at_ != kNeverHappens ? kBusy : 0) | (fifo && !holding_ ? kTxfe : 0);
  }
  if (offset == kRdr) taken(now);
  return value;
}

void Uart::store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) {
  switch (offset) {
    case kCr1:
      control(value, now);
      break;
    case kRqr:
      if (value & kFlushReceived) taken(now);
      if (value & kFlushSent) {
        holding_ = false;
        set_flag(kTxe, true);
      }
      break;
    case kIcr:
      set_flag(value & kClearable, false);
      break;
    case kTdr:
      registers_.write(kTdr, value);
      if (!sends()) break;
      set_flag(kTc, false);
      holding_ = true;
      if (sent_at_ == kNeverHappens) begin_transmission(now);
      set_flag(kTxe, !holding_);
      break;
    default:
      registers_.write(offset, value);
      report_modes();
      break;
  }
  drive();
}

void Uart::control(std::uint32_t value, isa::Cycles now) {
  bool received_before = receives();
  registers_.write(kCr1, value);
  report_modes();
  if (sends() || receives()) port_ = hub_.claim(place().name);
  if (!(value & kUe)) {  // all that was under way is dropped
    holding_ = false;
    sent_at_ = kNeverHappens;
    registers_.set(kIsr, kTxe | kTc);
  }
  if (!receives()) {
    received_at_ = look_at_ = idle_at_ = kNeverHappens;
    set_flag(kRxne, false);
  } else if (!received_before) {
    look_for_input(now);
  }
}

void Uart::begin_transmission(isa::Cycles now) {
  sent_at_ = after_frames(now, 1);
  if (sent_at_ == kNeverHappens) {
    return note(kBrr, "nothing is sent: BRR or the kernel clock of this port is 0");
  }
  holding_ = false;
  auto byte = static_cast<std::uint8_t>(registers_.get(kTdr));
  if (port_)
    port_->send(byte);
  else
    note(kTdr, "what is sent here goes nowhere: the console is at another port (--uart-device)");
}

void Uart::transmitted() {
  if (holding_) {
    begin_transmission(sent_at_);
    set_flag(kTxe, true);
  } else {
    sent_at_ = kNeverHappens;
    set_flag(kTc, true);
  }
}

/// RDR has been read or flushed: a sender that waited goes on.
void Uart::taken(isa::Cycles now) {
  if (!flag(kRxne)) return;
  set_flag(kRxne, false);
  bool waited = received_at_ == kNeverHappens && look_at_ == kNeverHappens;
  if (receives() && waited) look_for_input(now);
  drive();
}

/// Takes a byte from the console, if it has one: its start bit is at `now`.
void Uart::look_for_input(isa::Cycles now) {
  look_at_ = kNeverHappens;
  if (!port_ || frame() == kNeverHappens) return;
  if (std::optional<std::uint8_t> byte = port_->receive()) {
    arriving_ = *byte;
    received_at_ = after_frames(now, 1);
    idle_at_ = kNeverHappens;
  } else if (!port_->at_end()) {
    look_at_ = after_frames(now, kLookEveryFrames);
  }
}

void Uart::received() {
  isa::Cycles now = received_at_;
  received_at_ = kNeverHappens;
  idle_at_ = after_frames(now, 1);
  if (flag(kRxne)) {
    set_flag(kOre, true);  // the new byte is lost
  } else {
    registers_.set(kRdr, arriving_);
    set_flag(kRxne, true);
  }
  if (!port_->waits_for_reader()) look_for_input(now);
}

void Uart::drive() {
  std::uint32_t cr1 = registers_.get(kCr1);
  bool wants = ((cr1 & kTxeIe) && flag(kTxe)) || ((cr1 & kTcIe) && flag(kTc)) ||
               ((cr1 & kRxneIe) && flag(kRxne | kOre)) || ((cr1 & kIdleIe) && flag(kIdle));
  irq_.set((cr1 & kUe) && wants);
}

void Uart::report_modes() {
  if (registers_.get(kCr1) & kFifoEn) note(kCr1, "the FIFOs (FIFOEN) are one byte deep in the model");
  if (registers_.get(kCr3) & kDma) note(kCr3, "DMA (DMAT, DMAR) is not modelled: no byte moves by it");
}

}  // namespace sim::peripherals
