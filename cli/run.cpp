// m7scope run: any firmware image on a simulated board.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/causes.h"
#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/live_trace.h"
#include "cli/profile_view.h"
#include "cli/progress.h"
#include "cli/run_notes.h"
#include "cli/serial.h"
#include "cli/step_costs.h"
#include "cli/table.h"
#include "cli/trace_file.h"
#include "memory_model/board.h"
#include "sim/firmware.h"
#include "sim/gdb/server.h"
#include "sim/machine.h"
#include "traces/step_table.h"

namespace cli {
namespace {

using nlohmann::ordered_json;

isa::Address parse_address(const std::string& text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  const char* begin = text.data() + (hex ? 2 : 0);
  const char* end = text.data() + text.size();
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value, hex ? 16 : 10);
  if (error != std::errc() || stop != end) {
    throw InputError(fmt::format("--base {}: expected an address such as 0x08000000", text));
  }
  return isa::Address(value);
}

std::string command_of(const RunCommandOptions& options) {
  return command_text(
      "run", {{"", options.firmware},
              {"--board", options.board},
              {"--base", options.base},
              {"--args", options.arguments},
              {"--operating-point", options.operating_point == "reset" ? "" : options.operating_point}});
}

sim::Firmware load(const RunCommandOptions& options) {
  if (!options.base.empty()) return sim::load_raw(options.firmware, parse_address(options.base));
  if (options.firmware.ends_with(".bin")) {
    throw InputError(
        fmt::format("{}: a raw image needs --base ADDRESS (0x08000000 is STM32 flash)", options.firmware));
  }
  return sim::load_elf(options.firmware);
}

std::string_view end_name(sim::RunEnd end) {
  switch (end) {
    case sim::RunEnd::kExit:
      return "exit";
    case sim::RunEnd::kFault:
      return "fault";
    case sim::RunEnd::kLimit:
      return "limit";
    case sim::RunEnd::kStopped:
      return "stopped";
  }
  return "unknown";
}

const traces::StepRow* row_of(const std::optional<traces::StepTable>& table, int id) {
  if (!table || id < 0 || static_cast<std::size_t>(id) >= table->steps.size()) return nullptr;
  return &table->steps[static_cast<std::size_t>(id)];
}

ordered_json to_json(const RunCommandOptions& options, const memory_model::Board& board,
                     const sim::RunResult& run, const std::optional<traces::StepTable>& table,
                     const std::string& console, const std::optional<ProfileView>& profile) {
  ordered_json out = {{"firmware", options.firmware},
                      {"board", board.name},
                      {"end", end_name(run.end)},
                      {"exit_code", run.exit_code},
                      {"instructions", run.total.instructions},
                      {"cycles", run.cycles().value},
                      {"ms", run.seconds * 1e3},
                      {"causes", causes_json(run.total.causes)},
                      {"loads", run.total.loads},
                      {"stores", run.total.stores},
                      {"stack_bytes", run.stack_used.value},
                      {"console", console}};
  if (run.fault) out["fault"] = fault_json(*run.fault);
  out["faults_taken"] = ordered_json::array();
  for (const sim::Fault& fault : run.faults) out["faults_taken"].push_back(fault_json(fault));
  out["notes"] = run.notes;
  out["steps"] = ordered_json::array();
  for (const sim::StepCounts& step : run.steps) {
    ordered_json row = {{"id", step.id}};
    if (const traces::StepRow* known = row_of(table, step.id)) {
      row["op"] = known->op;
      row["name"] = known->name;
    }
    row["instructions"] = step.counts.instructions;
    row["cycles"] = step.counts.causes.total().value;
    row["ms"] = step.seconds * 1e3;
    row["causes"] = causes_json(step.counts.causes);
    row["loads"] = step.counts.loads;
    row["stores"] = step.counts.stores;
    out["steps"].push_back(std::move(row));
  }
  if (profile) profile->add_to(out);
  return out;
}

std::vector<StepCost> step_costs(const sim::RunResult& run, const std::optional<traces::StepTable>& table) {
  std::vector<StepCost> steps;
  for (const sim::StepCounts& step : run.steps) {
    const traces::StepRow* known = row_of(table, step.id);
    steps.push_back({step.id, known != nullptr ? known->op : "", known != nullptr ? known->name : "",
                     known != nullptr ? known->macs : 0, step.seconds, step.counts});
  }
  return steps;
}

std::string step_table(const std::vector<StepCost>& steps) {
  using enum Column::Align;
  Table text({{"step"}, {"operator", kLeft}, {"output", kLeft}, {"instructions"}, {"cycles"}});
  for (const StepCost& step : steps) {
    text.add({fmt::format("{}", step.id), step.op, shortened(step.output, 32),
              grouped(static_cast<std::int64_t>(step.counts.instructions)),
              grouped(static_cast<std::int64_t>(step.counts.causes.total().value))});
  }
  return text.to_text(stdout_is_colourful());
}

void print_text(const memory_model::Board& board, const sim::RunResult& run,
                const std::optional<traces::StepTable>& table, const std::optional<ProfileView>& profile) {
  if (!run.steps.empty()) {
    const std::vector<StepCost> steps = step_costs(run, table);
    fmt::print("{}\n{}\n", step_table(steps), step_causes(steps));
  }
  fmt::print("{} on {}: {} instructions, {} cycles, {:.3f} ms\n", end_name(run.end), board.name,
             grouped(static_cast<std::int64_t>(run.total.instructions)),
             grouped(static_cast<std::int64_t>(run.cycles().value)), run.seconds * 1e3);
  fmt::print("memory {} loads, {} stores; stack {} bytes at its deepest\n",
             grouped(static_cast<std::int64_t>(run.total.loads)),
             grouped(static_cast<std::int64_t>(run.total.stores)), grouped(run.stack_used.value));
  fmt::print("cycles {}\n", shares(run.total.causes));
  if (profile) fmt::print("\n{}", profile->to_text());
}

}  // namespace

int run(const RunCommandOptions& options) {
  const memory_model::Board board = memory_model::load_board(options.board);
  const sim::Firmware firmware = load(options);
  std::optional<traces::StepTable> table;
  if (!firmware.step_table.empty()) table = traces::step_table_from_json(firmware.step_table);
  if (!options.sandbox.empty() && !std::filesystem::is_directory(options.sandbox)) {
    throw InputError(fmt::format("--files {}: is not a folder", options.sandbox));
  }
  if (!options.annotate.empty()) require_function(options.annotate, firmware);

  std::optional<sim::gdb::Server> debugger;
  if (!options.gdb.empty()) {
    debugger.emplace(options.gdb, interrupted);
    fmt::print(stderr, "m7scope: waiting for gdb: target remote {}\n", debugger->address());
  }
  LiveTrace trace(options.trace, options.view);
  sim::RunResult result;
  std::optional<ProfileView> profile;
  std::string console;
  {
    Progress progress("running");
    sim::Environment environment;
    environment.sandbox = options.sandbox;
    environment.command_line = options.arguments;
    environment.console = [&](std::string_view text) {
      constexpr std::size_t kMostConsole = 1U << 20U;
      if (!options.json) {
        fmt::print("{}", text);
        if (debugger) std::fflush(stdout);  // the text belongs to the place where the program stands
      } else if (console.size() < kMostConsole) {
        console += text;
      }
    };
    // Somebody may wait for the text before answering it: it must not stay in a buffer.
    const auto serial = open_serial(options.uart, [&](std::string_view text) {
      environment.console(text);
      if (!options.json) std::fflush(stdout);
    });
    environment.serial = serial.get();
    environment.serial_device = serial_device(board, options.uart_device);
    if (options.hse_hz != 0) environment.hse_hz = options.hse_hz;
    if (debugger) environment.debugger = &*debugger;
    environment.progress = [&](std::uint64_t instructions) {
      if (debugger) return !interrupted();
      progress.update(static_cast<double>(instructions) / static_cast<double>(options.max_cycles),
                      progress.rate(instructions));
      return !interrupted();
    };
    environment.profile = options.profile || !options.annotate.empty();
    if (options.operating_point == "full") environment.operating_point = board.full_speed_point;
    environment.trace = trace.open(about_run(board, firmware, command_of(options)));
    sim::Machine machine(board, firmware);
    result = machine.run(environment, {.max_cycles = options.max_cycles});
    profile = profile_view(options.profile, options.annotate, result, firmware, machine);
  }
  throw_if_interrupted();

  if (options.json) {
    fmt::print("{}\n", to_json(options, board, result, table, console, profile).dump(2));
  } else {
    print_text(board, result, table, profile);
    std::fflush(stdout);
    print_notes(result);
  }
  switch (result.end) {
    case sim::RunEnd::kFault:
      fmt::print(stderr, "m7scope: {}\n", result.fault->to_text());
      return kGuestFault;
    case sim::RunEnd::kLimit:
      fmt::print(stderr, "m7scope: {}: still running after {} cycles (--max-cycles)\n", options.firmware,
                 grouped(static_cast<std::int64_t>(options.max_cycles)));
      return kBudget;
    default:
      break;
  }
  if (result.exit_code == 0) return kOk;
  fmt::print(stderr, "m7scope: {}: the program ended with exit code {}\n", options.firmware,
             result.exit_code);
  return kMismatch;
}

}  // namespace cli
