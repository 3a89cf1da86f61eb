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
  for (const Region& r : regions) {
    std::string note = r.alias_of.empty() ? "" : fmt::format(", the bytes of {}", r.alias_of);
    text += fmt::format("  {:<15}{} .. 0x{:08x}  {:>7}  {}{}  ({})\n", r.name, r.base,
                        r.base.value + static_cast<std::uint32_t>(r.size.value - 1), size_text(r.size),
                        to_string(r.kind), note, r.source);
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
  for (const Region& r : regions) {
    nlohmann::ordered_json row;
    row["name"] = r.name;
    row["kind"] = to_string(r.kind);
    row["base"] = r.base.value;
    row["size"] = r.size.value;
    if (!r.alias_of.empty()) row["alias_of"] = r.alias_of;
    row["source"] = r.source;
    json["regions"].push_back(row);
  }
  json["placement"] = placement_json(placement);
  for (const auto& [called, other] : placements) json["placements"][called] = placement_json(other);
  return json.dump(2);
}

}  // namespace memory_model
