// Finds loops that run past the end of an array.
//
// What an instruction accesses is followed as long as one call lasts. It walks an object (a variable, a heap
// block) while its addresses grow by the same stride. It has run past the end if, with that same stride and
// not more of other code in between than between the accesses before, it goes on behind the object's end.
// At least kLeastSteps strides inside the object come first, and the access begins behind the end: one that
// begins inside and ends behind is vector code that reads whole words.
// So a call for the next array, an outer loop that takes the next array, a table of pointers and a list of
// nodes that happen to follow each other are none of it; neither is a single access with an index too large,
// since nothing tells which object it meant.
// Start-up code that fills or copies a whole section walks over many objects; so does code that sums up all
// of flash. A walk that begins at a bound of a section is such code if it is the first to touch these bytes
// and ends at a bound, or if it goes over kManyObjects whole objects more.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "traces/observation.h"

namespace traces {

class BoundsWatch {
 public:
  struct Object {
    std::uint32_t address = 0, bytes = 0;
    std::string name;
  };
  static constexpr std::uint32_t kLeastSteps = 3;
  static constexpr std::uint32_t kManyObjects = 2;
  static constexpr std::size_t kMaxProblems = 256;

  /// `objects` may overlap: such are one, named by the largest. `bounds` are addresses of symbols without a
  /// size (linker scripts mark sections so) and of regions.
  BoundsWatch(std::vector<Object> objects, std::vector<std::uint32_t> bounds);

  /// What follows happens at this cycle, in this step of the trace, in a call with this number. `block`:
  /// another block of code begins.
  void at(std::uint64_t cycle) { now_ = cycle; }
  void step(std::int32_t index) { step_ = index; }
  void block(std::uint32_t call) {
    call_ = call;
    ++blocks_;
  }

  /// An access of 1 to 8 bytes by the instruction at `pc`.
  void access(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc, bool store) {
    Walk& walk = walks_[(pc >> 1) & (kWalks - 1)];
    const std::uint64_t who = std::uint64_t{call_} << 32 | pc;
    if (address - walk.begin >= walk.size || walk.who != who) [[unlikely]]
      return elsewhere(walk, who, address, bytes, store);
    const std::uint32_t stride = address - walk.last;
    const std::uint64_t pause = blocks_ - walk.block;
    if (stride == walk.stride) {
      ++walk.steps;
      if (pause > walk.pause) walk.pause = pause;
    } else {
      walk.stride = stride;
      walk.steps = 1;
      walk.pause = pause;
    }
    walk.last = address;
    walk.block = blocks_;
  }

  /// Heap blocks are objects while they live. A block takes the place of what it overlaps.
  void allocate(const Object& block);
  void release(std::uint32_t address);

  /// Walks past an end so far, in the order of their begin; at most kMaxProblems.
  std::vector<Observation> problems() const;
  /// How many walks have gone past an end, those of start-up code included.
  std::size_t problem_count() const { return passes_.size(); }

 private:
  static constexpr std::size_t kWalks = 1 << 12;

  /// What one instruction does in one call.
  struct Walk {
    std::uint64_t who = ~std::uint64_t{0};
    std::uint32_t begin = 0, size = 0;  ///< the object or the gap it is in
    std::uint32_t last = 0, stride = 0, steps = 0;
    std::uint64_t block = 0, pause = 0;
    std::int32_t past = -1;  ///< index into passes_, once it has left the object
  };
  /// A walk past an end.
  struct Pass {
    Observation seen;
    std::uint32_t from = 0, to = 0;  ///< first byte of the walk, and behind its last
    std::uint32_t end = 0;           ///< of the object
    std::uint32_t stride = 0;
    std::string into;  ///< the object it went into first, if any
    bool fresh = false;
  };
  struct Place {
    Object object;
    std::uint64_t first_call = kUntouched;  ///< that walked it
  };
  static constexpr std::uint64_t kUntouched = ~std::uint64_t{0};
  using Places = std::map<std::uint32_t, Place>;

  void elsewhere(Walk& walk, std::uint64_t who, std::uint32_t address, std::uint32_t bytes, bool store);
  bool goes_on(const Walk& walk, std::uint32_t address) const;
  void leave(Walk& walk, std::uint32_t address, std::uint32_t bytes, bool store);
  void forget(std::uint32_t address, std::uint32_t bytes);
  Places::iterator place_at(std::uint32_t address);
  bool near_bound(std::uint32_t address, std::uint32_t tolerance) const;
  bool over_a_section(const Pass& pass) const;

  Places places_;  ///< by address; they do not overlap
  std::vector<std::uint32_t> bounds_;
  std::vector<Walk> walks_;
  std::vector<Pass> passes_;
  std::uint64_t now_ = 0, blocks_ = 0;
  std::uint32_t call_ = 0;
  std::int32_t step_ = -1;
};

}  // namespace traces
