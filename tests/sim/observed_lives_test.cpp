// Engines that nobody told m7scope about: their tensors are found again from loads and stores alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "guest_program.h"
#include "tests/traces/attribution.h"
#include "traces/trace_reader.h"
#include "traces/trace_writer.h"

namespace sim {
namespace {

using traces::test::Attribution;
using traces::test::TrueLife;

constexpr const char* kBoard = "stm32h743";

std::string source_of(const std::string& guest) {
  const std::string folder = std::string(M7SCOPE_SOURCE) + "/tests/sim/guests/";
  std::string text;
  for (const char* file : {"truth.h", guest.c_str()}) {
    std::ifstream in(folder + file);
    text += std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  // The header comes with the program.
  const std::string include = "#include \"truth.h\"\n";
  return text.erase(text.find(include), include.size());
}

isa::Address address_of(const Firmware& firmware, const std::string& symbol) {
  const auto found = std::find_if(firmware.symbols.begin(), firmware.symbols.end(),
                                  [&](const Symbol& s) { return s.name == symbol; });
  if (found == firmware.symbols.end()) throw std::runtime_error("no symbol " + symbol);
  return found->address;
}

/// The rows that the guest filled (truth.h). Its cycle counter began a moment after the run.
std::vector<TrueLife> read_truth(const Machine& machine, const Firmware& firmware) {
  struct Row {
    std::uint32_t address, bytes, born, died;
  };
  std::array<Row, 96> rows{};
  std::array<std::uint8_t, sizeof rows> bytes{};
  machine.read(address_of(firmware, "truth"), bytes);
  std::memcpy(&rows, bytes.data(), sizeof rows);
  std::vector<TrueLife> truth;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].bytes == 0) continue;
    truth.push_back(
        {fmt::format("tensor {}", i), rows[i].address, rows[i].bytes, rows[i].born, rows[i].died});
  }
  return truth;
}

/// Runs a guest with a trace, and compares what lies in its arena with what it knows.
Attribution observe(const std::string& guest, const std::string& flags, const std::string& arena) {
  const std::filesystem::path elf = test::build(
      source_of(guest), {.board = kBoard, .c = true, .flags = flags + " -fno-tree-loop-distribute-patterns"});
  const memory_model::Board board = memory_model::load_board(kBoard);
  const Firmware firmware = load_elf(elf);
  const std::filesystem::path file = test::fresh_folder("observed") / "a.m7t";
  Machine machine(board, firmware);
  {
    traces::TraceWriter writer(file, {});
    Environment environment;
    environment.operating_point = board.full_speed_point;
    environment.trace = &writer;
    const RunResult result = machine.run(environment, {.max_cycles = 200'000'000});
    EXPECT_EQ(result.end, RunEnd::kExit);
  }
  const traces::Trace trace = traces::load_trace(file);
  std::vector<traces::Life> lives;
  for (const traces::Life& life : trace.lives) {
    if (trace.text(life.owner) == arena) lives.push_back(life);
  }
  const std::vector<TrueLife> truth = read_truth(machine, firmware);
  const Attribution found = attribute(truth, lives);
  std::cout << fmt::format("{} {}: {} tensors and scratch buffers, {} lives; {}", guest, flags, truth.size(),
                           lives.size(), found.to_text(6));
  return found;
}

TEST(ObservedLives, OfAnEngineThatReusesOneBufferAreFound) {
  for (const char* flags : {"-O2", "-O3"}) {
    const Attribution found = observe("direct_engine.c", flags, "buffer");
    EXPECT_GE(found.share, 0.95);
    EXPECT_LE(found.surplus, 0.05);
  }
}

TEST(ObservedLives, OfAnEngineThatInterpretsAGraphAreFound) {
  for (const char* flags : {"-O2", "-O3"}) {
    const Attribution found = observe("interpreter_engine.c", flags, "arena");
    EXPECT_GE(found.share, 0.95);
    EXPECT_LE(found.surplus, 0.05);
  }
}

// Kernels that the compiler dissolves in their caller leave no calls to go by: less is found.
TEST(ObservedLives, OfAnEngineThatIsOneFunctionAreMostlyFound) {
  for (const char* flags : {"-O2", "-O3"}) {
    const std::string dissolve = " '-DKERNEL=static inline __attribute__((always_inline))'";
    const Attribution found = observe("direct_engine.c", flags + dissolve, "buffer");
    EXPECT_GE(found.share, 0.85);
    EXPECT_LE(found.surplus, 0.15);
  }
}

}  // namespace
}  // namespace sim
