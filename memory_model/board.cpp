// What a board knows about itself: look-ups, and its page as text and JSON.
#include "memory_model/board.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace memory_model {

const char* to_string(RegionKind kind) {
  switch (kind) {
    case RegionKind::kFlash:
      return "flash";
    case RegionKind::kItcm:
      return "itcm";
    case RegionKind::kDtcm:
      return "dtcm";
    case RegionKind::kSram:
      return "sram";
    case RegionKind::kSdram:
      return "sdram";
    case RegionKind::kQspi:
      return "qspi";
  }
  return "?";
}

namespace {

const char* precision_name(FpuPrecision precision) {
  switch (precision) {
    case FpuPrecision::kNone:
      return "none";
    case FpuPrecision::kSingle:
      return "single";
    case FpuPrecision::kDouble:
      return "double";
  }
  return "?";
}

std::string size_text(isa::Bytes size) {
  constexpr std::int64_t kMiB = 1 << 20;
  if (size.value % kMiB == 0) return fmt::format("{} MB", size.value / kMiB);
  return fmt::format("{} KB", size.value / 1024);
}

std::string cache_text(const char* name, const CacheGeometry& cache) {
  if (cache.size.value == 0) return fmt::format("  {} none  ({})\n", name, cache.source);
  return fmt::format("  {} {} in {} ways, {} replacement  ({})\n", name, size_text(cache.size), cache.ways,
                     to_string(cache.replacement), cache.source);
}

std::string point_text(const char* name, const OperatingPoint& point, const std::string& source) {
  return fmt::format("  {} core {:g}, AXI {:g}, AHB {:g} MHz, {} flash wait states  ({})\n", name,
                     point.core_hz / 1e6, point.axi_hz / 1e6, point.ahb_hz / 1e6, point.flash_wait_states,
                     source);
}

std::string bus_text(const Bus& bus) {
  return fmt::format("  bus {:<11}{} bits at the {} clock, {} clocks on the way{}{}  ({}: {})\n", bus.name,
                     bus.width_bits, to_string(bus.clock), bus.latency,
                     bus.serial ? ", one burst at a time" : "",
                     bus.behind.empty() ? "" : ", behind " + bus.behind, to_string(bus.quality), bus.source);
}

/// What answers in a region, beside its kind: " on AXI, SDRAM 32 bits at 100 MHz CL3".
std::string timing_text(const Region& r) {
  std::string text = r.bus.empty() ? "" : " on " + r.bus;
  if (r.wait_states) text += fmt::format(", {} wait states", r.wait_states);
  if (r.art) text += fmt::format(", accelerator of {} lines", r.art->lines);
  if (r.sdram) {
    text += fmt::format(", {} bits at {:g} MHz, CL{} RCD {} RP {}", r.sdram->width_bits,
                        r.sdram->clock_hz / 1e6, r.sdram->cas, r.sdram->rcd, r.sdram->rp);
  }
  if (r.qspi) {
    text += fmt::format(", {} lines at {:g} MHz{}", r.qspi->data_lines, r.qspi->clock_hz / 1e6,
                        r.qspi->ddr ? " DDR" : "");
  }
  return text;
}

/// One line a voltage scale: "VOS0: 0 to 70, 1 to 140 MHz".
std::string flash_text(const FlashTiming& flash) {
  std::map<std::string, std::string> scales;
  for (const WaitStateRow& row : flash.wait_states) {
    std::string& line = scales[row.scale];
    line += fmt::format("{}{} to {:g}", line.empty() ? "" : ", ", row.wait_states, row.max_hz / 1e6);
  }
  std::string text =
      fmt::format("  flash  lines of {} bits; wait states by MHz  ({})\n", flash.line_bits, flash.source);
  for (const auto& [scale, line] : scales) text += fmt::format("    {:<11}{}\n", scale, line);
  return text;
}

nlohmann::ordered_json cache_json(const CacheGeometry& cache) {
  nlohmann::ordered_json json = {{"size", cache.size.value}};
  if (cache.size.value) {
    json["ways"] = cache.ways;
    json["replacement"] = to_string(cache.replacement);
  }
  json["source"] = cache.source;
  return json;
}

nlohmann::ordered_json point_json(const OperatingPoint& point, const std::string& source) {
  return {{"core_hz", point.core_hz},
          {"axi_hz", point.axi_hz},
          {"ahb_hz", point.ahb_hz},
          {"flash_wait_states", point.flash_wait_states},
          {"source", source}};
}

nlohmann::ordered_json bus_json(const Bus& bus) {
  nlohmann::ordered_json json = {{"name", bus.name},
                                 {"clock", to_string(bus.clock)},
                                 {"width_bits", bus.width_bits},
                                 {"latency", bus.latency},
                                 {"serial", bus.serial}};
  if (!bus.behind.empty()) json["behind"] = bus.behind;
  json["quality"] = to_string(bus.quality);
  json["source"] = bus.source;
  return json;
}

nlohmann::ordered_json region_json(const Region& r) {
  nlohmann::ordered_json row = {
      {"name", r.name}, {"kind", to_string(r.kind)}, {"base", r.base.value}, {"size", r.size.value}};
  if (!r.alias_of.empty()) row["alias_of"] = r.alias_of;
  row["source"] = r.source;
  if (!r.bus.empty()) row["bus"] = r.bus;
  if (r.wait_states) row["wait_states"] = r.wait_states;
  if (r.art) row["art"] = {{"lines", r.art->lines}, {"source", r.art->source}};
  if (r.sdram) {
    row["sdram"] = {{"clock_hz", r.sdram->clock_hz},
                    {"width_bits", r.sdram->width_bits},
                    {"cas", r.sdram->cas},
                    {"rcd", r.sdram->rcd},
                    {"rp", r.sdram->rp},
                    {"read_ahead", r.sdram->read_ahead},
                    {"columns", r.sdram->columns},
                    {"banks", r.sdram->banks},
                    {"quality", to_string(r.sdram->quality)},
                    {"source", r.sdram->source}};
  }
  if (r.qspi) {
    row["qspi"] = {{"clock_hz", r.qspi->clock_hz},
                   {"data_lines", r.qspi->data_lines},
                   {"ddr", r.qspi->ddr},
                   {"command_clocks", r.qspi->command_clocks},
                   {"read_ahead_bytes", r.qspi->read_ahead_bytes},
                   {"quality", to_string(r.qspi->quality)},
                   {"source", r.qspi->source}};
  }
  return row;
}

std::string placement_text(const Board& board, const std::string& called, const Placement& p) {
  return fmt::format("  placement {}: code in {}, constants in {}, stack in {}, arena in {}\n", called,
                     board.block(p.code).name, board.block(p.constants).name, board.block(p.stack).name,
                     board.block(p.arena).name);
}

nlohmann::ordered_json placement_json(const Placement& p) {
  return {{"code", p.code}, {"constants", p.constants}, {"stack", p.stack}, {"arena", p.arena}};
}

}  // namespace

const char* to_string(Quality quality) {
  constexpr const char* kNames[] = {"measured", "manual", "estimated"};
  return kNames[static_cast<int>(quality)];
}

const char* to_string(ClockName clock) {
  constexpr const char* kNames[] = {"core", "axi", "ahb"};
  return kNames[static_cast<int>(clock)];
}

const char* to_string(Replacement replacement) {
  return replacement == Replacement::kLru ? "lru" : "pseudo-random";
}

const Bus* Board::bus(std::string_view wanted) const {
  auto it = std::find_if(buses.begin(), buses.end(), [&](const Bus& b) { return b.name == wanted; });
  return it == buses.end() ? nullptr : &*it;
}

std::optional<int> Board::wait_states(std::string_view scale, double hz) const {
  std::optional<int> least;
  for (const WaitStateRow& row : flash.wait_states) {
    if (row.scale == scale && hz <= row.max_hz && (!least || row.wait_states < *least))
      least = row.wait_states;
  }
  return least;
}

const Region* Board::region_at(isa::Address a) const {
  auto it = std::find_if(regions.begin(), regions.end(), [&](const Region& r) { return r.contains(a); });
  return it == regions.end() ? nullptr : &*it;
}

const Region* Board::region(std::string_view wanted) const {
  auto it = std::find_if(regions.begin(), regions.end(), [&](const Region& r) { return r.name == wanted; });
  return it == regions.end() ? nullptr : &*it;
}

Block Board::block(const std::vector<std::string>& names) const {
  Block block;
  for (const std::string& wanted : names) {
    const Region* found = region(wanted);
    if (!found) throw BoardError(fmt::format("board {}: no region '{}'", name, wanted));
    if (block.name.empty()) {
      block = {found->name, found->base, found->size};
      continue;
    }
    block.name += "+" + found->name;
    block.size += found->size;
  }
  return block;
}

std::string Board::to_text() const {
  std::string text = fmt::format("{}  {}\n  core   {:g} MHz  ({})\n  FPU    {} precision  ({})\n", name,
                                 title, core_hz / 1e6, core_hz_source, precision_name(fpu), fpu_source);
  text += fmt::format("  family {}\n  MPU    {} regions  ({})\n", family, mpu_regions, mpu_source);
  text += cache_text("I-cache", icache) + cache_text("D-cache", dcache);
  text += point_text("reset ", reset_point, reset_source);
  text += point_text("full speed", full_speed_point, full_speed_source);
  if (!flash.wait_states.empty()) text += flash_text(flash);
  for (const Bus& b : buses) text += bus_text(b);
  for (const Region& r : regions) {
    std::string note = r.alias_of.empty() ? "" : fmt::format(", the bytes of {}", r.alias_of);
    text += fmt::format("  {:<15}{} .. 0x{:08x}  {:>7}  {}{}{}  ({})\n", r.name, r.base,
                        r.base.value + static_cast<std::uint32_t>(r.size.value - 1), size_text(r.size),
                        to_string(r.kind), timing_text(r), note, r.source);
  }
  text += placement_text(*this, "default", placement);
  for (const auto& [called, other] : placements) {
    if (called != "default") text += placement_text(*this, called, other);
  }
  return text;
}

std::string Board::to_json() const {
  nlohmann::ordered_json json;
  json["name"] = name;
  json["title"] = title;
  json["core_hz"] = core_hz;
  json["core_hz_source"] = core_hz_source;
  json["fpu"] = precision_name(fpu);
  json["fpu_source"] = fpu_source;
  json["family"] = family;
  json["mpu_regions"] = mpu_regions;
  json["icache"] = cache_json(icache);
  json["dcache"] = cache_json(dcache);
  json["reset_point"] = point_json(reset_point, reset_source);
  json["full_speed_point"] = point_json(full_speed_point, full_speed_source);
  json["flash"]["line_bits"] = flash.line_bits;
  json["flash"]["source"] = flash.source;
  for (const WaitStateRow& row : flash.wait_states) {
    json["flash"]["wait_states"].push_back(
        {{"scale", row.scale}, {"max_hz", row.max_hz}, {"wait_states", row.wait_states}});
  }
  json["peripheral_bus"] = peripheral_bus;
  for (const Bus& b : buses) json["buses"].push_back(bus_json(b));
  for (const Region& r : regions) json["regions"].push_back(region_json(r));
  json["placement"] = placement_json(placement);
  for (const auto& [called, other] : placements) json["placements"][called] = placement_json(other);
  return json.dump(2);
}

}  // namespace memory_model
