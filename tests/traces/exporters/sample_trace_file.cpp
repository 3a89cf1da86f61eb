// sample_trace_file KIND FILE: writes a trace as tests of whole programs need it.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "tests/traces/sample_trace.h"
#include "traces/trace_writer.h"

namespace {

using traces::sample_trace;
using traces::Trace;

/// Names that every format has to keep from being read as something else.
Trace hostile() {
  Trace trace = sample_trace({.steps = 4, .lives = 40, .samples = 20, .functions = 6});
  const char* const bad[] = {
      "a\"b\\c",        "a;b c 12",  "line\nend\r\n", "(3) fn=x",       "<script>&'</script>",
      "|md`x`*_[a](b)", "tab\tnul ", "\xff\xfe\x80",  "$end #5 b101 !", "=1+1,\"x\"",
      "calls=1 2",      "\x1b[31m",  "* 5",           "+3 9",           "fl=(1) /etc/passwd"};
  std::size_t next = 0;
  for (std::size_t i = 1; i < trace.strings.size(); ++i) {
    trace.strings[i] = fmt::format("{} {}", bad[next++ % std::size(bad)], i);
  }
  trace.about.command = trace.about.firmware = trace.about.model = bad[2];
  trace.regions[0].name = "S RAM\n$end";
  return trace;
}

Trace without_steps() {
  Trace trace = sample_trace({.lives = 60});
  trace.steps.clear();
  trace.buffers.clear();
  for (traces::Life& life : trace.lives) life.born_step = life.died_step = life.buffer = -1;
  for (traces::Finding& finding : trace.findings) finding.step = -1;
  return trace;
}

Trace empty() {
  Trace trace;
  trace.about.tool = "m7scope";
  return trace;
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<Trace()>> kinds = {
      {"inference", [] { return sample_trace(); }},
      {"cut", [] { return sample_trace({.ended = false}); }},
      {"large", [] { return sample_trace({.steps = 60, .lives = 100000, .samples = 2000}); }},
      {"hostile", hostile},
      {"no-steps", without_steps},
      {"empty", empty},
  };
  if (argc != 3 || !kinds.contains(argv[1])) {
    fmt::print(stderr, "usage: sample_trace_file KIND FILE\n");
    return 2;
  }
  traces::write_trace(kinds.at(argv[1])(), argv[2]);
  return 0;
}
