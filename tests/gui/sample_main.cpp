// gui_sample FILE SEED LIVES [--grow]: writes a synthetic trace; --grow: one step after the other, waiting
// for a line on standard input before each.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>

#include "tests/traces/sample_trace.h"
#include "traces/trace_writer.h"

int main(int count, char** arguments) {
  if (count < 4) return 2;
  traces::SampleShape shape;
  shape.seed = std::strtoull(arguments[2], nullptr, 10);
  shape.lives = std::strtoull(arguments[3], nullptr, 10);
  const traces::Trace trace = traces::sample_trace(shape);
  if (count == 4) {
    traces::write_trace(trace, arguments[1]);
    return 0;
  }
  traces::TraceWriter writer(arguments[1], trace.about);
  for (std::size_t i = 1; i < trace.strings.size(); ++i) writer.intern(trace.strings[i]);
  writer.add(trace.regions);
  for (const traces::Clock& clock : trace.clocks) writer.add(clock);
  writer.flush(0);
  std::size_t life = 0;
  for (const traces::Step& step : trace.steps) {
    std::string line;
    if (!std::getline(std::cin, line)) return 1;  // killed: the file ends here
    writer.add(step);
    std::size_t end = life;
    while (end < trace.lives.size() && trace.lives[end].born < step.end) ++end;
    writer.add(std::span(trace.lives).subspan(life, end - life));
    life = end;
    writer.flush(step.end);
  }
  writer.add(std::span(trace.lives).subspan(life));
  writer.finish(*trace.end);
}
