// The flash accelerator of the STM32F7 (ART): a small cache of flash lines on the ITCM port, which reads the
// next line ahead.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "memory_model/counts.h"
#include "memory_model/interconnect.h"
#include "memory_model/stall.h"

namespace memory_model {

class Art {
 public:
  /// `lines` 0: the board has none. The others must outlive it.
  Art(int lines, Interconnect& bus, Counts& counts);

  void set(bool enabled, bool prefetch);
  void reset();
  /// An access of the ITCM port to flash. Lines are replaced by least recent use (ST RM0385).
  Stall read(std::uint32_t address, unsigned bytes, isa::Cycles now);

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  struct Slot {
    std::uint32_t line = kNone;
    std::uint64_t used = 0;
  };
  bool find(std::uint32_t line);
  void keep(std::uint32_t line);
  void read_ahead(std::uint32_t line, Time at);
  Burst fetch(std::uint32_t address, unsigned bytes, bool wraps, Time at);

  Interconnect& bus_;
  Counts& counts_;
  std::vector<Slot> slots_;
  std::uint64_t uses_ = 0;
  std::uint32_t latest_ = kNone;  ///< the line that the last access was in
  std::uint32_t ahead_ = kNone;   ///< the line being, or having been, read ahead
  Time ahead_at_ = 0;             ///< when it is there
  bool enabled_ = false, prefetch_ = false;
};

}  // namespace memory_model
