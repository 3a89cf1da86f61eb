// Interim: no access stalls, until the memory system is in.
#include "memory_model/memory_system.h"
namespace memory_model {
struct MemorySystem::Impl {
  OperatingPoint p;
};
MemorySystem::MemorySystem(const Board& b) : impl_(new Impl) {
  impl_->p.core_hz = b.core_hz;
  quick_loads_.fill(0xffffffff);
  quick_stores_.fill(0xffffffff);
}
MemorySystem::~MemorySystem() = default;
void MemorySystem::reset() {}
Stall MemorySystem::load(isa::Address a, unsigned, isa::Cycles) {
  quick_loads_[a.value / kLine % kQuick] = a.value / kLine;
  return {};
}
Stall MemorySystem::store(isa::Address a, unsigned, isa::Cycles) {
  quick_stores_[a.value / kLine % kQuick] = a.value / kLine;
  return {};
}
Stall MemorySystem::fetch(isa::Address, unsigned, bool, isa::Cycles) {
  return {};
}
std::uint64_t MemorySystem::fetch_epoch() const {
  return 1;
}
const OperatingPoint& MemorySystem::operating_point() const {
  return impl_->p;
}
void MemorySystem::set_operating_point(const OperatingPoint& p) {
  impl_->p = p;
}
MemorySystem::Counts MemorySystem::counts() const {
  return {};
}
}  // namespace memory_model
