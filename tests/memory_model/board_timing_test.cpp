// What a board page says about timing: every key is checked where it is read.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "memory_model/board.h"

namespace memory_model {
namespace {

/// A small good page with every kind of memory; tests spoil one piece of it.
const std::string kPage = R"(name = "toy"
title = "Toy board"
core_hz = { value = 100_000_000, source = "made up" }
fpu = { precision = "single", source = "made up" }
family = "none"
peripheral_bus = "main"
mpu = { regions = 8, source = "made up" }
icache = { size = 0x1000, ways = 2, replacement = "lru", source = "made up" }
dcache = { size = 0, source = "made up" }
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
[[region]]
name = "flash"
kind = "flash"
base = 0x08000000
size = 0x10000
bus = "main"
art = { lines = 64, source = "made up" }
source = "made up"
[[region]]
name = "A"
kind = "sram"
base = 0x20000000
size = 0x4000
bus = "main"
wait_states = 1
source = "made up"
[[region]]
name = "Q"
kind = "qspi"
base = 0x90000000
size = 0x10000
bus = "main"
qspi = { clock_hz = 50_000_000, data_lines = 4, ddr = true, command_clocks = 20, read_ahead = 32, quality = "manual", source = "made up" }
source = "made up"
[[region]]
name = "D"
kind = "sdram"
base = 0xd0000000
size = 0x10000
bus = "main"
sdram = { clock_hz = 50_000_000, width = 16, cas = 3, rcd = 2, rp = 4, read_ahead = 5, columns = 512, banks = 2, quality = "measured", source = "made up" }
source = "made up"
[placement]
code = ["flash"]
stack = ["A"]
arena = ["A"]
)";

struct Wrong {
  std::string piece, instead, error;
};

/// The error, which begins with the line of what is wrong, or of the table that lacks something.
std::string error_with(const Wrong& wrong) {
  std::string page = kPage;
  const std::size_t at = page.find(wrong.piece);
  EXPECT_NE(at, std::string::npos) << wrong.piece;
  page.replace(at, wrong.piece.size(), wrong.instead);
  const auto line = 1 + std::count(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::string place = fmt::format("toy.toml:{}: ", line);
  try {
    parse_board(page, "toy.toml");
  } catch (const BoardError& error) {
    const std::string text = error.what();
    return text.starts_with(place) ? text.substr(place.size()) : text;
  }
  return "no error";
}

TEST(BoardTimingPage, SaysWhatAnSdramAndASerialFlashTake) {
  const Board board = parse_board(kPage, "toy.toml");
  const SdramTiming& sdram = *board.region("D")->sdram;
  EXPECT_EQ(sdram.clock_hz, 50e6);
  EXPECT_EQ(sdram.width_bits, 16);
  EXPECT_EQ(sdram.cas, 3);
  EXPECT_EQ(sdram.rcd, 2);
  EXPECT_EQ(sdram.rp, 4);
  EXPECT_EQ(sdram.read_ahead, 5);
  EXPECT_EQ(sdram.columns, 512);
  EXPECT_EQ(sdram.banks, 2);
  EXPECT_EQ(sdram.quality, Quality::kMeasured);
  const QspiTiming& qspi = *board.region("Q")->qspi;
  EXPECT_EQ(qspi.clock_hz, 50e6);
  EXPECT_EQ(qspi.data_lines, 4);
  EXPECT_TRUE(qspi.ddr);
  EXPECT_EQ(qspi.command_clocks, 20);
  EXPECT_EQ(qspi.read_ahead_bytes, 32);
  EXPECT_EQ(qspi.quality, Quality::kManual);
  EXPECT_EQ(board.region("flash")->art->lines, 64);
  EXPECT_EQ(board.region("A")->wait_states, 1);
}

TEST(BoardTimingPage, NamesWhatIsWrongWithAnExternalMemory) {
  const Wrong cases[] = {
      {"width = 16", "width = 24", "region 'D': sdram: width 24, expected a power of two"},
      {"width = 16", "width = 128", "region 'D': sdram: width 128, expected 8 to 64"},
      {"cas = 3", "cas = 0", "region 'D': sdram: cas 0, expected 1 to 10"},
      {"rcd = 2", "rcd = -1", "region 'D': sdram: rcd -1, expected 0 to 20"},
      {"rp = 4", "rp = 21", "region 'D': sdram: rp 21, expected 0 to 20"},
      {"read_ahead = 5", "read_ahead = 65", "region 'D': sdram: read_ahead 65, expected 0 to 64"},
      {"columns = 512", "columns = 500", "region 'D': sdram: columns 500, expected a power of two"},
      {"banks = 2", "banks = 3", "region 'D': sdram: banks 3, expected a power of two"},
      {"\"measured\"", "\"guessed\"",
       "region 'D': sdram: quality 'guessed', expected one of measured, manual, estimated"},
      {"clock_hz = 50_000_000, width", "clock_hz = 0, width",
       "region 'D': sdram: clock_hz 0, expected 1 to 4000000000"},
      {"cas = 3, ", "", "region 'D': sdram: key 'cas' is missing"},
      {"data_lines = 4", "data_lines = 3", "region 'Q': qspi: data_lines 3, expected 1, 2, 4 or 8"},
      {"ddr = true", "ddr = 1", "region 'Q': qspi: ddr is an integer, expected true or false"},
      {"command_clocks = 20", "command_clocks = 201",
       "region 'Q': qspi: command_clocks 201, expected 0 to 200"},
      {"read_ahead = 32", "read_ahead = 5000", "region 'Q': qspi: read_ahead 5000, expected 0 to 4096"},
      {"ddr = true", "ddr = true, dummy = 4",
       "region 'Q': qspi: unknown key 'dummy', expected one of clock_hz, data_lines, ddr, command_clocks, "
       "read_ahead, quality, source"},
      {"wait_states = 1\nsource", "sdram = 3\nsource", "region 'A': sdram of a region of kind sram"},
      {"art = { lines = 64", "art = { lines = 0", "region 'flash': art: lines 0, expected 1 to 1024"},
      {"art = { lines = 64, source = \"made up\" }", "wait_states = 2",
       "region 'flash': wait_states of a region of kind flash, expected them for sram only"},
  };
  for (const Wrong& wrong : cases) EXPECT_EQ(error_with(wrong), wrong.error) << wrong.instead;
}

TEST(BoardTimingPage, NamesWhatIsWrongWithBusesCachesAndClocks) {
  const Wrong cases[] = {
      {"family = \"none\"", "family = \"stm32f4\"",
       "board: family 'stm32f4', expected one of none, stm32f7, stm32h743, stm32h7a3, stm32h723, imxrt1060, "
       "mps2-an500"},
      {"peripheral_bus = \"main\"", "peripheral_bus = \"APB\"",
       "board: peripheral_bus names 'APB', which is no bus"},
      {"regions = 8", "regions = 12", "mpu: regions 12, expected 0, 8 or 16"},
      {"ways = 2", "ways = 3",
       "icache: 4096 bytes in 3 ways, expected powers of two and at least a line of 32 bytes a way"},
      {"replacement = \"lru\"", "replacement = \"fifo\"",
       "icache: replacement 'fifo', expected one of pseudo-random, lru"},
      {"axi_hz = 50_000_000", "axi_hz = 200_000_000",
       "full_speed_point: axi_hz 200000000, expected at most the core's 100000000"},
      {"flash_wait_states = 3", "flash_wait_states = 16",
       "full_speed_point: flash_wait_states 16, expected 0 to 15"},
      {"line_bits = 256", "line_bits = 200", "flash: line_bits 200, expected a power of two"},
      {"clock = \"axi\"", "clock = \"apb\"", "bus 'main': clock 'apb', expected one of core, axi, ahb"},
      {"width = 64", "width = 48", "bus 'main': width 48, expected 8, 16, 32, 64 or 128"},
      {"quality = \"estimated\"", "behind = \"other\"\nquality = \"estimated\"",
       "bus 'main': behind names 'other', which is no bus above it"},
      {"bus = \"main\"\nart", "bus = \"AXI\"\nart", "region 'flash': bus names 'AXI', which is no bus"},
  };
  for (const Wrong& wrong : cases) EXPECT_EQ(error_with(wrong), wrong.error) << wrong.instead;
}

}  // namespace
}  // namespace memory_model
