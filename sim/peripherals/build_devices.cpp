// Makes a board's peripherals from its tables, and connects those that depend on each other.
#include "sim/peripherals/cmsdk.h"
#include "sim/peripherals/crc.h"
#include "sim/peripherals/gpio.h"
#include "sim/peripherals/maps.h"
#include "sim/peripherals/peripheral_bus.h"
#include "sim/peripherals/rng.h"
#include "sim/peripherals/set_clear.h"
#include "sim/peripherals/syscfg.h"
#include "sim/peripherals/timer.h"
#include "sim/peripherals/uart.h"

namespace sim::peripherals {
namespace {

/// Size of the main flash in KiB, by the board's regions.
std::uint32_t flash_kib(const memory_model::Board& board) {
  std::int64_t bytes = 0;
  for (const memory_model::Region& region : board.regions) {
    bool own = region.kind == memory_model::RegionKind::kFlash && region.alias_of.empty();
    if (own) bytes += region.size.value;
  }
  return static_cast<std::uint32_t>(bytes / 1024);
}

}  // namespace

std::unique_ptr<Peripheral> PeripheralBus::make(const Site& site) {
  const Family& family = *part_.family;
  Place place{site.name, site.base, site.bytes};
  auto irq = [&](unsigned number) { return IrqLine(lines_, number); };
  switch (site.kind) {
    case Kind::kRcc: {
      auto rcc = std::make_unique<Rcc>(place, *family.rcc, Oscillators{.hse_hz = part_.hse_hz}, notes_);
      rcc_ = rcc.get();
      return rcc;
    }
    case Kind::kPwr: {
      auto pwr = std::make_unique<Pwr>(place, *family.pwr, notes_);
      pwr_ = pwr.get();
      return pwr;
    }
    case Kind::kFlash: {
      auto flash = std::make_unique<FlashInterface>(place, *family.flash, notes_);
      flash_ = flash.get();
      return flash;
    }
    case Kind::kSyscfg:
      return std::make_unique<Syscfg>(place, *site.map, family.compensation, notes_);
    case Kind::kExti:
      return std::make_unique<Exti>(place, *family.exti, lines_, notes_);
    case Kind::kGpio:
      return std::make_unique<Gpio>(place, *site.map, notes_);
    case Kind::kUsart:
      return std::make_unique<Uart>(place, *site.map, site.usart, irq(site.irq), hub_, notes_);
    case Kind::kTim:
      return std::make_unique<Timer>(
          place, TimerShape{site.bus, site.wide, site.channels, site.irq, site.irq2}, lines_, notes_);
    case Kind::kRtc:
      return std::make_unique<Rtc>(place, *family.rtc, notes_);
    case Kind::kCrc:
      return std::make_unique<Crc>(place, *site.map, notes_);
    case Kind::kRng:
      return std::make_unique<Rng>(place, *site.map, irq(site.irq), notes_);
    case Kind::kDbgmcu:
      return std::make_unique<Fixed>(place, *site.map, std::vector<FixedWord>{{0, part_.idcode}}, notes_);
    case Kind::kSignature: {
      // The unique number spells the program's name; the size register is a halfword.
      std::uint32_t id = family.unique_id - site.base, size = family.flash_size - site.base;
      std::vector<FixedWord> words = {{id, 0x006d0037}, {id + 4, 0x73636f70}, {id + 8, 0x65000001}};
      words.push_back({size & ~3u, flash_kib(board_) << (size & 2) * 8});
      return std::make_unique<Fixed>(place, *site.map, std::move(words), notes_);
    }
    case Kind::kCmsdkUart:
      return std::make_unique<CmsdkUart>(place, irq(site.irq), irq(site.irq2), hub_, notes_);
    case Kind::kCmsdkTimer:
      return std::make_unique<CmsdkTimer>(place, irq(site.irq), notes_);
    case Kind::kFpgaIo:
      return std::make_unique<FpgaIo>(place, notes_);
    case Kind::kSetClear:
      return std::make_unique<SetClear>(place, *site.map, notes_);
    case Kind::kKept:
      break;
  }
  return std::make_unique<Peripheral>(place, *site.map, notes_);
}

void PeripheralBus::wire() {
  if (rcc_) {
    rcc_->on_clocks = [this](const Clocks& clocks, isa::Cycles now) { clocks_changed(clocks, now); };
    rcc_->on_reset = [this](std::uint32_t enable, std::uint32_t bits) { reset_devices(enable, bits); };
    rcc_->backup_writable = [this] { return !pwr_ || pwr_->backup_writable(); };
  }
  if (flash_) flash_->on_access = [this] { publish(); };
  for (Slot& slot : slots_) {
    if (auto* syscfg = dynamic_cast<Syscfg*>(slot.device.get())) {
      syscfg->on_overdrive = [this](isa::Cycles now) {
        pwr_->overdrive_changed(now);
        all_due_changed_ = true;
      };
    }
    if (auto* rtc = dynamic_cast<Rtc*>(slot.device.get())) {
      rtc->backup_writable = rcc_->backup_writable;
      rcc_->on_backup_reset = [this, rtc] {
        rtc->reset();
        all_due_changed_ = true;
      };
    }
  }
}

}  // namespace sim::peripherals
