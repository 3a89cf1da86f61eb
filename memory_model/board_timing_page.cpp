#include "memory_model/board_timing_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace memory_model {
namespace {

constexpr int kMostWaitStates = 15;
constexpr std::size_t kMostBuses = 16;

Quality read_quality(const Page& page, const toml::table& table, const std::string& thing) {
  return page.one_of(table, thing, "quality", {Quality::kMeasured, Quality::kManual, Quality::kEstimated});
}

CacheGeometry read_cache(const Page& page, const toml::table& root, const std::string& thing) {
  const toml::table& table = page.table(root, "board", thing);
  CacheGeometry cache;
  const std::int64_t size = page.small(table, thing, "size", 0, 64 * 1024);
  cache.size = isa::Bytes(size);
  cache.source = page.text(table, thing, "source");
  if (size == 0) {
    page.only_keys(table, thing, {"size", "source"});
    return cache;
  }
  page.only_keys(table, thing, {"size", "ways", "replacement", "source"});
  cache.ways = page.small(table, thing, "ways", 1, 16);
  if (!std::has_single_bit(static_cast<unsigned>(size)) ||
      !std::has_single_bit(static_cast<unsigned>(cache.ways)) || size < 32 * cache.ways) {
    page.fail(*table.get("size"), fmt::format("{}: {} bytes in {} ways, expected powers of two and at least "
                                              "a line of 32 bytes a way",
                                              thing, size, cache.ways));
  }
  cache.replacement =
      page.one_of(table, thing, "replacement", {Replacement::kPseudoRandom, Replacement::kLru});
  return cache;
}

Bus read_bus(const Page& page, const toml::table& table, const Board& board) {
  Bus bus;
  bus.name = page.text(table, "bus", "name");
  const std::string thing = fmt::format("bus '{}'", bus.name);
  page.only_keys(table, thing,
                 {"name", "clock", "width", "latency", "behind", "serial", "quality", "source"});
  if (board.bus(bus.name)) page.fail(*table.get("name"), thing + ": the name is used twice");
  bus.clock = page.one_of(table, thing, "clock", {ClockName::kCore, ClockName::kAxi, ClockName::kAhb});
  bus.width_bits = page.small(table, thing, "width", 8, 128);
  if (!std::has_single_bit(static_cast<unsigned>(bus.width_bits))) {
    page.fail(*table.get("width"),
              fmt::format("{}: width {}, expected 8, 16, 32, 64 or 128", thing, bus.width_bits));
  }
  bus.latency = page.small(table, thing, "latency", 0, 1000);
  if (table.get("serial")) bus.serial = page.flag(table, thing, "serial");
  if (table.get("behind")) {
    bus.behind = page.text(table, thing, "behind");
    if (!board.bus(bus.behind)) {
      page.fail(*table.get("behind"),
                fmt::format("{}: behind names '{}', which is no bus above it", thing, bus.behind));
    }
  }
  bus.quality = read_quality(page, table, thing);
  bus.source = page.text(table, thing, "source");
  return bus;
}

void read_buses(const Page& page, const toml::table& root, Board& board) {
  const toml::node& node = page.need(root, "board", "bus");
  const toml::array* rows = node.as_array();
  if (!rows || rows->empty() || rows->size() > kMostBuses) {
    page.fail(node, fmt::format("board: bus is not a list of 1 to {}, expected [[bus]] tables", kMostBuses));
  }
  for (const toml::node& row : *rows) {
    if (!row.is_table()) page.fail(row, fmt::format("bus is {}, expected a table", Page::kind_of(row)));
    board.buses.push_back(read_bus(page, *row.as_table(), board));
  }
  board.peripheral_bus = page.text(root, "board", "peripheral_bus");
  if (!board.bus(board.peripheral_bus)) {
    page.fail(*root.get("peripheral_bus"),
              fmt::format("board: peripheral_bus names '{}', which is no bus", board.peripheral_bus));
  }
}

WaitStateRow read_wait_states(const Page& page, const toml::node& node) {
  const toml::table* row = node.as_table();
  const std::string thing = "flash: wait_states";
  if (!row) page.fail(node, fmt::format("{} holds {}, expected tables", thing, Page::kind_of(node)));
  page.only_keys(*row, thing, {"scale", "max_hz", "wait_states"});
  return {page.text(*row, thing, "scale"), page.hertz(*row, thing, "max_hz"),
          page.small(*row, thing, "wait_states", 0, kMostWaitStates)};
}

/// [flash] may be missing: a board without flash.
void read_flash(const Page& page, const toml::table& root, Board& board) {
  if (!root.get("flash")) return;
  const toml::table& table = page.table(root, "board", "flash");
  page.only_keys(table, "flash", {"line_bits", "wait_states", "source"});
  board.flash.line_bits = page.small(table, "flash", "line_bits", 64, 1024);
  if (!std::has_single_bit(static_cast<unsigned>(board.flash.line_bits))) {
    page.fail(*table.get("line_bits"),
              fmt::format("flash: line_bits {}, expected a power of two", board.flash.line_bits));
  }
  board.flash.source = page.text(table, "flash", "source");
  const toml::node& node = page.need(table, "flash", "wait_states");
  if (!node.is_array() || node.as_array()->empty()) {
    page.fail(node, "flash: wait_states is not a list of rows { scale, max_hz, wait_states }");
  }
  for (const toml::node& row : *node.as_array()) {
    board.flash.wait_states.push_back(read_wait_states(page, row));
  }
}

/// `core_hz` 0: the table says.
OperatingPoint read_point(const Page& page, const toml::table& root, const std::string& thing, double core_hz,
                          std::string& source) {
  const toml::table& table = page.table(root, "board", thing);
  OperatingPoint point;
  if (core_hz == 0) {
    page.only_keys(table, thing, {"core_hz", "axi_hz", "ahb_hz", "flash_wait_states", "source"});
    point.core_hz = page.hertz(table, thing, "core_hz");
  } else {
    page.only_keys(table, thing, {"axi_hz", "ahb_hz", "flash_wait_states", "source"});
    point.core_hz = core_hz;
  }
  point.axi_hz = page.hertz(table, thing, "axi_hz");
  point.ahb_hz = page.hertz(table, thing, "ahb_hz");
  for (const auto& [key, hz] : {std::pair("axi_hz", point.axi_hz), std::pair("ahb_hz", point.ahb_hz)}) {
    if (hz > point.core_hz) {
      page.fail(*table.get(key), fmt::format("{}: {} {:.0f}, expected at most the core's {:.0f}", thing, key,
                                             hz, point.core_hz));
    }
  }
  point.flash_wait_states = page.small(table, thing, "flash_wait_states", 0, kMostWaitStates);
  source = page.text(table, thing, "source");
  return point;
}

SdramTiming read_sdram(const Page& page, const toml::table& in, const std::string& region) {
  const toml::table& table = page.table(in, region, "sdram");
  const std::string thing = region + ": sdram";
  page.only_keys(
      table, thing,
      {"clock_hz", "width", "cas", "rcd", "rp", "read_ahead", "columns", "banks", "quality", "source"});
  SdramTiming timing;
  timing.clock_hz = page.hertz(table, thing, "clock_hz");
  timing.width_bits = page.small(table, thing, "width", 8, 64);
  timing.cas = page.small(table, thing, "cas", 1, 10);
  timing.rcd = page.small(table, thing, "rcd", 0, 20);
  timing.rp = page.small(table, thing, "rp", 0, 20);
  timing.read_ahead = page.small(table, thing, "read_ahead", 0, 64);
  timing.columns = page.small(table, thing, "columns", 64, 4096);
  timing.banks = page.small(table, thing, "banks", 1, 8);
  for (const auto& [key, value] : {std::pair("width", timing.width_bits),
                                   std::pair("columns", timing.columns), std::pair("banks", timing.banks)}) {
    if (!std::has_single_bit(static_cast<unsigned>(value))) {
      page.fail(*table.get(key), fmt::format("{}: {} {}, expected a power of two", thing, key, value));
    }
  }
  timing.quality = read_quality(page, table, thing);
  timing.source = page.text(table, thing, "source");
  return timing;
}

QspiTiming read_qspi(const Page& page, const toml::table& in, const std::string& region) {
  const toml::table& table = page.table(in, region, "qspi");
  const std::string thing = region + ": qspi";
  page.only_keys(table, thing,
                 {"clock_hz", "data_lines", "ddr", "command_clocks", "read_ahead", "quality", "source"});
  QspiTiming timing;
  timing.clock_hz = page.hertz(table, thing, "clock_hz");
  timing.data_lines = page.small(table, thing, "data_lines", 1, 8);
  if (!std::has_single_bit(static_cast<unsigned>(timing.data_lines))) {
    page.fail(*table.get("data_lines"),
              fmt::format("{}: data_lines {}, expected 1, 2, 4 or 8", thing, timing.data_lines));
  }
  timing.ddr = page.flag(table, thing, "ddr");
  timing.command_clocks = page.small(table, thing, "command_clocks", 0, 200);
  timing.read_ahead_bytes = page.small(table, thing, "read_ahead", 0, 4096);
  timing.quality = read_quality(page, table, thing);
  timing.source = page.text(table, thing, "source");
  return timing;
}

}  // namespace

void read_timing(const Page& page, const toml::table& root, Board& board) {
  board.family = page.text(root, "board", "family");
  constexpr const char* kFamilies[] = {"none",      "stm32f7",   "stm32h743", "stm32h7a3",
                                       "stm32h723", "imxrt1060", "mps2-an500"};
  if (std::find(std::begin(kFamilies), std::end(kFamilies), board.family) == std::end(kFamilies)) {
    page.fail(*root.get("family"), fmt::format("board: family '{}', expected one of {}", board.family,
                                               fmt::join(kFamilies, ", ")));
  }
  const toml::table& mpu = page.table(root, "board", "mpu");
  page.only_keys(mpu, "mpu", {"regions", "source"});
  board.mpu_regions = page.small(mpu, "mpu", "regions", 0, 16);
  if (board.mpu_regions != 0 && board.mpu_regions != 8 && board.mpu_regions != 16) {
    page.fail(*mpu.get("regions"), fmt::format("mpu: regions {}, expected 0, 8 or 16", board.mpu_regions));
  }
  board.mpu_source = page.text(mpu, "mpu", "source");
  board.icache = read_cache(page, root, "icache");
  board.dcache = read_cache(page, root, "dcache");
  read_buses(page, root, board);
  read_flash(page, root, board);
  board.reset_point = read_point(page, root, "reset_point", 0, board.reset_source);
  OperatingPoint& full = board.full_speed_point;
  full = read_point(page, root, "full_speed_point", board.core_hz, board.full_speed_source);
  full.art = full.flash_prefetch = full.icache = full.dcache = true;
}

void read_region_timing(const Page& page, const toml::table& table, const std::string& thing,
                        const Board& board, Region& region) {
  if (region.kind == RegionKind::kItcm || region.kind == RegionKind::kDtcm) {
    for (const char* key : {"bus", "wait_states", "sdram", "qspi", "art"}) {
      if (const toml::node* node = table.get(key)) {
        page.fail(*node, fmt::format("{}: {} of a TCM, which is on no bus", thing, key));
      }
    }
    return;
  }
  region.bus = page.text(table, thing, "bus");
  if (!board.bus(region.bus)) {
    page.fail(*table.get("bus"), fmt::format("{}: bus names '{}', which is no bus", thing, region.bus));
  }
  auto only_for = [&](RegionKind kind, const char* key) {
    const toml::node* node = table.get(key);
    if (node && region.kind != kind) {
      page.fail(*node, fmt::format("{}: {} of a region of kind {}", thing, key, to_string(region.kind)));
    }
    return region.kind == kind && region.alias_of.empty();
  };
  if (only_for(RegionKind::kSdram, "sdram")) region.sdram = read_sdram(page, table, thing);
  if (only_for(RegionKind::kQspi, "qspi")) region.qspi = read_qspi(page, table, thing);
  only_for(RegionKind::kFlash, "art");
  if (table.get("art")) {
    const toml::table& art = page.table(table, thing, "art");
    page.only_keys(art, thing + ": art", {"lines", "source"});
    region.art = ArtGeometry{page.small(art, thing + ": art", "lines", 1, 1024),
                             page.text(art, thing + ": art", "source")};
  }
  if (!table.get("wait_states")) return;
  if (region.kind != RegionKind::kSram) {
    page.fail(*table.get("wait_states"),
              fmt::format("{}: wait_states of a region of kind {}, expected them for sram only", thing,
                          to_string(region.kind)));
  }
  region.wait_states = page.small(table, thing, "wait_states", 0, 100);
}

}  // namespace memory_model
