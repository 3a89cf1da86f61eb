// m7scope bench: how fast programs are simulated with all timing on, beside the same emulator without a hook.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/accuracy/fft_tables.h"
#include "cli/accuracy/guest_machine.h"
#include "cli/commands.h"
#include "cli/deploy.h"
#include "cli/embedded.h"
#include "cli/errors.h"
#include "cli/files.h"
#include "cli/guest_program.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/trace_file.h"
#include "sim/host_time.h"
#include "traces/trace_writer.h"

namespace cli {
namespace {

using memory_model::Board;
using memory_model::RegionKind;
using nlohmann::ordered_json;

constexpr std::uint32_t kMixRounds = 400, kFftRounds = 250;

struct Program {
  std::string name;
  sim::Firmware firmware;
  std::uint32_t rounds = 0;         ///< for the guest's control words; 0: it has none
  std::vector<std::uint8_t> input;  ///< for its file input.bin
};

struct BenchRow {
  std::string program;
  std::uint64_t instructions = 0;
  double simulated_s = 0;  ///< time on the part
  /// Processor time of the host, best of the turns. `traced_s`: with a trace being written.
  double timed_s = 1e30, traced_s = 1e30, bare_s = 1e30;

  double mips() const { return static_cast<double>(instructions) / timed_s / 1e6; }
  double traced_mips() const { return static_cast<double>(instructions) / traced_s / 1e6; }
  double bare_mips() const { return static_cast<double>(instructions) / bare_s / 1e6; }
};

Program network(const std::string& name, const Board& board) {
  const reference::Graph graph = load_model("zoo:" + name);
  const engine::Plan plan = make_plan(graph, {});
  const engine::Image image = engine::build(engine::generate(graph, plan, board), plan, board);
  Program program{name, sim::load_elf(image.elf), 0, {}};
  for (const int tensor : plan.program.inputs) {
    for (std::int64_t i = 0; i < graph.tensor(tensor).bytes(); ++i) {
      program.input.push_back(static_cast<std::uint8_t>(i * 89));
    }
  }
  return program;
}

/// A guest of our own: code in flash, data in the DTCM.
Program guest(const std::string& name, const Board& board, std::uint32_t rounds) {
  GuestProgram program(board);
  program.add("start.S", embedded("start.S"));
  if (name == "fft") program.add("fft_tables.h", fft_tables());
  program.add(name + ".c", embedded(name + ".c"), {"-O3", "-fno-math-errno"});
  const memory_model::Region flash = region_of(board, RegionKind::kFlash);
  const memory_model::Region dtcm = region_of(board, RegionKind::kDtcm);
  constexpr isa::Bytes kStart(0x800);
  return {name,
          program.link(
              {part(flash, isa::Bytes(0), kStart), part(flash, kStart, flash.size - kStart), dtcm, dtcm}),
          rounds,
          {}};
}

/// Processor time of a run that writes its trace, the file included.
double traced_seconds(sim::Machine& machine, sim::Environment environment, const Program& program,
                      const Board& board) {
  const TemporaryFolder folder;
  traces::TraceWriter trace(folder.path() / "bench.m7t", about_run(board, program.firmware, "bench"));
  environment.trace = &trace;
  const double begin = sim::processor_seconds();
  machine.run(environment);
  return sim::processor_seconds() - begin;
}

/// Timed, traced and bare runs take turns, so that other work on the host slows both.
BenchRow measure(const Program& program, const Board& board, int turns,
                 const std::function<void()>& progress) {
  BenchRow row;
  row.program = program.name;
  TemporaryFolder sandbox;
  write_file(sandbox.path() / "input.bin", program.input);
  sim::Environment environment;
  environment.sandbox = sandbox.path();
  environment.operating_point = board.full_speed_point;
  environment.progress = [](std::uint64_t) { return !interrupted(); };
  sim::Machine machine(board, program.firmware);
  if (program.rounds > 0) set_control(machine, program.firmware, {program.rounds});
  for (int i = 0; i < turns; ++i) {
    const double begin = sim::processor_seconds();
    const sim::RunResult run = machine.run(environment);
    const double took = sim::processor_seconds() - begin;
    throw_if_interrupted();
    if (run.end != sim::RunEnd::kExit || run.exit_code != 0) {
      throw std::runtime_error(fmt::format("bench: {} did not run to its end", program.name));
    }
    row.instructions = run.total.instructions;
    row.simulated_s = run.seconds;
    row.timed_s = std::min(row.timed_s, took);
    row.traced_s = std::min(row.traced_s, traced_seconds(machine, environment, program, board));
    row.bare_s = std::min(row.bare_s, machine.run_bare(environment));
    progress();
  }
  return row;
}

std::string to_json(const std::vector<BenchRow>& rows) {
  ordered_json out = ordered_json::array();
  for (const BenchRow& row : rows) {
    out.push_back({{"program", row.program},
                   {"instructions", row.instructions},
                   {"mips", row.mips()},
                   {"bare_mips", row.bare_mips()},
                   {"ratio", row.mips() / row.bare_mips()},
                   {"real_time", row.simulated_s / row.timed_s},
                   {"traced_mips", row.traced_mips()},
                   {"traced_ratio", row.traced_mips() / row.mips()}});
  }
  return out.dump(2) + "\n";
}

std::string to_text(const std::vector<BenchRow>& rows, const Board& board, int turns) {
  using enum Column::Align;
  Table table({{"program", kLeft},
               {"instructions"},
               {"MIPS"},
               {"without hooks"},
               {"ratio"},
               {"real time"},
               {"traced"},
               {"ratio"}});
  for (const BenchRow& row : rows) {
    table.add({row.program, grouped(static_cast<std::int64_t>(row.instructions)),
               fmt::format("{:.0f}", row.mips()), fmt::format("{:.0f}", row.bare_mips()),
               fmt::format("{:.2f}", row.mips() / row.bare_mips()),
               fmt::format("{:.2f}", row.simulated_s / row.timed_s), fmt::format("{:.0f}", row.traced_mips()),
               fmt::format("{:.2f}", row.traced_mips() / row.mips())});
  }
  return fmt::format(
      "{} at {:.0f} MHz, all timing on, beside the same emulator without hooks; best of {} turns\n"
      "real time: seconds on the part for each second of processor time here; traced: MIPS with a trace\n"
      "being written, and their ratio to those without\n\n{}",
      board.name, board.core_hz / 1e6, turns, table.to_text(stdout_is_colourful()));
}

}  // namespace

int bench(const BenchOptions& options) {
  const Board board = memory_model::load_board(options.board);
  const std::vector<std::function<Program()>> programs = {
      [&] { return network("mcunet-vww1", board); },
      [&] { return guest("mix", board, kMixRounds); },
      [&] { return guest("fft", board, kFftRounds); },
  };
  std::vector<BenchRow> rows;
  Progress progress("bench");
  const double turns = static_cast<double>(programs.size()) * options.turns;
  int done = 0;
  for (const auto& make : programs) {
    rows.push_back(measure(make(), board, options.turns, [&] { progress.update(++done / turns); }));
  }
  fmt::print("{}", options.json ? to_json(rows) : to_text(rows, board, options.turns));
  return kOk;
}

}  // namespace cli
