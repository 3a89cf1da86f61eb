// From loads and stores to lives: when each byte came alive, who wrote it, when it was last needed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "traces/byte_shadow.h"
#include "traces/call_tree.h"
#include "traces/frame_lives.h"
#include "traces/life_groups.h"
#include "traces/trace.h"

namespace traces {

/// Follows every byte of writable memory. Knows nothing of plans: a life is what was written by one call and
/// read until the bytes were written anew. Loads and stores come in the order in which the core made them.
///
/// When a byte's life ends: at a store by another call than the one that wrote it; at a store by the same
/// call if it, or a call that it made, has read the byte some time before. Adding to a sum, or writing once
/// more what nobody has read, goes on with the life.
///
/// Which call a life belongs to: of the calls that were running both when a byte was written and when it was
/// last read, the innermost is where the bytes changed hands; the life belongs to the call directly below it
/// that wrote. So rows that a helper writes for a kernel are the kernel's, and a kernel's own scratch is
/// inside that kernel. LifeGroups tells how bytes become lives.
///
/// Times are those of slices of `kSliceCycles`: a life begins up to that much too early and ends as much too
/// late. Memory is bounded: what can no longer change is written off (take), and what found no room is
/// counted (dropped).
class LifeTracker {
 public:
  /// A number that the caller gives each function; 0: unknown.
  using Function = std::uint32_t;

  static constexpr std::uint64_t kSliceCycles = 256;
  /// Smaller variables and heap blocks have one life each.
  static constexpr std::uint32_t kSmallBytes = 64;
  static constexpr std::size_t kMaxLives = 1'000'000;
  static constexpr std::size_t kMaxUnwrittenReads = 4096;

  struct Span {
    std::uint32_t base = 0, bytes = 0;
    std::uint16_t region = 0;
  };
  /// A variable, a heap block, the stack: what lives lie in. Lives never reach across two.
  struct Container {
    std::uint32_t address = 0, bytes = 0;
    StringId name = 0;
    LifeKind kind = LifeKind::kStatic;
  };
  /// An instruction that read bytes which nothing had written since they were allocated, or at all. Where it
  /// begins at a written byte the rest does not count: vector code reads whole words.
  struct UnwrittenRead {
    std::uint32_t pc = 0, address = 0, bytes = 0;  ///< of the first such read
    StringId owner = 0;                            ///< the container's name
    Function function = 0;
    std::int32_t step = -1;
    std::uint64_t cycle = 0;
    std::uint64_t count = 1;  ///< bytes of that container that this instruction was the first to read
  };

  /// Containers do not overlap. The first of kind kStack is the stack: lives in it are frames.
  LifeTracker(std::vector<Span> memory, std::vector<Container> containers);
  LifeTracker(const LifeTracker&) = delete;
  LifeTracker& operator=(const LifeTracker&) = delete;

  /// What follows happens at this cycle.
  void at(std::uint64_t cycle) {
    now_ = cycle;
    if (cycle >= slice_end_) begin_slice();
  }
  void call(Function function);
  void leave();
  /// A step begins (its index), or none runs (-1). It is like a call by whoever marks it; a function that
  /// only marks and returns does so for its caller.
  void step(std::int32_t index);

  /// Any size, aligned or not. Memory outside the spans is not followed.
  void load(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc);
  void store(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc);
  /// Bytes that are there before the first instruction, or that a host call or a DMA brings.
  void arrive(std::uint32_t address, std::uint32_t bytes, Function by);
  void allocate(const Container& block);
  void release(std::uint32_t address);

  /// Lives so far, by number; a later answer repeats those that have changed since, and new ones.
  /// Deterministic. Functions are in writer and reader, still as the caller's numbers (a stack frame's reader
  /// is the caller). A life with no bytes touched takes back one that turned out to be part of another.
  /// `last`: the run is over.
  std::vector<Life> take(bool last);
  std::uint64_t dropped() const { return dropped_; }  ///< lives that found no room
  const std::vector<UnwrittenRead>& unwritten_reads() const { return unwritten_; }

 private:
  struct Place {
    Container container;
    std::uint16_t region = 0;
    bool is_small = false;    ///< one life
    bool is_followed = true;  ///< else: stack, or outside the spans
    std::uint64_t released = kNever;
  };
  /// Address and birth of a life, and which of those that share them.
  using LifePlace = std::tuple<std::uint32_t, std::uint64_t, std::uint32_t>;
  using Shown = std::map<LifePlace, Life>;
  struct Rewrite {  ///< the last answer of begins_anew
    std::uint32_t wrote = 0, read = 0, tick = 0;
    std::uint32_t writer_pc = 0, reader_pc = 0;
    std::uint16_t site = 0;
    bool anew = false;
  };

  bool in_stack(std::uint32_t address) const { return address - stack_base_ < stack_bytes_; }
  void begin_slice();
  void changed_call();
  /// Null: not followed.
  ShadowPage* page_of(std::uint32_t address) {
    ShadowPage* page = shadow_.find(address);
    return page != nullptr ? page : make_page(address);
  }
  ShadowPage* make_page(std::uint32_t address);
  bool read_again(ShadowPage& page, std::uint32_t offset, std::uint32_t bytes, std::uint32_t pc);
  void load_word(ShadowPage& page, std::uint32_t address, std::uint32_t count, std::uint32_t pc,
                 bool& begins_unwritten);
  void load_bytes(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc);
  void load_word(ShadowPage& page, std::uint32_t address, std::uint32_t count, std::uint32_t pc);
  void first_read(std::uint32_t born, std::uint32_t pc);
  void store_bytes(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc);
  void store_word(ShadowPage& page, std::uint32_t address, std::uint32_t count, std::uint16_t site);
  bool begins_anew(const ByteLife& life, std::uint16_t site);
  bool compute_begins_anew(const ByteLife& life, std::uint32_t pc) const;
  void note_unwritten(std::uint32_t address, std::uint32_t pc, std::uint32_t owner);

  void compact();
  void close_groups(const std::vector<std::uint32_t>& holds);
  void add_word(LifeGroups& groups, const ShadowPage& page, std::uint32_t address, bool open) const;
  void add_small(const Place& place, std::vector<Life>& out) const;
  void add_never_written(std::uint32_t page_number, std::vector<Life>& out) const;
  std::vector<Life> finished(const LifeGroup& group) const;
  std::vector<Life> provisional() const;
  void place_frames(std::vector<Life>& lives, std::size_t from) const;
  static std::optional<Life> shown_before(const Life& life, Shown& before);

  CallTree tree_;
  ByteShadow shadow_;
  StoreSites sites_;
  LifeGroups groups_{tree_};
  std::vector<Place> places_;  ///< 0: outside; then one for each span's rest, then the containers
  std::size_t spans_ = 0;
  std::vector<std::uint32_t> by_address_;  ///< places that do not come and go, sorted
  std::vector<std::uint32_t> free_places_;
  std::map<std::uint32_t, std::uint32_t> blocks_;  ///< heap blocks in use
  FrameLives frames_;
  std::uint32_t stack_base_ = 0, stack_bytes_ = 0, stack_place_ = 0;
  std::uint64_t now_ = 0, slice_end_ = kSliceCycles;
  std::uint32_t tick_ = 1;
  std::size_t compact_at_;
  Rewrite last_rewrite_;
  std::uint64_t last_dependency_ = 0;  ///< writer and reader

  std::vector<UnwrittenRead> unwritten_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> unwritten_known_;  ///< pc, place

  std::vector<Life> done_;  ///< lives that will not change, since the last take
  Shown shown_;             ///< lives of the last take that may change
  std::vector<std::uint32_t> free_ids_;
  std::uint32_t next_id_ = 0;
  std::uint64_t dropped_ = 0;
};

inline void LifeTracker::load(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc) {
  if (in_stack(address)) return;
  // The common case: bytes that were read before, since they were written.
  ShadowPage* page = shadow_.find(address);
  if (page != nullptr && read_again(*page, address % ShadowPage::kBytes, bytes, pc)) return;
  load_bytes(address, bytes, pc);
}

/// Bytes of one word, all read before: true. Else nothing has been done.
inline bool LifeTracker::read_again(ShadowPage& page, std::uint32_t offset, std::uint32_t bytes,
                                    std::uint32_t pc) {
  std::array<std::uint32_t, 4>& read = page.words[offset / 4].read;
  const std::uint32_t lane = offset % 4;
  if (bytes == 4 && lane == 0) {
    if (read[0] == 0 || read[1] == 0 || read[2] == 0 || read[3] == 0) return false;
    read.fill(tick_);
  } else if (bytes == 1) {
    if (read[lane] == 0) return false;
    read[lane] = tick_;
  } else if (bytes == 2 && lane != 3) {
    if (read[lane] == 0 || read[lane + 1] == 0) return false;
    read[lane] = read[lane + 1] = tick_;
  } else {
    return false;
  }
  page.reader_pc[offset / ShadowPage::kLineBytes] = pc;
  return true;
}

inline void LifeTracker::store(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc) {
  if (in_stack(address)) {
    frames_.store(address, pc);
    return;
  }
  // The common case of sums: this slice wrote them already.
  if (const ShadowPage* page = shadow_.find(address); page != nullptr) {
    const ShadowWord& word = page->words[address % ShadowPage::kBytes / 4];
    if (bytes == 4 && address % 4 == 0) {
      if (word.wrote[0] == tick_ && word.wrote[1] == tick_ && word.wrote[2] == tick_ &&
          word.wrote[3] == tick_)
        return;
    } else if (bytes == 1 && word.wrote[address % 4] == tick_) {
      return;
    }
  }
  store_bytes(address, bytes, pc);
}

}  // namespace traces
