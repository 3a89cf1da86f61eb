// Everything between the core's load/store and fetch ports and the memories: TCMs, caches, and behind them
// the bus, as SystemC TLM-2.0. It holds no data of its own: it says what each access costs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "isa/cause.h"
#include "isa/units.h"
#include "memory_model/board.h"
#include "memory_model/operating_point.h"

namespace memory_model {

/// Cycles the core waits, beyond what its pipeline charges for an access that hits.
struct Stall {
  std::uint32_t cycles = 0;  ///< for the access itself: the caller's cause is D-load, D-store or I-fetch
  std::uint32_t bus = 0;     ///< because the bus was busy with other transfers
  std::uint32_t device = 0;  ///< because a peripheral answered
  std::uint32_t total() const { return cycles + bus + device; }
};

class MemorySystem {
 public:
  /// Instances live side by side; each has its own SystemC context. `board` must outlive it.
  explicit MemorySystem(const Board& board);
  ~MemorySystem();
  MemorySystem(const MemorySystem&) = delete;
  MemorySystem& operator=(const MemorySystem&) = delete;

  /// As after power-on: caches off and invalid, clocks and wait states at their reset values, MPU off.
  void reset();

  /// Whether this access is known to cost nothing and to change nothing here (a TCM, or a hit in a line whose
  /// state it leaves as it is). Never true for an access that crosses a line.
  bool quick_load(std::uint32_t address) const {
    return quick_loads_[address / kLine % kQuick] == address / kLine;
  }
  bool quick_store(std::uint32_t address) const {
    return quick_stores_[address / kLine % kQuick] == address / kLine;
  }

  /// Data accesses of 1 to 8 bytes and fetches of the line that holds `address`, made at core cycle `now`.
  /// `now` never decreases by more than a block's length. Outside every region: no stall.
  Stall load(isa::Address address, unsigned bytes, isa::Cycles now);
  Stall store(isa::Address address, unsigned bytes, isa::Cycles now);
  /// Instruction fetch of [address, address + bytes), straight on. `jumped`: something else was fetched
  /// before.
  Stall fetch(isa::Address address, unsigned bytes, bool jumped, isa::Cycles now);
  /// While this is unchanged, a fetch that cost nothing would again cost nothing and change nothing.
  std::uint64_t fetch_epoch() const;

  /// What firmware's registers have set. Takes effect at once.
  const OperatingPoint& operating_point() const;
  void set_operating_point(const OperatingPoint& point);

  /// A region of the MPU, already decoded from RBAR and RASR; later ones win. Sub-regions are the caller's.
  struct MpuRegion {
    bool enabled = false;
    isa::Address base;
    std::uint64_t size = 0;       ///< 32 to 2^32
    std::uint8_t subregions = 0;  ///< SRD: a set bit takes that eighth out
    std::uint8_t tex = 0, access = 0;
    bool c = false, b = false, s = false, execute_never = false;
  };
  /// `background`: PRIVDEFENA, the default map behind the regions.
  void set_mpu(std::span<const MpuRegion> regions, bool enabled, bool background);
  enum class AccessKind : std::uint8_t { kLoad, kStore, kFetch };
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

  struct CacheCounts {
    std::uint64_t line_fills = 0, write_backs = 0;
  };
  struct Counts {
    CacheCounts icache, dcache;
    std::uint64_t bus_transactions = 0, device_accesses = 0;
  };
  Counts counts() const;

 private:
  static constexpr std::uint32_t kLine = 32, kQuick = 1024;
  std::array<std::uint32_t, kQuick> quick_loads_, quick_stores_;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace memory_model
