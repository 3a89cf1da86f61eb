// How many bytes are in use at a time, when that is most, and who owns them then.
//
// A byte is in use at a cycle where it lies in the extent of a life that is alive then: from `born` to
// `died()`, both included. Lives that share bytes (an output that is written over the input it reads) count
// each byte once. The stack is in use down to its depth in the sample around that cycle, which is the deepest
// of the sample; lives of kind stack lie in it and are not counted beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// From `begin` to `end`, which is not part of it.
struct AddressRange {
  std::uint64_t begin = 0, end = 0;
  bool operator==(const AddressRange&) const = default;
};
AddressRange range_of(const Region& region);
/// Around all planned buffers; none where there is no plan.
std::optional<AddressRange> arena_of(const Trace& trace);

/// Something that takes bytes from `born` to `died`, both included.
struct Occupant {
  std::uint64_t begin = 0, end = 0;  ///< addresses
  std::uint64_t born = 0, died = 0;
  std::int64_t life = -1;  ///< index into Trace::lives; -1: the stack
};
/// All that takes bytes of `range`, cut to it: lives in their order, then the stack.
std::vector<Occupant> occupants_in(const Trace& trace, AddressRange range);

/// From `cycle` on, until the next point, `bytes` are in use.
struct LivePoint {
  std::uint64_t cycle = 0, bytes = 0;
  bool operator==(const LivePoint&) const = default;
};
/// The bytes of `range` in use over time: from cycle 0, a point at each change. n log n for n lives.
std::vector<LivePoint> live_bytes(const Trace& trace, AddressRange range);
std::vector<LivePoint> live_bytes(std::vector<Occupant> occupants);

/// The most bytes in use at once, and the first cycle at which they were.
struct Peak {
  std::uint64_t bytes = 0, cycle = 0;
  bool operator==(const Peak&) const = default;
};
Peak peak_of(const std::vector<LivePoint>& points);
Peak peak_in(const Trace& trace, AddressRange range);

/// Who holds bytes of a range at a cycle.
struct Owner {
  std::string name;
  LifeKind kind = LifeKind::kUnknown;
  /// Bytes that are this one's. Of two lives that share a byte, the younger has it, so that all owners sum to
  /// the bytes in use.
  std::uint64_t bytes = 0;
  std::uint64_t extent_bytes = 0;  ///< those shared with younger ones of others included
  std::int64_t life = -1;          ///< index of the largest of its lives; -1: the stack
  bool operator==(const Owner&) const = default;
};
/// Lives of the same name and kind are one owner. Most bytes first.
std::vector<Owner> owners_at(const Trace& trace, AddressRange range, std::uint64_t cycle);

/// What to call a life: its own name, else its owner's, else its address.
std::string name_of(const Trace& trace, const Life& life);

}  // namespace traces
