// gui_sample FILE SEED LIVES: writes a synthetic trace.
#include <cstdlib>

#include "tests/traces/sample_trace.h"

int main(int count, char** arguments) {
  if (count != 4) return 2;
  traces::SampleShape shape;
  shape.seed = std::strtoull(arguments[2], nullptr, 10);
  shape.lives = std::strtoull(arguments[3], nullptr, 10);
  traces::write_trace(traces::sample_trace(shape), arguments[1]);
}
