// Holds a plan against what the binary does: which bytes of the arena each step reads and writes, and whether
// that step may.
//
// A step may write its output and its scratch. It may read those, and its inputs, as long as what it reads
// was written by a step that makes that input. Buffers may share bytes where the plan says so: an output may
// take the place of an input that dies, byte by byte. Then a byte belongs to the input until the step writes
// it. So a tensor has lost a byte where a step reads it and another step has written it last, or where the
// step itself has written it before it has read it once. A load that begins inside a buffer may end behind
// it: vector code reads whole words.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "traces/observation.h"
#include "traces/step_table.h"
#include "traces/trace.h"

namespace traces {

class PlanWatch {
 public:
  /// `arena` is the address of the arena's first byte; all of it is in memory. `table` must outlive this.
  PlanWatch(const StepTable& table, std::uint32_t arena);

  /// What follows happens at this cycle.
  void at(std::uint64_t cycle) { now_ = cycle; }
  /// The step `id` of the table begins, the `index`-th of the trace; -1, -1: none runs.
  void step(std::int32_t index, std::int32_t id);

  /// Accesses of 1 to 8 bytes, anywhere; those outside the arena count for nothing.
  void load(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc) {
    const std::uint32_t offset = address - arena_;
    if (offset >= size_) return;
    if (!all_seen(offset, bytes, kLoadSeen)) [[unlikely]]
      return new_load(offset, bytes, pc);
    used_[load_of_[offset]].last_read = now_;
  }
  void store(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc) {
    const std::uint32_t offset = address - arena_;
    if (offset >= size_) return;
    if (!all_seen(offset, bytes, kStoreSeen)) [[unlikely]]
      return new_store(offset, bytes, pc);
    used_[store_of_[offset]].last_write = now_;
  }
  /// The same by the outside world, of any size: bytes that a host call or a DMA brings or takes.
  void host_wrote(std::uint32_t address, std::uint32_t bytes);
  void host_read(std::uint32_t address, std::uint32_t bytes);

  /// Fills in what was observed; `buffers` are the table's, in its order.
  void fill(std::span<Buffer> buffers) const;
  /// Ids of steps, both included.
  struct StepRange {
    std::int32_t first = -1, last = -1;
    bool empty() const { return first < 0; }
    bool contains(std::int32_t id) const { return !empty() && first <= id && id <= last; }
    void include(std::int32_t id) {
      first = empty() ? id : std::min(first, id);
      last = std::max(last, id);
    }
  };
  /// The steps from the first that writes a byte of a buffer (of the table) to the last that reads it; where
  /// none reads it, the one that writes it. What happens between two steps, or outside all, counts for the
  /// step before it, or for the first. An output is needed to the end.
  StepRange needed(std::size_t buffer, std::uint32_t byte) const;
  StepRange needed(std::size_t buffer) const;  ///< any of its bytes
  /// Of each byte of the arena, whether it is needed in this step.
  std::vector<std::uint8_t> needed_in(std::int32_t id) const;
  /// The network has run from its first step to its end.
  bool complete() const { return complete_; }
  std::uint32_t bytes_written(std::size_t buffer) const { return used_[buffer + 1].bytes_written; }
  std::uint32_t bytes_read(std::size_t buffer) const { return used_[buffer + 1].bytes_read; }
  /// Of the first store into a buffer; kNever, 0 and -1: there was none.
  std::uint64_t first_write(std::size_t buffer) const { return used_[buffer + 1].first_write; }
  std::uint32_t writer_pc(std::size_t buffer) const { return used_[buffer + 1].writer_pc; }
  std::int32_t writer_index(std::size_t buffer) const { return used_[buffer + 1].writer_index; }
  /// Stretches of the arena that nothing has touched: offset and size, in order.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> untouched() const;
  /// Reads and writes that no step may do, in the order of their first occurrence; at most kMaxProblems.
  std::vector<Observation> problems() const;
  std::size_t problem_count() const { return sightings_.size(); }
  static constexpr std::size_t kMaxProblems = 256;

  const StepTable& table() const { return table_; }
  std::uint32_t arena() const { return arena_; }

 private:
  using Use = std::uint32_t;  ///< a buffer's index + 1; 0: no buffer

  /// What a byte has been through in the step that runs.
  enum Seen : std::uint8_t {
    kLoadSeen = 1,   ///< read since it was written
    kStoreSeen = 2,  ///< written
    kTaken = 4,      ///< written in place of an input that was still to be read
  };
  /// Who wrote a byte last: a step's id, or one of these.
  enum Writer : std::int32_t { kOutside = -1, kNobody = -2 };
  /// Of a byte of a buffer: ids of steps, or kNoStep. Ids past the largest number count as the largest.
  struct ByteUse {
    static constexpr std::uint16_t kNoStep = 0xffff;
    std::uint16_t first_write = kNoStep, last_read = kNoStep;
  };
  struct Used {
    std::uint64_t first_write = kNever, last_write = kNever, first_read = kNever, last_read = kNever;
    std::uint32_t bytes_written = 0, bytes_read = 0;
    std::uint32_t writer_pc = 0;
    std::int32_t writer_index = -1;  ///< of the step in the trace
    StepRange steps;                 ///< of all that `bytes` have
    std::vector<ByteUse> bytes;
  };

  /// A problem, however many bytes it befalls.
  struct Problem {
    FindingKind kind;
    std::int32_t step;      ///< id; -1: none runs
    Use victim;             ///< the buffer that was meant
    Use taker;              ///< the buffer whose bytes lie there
    std::int32_t taken_by;  ///< the step that wrote them, or a Writer
    bool store;
    bool operator==(const Problem&) const = default;
  };
  struct Sighting {
    Problem problem;
    std::uint32_t pc, offset, bytes = 0;
    std::int32_t index;
    std::uint64_t cycle, count = 0;
  };

  static constexpr std::uint64_t kEachByte = 0x0101010101010101;

  bool all_seen(std::uint32_t offset, std::uint32_t bytes, Seen flag) const {
    std::uint64_t seen;
    std::memcpy(&seen, seen_.data() + offset, sizeof seen);
    const std::uint64_t wanted = (kEachByte * flag) & (~std::uint64_t{0} >> (64 - 8 * bytes));
    return (seen & wanted) == wanted;
  }

  void new_load(std::uint32_t offset, std::uint32_t bytes, std::uint32_t pc);
  void new_store(std::uint32_t offset, std::uint32_t bytes, std::uint32_t pc);
  /// What is wrong with reading this byte now, if anything.
  bool may_load(std::uint32_t offset, Problem& problem) const;
  void note_load(std::uint32_t offset);
  void note_store(std::uint32_t offset, std::uint32_t pc);
  void report(const Problem& problem, std::uint32_t offset, std::uint32_t pc, bool same_access);
  static StepRange with_edges(StepRange range, const BufferRow& row);
  void cover(std::vector<Use>& map, std::size_t buffer) const;
  void allow_known_uses(const StepRow& row);
  void allow_live_buffers();
  void allow_edges();
  bool alive(std::size_t buffer, std::int32_t id) const;
  bool makes(std::int32_t writer, Use use) const;
  Use input_at(std::uint32_t offset) const;
  Use buffer_at(std::uint32_t offset, std::int32_t id) const;
  std::uint16_t step_now() const;
  std::string text(const Sighting& seen) const;
  std::string name_of(Use use) const;
  std::string step_name(std::int32_t id) const;

  const StepTable& table_;
  const std::uint32_t arena_, size_;

  std::uint64_t now_ = 0;
  std::int32_t index_ = -1, id_ = -1;
  std::int32_t last_id_ = 0;  ///< the step that ran last
  bool from_start_ = false, complete_ = false;

  // Of each byte of the arena.
  std::vector<std::uint8_t> seen_, touched_;  ///< touched: ever
  std::vector<Use> load_of_, store_of_;  ///< the buffer that a load or store means, in the step that runs
  std::vector<std::int32_t> writer_;
  std::vector<Use> taker_;  ///< the buffer that the writer meant

  std::vector<Used> used_;  ///< by Use; the first takes what belongs to no buffer
  std::vector<Sighting> sightings_;
};

}  // namespace traces
