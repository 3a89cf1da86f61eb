// The subcommands: each takes its parsed flags and returns an exit code (cli/errors.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cli {

struct InferOptions {
  std::string model;
  std::string board = "stm32f746";
  std::string placement = "default";  ///< one of the board's
  std::string input = "seed:1";
  bool check = false;
  bool profile = false;
  std::string annotate;  ///< function whose instructions are listed; empty: none
  std::string trace;     ///< file for the trace; empty: none
  bool view = false;     ///< show the run as it happens
  bool json = false;
  bool in_place = true, reorder = true;
};
int infer(const InferOptions& options);

struct CompileOptions {
  std::string model;
  std::string board = "stm32f746";
  std::string placement = "default";
  std::string output;
  bool json = false;
};
int compile(const CompileOptions& options);

struct PlanCommandOptions {
  std::string model;
  std::string board;  ///< empty: no board, only the plan
  std::string placement = "default";
  std::string svg;  ///< file for the picture
  bool json = false;
  bool in_place = true, reorder = true;
};
int plan(const PlanCommandOptions& options);

struct RunCommandOptions {
  std::string firmware;
  std::string board = "stm32f746";
  std::string base;  ///< address of a raw image
  std::string sandbox;
  std::string arguments;
  std::string uart = "stdio";  ///< where the serial port goes: stdio, pty, tcp:PORT
  std::string uart_device;     ///< which serial port; empty: the first that firmware enables
  std::uint64_t hse_hz = 0;    ///< external oscillator; 0: the board's usual one
  std::string gdb;             ///< where to serve gdb: ":PORT" or "HOST:PORT"; empty: nowhere
  std::uint64_t max_cycles = 20'000'000'000;
  std::string operating_point = "reset";  ///< "reset" or "full": clocks and caches that the run begins with
  bool profile = false;
  std::string annotate;  ///< function whose instructions are listed; empty: none
  std::string trace;     ///< file for the trace; empty: none
  bool view = false;     ///< show the run as it happens
  bool json = false;
};
int run(const RunCommandOptions& options);

struct AccuracyOptions {
  std::string board = "stm32h743";
  std::string holdout;  ///< a user's own measurements; empty: all that is built in
  std::string only;     ///< "sequences", "placements" or "walks"; empty: all
  std::string picture;  ///< file for the plot of the walks; empty: none
  bool json = false;
};
int accuracy(const AccuracyOptions& options);

struct BenchOptions {
  std::string board = "stm32h743";
  int turns = 5;  ///< timed and bare runs of each program; the best count
  bool json = false;
};
int bench(const BenchOptions& options);

struct ModelsOptions {
  std::string export_name;  ///< zoo network to write as .tflite
  std::string output;
  bool json = false;
};
int models(const ModelsOptions& options);

struct BoardsOptions {
  std::string board;  ///< empty: list all
  bool json = false;
};
int boards(const BoardsOptions& options);

}  // namespace cli
