// All peripherals of a board: addresses, events, clocks.
#include "sim/peripherals/peripheral_bus.h"

#include <fmt/format.h>

#include <algorithm>

namespace sim::peripherals {
namespace {

constexpr std::uint32_t kPeripheralBase = 0x40000000, kPeripheralEnd = 0x60000000, kSystemSpace = 0xe0000000;
constexpr std::uint32_t kWindowUnit = 0x1000;

}  // namespace

PeripheralBus::PeripheralBus(const memory_model::Board& board, Unmodelled& notes)
    : board_(board), notes_(notes), part_(part_of(board)) {
  if (!part_.family) return;
  for (std::span<const Site> sites : part_.family->sites) {
    for (const Site& site : sites) slots_.push_back({&site, make(site)});
  }
  std::sort(slots_.begin(), slots_.end(),
            [](const Slot& a, const Slot& b) { return a.site->base < b.site->base; });
  wire();
  reset();
}

std::vector<PeripheralBus::Window> PeripheralBus::windows() const {
  std::vector<Window> windows;
  if (slots_.empty()) return windows;
  windows.push_back({isa::Address(kPeripheralBase), isa::Bytes(kPeripheralEnd - kPeripheralBase)});
  for (const Slot& slot : slots_) {
    std::uint32_t base = slot.site->base;
    bool covered = base >= kPeripheralBase && base < kPeripheralEnd;
    if (covered || base >= kSystemSpace) continue;
    windows.push_back({isa::Address(base), isa::Bytes(std::max(slot.site->bytes, kWindowUnit))});
  }
  return windows;
}

void PeripheralBus::set_hse(std::optional<std::uint64_t> hz) {
  part_.hse_hz = hz.value_or(part_of(board_).hse_hz);
  if (rcc_) rcc_->set_hse(part_.hse_hz);
}

std::vector<std::string> PeripheralBus::serial_ports() const {
  std::vector<std::string> names;
  for (const Slot& slot : slots_) {
    bool serial = slot.site->kind == Kind::kUsart || slot.site->kind == Kind::kCmsdkUart;
    if (serial) names.emplace_back(slot.site->name);
  }
  return names;
}

void PeripheralBus::reset(isa::Cycles now) {
  hub_.reset();
  for (Slot& slot : slots_) slot.device->reset(), slot.clock_noted = false;
  // Without a clock tree everything runs at the board's frequency.
  auto hz = static_cast<std::uint64_t>(board_.core_hz);
  clocks_ = {};
  clocks_.core_hz = clocks_.axi_hz = clocks_.ahb_hz = hz;
  if (rcc_) clocks_ = rcc_->clocks();
  for (Slot& slot : slots_) slot.device->clocks_changed(clocks_, now);
  published_ = operating_point();
  refresh_all();
}

const PeripheralBus::Slot* PeripheralBus::at(std::uint32_t address) const {
  auto after = std::upper_bound(slots_.begin(), slots_.end(), address,
                                [](std::uint32_t a, const Slot& slot) { return a < slot.site->base; });
  if (after == slots_.begin()) return nullptr;
  const Slot& slot = *(after - 1);
  return address - slot.site->base < slot.site->bytes ? &slot : nullptr;
}

PeripheralBus::Slot* PeripheralBus::access(std::uint32_t address, isa::Cycles now) {
  if (next_ <= now) advance(now);
  auto* slot = const_cast<Slot*>(at(address));
  if (slot && !slot->clock_noted) note_clock(*slot);
  return slot;
}

std::optional<std::uint32_t> PeripheralBus::read(isa::Address address, unsigned bytes, isa::Cycles now) {
  Slot* slot = access(address.value, now);
  if (!slot) return std::nullopt;
  std::uint32_t value = slot->device->read(address.value - slot->site->base, bytes, now);
  done(*slot);
  return value;
}

bool PeripheralBus::write(isa::Address address, unsigned bytes, std::uint32_t value, isa::Cycles now) {
  Slot* slot = access(address.value, now);
  if (!slot) return false;
  slot->device->write(address.value - slot->site->base, bytes, value, now);
  done(*slot);
  return true;
}

void PeripheralBus::done(Slot& slot) {
  if (all_due_changed_) return refresh_all();
  isa::Cycles due = slot.device->next_event();
  if (due == slot.due) return;
  slot.due = due;
  find_next();
}

void PeripheralBus::refresh_all() {
  all_due_changed_ = false;
  for (Slot& slot : slots_) slot.due = slot.device->next_event();
  find_next();
}

void PeripheralBus::find_next() {
  next_ = kNeverHappens;
  for (const Slot& slot : slots_) next_ = std::min(next_, slot.due);
}

void PeripheralBus::advance(isa::Cycles now) {
  while (next_ <= now) {
    for (Slot& slot : slots_) {
      if (slot.due > now) continue;
      slot.device->advance(now);
      slot.due = slot.device->next_event();
    }
    if (all_due_changed_)
      refresh_all();
    else
      find_next();
  }
}

void PeripheralBus::finish() {
  for (Slot& slot : slots_) slot.device->finish();
}

/// On the part, a peripheral without its clock reads 0 and ignores stores. Here it works, and this is said.
void PeripheralBus::note_clock(Slot& slot) {
  const Site& site = *slot.site;
  if (!rcc_ || site.enable == kAlwaysClocked || rcc_->enabled(site.enable, site.bit)) return;
  slot.clock_noted = true;
  notes_.report(site.base | 2, [&] {
    const Register* row = nullptr;
    for (const Register& r : part_.family->rcc->map.rows) {
      if (r.offset == site.enable) row = &r;
    }
    return fmt::format(
        "{} is used while its clock is off (bit {} of RCC.{}): on the part it reads 0 and ignores "
        "stores",
        site.name, site.bit, row ? row->name : "?");
  });
}

void PeripheralBus::clocks_changed(const Clocks& clocks, isa::Cycles now) {
  clocks_ = clocks;
  for (Slot& slot : slots_) slot.device->clocks_changed(clocks_, now);
  all_due_changed_ = true;
  if (static_cast<double>(clocks.core_hz) > board_.core_hz * 1.001) {
    notes_.report(0, [&] {
      return fmt::format(
          "firmware sets the core clock to {:.3f} MHz, above the {:.0f} MHz of {}: is its external "
          "oscillator "
          "other than {:.3f} MHz? (--hse)",
          static_cast<double>(clocks.core_hz) / 1e6, board_.core_hz / 1e6, board_.name,
          static_cast<double>(part_.hse_hz) / 1e6);
    });
  }
  publish();
}

void PeripheralBus::reset_devices(std::uint32_t enable, std::uint32_t bits) {
  for (Slot& slot : slots_) {
    if (slot.site->enable == enable && (bits >> slot.site->bit & 1)) slot.device->reset();
  }
  all_due_changed_ = true;
}

memory_model::OperatingPoint PeripheralBus::operating_point() const {
  memory_model::OperatingPoint point;
  point.core_hz = static_cast<double>(clocks_.core_hz);
  point.axi_hz = static_cast<double>(clocks_.axi_hz);
  point.ahb_hz = static_cast<double>(clocks_.ahb_hz);
  if (flash_) {
    FlashAccess access = flash_->access();
    point.flash_wait_states = access.wait_states;
    point.art = access.art;
    point.flash_prefetch = access.prefetch;
  }
  return point;
}

void PeripheralBus::publish() {
  memory_model::OperatingPoint point = operating_point();
  if (point == published_) return;
  published_ = point;
  if (on_operating_point) on_operating_point(point);
}

}  // namespace sim::peripherals
