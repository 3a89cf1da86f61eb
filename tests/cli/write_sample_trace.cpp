// write_sample_trace FILE [--seed N] [--lives N] [--steps N] [--hostile]: a synthetic trace, for tests of
// whole programs. --hostile: every name tries to become markup.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "tests/traces/sample_trace.h"

namespace {

constexpr const char* kHostile =
    "</title></svg><script>document.title='owned'</script>\"'><img src=x onerror=\"document.title='owned'\">";

void make_hostile(traces::Trace& trace) {
  for (std::size_t i = 1; i < trace.strings.size(); ++i) trace.strings[i] = fmt::format("{}{}", kHostile, i);
  for (std::string* text :
       {&trace.about.tool, &trace.about.command, &trace.about.board, &trace.about.board_title,
        &trace.about.firmware, &trace.about.firmware_hash, &trace.about.model}) {
    *text = kHostile;
  }
  for (traces::Region& region : trace.regions) region.name += kHostile;
  if (!trace.end) return;
  trace.end->reason = kHostile;
  trace.end->notes = {kHostile};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"a synthetic trace"};
  std::string file;
  traces::SampleShape shape;
  bool hostile = false;
  app.add_option("file", file)->required();
  app.add_option("--seed", shape.seed);
  app.add_option("--lives", shape.lives);
  app.add_option("--steps", shape.steps);
  app.add_flag("--hostile", hostile);
  CLI11_PARSE(app, argc, argv);
  traces::Trace trace = traces::sample_trace(shape);
  if (hostile) make_hostile(trace);
  traces::write_trace(trace, file);
  return 0;
}
