// Reads board pages. A page is outside input: every key is known, every number checked, once, here.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "memory_model/board.h"
#include "memory_model/board_timing_page.h"
#include "memory_model/toml_page.h"

namespace memory_model {
namespace {

struct BuiltIn {
  const char* name;
  const char* page;
};
constexpr BuiltIn kBuiltIn[] = {
#include "memory_model/boards.inc"
};

/// The system's half of the address space is the core's own; peripherals are not memory.
constexpr std::int64_t kPeripheralBase = 0x40000000, kPeripheralEnd = 0x60000000, kSystemBase = 0xe0000000;
/// Emulated memory is mapped in pages of this size.
constexpr std::int64_t kPage = 1024;
constexpr std::int64_t kMaxTotal = std::int64_t{1} << 30;
constexpr std::size_t kMaxRegions = 64;
constexpr std::size_t kMaxPageBytes = 1 << 20;

std::string region_thing(const std::string& name) {
  return fmt::format("region '{}'", name);
}

/// Names go into linker scripts, so they are C identifiers.
bool is_identifier(std::string_view name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

RegionKind read_kind(const Page& page, const toml::table& table, const std::string& thing) {
  std::string kind = page.text(table, thing, "kind");
  for (RegionKind k : {RegionKind::kFlash, RegionKind::kItcm, RegionKind::kDtcm, RegionKind::kSram,
                       RegionKind::kSdram, RegionKind::kQspi}) {
    if (kind == to_string(k)) return k;
  }
  page.fail(*table.get("kind"),
            fmt::format("{}: kind '{}', expected flash, itcm, dtcm, sram, sdram or qspi", thing, kind));
}

Region read_region(const Page& page, const toml::table& table, const Board& board) {
  Region region;
  region.name = page.text(table, "region", "name");
  std::string thing = region_thing(region.name);
  if (!is_identifier(region.name)) {
    page.fail(*table.get("name"), thing + ": expected a name of letters, digits and '_', a letter first");
  }
  page.only_keys(
      table, thing,
      {"name", "kind", "base", "size", "alias_of", "source", "bus", "wait_states", "sdram", "qspi", "art"});
  region.kind = read_kind(page, table, thing);
  std::int64_t base = page.number(table, thing, "base"), size = page.number(table, thing, "size");
  region.source = page.text(table, thing, "source");
  if (table.get("alias_of")) region.alias_of = page.text(table, thing, "alias_of");

  const toml::node& base_at = *table.get("base");
  const toml::node& size_at = *table.get("size");
  if (size <= 0) {
    page.fail(size_at,
              fmt::format("{}: size {}0x{:x}, expected at least 1", thing, size < 0 ? "-" : "",
                          size < 0 ? -static_cast<std::uint64_t>(size) : static_cast<std::uint64_t>(size)));
  }
  if (base < 0 || base > 0xffffffff) {
    page.fail(base_at, fmt::format("{}: base {}, expected 0 to 0xffffffff", thing, base));
  }
  if (base % kPage != 0) {
    page.fail(base_at, fmt::format("{}: base 0x{:x}, expected a multiple of 0x{:x}", thing, base, kPage));
  }
  if (size % kPage != 0) {
    page.fail(size_at, fmt::format("{}: size 0x{:x}, expected a multiple of 0x{:x}", thing, size, kPage));
  }
  if (size > kMaxTotal) {
    page.fail(size_at, fmt::format("{}: size 0x{:x}, expected at most 0x{:x}", thing, size, kMaxTotal));
  }
  if (base + size > kSystemBase) {
    page.fail(base_at, fmt::format("{}: ends at 0x{:x}, expected memory below 0x{:x}, where the core's own "
                                   "registers and the vendor's system space begin",
                                   thing, base + size, kSystemBase));
  }
  if (base < kPeripheralEnd && base + size > kPeripheralBase) {
    page.fail(base_at, fmt::format("{}: 0x{:x} to 0x{:x} touches the peripherals, 0x{:x} to 0x{:x}", thing,
                                   base, base + size - 1, kPeripheralBase, kPeripheralEnd - 1));
  }
  region.base = isa::Address(static_cast<std::uint32_t>(base));
  region.size = isa::Bytes(size);
  read_region_timing(page, table, thing, board, region);
  return region;
}

void check_against_others(const Page& page, const Board& board, const Region& region,
                          const toml::table& table) {
  for (const Region& other : board.regions) {
    if (other.name == region.name) {
      page.fail(*table.get("name"), fmt::format("{}: the name is used twice", region_thing(region.name)));
    }
    bool apart = region.base.value + region.size.value <= other.base.value ||
                 other.base.value + other.size.value <= region.base.value;
    if (!apart) {
      page.fail(*table.get("base"),
                fmt::format("{}: 0x{:x} to 0x{:x} overlaps '{}', 0x{:x} to 0x{:x}", region_thing(region.name),
                            region.base.value, region.base.value + region.size.value - 1, other.name,
                            other.base.value, other.base.value + other.size.value - 1));
    }
  }
}

void read_regions(const Page& page, const toml::table& root, Board& board) {
  const toml::node& node = page.need(root, "board", "region");
  const toml::array* rows = node.as_array();
  if (!rows || rows->empty()) page.fail(node, "board: region is not a list, expected [[region]] tables");
  if (rows->size() > kMaxRegions) {
    page.fail(node, fmt::format("board: {} regions, expected at most {}", rows->size(), kMaxRegions));
  }
  std::int64_t total = 0;
  for (const toml::node& row : *rows) {
    if (!row.is_table()) page.fail(row, fmt::format("region is {}, expected a table", Page::kind_of(row)));
    Region region = read_region(page, *row.as_table(), board);
    check_against_others(page, board, region, *row.as_table());
    if (region.alias_of.empty()) total += region.size.value;
    if (total > kMaxTotal) {
      page.fail(row, fmt::format("board: {} bytes of memory, expected at most {}", total, kMaxTotal));
    }
    board.regions.push_back(std::move(region));
  }
  for (std::size_t i = 0; i < board.regions.size(); ++i) {
    const Region& region = board.regions[i];
    if (region.alias_of.empty()) continue;
    const toml::node& at = *rows->get(i)->as_table()->get("alias_of");
    const Region* target = board.region(region.alias_of);
    if (!target) {
      page.fail(at, fmt::format("{}: alias_of names '{}', which is no region", region_thing(region.name),
                                region.alias_of));
    }
    if (!target->alias_of.empty()) {
      page.fail(at, fmt::format("{}: alias_of names '{}', itself an alias, expected real memory",
                                region_thing(region.name), region.alias_of));
    }
    if (target->size != region.size || target->kind != region.kind) {
      page.fail(at, fmt::format("{}: {} of 0x{:x} bytes, expected the same as '{}': {} of 0x{:x}",
                                region_thing(region.name), to_string(region.kind), region.size.value,
                                target->name, to_string(target->kind), target->size.value));
    }
  }
}

std::vector<std::string> read_place(const Page& page, const toml::table& table, const Board& board,
                                    const std::string& thing, std::string_view key) {
  const toml::node& node = page.need(table, thing, key);
  const toml::array* list = node.as_array();
  if (!list || list->empty()) {
    page.fail(node, fmt::format("{}: {} is {}, expected a list of region names", thing, key,
                                list ? "empty" : Page::kind_of(node)));
  }
  std::vector<std::string> names;
  const Region* last = nullptr;
  for (const toml::node& entry : *list) {
    const auto* name = entry.as_string();
    if (!name) {
      page.fail(entry,
                fmt::format("{}: {} holds {}, expected region names", thing, key, Page::kind_of(entry)));
    }
    const Region* region = board.region(name->get());
    if (!region)
      page.fail(entry, fmt::format("{}: {} names '{}', which is no region", thing, key, name->get()));
    if (key != "code" && key != "constants" && !region->writable()) {
      page.fail(entry, fmt::format("{}: {} names '{}', which is {}, expected memory that can be written",
                                   thing, key, region->name, to_string(region->kind)));
    }
    if (last && last->end() != region->base) {
      page.fail(entry, fmt::format("{}: {}: '{}' ends at {} but '{}' begins at {}, expected no gap", thing,
                                   key, last->name, last->end(), region->name, region->base));
    }
    last = region;
    names.push_back(region->name);
  }
  return names;
}

Placement read_placement(const Page& page, const toml::table& table, const Board& board,
                         const std::string& thing) {
  Placement placement;
  placement.code = read_place(page, table, board, thing, "code");
  placement.constants =
      table.get("constants") ? read_place(page, table, board, thing, "constants") : placement.code;
  placement.stack = read_place(page, table, board, thing, "stack");
  placement.arena = read_place(page, table, board, thing, "arena");
  return placement;
}

/// [placement], and [placement.NAME] for the others.
void read_placements(const Page& page, const toml::table& root, Board& board) {
  const toml::table& table = page.table(root, "board", "placement");
  const std::initializer_list<std::string_view> kKeys = {"code", "constants", "stack", "arena"};
  for (const auto& [key, value] : table) {
    const std::string name(key.str());
    if (std::find(kKeys.begin(), kKeys.end(), name) != kKeys.end()) continue;
    const std::string thing = "placement." + name;
    if (!value.is_table()) {
      page.fail(value, fmt::format("placement: unknown key '{}', expected one of {} or a table", name,
                                   fmt::join(kKeys, ", ")));
    }
    if (!is_identifier(name) || name == "default") {
      page.fail(value, thing + ": expected a name of letters, digits and '_' other than 'default'");
    }
    page.only_keys(*value.as_table(), thing, kKeys);
    board.placements[name] = read_placement(page, *value.as_table(), board, thing);
  }
  board.placement = read_placement(page, table, board, "placement");
  board.placements["default"] = board.placement;
}

void read_core(const Page& page, const toml::table& root, Board& board) {
  const toml::table& clock = page.table(root, "board", "core_hz");
  page.only_keys(clock, "core_hz", {"value", "source"});
  std::int64_t hz = page.number(clock, "core_hz", "value");
  if (hz < 1 || hz > 4'000'000'000) {
    page.fail(*clock.get("value"), fmt::format("core_hz: value {}, expected 1 to 4000000000", hz));
  }
  board.core_hz = static_cast<double>(hz);
  board.core_hz_source = page.text(clock, "core_hz", "source");

  const toml::table& fpu = page.table(root, "board", "fpu");
  page.only_keys(fpu, "fpu", {"precision", "source"});
  std::string precision = page.text(fpu, "fpu", "precision");
  if (precision == "none")
    board.fpu = FpuPrecision::kNone;
  else if (precision == "single")
    board.fpu = FpuPrecision::kSingle;
  else if (precision == "double")
    board.fpu = FpuPrecision::kDouble;
  else {
    page.fail(*fpu.get("precision"),
              fmt::format("fpu: precision '{}', expected none, single or double", precision));
  }
  board.fpu_source = page.text(fpu, "fpu", "source");
}

}  // namespace

Board parse_board(std::string_view text, const std::string& where) {
  if (text.size() > kMaxPageBytes) {
    throw BoardError(
        fmt::format("{}: {} bytes, expected a board page of at most {}", where, text.size(), kMaxPageBytes));
  }
  toml::table root;
  try {
    root = toml::parse(text, where);
  } catch (const toml::parse_error& error) {
    throw BoardError(fmt::format("{}:{}: {}", where, error.source().begin.line, error.description()));
  }
  Page page(where);
  page.only_keys(root, "board",
                 {"name", "title", "core_hz", "fpu", "family", "mpu", "icache", "dcache", "bus",
                  "peripheral_bus", "flash", "reset_point", "full_speed_point", "region", "placement"});
  Board board;
  board.name = page.text(root, "board", "name");
  board.title = page.text(root, "board", "title");
  read_core(page, root, board);
  read_timing(page, root, board);
  read_regions(page, root, board);
  read_placements(page, root, board);
  return board;
}

std::vector<std::string> board_names() {
  std::vector<std::string> names;
  for (const BuiltIn& board : kBuiltIn) names.emplace_back(board.name);
  std::sort(names.begin(), names.end());
  return names;
}

Board load_board(const std::string& name_or_path) {
  for (const BuiltIn& board : kBuiltIn) {
    if (name_or_path == board.name) return parse_board(board.page, name_or_path + ".toml");
  }
  if (!name_or_path.ends_with(".toml")) {
    throw BoardError(fmt::format("no board '{}', expected {} or the path of a .toml page", name_or_path,
                                 fmt::join(board_names(), ", ")));
  }
  std::ifstream file(name_or_path, std::ios::binary);
  if (!file) throw BoardError(fmt::format("{}: cannot be read, expected a board page", name_or_path));
  std::string text;
  text.resize(kMaxPageBytes + 1);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) throw BoardError(fmt::format("{}: cannot be read, expected a board page", name_or_path));
  return parse_board(text, name_or_path);
}

}  // namespace memory_model
