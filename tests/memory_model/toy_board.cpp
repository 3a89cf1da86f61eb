#include "toy_board.h"

namespace memory_model::test {
namespace {

Region region(const char* name, RegionKind kind, std::uint32_t base, std::int64_t size, const char* bus) {
  Region r;
  r.name = name;
  r.kind = kind;
  r.base = isa::Address(base);
  r.size = isa::Bytes(size);
  r.bus = bus;
  return r;
}

}  // namespace

Board toy_board() {
  Board board;
  board.name = "toy";
  board.core_hz = 100e6;
  board.icache = board.dcache = {isa::Bytes(4096), 4, Replacement::kLru, "made up"};
  board.icache.ways = 2;
  board.buses = {{"AXI", ClockName::kAxi, 64, 1, "", false, Quality::kEstimated, "made up"},
                 {"AHB", ClockName::kAhb, 32, 2, "AXI", true, Quality::kEstimated, "made up"},
                 {"ITCM", ClockName::kCore, 64, 0, "", false, Quality::kEstimated, "made up"}};
  board.peripheral_bus = "AHB";
  board.flash = {256, {}, "made up"};
  board.regions = {region("DTCM", RegionKind::kDtcm, kDtcm, 0x10000, ""),
                   region("flash", RegionKind::kFlash, kFlash, 0x100000, "AXI"),
                   region("flash_itcm", RegionKind::kFlash, kFlashItcm, 0x100000, "ITCM"),
                   region("AXI_SRAM", RegionKind::kSram, kAxiSram, 0x80000, "AXI"),
                   region("AHB_SRAM", RegionKind::kSram, kAhbSram, 0x80000, "AHB"),
                   region("SDRAM", RegionKind::kSdram, kSdram, 0x1000000, "AXI"),
                   region("QSPI", RegionKind::kQspi, kQspi, 0x1000000, "AXI")};
  board.regions[2].alias_of = "flash";
  board.regions[2].art = ArtGeometry{4, "made up"};
  board.regions[5].sdram = SdramTiming{100e6, 32, 3, 2, 2, 2, 256, 4, Quality::kEstimated, "made up"};
  board.regions[6].qspi = QspiTiming{50e6, 4, true, 10, 32, Quality::kEstimated, "made up"};
  board.reset_point = {100e6, 100e6, 100e6, 0, false, false, false, false};
  board.full_speed_point = toy_point(4);
  return board;
}

OperatingPoint toy_point(int flash_wait_states) {
  return {100e6, 100e6, 100e6, flash_wait_states, true, false, true, true};
}

}  // namespace memory_model::test
