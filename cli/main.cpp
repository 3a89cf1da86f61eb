// m7scope: flags in, subcommand out, one line for every error.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/errors.h"
#include "cli/interrupt.h"
#include "cli/trace_commands.h"
#include "engine/image.h"
#include "engine/passes.h"
#include "memory_model/board.h"
#include "reference/graph.h"
#include "sim/firmware.h"
#include "traces/step_table.h"

namespace {

constexpr const char* kModelHelp = "a .tflite file, or zoo:NAME (see `m7scope models`)";
constexpr const char* kBoardHelp = "a built-in board (see `m7scope boards`) or a .toml file";
constexpr const char* kPlacementHelp =
    "where code, constants, stack and arena lie (see `m7scope boards BOARD`)";
constexpr const char* kJsonHelp = "print JSON";
constexpr const char* kTraceHelp = "write everything the run did to this file (.m7t)";
constexpr const char* kViewHelp = "show the run as it happens, in the viewer; ends when the viewer is closed";

void add_profile_flags(CLI::App* command, bool* profile, std::string* annotate) {
  command->add_flag("--profile", *profile, "the functions and source lines that took the most cycles");
  command->add_option("--annotate", *annotate,
                      "list this function's instructions with their cycles and stalls");
}

void add_plan_flags(CLI::App* command, bool* in_place, bool* reorder) {
  command->add_flag("!--no-in-place", *in_place,
                    "never let an output share bytes with an input that ends there");
  command->add_flag("!--no-reorder", *reorder, "keep the order of the file");
}

int dispatch(int argc, char** argv) {
  CLI::App app{"m7scope: where every byte and every cycle goes when a network runs on a Cortex-M7",
               "m7scope"};
  app.require_subcommand(1);
  app.set_version_flag("--version", M7SCOPE_VERSION);

  cli::InferOptions infer;
  CLI::App* infer_command =
      app.add_subcommand("infer", "run a network's real engine binary on a simulated board");
  infer_command->add_option("model", infer.model, kModelHelp)->required();
  infer_command->add_option("--board", infer.board, kBoardHelp)->capture_default_str();
  infer_command->add_option("--placement", infer.placement, kPlacementHelp)->capture_default_str();
  infer_command
      ->add_option("--input", infer.input,
                   "seed:N, a .npy or .png file, or raw bytes in the input's own type")
      ->capture_default_str();
  infer_command->add_flag("--check", infer.check, "compare every step with the reference, byte for byte");
  add_profile_flags(infer_command, &infer.profile, &infer.annotate);
  infer_command->add_option("--trace", infer.trace, kTraceHelp);
  infer_command->add_flag("--view", infer.view, kViewHelp);
  infer_command->add_flag("--json", infer.json, kJsonHelp);
  add_plan_flags(infer_command, &infer.in_place, &infer.reorder);

  cli::CompileOptions compile;
  CLI::App* compile_command =
      app.add_subcommand("compile", "write C sources, linker script, image, map and plan");
  compile_command->add_option("model", compile.model, kModelHelp)->required();
  compile_command->add_option("-o,--output", compile.output, "folder to write to")->required();
  compile_command->add_option("--board", compile.board, kBoardHelp)->capture_default_str();
  compile_command->add_option("--placement", compile.placement, kPlacementHelp)->capture_default_str();
  compile_command->add_flag("--json", compile.json, kJsonHelp);

  cli::PlanCommandOptions plan;
  CLI::App* plan_command = app.add_subcommand("plan", "show the memory plan, without a run");
  plan_command->add_option("model", plan.model, kModelHelp)->required();
  CLI::Option* plan_board =
      plan_command->add_option("--board", plan.board, "say whether the arena fits this board");
  plan_command->add_option("--placement", plan.placement, kPlacementHelp)
      ->capture_default_str()
      ->needs(plan_board);
  plan_command->add_option("--svg", plan.svg, "write the picture of the plan to this file");
  plan_command->add_flag("--json", plan.json, kJsonHelp);
  add_plan_flags(plan_command, &plan.in_place, &plan.reorder);

  cli::RunCommandOptions run;
  CLI::App* run_command = app.add_subcommand("run", "run any firmware image");
  run_command->add_option("firmware", run.firmware, "an ELF file, or a raw image with --base")->required();
  run_command->add_option("--board", run.board, kBoardHelp)->capture_default_str();
  run_command->add_option("--base", run.base, "address of a raw image's first byte");
  run_command->add_option("--files", run.sandbox, "folder in which the guest may open files by semihosting");
  run_command->add_option("--args", run.arguments, "command line that the guest gets by semihosting");
  run_command->add_option("--uart", run.uart, "where the guest's serial port goes: stdio, pty or tcp:PORT")
      ->capture_default_str();
  run_command->add_option("--uart-device", run.uart_device,
                          "which serial port, such as USART3 (default: the first that firmware enables)");
  run_command->add_option("--hse", run.hse_hz, "external oscillator in Hz (default: that of the board)");
  CLI::Option* gdb =
      run_command->add_option("--gdb", run.gdb, "wait for gdb at :PORT or HOST:PORT (port 0: any free one)");
  run_command->add_option("--trace", run.trace, kTraceHelp)->excludes(gdb);
  run_command->add_flag("--view", run.view, kViewHelp)->excludes(gdb);
  run_command->add_option("--max-cycles", run.max_cycles, "stop with exit code 5 after this many cycles")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  run_command
      ->add_option(
          "--operating-point", run.operating_point,
          "begin as the part comes out of reset, or at full speed with caches on, for code that does "
          "not set up clocks")
      ->check(CLI::IsMember({"reset", "full"}))
      ->capture_default_str();
  add_profile_flags(run_command, &run.profile, &run.annotate);
  run_command->add_flag("--json", run.json, kJsonHelp);

  cli::AccuracyOptions accuracy;
  CLI::App* accuracy_command =
      app.add_subcommand("accuracy", "the timing model beside measurements of real parts");
  accuracy_command->add_option("--board", accuracy.board, kBoardHelp)->capture_default_str();
  CLI::Option* only = accuracy_command->add_option("--only", accuracy.only, "one part of it")
                          ->check(CLI::IsMember({"sequences", "placements", "walks"}));
  accuracy_command
      ->add_option("--holdout", accuracy.holdout,
                   "score these sequences instead: a CSV file with columns name,setup,asm,cycles,source")
      ->excludes(only);
  accuracy_command->add_option("-o,--output", accuracy.picture,
                               "write the plot of the walks to this SVG file");
  accuracy_command->add_flag("--json", accuracy.json, kJsonHelp);

  cli::BenchOptions bench;
  CLI::App* bench_command = app.add_subcommand("bench", "how fast m7scope simulates, with all timing on");
  bench_command->add_option("--board", bench.board, kBoardHelp)->capture_default_str();
  bench_command->add_option("--turns", bench.turns, "how often each program runs, the best time counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  bench_command->add_flag("--json", bench.json, kJsonHelp);

  cli::ModelsOptions models;
  CLI::App* models_command = app.add_subcommand("models", "list the built-in networks, or write one out");
  models_command->add_option("--export", models.export_name, "network to write as a .tflite file");
  models_command->add_option("-o,--output", models.output, "file for --export (default: NAME.tflite)")
      ->needs(models_command->get_option("--export"));
  models_command->add_flag("--json", models.json, kJsonHelp);

  cli::BoardsOptions boards;
  CLI::App* boards_command = app.add_subcommand("boards", "list the boards, or show one with its sources");
  boards_command->add_option("board", boards.board, "board to show");
  boards_command->add_flag("--json", boards.json, kJsonHelp);

  const std::function<std::optional<int>()> trace_command = cli::add_trace_commands(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? cli::kOk : cli::kBadInput;
  }
  if (const std::optional<int> code = trace_command()) return *code;
  if (infer_command->parsed()) return cli::infer(infer);
  if (compile_command->parsed()) return cli::compile(compile);
  if (plan_command->parsed()) return cli::plan(plan);
  if (run_command->parsed()) return cli::run(run);
  if (accuracy_command->parsed()) return cli::accuracy(accuracy);
  if (bench_command->parsed()) return cli::bench(bench);
  if (models_command->parsed()) return cli::models(models);
  return cli::boards(boards);
}

int fail(const std::exception& error, cli::ExitCode code) {
  fmt::print(stderr, "m7scope: {}\n", error.what());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  cli::catch_interrupts();
  try {
    return dispatch(argc, argv);
  } catch (const cli::Interrupted& error) {
    return fail(error, cli::kInterrupted);
  } catch (const engine::DoesNotFit& error) {
    fmt::print(stderr, "m7scope: {}; `m7scope boards` lists boards with more\n", error.what());
    return cli::kDoesNotFit;
  } catch (const std::exception& error) {
    // Every other error is about what came from outside: a model, a board, a firmware, a flag, a missing
    // compiler.
    return fail(error, cli::kBadInput);
  }
}
