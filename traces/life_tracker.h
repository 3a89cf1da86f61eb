// From loads and stores to lives: when each byte came alive, who wrote it, when it was last needed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// Follows every byte of writable memory. Knows nothing of plans: a life is what was written by one call and
/// read until the bytes were written anew. Loads and stores come in the order in which the core made them.
///
/// Which call a life belongs to: of the calls that were running both when a byte was written and when it was
/// last read, the innermost is where the bytes changed hands; the life belongs to the call directly below it
/// that wrote. So rows that a helper writes for a kernel are the kernel's, and a kernel's own scratch is
/// inside that kernel.
class LifeTracker {
 public:
  /// A number that the caller gives each function; 0: unknown.
  using Function = std::uint32_t;

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

  LifeTracker(std::vector<Span> memory, std::vector<Container> containers);
  ~LifeTracker();

  /// What follows happens at this cycle.
  void at(std::uint64_t cycle);
  void call(Function function);
  void leave();
  /// A step begins (its index), or none runs (-1).
  void step(std::int32_t index);

  void load(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc);
  void store(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc);
  /// Bytes that are there before the first instruction, or that a host call or a DMA brings.
  void arrive(std::uint32_t address, std::uint32_t bytes, Function by);
  void allocate(const Container& block);
  void release(std::uint32_t address);

  /// Lives so far, by number; a later answer repeats those that have changed since, and new ones.
  /// Deterministic. Functions are in writer and reader, still as the caller's numbers. `last`: the run is
  /// over.
  std::vector<Life> take(bool last);
  std::uint64_t dropped() const;  ///< lives that found no room

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace traces
