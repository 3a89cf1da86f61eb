#include "memory_model/memory_system.h"

#include <algorithm>
#include <optional>

#include "memory_model/art.h"
#include "memory_model/core_port.h"
#include "memory_model/data_side.h"
#include "memory_model/fetch_side.h"
#include "memory_model/interconnect.h"
#include "memory_model/places.h"

namespace memory_model {
namespace {

int art_lines(const Board& board) {
  auto has = std::find_if(board.regions.begin(), board.regions.end(), [](const Region& r) { return r.art; });
  return has == board.regions.end() ? 0 : has->art->lines;
}

}  // namespace

struct MemorySystem::Impl {
  Impl(const Board& board_, QuickLines& quick_loads, QuickLines& quick_stores)
      : board(board_),
        bus(board_),
        places(board_),
        art(art_lines(board_), bus, counts),
        data(board_.dcache, {bus, places, art, quick_loads, quick_stores, counts}),
        code(board_.icache, {bus, places, art, counts}) {}

  void see(isa::Cycles now) {
    latest = std::max(latest, now);
    bus.advance(now);
  }

  const Board& board;
  OperatingPoint point;
  isa::Cycles latest;  ///< time of the latest access
  Counts counts;
  Interconnect bus;
  Places places;
  Art art;
  DataSide data;
  FetchSide code;
};

MemorySystem::MemorySystem(const Board& board)
    : impl_(std::make_unique<Impl>(board, quick_loads_, quick_stores_)) {
  fetch_epoch_ = &impl_->code.epoch();
  reset();
}

MemorySystem::~MemorySystem() = default;

void MemorySystem::reset() {
  impl_->data.reset();
  impl_->code.reset();
  impl_->art.reset();
  impl_->bus.reset();
  impl_->counts = {};
  impl_->latest = isa::Cycles(0);
  set_mpu({}, false, false);
  set_operating_point(impl_->board.reset_point);
}

Stall MemorySystem::load(isa::Address address, unsigned bytes, isa::Cycles now) {
  impl_->see(now);
  const std::uint32_t first = kLineBytes - address.value % kLineBytes;
  if (bytes <= first) return impl_->data.load(address.value, bytes, now);
  Stall stall = impl_->data.load(address.value, first, now);
  return stall += impl_->data.load(address.value + first, bytes - first, now + isa::Cycles(stall.total()));
}

Stall MemorySystem::store(isa::Address address, unsigned bytes, isa::Cycles now) {
  impl_->see(now);
  const std::uint32_t first = kLineBytes - address.value % kLineBytes;
  if (bytes <= first) return impl_->data.store(address.value, bytes, now);
  Stall stall = impl_->data.store(address.value, first, now);
  return stall += impl_->data.store(address.value + first, bytes - first, now + isa::Cycles(stall.total()));
}

Stall MemorySystem::fetch(isa::Address address, unsigned bytes, bool jumped, isa::Cycles now) {
  impl_->see(now);
  return impl_->code.fetch(address.value, bytes, jumped, now);
}

const OperatingPoint& MemorySystem::operating_point() const {
  return impl_->point;
}

void MemorySystem::set_operating_point(const OperatingPoint& point) {
  impl_->point = point;
  impl_->bus.set_operating_point(point, impl_->latest);
  impl_->art.set(point.art, point.flash_prefetch);
  impl_->data.enable(point.dcache);
  impl_->code.enable(point.icache);
  impl_->code.new_epoch();
  quick_loads_.clear();
  quick_stores_.clear();
}

void MemorySystem::set_mpu(std::span<const MpuRegion> regions, bool enabled, bool background) {
  impl_->places.set_mpu(regions, enabled, background);
  impl_->code.new_epoch();
  quick_loads_.clear();
  quick_stores_.clear();
}

bool MemorySystem::permitted(isa::Address address, AccessKind kind, bool privileged) const {
  return impl_->places.attributes().permitted(address, kind, privileged);
}

Stall MemorySystem::maintain(Maintenance operation, std::uint32_t argument, isa::Cycles now) {
  impl_->see(now);
  DataSide& data = impl_->data;
  const Stall stall{kMaintenanceCycles, 0, 0, false};
  const std::uint32_t line = argument / kLineBytes;
  const std::optional<std::uint32_t> in_way = data.line_of_set_way(argument);
  switch (operation) {
    case Maintenance::kIciallu:
      impl_->code.invalidate_all();
      return stall;
    case Maintenance::kIcimvau:
      impl_->code.invalidate(line);
      return stall;
    case Maintenance::kDcimvac:
      data.invalidate(line);
      return stall;
    case Maintenance::kDcisw:
      if (in_way) data.invalidate(*in_way);
      return stall;
    case Maintenance::kDccmvau:
    case Maintenance::kDccmvac:
      return data.clean(line, false, now);
    case Maintenance::kDccimvac:
      return data.clean(line, true, now);
    case Maintenance::kDccsw:
      return in_way ? data.clean(*in_way, false, now) : stall;
    case Maintenance::kDccisw:
      return in_way ? data.clean(*in_way, true, now) : stall;
  }
  return stall;
}

Stall MemorySystem::drain(isa::Cycles now) {
  impl_->see(now);
  return impl_->data.drain(now);
}

Counts MemorySystem::counts() const {
  return impl_->counts;
}

Interconnect& MemorySystem::interconnect() {
  return impl_->bus;
}

void MemorySystem::advance(isa::Cycles now) {
  impl_->see(now);
}

}  // namespace memory_model
