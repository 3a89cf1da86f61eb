// The core's own registers.
#include "sim/system_space.h"

#include <fmt/format.h>

#include <utility>

namespace sim {
namespace {

using Operation = memory_model::MemorySystem::Maintenance;

constexpr std::uint32_t kAircrKey = 0x05fa;
constexpr std::uint32_t kTcrItmEnable = 1;

// ICSR.
constexpr std::uint32_t kNmiPendSet = 1u << 31, kPendSvSet = 1u << 28, kPendSvClear = 1u << 27,
                        kPendStSet = 1u << 26, kPendStClear = 1u << 25, kIsrPending = 1u << 22,
                        kRetToBase = 1u << 11;

/// SHCSR: a bit for each state of the system exceptions.
struct HandlerBit {
  unsigned bit;
  Exception exception;
};
constexpr HandlerBit kActiveBits[] = {{0, kMemManage},    {1, kBusFault}, {3, kUsageFault}, {7, kSvCall},
                                      {8, kDebugMonitor}, {10, kPendSv},  {11, kSysTick}};
constexpr HandlerBit kPendingBits[] = {{12, kUsageFault}, {13, kMemManage}, {14, kBusFault}, {15, kSvCall}};
constexpr HandlerBit kEnableBits[] = {{16, kMemManage}, {17, kBusFault}, {18, kUsageFault}};

/// Cache maintenance by address (Armv7-M ARM B2.2.7).
constexpr std::pair<std::uint32_t, Operation> kMaintenance[] = {
    {0xe000ef50, Operation::kIciallu}, {0xe000ef58, Operation::kIcimvau},  {0xe000ef5c, Operation::kDcimvac},
    {0xe000ef60, Operation::kDcisw},   {0xe000ef64, Operation::kDccmvau},  {0xe000ef68, Operation::kDccmvac},
    {0xe000ef6c, Operation::kDccsw},   {0xe000ef70, Operation::kDccimvac}, {0xe000ef74, Operation::kDccisw},
};

bool within(std::uint32_t address, std::uint32_t first, std::uint32_t end) {
  return address >= first && address < end;
}

}  // namespace

SystemSpace::SystemSpace(const memory_model::Board& board, Unmodelled& notes,
                         std::function<void(DwtTotals&)> count)
    : core_(core_configuration(board)),
      single_precision_(board.fpu == memory_model::FpuPrecision::kSingle),
      icache_id_(cache_size_id(board.icache)),
      dcache_id_(cache_size_id(board.dcache)),
      notes_(notes),
      count_(std::move(count)),
      nvic_(core_.interrupt_lines, core_.priority_bits),
      mpu_(static_cast<unsigned>(board.mpu_regions)) {
  reset(0, isa::Cycles(0), false, false);
}

void SystemSpace::reset(std::uint32_t vector_table, isa::Cycles now, bool icache, bool dcache) {
  kept_.clear();
  for (const SystemRegister& row : system_registers()) kept_[row.address] = row.reset;
  kept_[kVtor] = vector_table & ~0x7fu;
  kept_[kCcr] |= (icache ? 1u << 17 : 0) | (dcache ? 1u << 16 : 0);
  kept_[kCpuid] = core_.cpuid;
  kept_[kSystCalib] = core_.systick_calib;
  kept_[kIctr] = nvic_.lines() / 32 - 1;
  if (single_precision_) kept_[kMvfr0] = 0x10110021;
  nvic_.reset();
  systick_.reset(now);
  dwt_.reset();
  mpu_.reset();
  current_ = 0;
}

bool SystemSpace::fpu_enabled() const {
  std::uint32_t access = at(kCpacr) >> 20 & 3;
  return access == 1 || access == 3;
}

void SystemSpace::fp_reserve(isa::Address where, bool thread, bool unprivileged) {
  kept_[kFpcar] = where.value;
  // LSPACT, USER and THREAD say whose registers wait.
  kept_[kFpccr] = (at(kFpccr) & 0xc0000000) | 1u | (unprivileged ? 1u << 1 : 0) | (thread ? 1u << 3 : 0);
}

void SystemSpace::record(const FaultStatus& fault) {
  kept_[kCfsr] |= fault.cfsr;
  kept_[kHfsr] |= fault.hfsr;
  if (!fault.address) return;
  kept_[fault.exception == kMemManage ? kMmfar : kBfar] = *fault.address;
}

DwtTotals SystemSpace::totals(std::uint32_t address, isa::Cycles now) const {
  DwtTotals totals;
  totals.now = now;
  constexpr std::uint32_t kCyccnt = kDwtFirst + 4;
  if (address != kCyccnt) count_(totals);
  return totals;
}

void SystemSpace::not_modelled(std::uint32_t address, bool store) {
  notes_.report(address, [&] {
    std::string name = system_register_name(address);
    return fmt::format("{} the system register {}0x{:08x}{}, which is not modelled: it {}",
                       store ? "store to" : "load from", name.empty() ? "" : name + " (", address,
                       name.empty() ? "" : ")", store ? "keeps its value and has no effect" : "reads as 0");
  });
}

// --- loads ---

std::uint32_t SystemSpace::read(std::uint32_t address, unsigned bytes, isa::Cycles now) {
  std::uint32_t word = address & ~3u;
  std::uint32_t shifted = load(word, now) >> (address - word) * 8;
  return bytes < 4 ? shifted & ((1u << bytes * 8) - 1) : shifted;
}

std::uint32_t SystemSpace::load(std::uint32_t address, isa::Cycles now) {
  if (within(address, kItmPorts, kItmPortsEnd)) return 1;  // room in the FIFO
  if (within(address, kDwtFirst, kDwtEnd))
    return dwt_.read(address - kDwtFirst, trace_enabled(), totals(address, now));
  if (within(address, kNvicFirst, kNvicEnd)) return nvic_.read(address - kNvicFirst);
  if (within(address, kMpuType, kMpuEnd)) return mpu_.read(address - kMpuType);
  switch (address) {
    case kSystCsr: {
      std::uint32_t value = systick_.read_csr(now);
      advance(now);
      return value;
    }
    case kSystRvr:
      return systick_.rvr();
    case kSystCvr:
      return systick_.cvr(now);
    case kIcsr:
      return icsr();
    case kShcsr:
      return shcsr();
    case kCcsidr:
      return (at(kCsselr) & 1) ? icache_id_ : dcache_id_;
    case kShpr1:
    case kShpr1 + 4:
    case kShpr3: {
      std::uint32_t value = 0;
      for (unsigned i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(nvic_.priority(kMemManage + (address - kShpr1) + i)) << 8 * i;
      return value;
    }
    default:
      break;
  }
  auto it = kept_.find(address);
  if (it == kept_.end() || !system_register(address)) not_modelled(address, false);
  return it == kept_.end() ? 0 : it->second;
}

std::uint32_t SystemSpace::icsr() const {
  std::uint32_t value = current_;
  if (nvic_.active_count() <= 1) value |= kRetToBase;
  value |= nvic_.most_urgent().value_or(0) << 12;
  if (nvic_.any_interrupt_pending()) value |= kIsrPending;
  if (nvic_.pending(kSysTick)) value |= kPendStSet;
  if (nvic_.pending(kPendSv)) value |= kPendSvSet;
  if (nvic_.pending(kNmi)) value |= kNmiPendSet;
  return value;
}

std::uint32_t SystemSpace::shcsr() const {
  std::uint32_t value = 0;
  for (auto [bit, exception] : kActiveBits) value |= std::uint32_t{nvic_.active(exception)} << bit;
  for (auto [bit, exception] : kPendingBits) value |= std::uint32_t{nvic_.pending(exception)} << bit;
  for (auto [bit, exception] : kEnableBits) value |= std::uint32_t{nvic_.enabled(exception)} << bit;
  return value;
}

// --- stores ---

SystemSpace::Written SystemSpace::write(std::uint32_t address, unsigned bytes, std::uint32_t value,
                                        isa::Cycles now) {
  Written written;
  if (within(address, kItmPorts, kItmPortsEnd)) {
    unsigned port = (address - kItmPorts) / 4;
    bool listening = (at(kItmTcr) & kTcrItmEnable) && (at(kItmTer) >> port & 1) && trace_enabled();
    if (bytes < 4) value &= (1u << bytes * 8) - 1;
    if (listening) written.packet = Packet{port, bytes, value};
    return written;
  }
  std::uint32_t word = address & ~3u;
  if (bytes < 4) {
    // A byte or halfword changes its part of a register. Where a written 1 does something, the rest is 0.
    unsigned shift = (address - word) * 8;
    std::uint32_t mask = ((1u << bytes * 8) - 1) << shift;
    bool by_ones = word == kCfsr || word == kHfsr || (word >= kNvicFirst && word < kNvicFirst + 0x300);
    std::uint32_t old = by_ones ? 0 : load(word, now);
    value = (old & ~mask) | (value << shift & mask);
  }
  store(word, value, now, written);
  return written;
}

void SystemSpace::store(std::uint32_t address, std::uint32_t value, isa::Cycles now, Written& written) {
  if (within(address, kDwtFirst, kDwtEnd))
    return dwt_.write(address - kDwtFirst, value, trace_enabled(), totals(0, now));
  if (within(address, kNvicFirst, kNvicEnd)) return nvic_.write(address - kNvicFirst, value);
  if (within(address, kMpuType, kMpuEnd)) {
    mpu_.write(address - kMpuType, value);
    written.mpu = true;
    return;
  }
  if (within(address, kIciallu, kBpiall + 4)) {
    for (auto [where, operation] : kMaintenance) {
      if (where == address) written.maintenance = Maintenance{operation, value};
    }
    return;
  }
  switch (address) {
    case kSystCsr:
      systick_.write_csr(value, now);
      return advance(now);
    case kSystRvr:
      systick_.write_rvr(value, now);
      return advance(now);
    case kSystCvr:
      systick_.write_cvr(now);
      return advance(now);
    case kIcsr:
      return write_icsr(value);
    case kAircr:
      if (value >> 16 != kAircrKey) return;  // ignored without the key
      if (value & 4) written.reset = true;
      nvic_.set_group(value >> 8 & 7);
      break;
    case kShpr1:
    case kShpr1 + 4:
    case kShpr3:
      for (unsigned i = 0; i < 4; ++i)
        nvic_.set_priority(kMemManage + (address - kShpr1) + i, static_cast<std::uint8_t>(value >> 8 * i));
      return;
    case kShcsr:
      return write_shcsr(value);
    case kCfsr:
    case kHfsr:
    case kDfsr:
      kept_[address] &= ~value;
      return;
    case kCcr:
      written.caches = true;
      break;
    case kStir:
      if ((value & 0x1ff) < nvic_.lines()) nvic_.pend(kFirstInterrupt + (value & 0x1ff));
      return;
    case kDemcr:
      store_masked(*system_register(address), value);
      return dwt_.enable(trace_enabled(), totals(0, now));
    default:
      break;
  }
  if (const SystemRegister* row = system_register(address)) return store_masked(*row, value);
  not_modelled(address, true);
  kept_[address] = value;
}

void SystemSpace::store_masked(const SystemRegister& row, std::uint32_t value) {
  std::uint32_t& kept = kept_[row.address];
  kept = (kept & ~row.writable) | (value & row.writable);
}

void SystemSpace::write_icsr(std::uint32_t value) {
  if (value & kNmiPendSet) nvic_.pend(kNmi);
  if (value & kPendSvSet) nvic_.pend(kPendSv);
  if (value & kPendSvClear) nvic_.unpend(kPendSv);
  if (value & kPendStSet) nvic_.pend(kSysTick);
  if (value & kPendStClear) nvic_.unpend(kSysTick);
}

void SystemSpace::write_shcsr(std::uint32_t value) {
  for (auto [bit, exception] : kActiveBits) nvic_.set_active(exception, value >> bit & 1);
  for (auto [bit, exception] : kPendingBits) {
    if (value >> bit & 1) {
      nvic_.pend(exception);
    } else {
      nvic_.unpend(exception);
    }
  }
  for (auto [bit, exception] : kEnableBits) nvic_.enable(exception, value >> bit & 1);
}

}  // namespace sim
