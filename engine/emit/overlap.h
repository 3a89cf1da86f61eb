// How far output and input may share bytes, from a walk of a kernel's own reads and writes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/step.h"

namespace engine {

/// A kernel that streams forward, in its own order: each event reads, then writes. Offsets in bytes from the
/// start of the input and of the output.
class StreamWalk {
 public:
  /// Reads bytes from `first_read` on, then writes up to `write_end` (exclusive). Writes never go back.
  void add(std::int64_t first_read, std::int64_t write_end) { x_events.push_back({first_read, write_end}); }
  /// Writes without reading.
  void add_write(std::int64_t write_end) { add(kNothing, write_end); }

  /// The least distance of the output in front of the input: no write may reach a byte that is read later.
  isa::Bytes lead() const {
    std::int64_t lead = 0, next_read = kNothing;
    for (auto event = x_events.rbegin(); event != x_events.rend(); ++event) {
      if (next_read != kNothing) lead = std::max(lead, event->write_end - next_read);
      next_read = std::min(next_read, event->first_read);
    }
    return isa::Bytes(lead);
  }

 private:
  static constexpr std::int64_t kNothing = INT64_MAX;
  struct Event {
    std::int64_t first_read, write_end;
  };
  std::vector<Event> x_events;
};

inline Overlap lead_overlap(int input, isa::Bytes lead) {
  return {input, Overlap::Kind::kLead, lead};
}

}  // namespace engine
