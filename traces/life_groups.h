// Lives of single bytes, gathered into those of whole tensors and scratch buffers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "traces/call_tree.h"
#include "traces/trace.h"

namespace traces {

/// Instructions of one loop lie close together.
inline bool is_same_loop(std::uint32_t pc, std::uint32_t other) {
  constexpr std::uint32_t kLoopBytes = 64;
  return (pc > other ? pc - other : other - pc) <= kLoopBytes;
}

/// What one byte held, from its first write to its last use.
struct ByteLife {
  std::uint32_t born = 0, wrote = 0, first = 0, read = 0;  ///< ticks; 0: never
  std::uint32_t writer_pc = 0, reader_pc = 0;
  bool open = false;  ///< nothing took its place

  std::uint32_t used() const { return wrote > read ? wrote : read; }
  bool operator==(const ByteLife&) const = default;
};

/// 64 bytes of a group.
struct LifeChunk {
  std::uint64_t mask = 0;                                  ///< which of them belong to it
  std::uint32_t born = 0, wrote = 0, first = 0, read = 0;  ///< ticks: first, last, first, last
  std::uint32_t writer_pc = 0, reader_pc = 0;
  std::uint32_t ends = 0;  ///< lives of bytes that were added
  std::uint32_t open = 0;  ///< of these, how many nothing took the place of

  std::uint32_t used() const { return wrote > read ? wrote : read; }
};

/// Where bytes changed hands (`parent`), and by whom below it they were written.
struct LifeKey {
  static constexpr std::uint32_t kAnyCall = ~std::uint32_t{0};

  std::uint32_t container = 0;
  std::uint32_t parent = 0;    ///< activation
  std::uint32_t producer = 0;  ///< activation; the parent itself: it wrote for itself; kAnyCall: short calls
  std::uint32_t function = 0, level = 0;  ///< of the short calls
  bool is_source = false;                 ///< written by the parent, from nothing that it wrote

  bool is_self() const { return parent == producer; }
  bool is_calls() const { return producer == kAnyCall; }
  bool operator==(const LifeKey&) const = default;
};

struct LifeGroup {
  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};

  LifeKey key;
  std::uint32_t writer = 0, reader = kNobody;  ///< innermost activations that all writers, readers ran in
  bool is_newest = true;                       ///< of its key
  bool chained = false;                        ///< see LifeGroups::add
  std::uint32_t first_chunk = 0;               ///< address / 64 of chunks[0]
  std::vector<LifeChunk> chunks;
  std::uint32_t min_born = 0, max_used = 0;   ///< ticks
  std::uint32_t max_born = 0, min_first = 0;  ///< of its newest generation
  std::uint32_t writer_pc = 0;                ///< of what was added first

  const LifeChunk* at(std::uint32_t address) const {
    const std::uint32_t i = address / 64 - first_chunk;
    return i < chunks.size() ? &chunks[i] : nullptr;
  }
  bool has(std::uint32_t address) const {
    const LifeChunk* chunk = at(address);
    return chunk != nullptr && (chunk->mask >> address % 64 & 1) != 0;
  }
};

/// Rules, by what wrote a byte and who read it last (`CallTree::common` of the two is the parent):
/// - a call below the parent wrote it: one group a call; short calls of one function, none of which reads
///   what another wrote, share one, as long as they follow each other closely (scratch that is filled again
///   and again);
/// - the parent itself wrote it, in a loop that reads nothing that the parent wrote: scratch. What lies
///   together is one group, as long as it is used;
/// - the parent itself wrote it from what it wrote before: what one loop wrote before any of it was read is
///   one group. Written anew at once in the same place by the same loop, it is the same scratch's next
///   generation, unless that loop wrote another place in between (layers that take turns in two buffers).
class LifeGroups {
 public:
  explicit LifeGroups(const CallTree& tree) : tree_(&tree) {}

  /// This instruction read what the function that runs has written itself.
  void note_own_read(std::uint32_t pc);

  /// This call has returned, and was short: what happened within it is its caller's. Its `note` is the
  /// number of groups when it began.
  void give_to_caller(std::uint32_t call);

  /// `count` bytes (at most 4, inside one word) had the same life.
  void add(std::uint32_t container, std::uint32_t address, std::uint32_t count, const ByteLife& life);

  std::vector<LifeGroup>& groups() { return groups_; }
  const std::vector<LifeGroup>& groups() const { return groups_; }
  /// After groups were taken out or activations renumbered.
  void index();

 private:
  struct KeyHash {
    std::size_t operator()(const LifeKey& key) const;
  };
  /// The group found last for a writer and a reader.
  struct Recent {
    std::uint32_t container = 0, writer = 0, reader = 0, writer_pc = 0, group = 0;
    bool used = false;
  };

  LifeKey key_of(std::uint32_t container, std::uint32_t writer, std::uint32_t reader) const;
  std::uint32_t find(std::uint32_t container, std::uint32_t address, const ByteLife& life);
  std::uint32_t find(const LifeKey& key, std::uint32_t address, const ByteLife& life);
  std::uint32_t find_unread(std::uint32_t container, std::uint32_t address, const ByteLife& life);
  std::optional<std::uint32_t> find_near(std::uint32_t container, std::uint32_t address,
                                         const ByteLife& life);
  bool fits(const LifeGroup& group, std::uint32_t address, const ByteLife& life) const;
  LifeKey calls_key(std::uint32_t container, std::uint32_t call) const;
  void take_over(LifeGroup& group, LifeGroup&& part) const;
  bool is_source(std::uint32_t writer_pc) const;
  bool fits_loop(const LifeGroup& group, std::uint32_t address, const ByteLife& life) const;
  bool follows_closely(std::uint32_t used, const ByteLife& life) const;

  const CallTree* tree_;
  std::vector<LifeGroup> groups_;
  std::unordered_map<LifeKey, std::vector<std::uint32_t>, KeyHash> by_key_;  ///< the newest last
  std::array<Recent, 64> recent_{};
  std::set<std::uint32_t> own_reads_;  ///< instructions
  std::uint32_t last_own_read_ = 0;
};

/// The lives of a group: its stretches of memory, with the functions as the tree numbers them.
std::vector<Life> lives_of(const LifeGroup& group, const CallTree& tree);

}  // namespace traces
