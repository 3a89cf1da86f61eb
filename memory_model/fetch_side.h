// Instruction fetches: I-cache, prefetch queue, and what comes over the bus each time.
#pragma once

#include <cstdint>

#include "memory_model/art.h"
#include "memory_model/cache.h"
#include "memory_model/counts.h"
#include "memory_model/interconnect.h"
#include "memory_model/line_fills.h"
#include "memory_model/places.h"
#include "memory_model/stall.h"

namespace memory_model {

class FetchSide {
 public:
  /// What it works with; all of it must outlive it.
  struct Around {
    Interconnect& bus;
    Places& places;
    Art& art;
    Counts& counts;
  };
  FetchSide(const CacheGeometry& geometry, const Around& around)
      : cache_(geometry), fills_(1), around_(around) {}

  Stall fetch(std::uint32_t address, unsigned bytes, bool jumped, isa::Cycles now);
  const std::uint64_t& epoch() const { return epoch_; }
  /// What was settled no longer is.
  void new_epoch() { ++epoch_; }
  void enable(bool enabled);
  void invalidate(std::uint32_t line);
  void invalidate_all();
  void reset();

 private:
  /// A stretch within one line, as the prefetch unit asks for it.
  struct Want {
    std::uint32_t address = 0;
    unsigned bytes = 0;
    isa::Cycles needed;  ///< by the core, the first byte
    bool straight = false;
  };
  Stall fetch_line(const Want& want);
  Stall cached(const Want& want);
  Stall from_bus(const Want& want);
  Time asked_at(const Want& want) const;
  Stall arrival(const Want& want, const LineFills::Fill& fill, Time asked) const;

  Cache cache_;
  LineFills fills_;
  Around around_;
  bool enabled_ = false;
  std::uint64_t epoch_ = 1;
};

}  // namespace memory_model
