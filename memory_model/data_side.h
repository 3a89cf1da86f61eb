// Loads, stores and D-cache maintenance: D-cache, two linefill buffers, store buffer, and the way to the bus.
#pragma once

#include <array>
#include <cstdint>

#include "memory_model/art.h"
#include "memory_model/cache.h"
#include "memory_model/counts.h"
#include "memory_model/interconnect.h"
#include "memory_model/line_fills.h"
#include "memory_model/places.h"
#include "memory_model/quick_lines.h"
#include "memory_model/stall.h"
#include "memory_model/store_buffer.h"

namespace memory_model {

class DataSide {
 public:
  /// What it works with; all of it must outlive it.
  struct Around {
    Interconnect& bus;
    Places& places;
    Art& art;
    QuickLines& quick_loads;
    QuickLines& quick_stores;
    Counts& counts;
  };
  DataSide(const CacheGeometry& geometry, const Around& around)
      : cache_(geometry), fills_(2), around_(around) {}

  /// Within one line.
  Stall load(std::uint32_t address, unsigned bytes, isa::Cycles now);
  Stall store(std::uint32_t address, unsigned bytes, isa::Cycles now);
  /// Whether the cache is looked up at all. What it holds stays.
  void enable(bool enabled) { enabled_ = enabled && cache_.exists(); }

  Stall clean(std::uint32_t line, bool invalidate, isa::Cycles now);
  void invalidate(std::uint32_t line);
  /// The line that an operation by set and way names.
  std::optional<std::uint32_t> line_of_set_way(std::uint32_t argument) const;
  /// Waits until nothing is on its way to memory.
  Stall drain(isa::Cycles now) const;
  void reset();

 private:
  Stall load_cached(std::uint32_t address, isa::Cycles now);
  Stall load_uncached(std::uint32_t address, unsigned bytes, bool device, isa::Cycles now);
  Stall store_cached(const Place& place, std::uint32_t address, unsigned bytes, isa::Cycles now);
  Stall store_allocating(std::uint32_t address, unsigned bytes, isa::Cycles now);
  Stall store_to_bus(std::uint32_t address, unsigned bytes, Path path, isa::Cycles now);
  Stall store_around(std::uint32_t address, unsigned bytes, isa::Cycles now);
  LineFills::Fill& start_fill(std::uint32_t address, isa::Cycles now);
  isa::Cycles write_back(std::uint32_t line, Time at);
  void note_full_line(const LineFills::Fill& fill);
  void hit(std::uint32_t line, int way, bool dirty);
  void forget_quick_set(std::uint32_t line);
  /// The fill of `line` that the core still waits for parts of at `now`, or nullptr.
  LineFills::Fill* under_way(std::uint32_t line, isa::Cycles now);
  const Burst& transfer(std::uint32_t address, unsigned bytes, bool write, bool wraps, Time at);
  isa::Cycles cycles(Time t) const { return around_.bus.cycle_of(t); }

  Cache cache_;
  LineFills fills_;
  StoreBuffer stores_;
  Around around_;
  bool enabled_ = false;
  isa::Cycles written_back_;  ///< when the last write-back has reached memory
  isa::Cycles device_done_;   ///< when the last device store has been answered

  /// Dynamic read-allocate mode (Arm DDI0489F).
  int full_lines_ = 0;               ///< consecutive lines filled by stores before their linefill was done
  bool read_allocate_mode_ = false;  ///< stores that miss go to memory
  std::uint32_t burst_line_ = 0;     ///< the line that stores are being gathered for
  std::uint32_t burst_bytes_ = 0;    ///< which of its bytes: a mask; 0: none
};

}  // namespace memory_model
