// Everything between the core's load/store and fetch ports and the memories: TCMs, caches, and behind them
// the bus, as SystemC TLM-2.0. It holds no data of its own: it says what each access costs.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "isa/units.h"
#include "memory_model/board.h"
#include "memory_model/counts.h"
#include "memory_model/mpu_region.h"
#include "memory_model/operating_point.h"
#include "memory_model/quick_lines.h"
#include "memory_model/stall.h"

namespace memory_model {

class Interconnect;

class MemorySystem {
 public:
  /// Instances live side by side; each has its own SystemC context. `board` must outlive it.
  explicit MemorySystem(const Board& board);
  ~MemorySystem();
  MemorySystem(const MemorySystem&) = delete;
  MemorySystem& operator=(const MemorySystem&) = delete;

  /// As after power-on (`now` starts at 0 again): caches off and invalid, clocks and wait states at their
  /// reset values, MPU off.
  void reset();

  /// Whether this access is known to cost nothing and to change nothing here (a TCM, or a hit in a line whose
  /// state it leaves as it is). For accesses within one line of 32 bytes; one that crosses must go to `load`
  /// or `store`, which split it.
  bool quick_load(std::uint32_t address) const { return quick_loads_.has(address); }
  bool quick_store(std::uint32_t address) const { return quick_stores_.has(address); }
  /// The next access to the line that holds `address` is not quick.
  void forget_quick(std::uint32_t address) {
    quick_loads_.remove(address / kLineBytes);
    quick_stores_.remove(address / kLineBytes);
  }

  /// Data accesses of 1 to 8 bytes, made at core cycle `now`.
  /// `now` never decreases by more than a block's length. Outside every region: no stall.
  Stall load(isa::Address address, unsigned bytes, isa::Cycles now);
  Stall store(isa::Address address, unsigned bytes, isa::Cycles now);
  /// Instruction fetch of [address, address + bytes), straight on. `jumped`: something else was fetched
  /// before.
  Stall fetch(isa::Address address, unsigned bytes, bool jumped, isa::Cycles now);
  /// While this is unchanged, a fetch that was `settled` would again cost nothing and change nothing. One
  /// that was not must be made each time: it came over the bus or through the flash accelerator, or had to
  /// wait.
  std::uint64_t fetch_epoch() const { return *fetch_epoch_; }

  /// What firmware's registers have set. Takes effect at once: at the time of the latest access or `advance`.
  const OperatingPoint& operating_point() const;
  void set_operating_point(const OperatingPoint& point);

  /// Later regions win. The board says how many there are (`Board::mpu_regions`).
  using MpuRegion = memory_model::MpuRegion;
  using AccessKind = memory_model::AccessKind;
  /// `background`: PRIVDEFENA, the default map behind the regions.
  void set_mpu(std::span<const MpuRegion> regions, bool enabled, bool background);
  /// Whether the MPU (or, without it, the default map) lets this access be.
  bool permitted(isa::Address address, AccessKind kind, bool privileged) const;

  /// Cache maintenance (Armv7-M ARM B2.2.7), and what it takes.
  enum class Maintenance : std::uint8_t {
    kIciallu,
    kIcimvau,
    kDcimvac,
    kDcisw,
    kDccmvau,
    kDccmvac,
    kDccsw,
    kDccimvac,
    kDccisw
  };
  Stall maintain(Maintenance operation, std::uint32_t argument, isa::Cycles now);
  /// A barrier: waits until the store buffer and the bus are empty.
  Stall drain(isa::Cycles now);

  using CacheCounts = memory_model::CacheCounts;
  using Counts = memory_model::Counts;
  Counts counts() const;

  /// The buses, for other masters and for the bytes behind them (memory_model/interconnect.h).
  Interconnect& interconnect();
  /// Lets other bus masters do all that is due at `now`; also done by every access that leaves the quick
  /// path.
  void advance(isa::Cycles now);

 private:
  QuickLines quick_loads_, quick_stores_;
  const std::uint64_t* fetch_epoch_;  ///< asked for every block, so not by a call
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace memory_model
