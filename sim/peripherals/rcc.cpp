// Reset and clock control.
#include "sim/peripherals/rcc.h"

#include <algorithm>
#include <cstring>

#include "sim/peripherals/maps.h"

namespace sim::peripherals {
namespace {

constexpr const char* kFromDatasheet = "estimated from the start-up time in the data sheets";
// Two seconds on the part; a run need not spend 4e8 cycles on it, and firmware only waits for the flag.
constexpr const char* kShortened = "estimated, shortened: up to 2 s on the part";

constexpr ClockSource kSourcesF7[] = {
    {"HSI", 0x00, 1u << 0, 1u << 1, 2.2, kFromDatasheet},
    {"HSE", 0x00, 1u << 16, 1u << 17, 500, "estimated: 2 ms with a crystal, microseconds with HSEBYP"},
    {"PLL", 0x00, 1u << 24, 1u << 25, 100, kFromDatasheet},
    {"PLLI2S", 0x00, 1u << 26, 1u << 27, 100, kFromDatasheet},
    {"PLLSAI", 0x00, 1u << 28, 1u << 29, 100, kFromDatasheet},
    {"LSE", 0x70, 1u << 0, 1u << 1, 1000, kShortened},
    {"LSI", 0x74, 1u << 0, 1u << 1, 40, kFromDatasheet},
};
constexpr const char* kSwitchF7[] = {"HSI", "HSE", "PLL"};
constexpr const char* kPllFromF7[] = {"HSI", "HSE"};

constexpr ClockSource kSourcesH7[] = {
    {"HSI", 0x00, 1u << 0, 1u << 2, 2.2, kFromDatasheet},
    {"CSI", 0x00, 1u << 7, 1u << 8, 2, kFromDatasheet},
    {"HSI48", 0x00, 1u << 12, 1u << 13, 6, kFromDatasheet},
    {"HSE", 0x00, 1u << 16, 1u << 17, 500, "estimated: 2 ms with a crystal, microseconds with HSEBYP"},
    {"PLL1", 0x00, 1u << 24, 1u << 25, 50, kFromDatasheet},
    {"PLL2", 0x00, 1u << 26, 1u << 27, 50, kFromDatasheet},
    {"PLL3", 0x00, 1u << 28, 1u << 29, 50, kFromDatasheet},
    {"LSE", 0x70, 1u << 0, 1u << 1, 1000, kShortened},
    {"LSI", 0x74, 1u << 0, 1u << 1, 40, kFromDatasheet},
};
constexpr const char* kSwitchH7[] = {"HSI", "CSI", "HSE", "PLL1"};
constexpr const char* kPllFromH7[] = {"HSI", "CSI", "HSE"};

constexpr std::uint32_t kBdcr = 0x70, kBackupReset = 1u << 16;

}  // namespace

const RccKind kRccKindF7{kRccF7,     kSourcesF7, kSwitchF7, 0x08, 0x3, 2, 0x04, 22,       0x1,
                         kPllFromF7, 0x10,       0x28,      0x20, 0,   0, 0,    clocks_f7};
const RccKind kRccKindH743{kRccH743,   kSourcesH7, kSwitchH7, 0x10, 0x7,   3,    0x28,  0,        0x3,
                           kPllFromH7, 0x7c,       0xa0,      0x58, 0x130, 0xd0, 0x180, clocks_h7};
// The H7A3 has RSR and the ...ENR registers at the second address only; both answer here.
const RccKind kRccKindH7A3{kRccH7A3,   kSourcesH7, kSwitchH7, 0x10, 0x7,   3,    0x28,  0,        0x3,
                           kPllFromH7, 0x7c,       0xa0,      0x58, 0x130, 0xd0, 0x180, clocks_h7};

Rcc::Rcc(Place place, const RccKind& kind, const Oscillators& oscillators, Unmodelled& notes)
    : Peripheral(std::move(place), kind.map, notes), kind_(kind), oscillators_(oscillators) {
  reset();
}

void Rcc::reset() {
  Peripheral::reset();
  ready_at_.assign(kind_.sources.size(), kNeverHappens);
  clocks_ = kind_.clocks(registers_, oscillators_);
}

std::uint32_t Rcc::home(std::uint32_t offset) const {
  bool alias = kind_.alias != 0 && offset >= kind_.alias && offset < kind_.alias_end;
  return alias ? offset - kind_.alias + kind_.alias_of : offset;
}

const ClockSource* Rcc::source(const char* name) const {
  return &*std::find_if(kind_.sources.begin(), kind_.sources.end(),
                        [&](const ClockSource& s) { return std::strcmp(s.name, name) == 0; });
}

std::uint32_t Rcc::in_use(std::uint32_t offset) const {
  std::uint32_t bits = 0;
  auto hold = [&](const char* name) {
    if (source(name)->offset == offset) bits |= source(name)->on;
  };
  std::uint32_t running = registers_.get(kind_.cfgr) >> kind_.sws_shift & kind_.sw_mask;
  const char* system = kind_.by_switch[running];
  hold(system);
  if (std::strncmp(system, "PLL", 3) != 0) return bits;
  std::uint32_t from =
      registers_.get(kind_.pll_source_register) >> kind_.pll_source_shift & kind_.pll_source_mask;
  if (from < kind_.by_pll_source.size()) hold(kind_.by_pll_source[from]);
  return bits;
}

void Rcc::store(std::uint32_t offset, std::uint32_t value, isa::Cycles now) {
  if (offset == kBdcr && backup_writable && !backup_writable()) return;
  std::uint32_t before = registers_.get(offset);
  registers_.write(offset, value | in_use(offset));
  if (offset >= kind_.first_reset && offset < kind_.end_reset) {
    std::uint32_t begins = registers_.get(offset) & ~before;
    if (begins != 0 && on_reset) on_reset(offset + kind_.reset_to_enable, begins);
  }
  if (offset == kBdcr && (registers_.get(kBdcr) & kBackupReset)) {
    registers_.set(kBdcr, kBackupReset);
    if (on_backup_reset) on_backup_reset();
  }
  switch_sources(offset, now);
  update(now);
}

void Rcc::switch_sources(std::uint32_t offset, isa::Cycles now) {
  for (std::size_t i = 0; i < kind_.sources.size(); ++i) {
    const ClockSource& source = kind_.sources[i];
    if (source.offset != offset) continue;
    if (!(registers_.get(offset) & source.on)) {
      registers_.set_bits(offset, source.ready, false);
      ready_at_[i] = kNeverHappens;
    } else if (!ready(&source) && ready_at_[i] == kNeverHappens) {
      ready_at_[i] = now + cycles_of_microseconds(source.microseconds, clocks_.core_hz);
    }
  }
}

isa::Cycles Rcc::next_event() const {
  return *std::min_element(ready_at_.begin(), ready_at_.end());
}

void Rcc::advance(isa::Cycles now) {
  bool changed = false;
  for (std::size_t i = 0; i < ready_at_.size(); ++i) {
    if (ready_at_[i] > now) continue;
    registers_.set_bits(kind_.sources[i].offset, kind_.sources[i].ready, true);
    ready_at_[i] = kNeverHappens;
    changed = true;
  }
  if (changed) update(now);
}

/// The switch turns once the source that it should turn to is ready; then the frequencies follow.
void Rcc::update(isa::Cycles now) {
  std::uint32_t cfgr = registers_.get(kind_.cfgr), wanted = cfgr & kind_.sw_mask;
  if (wanted < kind_.by_switch.size() && ready(source(kind_.by_switch[wanted]))) {
    registers_.set(kind_.cfgr, (cfgr & ~(kind_.sw_mask << kind_.sws_shift)) | wanted << kind_.sws_shift);
  }
  Clocks clocks = kind_.clocks(registers_, oscillators_);
  if (clocks == clocks_ || clocks.core_hz == 0) return;
  clocks_ = clocks;
  if (on_clocks) on_clocks(clocks_, now);
}

}  // namespace sim::peripherals
