// Arm's CMSDK peripherals of the MPS2 boards.
#include "sim/peripherals/cmsdk.h"

#include <algorithm>

namespace sim::peripherals {
namespace {

constexpr std::uint32_t kAll = 0xffffffff;
constexpr Register kUartRows[] = {
    {"DATA", 0x00, 0, 0xff},   {"STATE", 0x04, 0, 0},         {"CTRL", 0x08, 0, 0x7f},
    {"INTSTATUS", 0x0c, 0, 0}, {"BAUDDIV", 0x10, 0, 0xfffff}, {"PID4", 0xfd0, 0x04, 0},
    {"PID0", 0xfe0, 0x21, 0},  {"PID1", 0xfe4, 0xb8, 0},      {"PID2", 0xfe8, 0x1b, 0},
    {"PID3", 0xfec, 0x00, 0},  {"CID0", 0xff0, 0x0d, 0},      {"CID1", 0xff4, 0xf0, 0},
    {"CID2", 0xff8, 0x05, 0},  {"CID3", 0xffc, 0xb1, 0}};
constexpr Register kTimerRows[] = {
    {"CTRL", 0x00, 0, 0xf},   {"VALUE", 0x04, 0, kAll}, {"RELOAD", 0x08, 0, kAll}, {"INTSTATUS", 0x0c, 0, 0},
    {"PID4", 0xfd0, 0x04, 0}, {"PID0", 0xfe0, 0x22, 0}, {"PID1", 0xfe4, 0xb8, 0},  {"PID2", 0xfe8, 0x1b, 0},
    {"PID3", 0xfec, 0x00, 0}, {"CID0", 0xff0, 0x0d, 0}, {"CID1", 0xff4, 0xf0, 0},  {"CID2", 0xff8, 0x05, 0},
    {"CID3", 0xffc, 0xb1, 0}};
constexpr Register kFpgaIoRows[] = {{"LED0", 0x00, 0, 0x3},    {"BUTTON", 0x08, 0, 0},
                                    {"CLK1HZ", 0x10, 0, kAll}, {"CLK100HZ", 0x14, 0, kAll},
                                    {"COUNTER", 0x18, 0, 0},   {"PRESCALE", 0x1c, 0, kAll},
                                    {"PSCNTR", 0x20, 0, 0},    {"MISC", 0x4c, 0, kAll}};
// Values as QEMU 7.2 gives them for mps2-an500.
constexpr Register kSccRows[] = {{"CFG0", 0x00, 0, kAll},       {"CFG1", 0x04, 0, kAll},
                                 {"CFG3", 0x0c, 0, 0},          {"CFG4", 0x10, 0, 0},
                                 {"AID", 0xff8, 0x00200008, 0}, {"ID", 0xffc, 0x41045000, 0}};

// UART
enum : std::uint32_t { kData = 0x00, kState = 0x04, kCtrl = 0x08, kIntStatus = 0x0c, kBauddiv = 0x10 };
constexpr std::uint32_t kTxFull = 1, kRxFull = 2, kTxOverrun = 4, kRxOverrun = 8;          // STATE
constexpr std::uint32_t kTxEnable = 1, kRxEnable = 2, kTxInterrupt = 4, kRxInterrupt = 8;  // CTRL
constexpr std::uint32_t kTxPending = 1, kRxPending = 2;                                    // INTSTATUS
constexpr std::uint64_t kBitsOfFrame = 10, kLookEveryFrames = 10;
constexpr std::uint32_t kSmallestBauddiv = 16;
// Timer
enum : std::uint32_t { kTimerCtrl = 0x00, kValue = 0x04, kReload = 0x08, kTimerStatus = 0x0c };
enum : std::uint32_t { kClk1Hz = 0x10, kClk100Hz = 0x14, kCounter = 0x18 };  // FPGA I/O
constexpr std::uint32_t kRun = 1, kTimerInterrupt = 8;

}  // namespace

const RegisterMap kCmsdkUart{"Arm DDI 0479D, section 4.3", kUartRows};
const RegisterMap kCmsdkTimer{"Arm DDI 0479D, section 4.1", kTimerRows};
const RegisterMap kFpgaIo{"Arm DAI 0500, FPGA I/O", kFpgaIoRows};
const RegisterMap kScc{"Arm DAI 0500, serial communication controller", kSccRows};

CmsdkUart::CmsdkUart(Place place, IrqLine receive, IrqLine transmit, ConsoleHub& hub, Unmodelled& notes)
    : Peripheral(std::move(place), kCmsdkUart, notes), receive_(receive), transmit_(transmit), hub_(hub) {}

void CmsdkUart::reset() {
  Peripheral::reset();
  holding_ = false;
  sent_at_ = received_at_ = look_at_ = kNeverHappens;
  drive();
}

void CmsdkUart::finish() {
  if (holding_) begin(sent_at_);
}

isa::Cycles CmsdkUart::frame() const {
  return isa::Cycles(std::max(registers_.get(kBauddiv), kSmallestBauddiv) * kBitsOfFrame);
}

isa::Cycles CmsdkUart::next_event() const {
  return std::min({sent_at_, received_at_, look_at_});
}

void CmsdkUart::begin(isa::Cycles now) {
  sent_at_ = now + frame();
  holding_ = false;
  registers_.set_bits(kState, kTxFull, false);
  if (registers_.get(kCtrl) & kTxInterrupt) registers_.set_bits(kIntStatus, kTxPending, true);
  if (port_) port_->send(static_cast<std::uint8_t>(registers_.get(kData)));
}

void CmsdkUart::look_for_input(isa::Cycles now) {
  look_at_ = kNeverHappens;
  if (!port_) return;
  if (std::optional<std::uint8_t> byte = port_->receive()) {
    arriving_ = *byte;
    received_at_ = now + frame();
  } else if (!port_->at_end()) {
    look_at_ = now + frame() * kLookEveryFrames;
  }
}

void CmsdkUart::advance(isa::Cycles now) {
  while (sent_at_ <= now) {
    isa::Cycles at = sent_at_;
    sent_at_ = kNeverHappens;
    if (holding_) begin(at);
  }
  if (look_at_ <= now) look_for_input(look_at_);
  if (received_at_ <= now) {
    received_at_ = kNeverHappens;
    registers_.set_bits(kState, kRxFull, true);
    if (registers_.get(kCtrl) & kRxInterrupt) registers_.set_bits(kIntStatus, kRxPending, true);
  }
  drive();
}

std::uint32_t CmsdkUart::load(std::uint32_t offset, isa::Cycles now) {
  if (offset != kData) return registers_.get(offset);
  std::uint32_t taken = arriving_;
  if (registers_.get(kState) & kRxFull) {
    registers_.set_bits(kState, kRxFull, false);
    look_for_input(now);
  }
  return taken;
}

void CmsdkUart::store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) {
  std::uint32_t before = registers_.get(kCtrl);
  if (offset == kState) {
    registers_.set_bits(kState, value & (kTxOverrun | kRxOverrun), false);
  } else if (offset == kIntStatus) {
    registers_.set_bits(kIntStatus, value, false);
  } else if (offset == kData) {
    if (!(before & kTxEnable)) return;
    bool full = registers_.get(kState) & kTxFull;
    if (full) registers_.set_bits(kState, kTxOverrun, true);
    registers_.write(kData, value);
    holding_ = true;
    registers_.set_bits(kState, kTxFull, true);
    if (sent_at_ == kNeverHappens) begin(now);
  } else {
    registers_.write(offset, value);
    std::uint32_t begins = registers_.get(kCtrl) & ~before;
    if (offset == kCtrl && (value & (kTxEnable | kRxEnable))) port_ = hub_.claim(place().name);
    if (offset == kCtrl && (begins & kRxEnable)) look_for_input(now);
  }
  drive();
}

void CmsdkUart::drive() {
  receive_.set(registers_.get(kIntStatus) & kRxPending);
  transmit_.set(registers_.get(kIntStatus) & kTxPending);
}

CmsdkTimer::CmsdkTimer(Place place, IrqLine irq, Unmodelled& notes)
    : Peripheral(std::move(place), kCmsdkTimer, notes), irq_(irq) {}

void CmsdkTimer::reset() {
  Peripheral::reset();
  value_ = 0;
  since_ = isa::Cycles(0);
  irq_.set(false);
}

bool CmsdkTimer::runs() const {
  return (registers_.get(kTimerCtrl) & kRun) && (value_ != 0 || registers_.get(kReload) != 0);
}

/// The counter reaches 0, which is the event, and is RELOAD one cycle later.
void CmsdkTimer::sync(isa::Cycles now) {
  if (runs()) {
    std::uint64_t passed = (now - since_).value, reload = registers_.get(kReload);
    if (value_ != 0 && passed < value_) {
      value_ -= static_cast<std::uint32_t>(passed);
    } else {
      if (value_ != 0 && (registers_.get(kTimerCtrl) & kTimerInterrupt)) registers_.set(kTimerStatus, 1);
      std::uint64_t after = passed - value_;
      if (reload != 0) {
        if (after > reload && (registers_.get(kTimerCtrl) & kTimerInterrupt)) registers_.set(kTimerStatus, 1);
        std::uint64_t phase = after % (reload + 1);
        value_ = phase == 0 ? 0 : static_cast<std::uint32_t>(reload + 1 - phase);
        if (after > 0 && phase == 0 && (registers_.get(kTimerCtrl) & kTimerInterrupt))
          registers_.set(kTimerStatus, 1);
      } else {
        value_ = 0;
      }
    }
  }
  since_ = now;
  irq_.set(registers_.get(kTimerStatus) & 1);
}

isa::Cycles CmsdkTimer::next_event() const {
  bool wanted = (registers_.get(kTimerCtrl) & kTimerInterrupt) && !(registers_.get(kTimerStatus) & 1);
  if (!runs() || !wanted) return kNeverHappens;
  std::uint64_t reload = registers_.get(kReload);
  return since_ + isa::Cycles(value_ != 0 ? value_ : reload + 1);
}

void CmsdkTimer::advance(isa::Cycles now) {
  sync(now);
}

std::uint32_t CmsdkTimer::load(std::uint32_t offset, isa::Cycles now) {
  sync(now);
  return offset == kValue ? value_ : registers_.get(offset);
}

void CmsdkTimer::store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) {
  sync(now);
  if (offset == kTimerStatus) {
    registers_.set_bits(kTimerStatus, value & 1, false);
  } else {
    registers_.write(offset, value);
    if (offset == kValue || offset == kReload) value_ = value;
  }
  irq_.set(registers_.get(kTimerStatus) & 1);
}

FpgaIo::FpgaIo(Place place, Unmodelled& notes) : Peripheral(std::move(place), kFpgaIo, notes) {}

void FpgaIo::clocks_changed(const Clocks& clocks, isa::Cycles now) {
  second_.start(now, clocks.core_hz, 1);
  hundredth_.start(now, clocks.core_hz, 100);
}

std::uint32_t FpgaIo::load(std::uint32_t offset, isa::Cycles now) {
  switch (offset) {
    case kClk1Hz:
      return registers_.get(offset) + static_cast<std::uint32_t>(second_.ticks(now));
    case kClk100Hz:
      return registers_.get(offset) + static_cast<std::uint32_t>(hundredth_.ticks(now));
    case kCounter:
      return static_cast<std::uint32_t>(now.value);
    default:
      return registers_.get(offset);
  }
}

}  // namespace sim::peripherals
