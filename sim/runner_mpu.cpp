// The MPU: what its registers say goes to the memory model, and what it forbids is a MemManage fault. While
// it is off, or restricts nothing, none of this is asked.
//
// Accesses are checked when they leave the memory model's quick path: the lines on it have been permitted
// since the regions, or the core's privilege, last changed, because then all of them are forgotten. Code is
// checked the same way, block by block.
#include <fmt/format.h>

#include "memory_model/attributes.h"
#include "sim/runner.h"

namespace sim {
namespace {

using memory_model::AccessKind;
using memory_model::MpuRegion;

const char* rights(const MpuRegion& region, AccessKind kind) {
  if (kind == AccessKind::kFetch && memory_model::region_attributes(region).execute_never) {
    return region.execute_never ? "execute never" : "Device memory, so execute never";
  }
  switch (region.access) {
    case 1:
      return "privileged access only";
    case 2:
      return "unprivileged code may only read";
    case 5:
      return "privileged reads only";
    case 6:
    case 7:
      return "read only";
    default:
      return "no access";
  }
}

}  // namespace

/// MPU_CTRL, the regions, or who runs has changed.
void Runner::update_mpu() {
  const MpuRegisters& mpu = system_.mpu();
  std::uint32_t ipsr = cpu_.reg(UC_ARM_REG_IPSR);
  // It is off in HardFault and NMI, unless HFNMIENA (B3.5.4).
  bool suspended = (ipsr == kNmi || ipsr == kHardFault) && !mpu.in_hard_fault();
  bool on = mpu.enabled() && !suspended;
  if (!on && !mpu_on_) return;
  mpu_on_ = on;
  privileged_ = !cpu_.unprivileged();
  memory_system_.set_mpu(mpu.decoded(), on, mpu.background());
  cache_.flag_all(kUnchecked);
  update_traps();
}

/// The mode may have changed. Cheap while the MPU is off.
void Runner::mode_changed() {
  if (system_.mpu().enabled()) update_mpu();
}

/// True where the block may be fetched. Else a fault is raised.
bool Runner::may_execute(BlockCache::Slot& slot) {
  isa::Address begin(slot.address), last = begin + isa::Bytes(slot.size - 1);
  for (isa::Address at : {begin, last}) {
    if (memory_system_.permitted(at, AccessKind::kFetch, privileged_)) continue;
    raise(mem_manage(kIaccviol),
          forbidden(fmt::format("instruction fetch from {}", at), at, AccessKind::kFetch), begin, begin);
    return false;
  }
  slot.flags &= ~std::uint32_t{kUnchecked};
  return true;
}

/// The same for an access that is about to happen.
bool Runner::may_access(std::uint32_t address, std::uint32_t size, bool store) {
  AccessKind kind = store ? AccessKind::kStore : AccessKind::kLoad;
  for (isa::Address at : {isa::Address(address), isa::Address(address + size - 1)}) {
    if (memory_system_.permitted(at, kind, privileged_)) continue;
    if (store) forbid_store(isa::Address(address), size);
    raise_at_access(mem_manage(kDaccviol, address),
                    forbidden(describe_access(board_, store, size, isa::Address(address)), at, kind));
    return false;
  }
  return true;
}

/// A load may have put its line where stores are quick too, and the other way round.
void Runner::not_quick_where_forbidden(std::uint32_t address) {
  for (AccessKind kind : {AccessKind::kLoad, AccessKind::kStore}) {
    if (!memory_system_.permitted(isa::Address(address), kind, privileged_))
      memory_system_.forget_quick(address);
  }
}

std::string Runner::forbidden(const std::string& access, isa::Address at, AccessKind kind) const {
  if (std::optional<unsigned> region = system_.mpu().region_at(at)) {
    return fmt::format("{}: MPU region {} forbids it ({})", access, *region,
                       rights(system_.mpu().decoded()[*region], kind));
  }
  bool in_background = system_.mpu().background() && privileged_;
  return fmt::format("{}: {}", access,
                     in_background ? "the default memory map forbids it (execute never)"
                                   : "in no region of the MPU (MPU_CTRL.PRIVDEFENA is for privileged code)");
}

}  // namespace sim
