// The core's own registers.
#include "sim/system_space.h"

#include <fmt/format.h>

namespace sim {
namespace {

enum : std::uint32_t {
  kItmPorts = 0xe0000000,
  kItmPortsEnd = 0xe0000080,
  kItmTer = 0xe0000e00,
  kItmTpr = 0xe0000e40,
  kItmTcr = 0xe0000e80,
  kItmLar = 0xe0000fb0,
  kItmLsr = 0xe0000fb4,
  kDwtCtrl = 0xe0001000,
  kDwtCyccnt = 0xe0001004,
  kDwtEnd = 0xe0001060,
  kDwtLar = 0xe0001fb0,
  kDwtLsr = 0xe0001fb4,
  kIctr = 0xe000e004,
  kActlr = 0xe000e008,
  kSystCsr = 0xe000e010,
  kSystRvr = 0xe000e014,
  kSystCvr = 0xe000e018,
  kSystCalib = 0xe000e01c,
  kNvicIser = 0xe000e100,
  kNvicIcer = 0xe000e180,
  kNvicIspr = 0xe000e200,
  kNvicIcpr = 0xe000e280,
  kNvicIabr = 0xe000e300,
  kNvicIpr = 0xe000e400,
  kNvicIprEnd = 0xe000e4f0,
  kCpuid = 0xe000ed00,
  kIcsr = 0xe000ed04,
  kVtor = 0xe000ed08,
  kAircr = 0xe000ed0c,
  kScr = 0xe000ed10,
  kCcr = 0xe000ed14,
  kShpr1 = 0xe000ed18,
  kShcsr = 0xe000ed24,
  kAfsr = 0xe000ed3c,
  kIdFirst = 0xe000ed40,
  kClidr = 0xe000ed78,
  kCtr = 0xe000ed7c,
  kCcsidr = 0xe000ed80,
  kCsselr = 0xe000ed84,
  kCpacr = 0xe000ed88,
  kMpuType = 0xe000ed90,
  kMpuEnd = 0xe000edbc,
  kDhcsr = 0xe000edf0,
  kDemcr = 0xe000edfc,
  kStir = 0xe000ef00,
  kFpccr = 0xe000ef34,
  kFpdscr = 0xe000ef3c,
  kMvfr0 = 0xe000ef40,
  kMvfr2 = 0xe000ef48,
  kIciallu = 0xe000ef50,
  kBpiall = 0xe000ef78,
  kItcmcr = 0xe000ef90,
  kAbfsr = 0xe000efa8,
};

constexpr std::uint32_t kResetAircr = 0xfa050000;
constexpr std::uint32_t kAircrKey = 0x05fa;
constexpr std::uint32_t kCcrReset =
    0x00040200;  // STKALIGN and branch prediction, as the Cortex-M7 TRM has it
constexpr std::uint32_t kCcrUnalignTrap = 1u << 3;
constexpr std::uint32_t kTcrItmEnable = 1, kDemcrTraceEnable = 1u << 24;
constexpr std::uint32_t kCounterMask = 0x00ffffff;

bool within(std::uint32_t address, std::uint32_t first, std::uint32_t end) {
  return address >= first && address < end;
}

/// Identification registers of the Cortex-M7 (DDI 0489F, table 3-1 and section 5), 0xE000ED40 on.
constexpr std::uint32_t kIds[] = {0x00000030, 0x00000200, 0x00100000, 0x00000000, 0x00100030,
                                  0x00000000, 0x01000000, 0x00000000, 0x01101110, 0x02112000,
                                  0x20232231, 0x01111131, 0x01310132, 0x00000000};

}  // namespace

void SystemSpace::reset(std::uint32_t vector_table) {
  kept_.clear();
  kept_[kItmTer] = 0xffffffff;
  kept_[kItmTcr] = kTcrItmEnable;
  kept_[kDemcr] = kDemcrTraceEnable;
  kept_[kVtor] = vector_table & ~0x7fu;
  kept_[kCcr] = kCcrReset;
  kept_[kFpccr] = 0xc0000000;  // automatic and lazy state preservation
  cyccnt_ctrl_ = systick_ctrl_ = systick_reload_ = cyccnt_value_ = 0;
  cyccnt_since_ = systick_since_ = systick_seen_ = 0;
}

bool SystemSpace::fpu_enabled() const {
  auto it = kept_.find(kCpacr);
  std::uint32_t access = it == kept_.end() ? 0 : it->second >> 20 & 3;
  return access == 1 || access == 3;
}

bool SystemSpace::traps_unaligned() const {
  return kept_.at(kCcr) & kCcrUnalignTrap;
}

std::uint32_t SystemSpace::systick_now(std::uint64_t cycles) const {
  if (!(systick_ctrl_ & 1) || systick_reload_ == 0) return 0;
  std::uint64_t passed = (cycles - systick_since_) % (std::uint64_t{systick_reload_} + 1);
  return passed == 0 ? 0 : systick_reload_ + 1 - static_cast<std::uint32_t>(passed);
}

SystemSpace::Read SystemSpace::read(std::uint32_t address, unsigned bytes, std::uint64_t cycles) {
  std::uint32_t word = address & ~3u;
  std::optional<std::uint32_t> value = load(word, cycles);
  if (!value) return {0, fmt::format("the system register at 0x{:08x} is not modelled", address)};
  std::uint32_t shifted = *value >> (address - word) * 8;
  if (bytes < 4) shifted &= (1u << bytes * 8) - 1;
  return {shifted, ""};
}

std::optional<std::uint32_t> SystemSpace::load(std::uint32_t address, std::uint64_t cycles) {
  if (within(address, kItmPorts, kItmPortsEnd)) return 1;  // room in the FIFO
  if (within(address, kIdFirst, kIdFirst + sizeof kIds)) return kIds[(address - kIdFirst) / 4];
  if (within(address, kNvicIser, kNvicIprEnd)) {
    bool priority = address >= kNvicIpr;
    auto it = kept_.find(address);
    return priority && it != kept_.end() ? it->second : 0;
  }
  switch (address) {
    case kDwtCtrl:
      return 0x40000000 | cyccnt_ctrl_;  // four comparators
    case kDwtCyccnt:
      return (cyccnt_ctrl_ & 1) ? cyccnt_value_ + static_cast<std::uint32_t>(cycles - cyccnt_since_)
                                : cyccnt_value_;
    case kSystCsr: {
      std::uint64_t wraps = (systick_ctrl_ & 1) && systick_reload_
                                ? (cycles - systick_since_) / (std::uint64_t{systick_reload_} + 1)
                                : 0;
      bool count_flag = wraps > systick_seen_;
      systick_seen_ = wraps;
      return systick_ctrl_ | (count_flag ? 1u << 16 : 0);
    }
    case kSystRvr:
      return systick_reload_;
    case kSystCvr:
      return systick_now(cycles);
    case kSystCalib:
      return 0xc0000000;  // no reference clock, no calibration
    case kIctr:
      return 7;
    case kCpuid:
      return 0x411fc271;  // Cortex-M7 r1p1
    case kAircr:
      return kResetAircr | kept_[kAircr];
    case kClidr:
      return 0x09000003;  // separate level 1 caches
    case kCtr:
      return 0x8303c003;
    case kCcsidr:
      return (kept_[kCsselr] & 1) ? 0xf007e009 : 0xf003e019;  // 4 KB instruction or data cache
    case kMpuType:
      return 0x00000800;  // eight regions
    case kDhcsr:
      return 1;  // a debugger is there
    case kMvfr0:
      return 0x10110221;
    case kMvfr0 + 4:
      return 0x12000011;
    case kMvfr2:
      return 0x00000040;
    case kItmLsr:
    case kDwtLsr:
      return 0;  // no lock
    default:
      break;
  }
  auto it = kept_.find(address);
  if (it != kept_.end()) return it->second;
  bool zero_until_written = address == kItmTpr || within(address, kDwtCtrl, kDwtEnd) || address == kActlr ||
                            within(address, kIcsr, kAfsr + 4) || address == kCsselr || address == kCpacr ||
                            within(address, kMpuType, kMpuEnd) || within(address, kFpccr, kFpdscr + 4) ||
                            within(address, kItcmcr, kAbfsr + 4);
  if (zero_until_written) return 0;
  return std::nullopt;
}

SystemSpace::Written SystemSpace::write(std::uint32_t address, unsigned bytes, std::uint32_t value,
                                        std::uint64_t cycles) {
  if (within(address, kItmPorts, kItmPortsEnd)) {
    unsigned port = (address - kItmPorts) / 4;
    bool listening = (kept_[kItmTcr] & kTcrItmEnable) && (kept_[kItmTer] >> port & 1) &&
                     (kept_[kDemcr] & kDemcrTraceEnable);
    if (bytes < 4) value &= (1u << bytes * 8) - 1;
    Written written;
    if (listening) written.packet = Packet{port, bytes, value};
    return written;
  }
  std::uint32_t word = address & ~3u;
  if (bytes < 4) {
    // Bytes and halfwords change their part of the register; only priorities are meant to be written so.
    std::uint32_t mask = ((1u << bytes * 8) - 1) << (address - word) * 8;
    std::uint32_t old = load(word, cycles).value_or(0);
    value = (old & ~mask) | (value << (address - word) * 8 & mask);
  }
  return {std::nullopt, store(word, value, cycles)};
}

std::string SystemSpace::store(std::uint32_t address, std::uint32_t value, std::uint64_t cycles) {
  if (within(address, kNvicIser, kNvicIcer) || within(address, kNvicIspr, kNvicIcpr)) {
    if (value == 0) return "";
    return fmt::format(
        "enables or pends interrupts (0x{:08x} to the NVIC at 0x{:08x}), which are not modelled", value,
        address);
  }
  if (within(address, kNvicIcer, kNvicIpr)) return "";
  if (within(address, kIdFirst, kIdFirst + sizeof kIds)) return "";
  if (within(address, kIciallu, kBpiall + 4)) return "";  // cache and branch predictor maintenance
  switch (address) {
    case kDwtCtrl:
      cyccnt_value_ = load(kDwtCyccnt, cycles).value_or(0);
      cyccnt_since_ = cycles;
      cyccnt_ctrl_ = value & 1;
      return "";
    case kDwtCyccnt:
      cyccnt_value_ = value;
      cyccnt_since_ = cycles;
      return "";
    case kSystCsr:
      if ((value & 3) == 3) return "enables SysTick's interrupt (TICKINT), which is not modelled";
      if ((value & 1) && !(systick_ctrl_ & 1)) systick_since_ = cycles, systick_seen_ = 0;
      systick_ctrl_ = value & 7;
      return "";
    case kSystRvr:
      systick_reload_ = value & kCounterMask;
      return "";
    case kSystCvr:
      systick_since_ = cycles, systick_seen_ = 0;
      return "";
    case kIcsr:
      if (value & 0x94000000)
        return fmt::format("pends an exception (0x{:08x} to ICSR), which is not modelled", value);
      return "";
    case kAircr:
      if (value >> 16 != kAircrKey) return "";  // ignored without the key
      if (value & 5) return "asks for a system reset (AIRCR.SYSRESETREQ)";
      kept_[kAircr] = value & 0x700;
      return "";
    case kStir:
      return fmt::format("pends interrupt {} (STIR), which is not modelled", value & 0x1ff);
    case kItmLar:
    case kDwtLar:
    case kClidr:
    case kCtr:
    case kCcsidr:
    case kCpuid:
    case kSystCalib:
    case kMpuType:
      return "";
    case kVtor:
      value &= ~0x7fu;
      break;
    default:
      break;
  }
  bool known = within(address, kNvicIpr, kNvicIprEnd) || address == kItmTer || address == kItmTpr ||
               address == kItmTcr || within(address, kDwtCtrl, kDwtEnd) || address == kActlr ||
               within(address, kVtor, kAfsr + 4) || address == kCsselr || address == kCpacr ||
               within(address, kMpuType, kMpuEnd) || address == kDhcsr || address == kDemcr ||
               within(address, kFpccr, kFpdscr + 4) || within(address, kItcmcr, kAbfsr + 4);
  if (!known) return fmt::format("the system register at 0x{:08x} is not modelled", address);
  kept_[address] = value;
  return "";
}

}  // namespace sim
