#include "memory_model/board.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace memory_model {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A small good page; tests spoil one line of it.
const std::string kMemories = R"(name = "toy"
title = "Toy board"
core_hz = { value = 100_000_000, source = "made up" }
fpu = { precision = "single", source = "made up" }
family = "none"
peripheral_bus = "main"
[[region]]
name = "flash"
kind = "flash"
base = 0x08000000
size = 0x10000
source = "made up"
bus = "main"
[[region]]
name = "low"
kind = "flash"
base = 0x00200000
size = 0x10000
alias_of = "flash"
source = "made up"
bus = "main"
[[region]]
name = "A"
kind = "dtcm"
base = 0x20000000
size = 0x4000
source = "made up"
[[region]]
name = "B"
kind = "sram"
base = 0x20004000
size = 0x4000
source = "made up"
bus = "main"
[[region]]
name = "C"
kind = "sram"
base = 0x24000000
size = 0x4000
source = "made up"
bus = "main"
[placement]
code = ["flash"]
stack = ["A", "B"]
arena = ["C"]
)";
const std::string kTiming = R"([mpu]
regions = 8
source = "made up"
[icache]
size = 0
source = "made up"
[dcache]
size = 0x1000
ways = 4
replacement = "lru"
source = "made up"
[reset_point]
core_hz = 16_000_000
axi_hz = 16_000_000
ahb_hz = 16_000_000
flash_wait_states = 0
source = "made up"
[full_speed_point]
axi_hz = 50_000_000
ahb_hz = 50_000_000
flash_wait_states = 3
source = "made up"
[flash]
line_bits = 256
source = "made up"
wait_states = [{ scale = "A", max_hz = 50_000_000, wait_states = 1 }]
[[bus]]
name = "main"
clock = "axi"
width = 64
latency = 2
quality = "estimated"
source = "made up"
)";
const std::string kPage = kMemories + kTiming;

/// kPage with one line replaced.
std::string with(const std::string& line, const std::string& other) {
  std::string page = kPage;
  std::size_t at = page.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return page.replace(at, line.size(), other);
}

std::string error_of(const std::string& page) {
  try {
    parse_board(page, "toy.toml");
  } catch (const BoardError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Board, EveryBuiltInPageLoadsAndNamesItself) {
  EXPECT_THAT(board_names(), ElementsAre("imxrt1062", "mps2-an500", "stm32f746", "stm32f767", "stm32h723",
                                         "stm32h743", "stm32h743i-eval", "stm32h7a3"));
  for (const std::string& name : board_names()) {
    Board board = load_board(name);
    EXPECT_EQ(board.name, name);
    for (const Region& region : board.regions) EXPECT_FALSE(region.source.empty()) << region.name;
  }
}

TEST(Board, Stm32f746HasOneStretchOf320KilobytesForStackAndArena) {
  Board board = load_board("stm32f746");
  Block block = board.block(board.placement.arena);
  EXPECT_EQ(block.name, "DTCM+SRAM1+SRAM2");
  EXPECT_EQ(block.base, isa::Address(0x20000000));
  EXPECT_EQ(block.size, isa::Bytes(320 * 1024));
  EXPECT_EQ(board.fpu, FpuPrecision::kSingle);
  EXPECT_EQ(board.core_hz, 216e6);
  EXPECT_EQ(board.region("flash_itcm")->alias_of, "flash");
}

TEST(Board, RegionAtKnowsTheFirstAndLastByteOfARegion) {
  Board board = load_board("stm32h743");
  EXPECT_EQ(board.region_at(isa::Address(0x24000000))->name, "AXI_SRAM");
  EXPECT_EQ(board.region_at(isa::Address(0x2407ffff))->name, "AXI_SRAM");
  EXPECT_EQ(board.region_at(isa::Address(0x24080000)), nullptr);
  EXPECT_EQ(board.region_at(isa::Address(0x23ffffff)), nullptr);
  EXPECT_FALSE(board.region("flash")->writable());
  EXPECT_TRUE(board.region("DTCM")->writable());
  EXPECT_EQ(board.region("nowhere"), nullptr);
}

TEST(Board, TextAndJsonTellAllThatThePageTells) {
  Board board = parse_board(kPage, "toy.toml");
  std::string text = board.to_text();
  EXPECT_THAT(text, HasSubstr("toy  Toy board"));
  EXPECT_THAT(text, HasSubstr("100 MHz"));
  EXPECT_THAT(text, HasSubstr("0x20004000 .. 0x20007fff"));
  EXPECT_THAT(text, HasSubstr("stack in A+B, arena in C"));
  auto json = nlohmann::json::parse(board.to_json());
  EXPECT_EQ(json["core_hz"], 100e6);
  EXPECT_EQ(json["fpu"], "single");
  EXPECT_EQ(json["regions"].size(), 5u);
  EXPECT_EQ(json["regions"][1]["alias_of"], "flash");
  EXPECT_EQ(json["placement"]["stack"], (nlohmann::json{"A", "B"}));
  EXPECT_EQ(json["placements"]["default"], json["placement"]);
}

TEST(Board, APageMayNameOtherPlacements) {
  Board board = parse_board(
      kPage + "[placement.low_code]\ncode = [\"low\"]\nstack = [\"C\"]\narena = [\"A\"]\n", "toy.toml");
  ASSERT_EQ(board.placements.size(), 2u);
  EXPECT_THAT(board.placements.at("default").code, ElementsAre("flash"));
  EXPECT_THAT(board.placements.at("low_code").code, ElementsAre("low"));
  EXPECT_THAT(board.placements.at("low_code").arena, ElementsAre("A"));
  EXPECT_THAT(board.placement.arena, ElementsAre("C"));
  EXPECT_THAT(board.to_text(),
              HasSubstr("placement low_code: code in low, constants in low, stack in C, arena in A"));
}

TEST(Board, ReadsAUsersPageByPath) {
  std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "user_board.toml";
  std::ofstream(path) << kPage;
  EXPECT_EQ(load_board(path.string()).title, "Toy board");
  std::filesystem::remove(path);
}

TEST(BoardPage, ConstantsLieWithTheCodeWhereThePageDoesNotSay) {
  EXPECT_EQ(parse_board(with("", ""), "toy.toml").placement.constants, (std::vector<std::string>{"flash"}));
  const std::string apart = with("arena = [\"C\"]", "constants = [\"A\"]\narena = [\"C\"]");
  EXPECT_EQ(parse_board(apart, "toy.toml").placement.constants, (std::vector<std::string>{"A"}));
}

struct Wrong {
  std::string line, instead, error;
};

TEST(BoardErrors, NameThePlaceTheThingWhatWasFoundAndWhatWasExpected) {
  const Wrong cases[] = {
      {"title = \"Toy board\"\n", "", "toy.toml:1: board: key 'title' is missing"},
      {"title = \"Toy board\"", "title = 3", "toy.toml:2: board: title is an integer, expected a string"},
      {"title = \"Toy board\"", "title = \"\"", "toy.toml:2: board: title is empty"},
      {"title = \"Toy board\"", "titel = \"x\"",
       "toy.toml:2: board: unknown key 'titel', expected one of name, title, core_hz, fpu, family, "
       "mpu, icache, dcache, bus, peripheral_bus, flash, reset_point, full_speed_point, region, placement"},
      {"value = 100_000_000", "value = 0", "toy.toml:3: core_hz: value 0, expected 1 to 4000000000"},
      {"value = 100_000_000", "value = 1e8", "toy.toml:3: core_hz: value is a float, expected an integer"},
      {", source = \"made up\" }\nfpu", "}\nfpu", "toy.toml:3: core_hz: key 'source' is missing"},
      {"precision = \"single\"", "precision = \"half\"",
       "toy.toml:4: fpu: precision 'half', expected none, single or double"},
      {"size = 0x4000\nsource = \"made up\"\n[[region]]\nname = \"B\"",
       "size = 0x0\nsource = \"made up\"\n[[region]]\nname = \"B\"",
       "toy.toml:26: region 'A': size 0x0, expected at least 1"},
      {"size = 0x4000", "size = -1024", "toy.toml:26: region 'A': size -0x400, expected at least 1"},
      {"size = 0x4000", "size = 0x4001",
       "toy.toml:26: region 'A': size 0x4001, expected a multiple of 0x400"},
      {"base = 0x20004000", "base = 0x20004004",
       "toy.toml:31: region 'B': base 0x20004004, expected a multiple of 0x400"},
      {"base = 0x20004000", "base = 0x100000000",
       "toy.toml:31: region 'B': base 4294967296, expected 0 to 0xffffffff"},
      {"base = 0x20004000", "base = 0x20003c00",
       "toy.toml:31: region 'B': 0x20003c00 to 0x20007bff overlaps 'A', 0x20000000 to 0x20003fff"},
      {"base = 0x20004000", "base = 0x40000000",
       "toy.toml:31: region 'B': 0x40000000 to 0x40003fff touches the peripherals, 0x40000000 to 0x5fffffff"},
      {"base = 0x24000000\nsize = 0x4000", "base = 0xa0000000\nsize = 0x60000000",
       "toy.toml:39: region 'C': size 0x60000000, expected at most 0x40000000"},
      {"base = 0x24000000\nsize = 0x4000", "base = 0x60000000\nsize = 0x40000000",
       "toy.toml:35: board: 1073840128 bytes of memory, expected at most 1073741824"},
      {"base = 0x24000000", "base = 0xdffff000",
       "toy.toml:38: region 'C': ends at 0xe0003000, expected memory below 0xe0000000, where the core's own "
       "registers and the vendor's system space begin"},
      {"kind = \"dtcm\"", "kind = \"rom\"",
       "toy.toml:24: region 'A': kind 'rom', expected flash, itcm, dtcm, sram, sdram or qspi"},
      {"name = \"B\"", "name = \"A\"", "toy.toml:29: region 'A': the name is used twice"},
      {"name = \"B\"", "name = \"my B\"",
       "toy.toml:29: region 'my B': expected a name of letters, digits and '_', a letter first"},
      {"kind = \"dtcm\"", "kind = \"dtcm\"\nbus = \"AHB\"",
       "toy.toml:25: region 'A': bus of a TCM, which is on no bus"},
      {"kind = \"dtcm\"", "kind = \"dtcm\"\nwidth = 32",
       "toy.toml:25: region 'A': unknown key 'width', expected one of name, kind, base, size, alias_of, "
       "source, bus, wait_states, sdram, qspi, art"},
      {"alias_of = \"flash\"", "alias_of = \"rom\"",
       "toy.toml:19: region 'low': alias_of names 'rom', which is no region"},
      {"alias_of = \"flash\"", "alias_of = \"low\"",
       "toy.toml:19: region 'low': alias_of names 'low', itself an alias, expected real memory"},
      {"alias_of = \"flash\"", "alias_of = \"A\"",
       "toy.toml:19: region 'low': flash of 0x10000 bytes, expected the same as 'A': dtcm of 0x4000"},
      {"stack = [\"A\", \"B\"]", "stack = [\"A\", \"C\"]",
       "toy.toml:44: placement: stack: 'A' ends at 0x20004000 but 'C' begins at 0x24000000, expected no gap"},
      {"stack = [\"A\", \"B\"]", "stack = [\"B\", \"A\"]",
       "toy.toml:44: placement: stack: 'B' ends at 0x20008000 but 'A' begins at 0x20000000, expected no gap"},
      {"arena = [\"C\"]", "arena = []",
       "toy.toml:45: placement: arena is empty, expected a list of region names"},
      {"arena = [\"C\"]", "arena = \"C\"",
       "toy.toml:45: placement: arena is a string, expected a list of region names"},
      {"arena = [\"C\"]", "arena = [7]",
       "toy.toml:45: placement: arena holds an integer, expected region names"},
      {"arena = [\"C\"]", "arena = [\"D\"]", "toy.toml:45: placement: arena names 'D', which is no region"},
      {"arena = [\"C\"]", "arena = [\"flash\"]",
       "toy.toml:45: placement: arena names 'flash', which is flash, expected memory that can be written"},
      {"arena = [\"C\"]", "constants = [\"D\"]\narena = [\"C\"]",
       "toy.toml:45: placement: constants names 'D', which is no region"},
      {"arena = [\"C\"]", "", "toy.toml:42: placement: key 'arena' is missing"},
      {"arena = [\"C\"]", "arena = [\"C\"]\nareena = [\"C\"]",
       "toy.toml:46: placement: unknown key 'areena', expected one of code, constants, stack, arena or a "
       "table"},
      {"arena = [\"C\"]", "arena = [\"C\"]\n[placement.other]\ncode = [\"flash\"]",
       "toy.toml:46: placement.other: key 'stack' is missing"},
      {"arena = [\"C\"]", "arena = [\"C\"]\n[placement.default]\ncode = [\"flash\"]",
       "toy.toml:46: placement.default: expected a name of letters, digits and '_' other than 'default'"},
  };
  for (const Wrong& wrong : cases) EXPECT_EQ(error_of(with(wrong.line, wrong.instead)), wrong.error);
}

TEST(BoardErrors, ATextThatIsNotTomlNamesItsLine) {
  EXPECT_THAT(error_of("name = \"x\"\nsize = = 3\n"), HasSubstr("toy.toml:2: "));
  EXPECT_THAT(error_of(std::string(2 << 20, '#')), HasSubstr("expected a board page of at most 1048576"));
}

TEST(BoardErrors, AnUnknownBoardListsTheKnownOnes) {
  try {
    load_board("stm32f999");
    FAIL();
  } catch (const BoardError& error) {
    EXPECT_STREQ(
        error.what(),
        "no board 'stm32f999', expected imxrt1062, mps2-an500, stm32f746, stm32f767, stm32h723, stm32h743, "
        "stm32h743i-eval, stm32h7a3 or the path of a .toml page");
  }
  EXPECT_THROW(load_board("/nowhere/board.toml"), BoardError);
}

}  // namespace
}  // namespace memory_model
