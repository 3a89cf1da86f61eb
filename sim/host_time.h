// Time that this thread has spent on a processor of the host.
#pragma once

#include <time.h>

namespace sim {

/// Seconds; other work on the host does not count, so that two runs can be compared on a busy machine.
inline double processor_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace sim
