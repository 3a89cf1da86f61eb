// Blocks, taken apart once.
#include "sim/block_cache.h"

#include <algorithm>
#include <cstring>

#include "isa/double_operands.h"
#include "sim/access_sites.h"
#include "sim/cycle_model.h"

namespace sim {
namespace {

std::uint32_t flags_of(const Block& block, bool in_ram) {
  std::uint32_t flags = kAnyBlock | kUnchecked | (in_ram ? kInRam : 0u);
  for (const isa::Instruction& in : block.code) {
    if (in.fpu) flags |= kUsesFpu;
    if (in.double_precision) flags |= kUsesDouble;
    if (isa::double_operands(in.first, in.second)) flags |= kReadsDoubles;
    auto access = isa::memory_access(in.first, in.second);
    if (access && access->aligned) flags |= kStrictAlignment;
    if (isa::is_divide(in.first, in.second)) flags |= kDivides;
    if (in.first == 0xbf40 || (in.first == 0xf3af && in.second == 0x8004)) flags |= kSendsEvent;
    bool cps = (in.first & 0xffe8) == 0xb660;
    bool msr = (in.first & 0xffe0) == 0xf380 && (in.second & 0xd000) == 0x8000;
    if (cps || msr) flags |= kChangesMasks;
  }
  if (block.code.empty()) flags |= kNowhere;
  // B . in its 16-bit and 32-bit forms.
  const isa::Instruction* only = block.code.size() == 1 ? &block.code[0] : nullptr;
  if (only && (only->first == 0xe7fe || (only->first == 0xf7ff && only->second == 0xbffe))) flags |= kHangs;
  return flags;
}

std::vector<std::uint16_t> access_plan(const Block& block) {
  std::vector<std::uint16_t> plan;
  for (std::size_t i = 0; i < block.code.size(); ++i) {
    const isa::Instruction& in = block.code[i];
    auto access = isa::memory_access(in.first, in.second);
    if (!access) continue;
    if (access->may_skip || in.condition != isa::kAlways) return {};
    plan.insert(plan.end(), access->count, static_cast<std::uint16_t>(i));
  }
  return plan;
}

}  // namespace

bool BlockCache::changed(const Block& block) {
  return std::memcmp(block.host, block.bytes.data(), block.bytes.size()) != 0;
}

Block::Block() = default;
Block::~Block() = default;

BlockCache::Slot& BlockCache::add(std::uint32_t address, std::uint32_t size) {
  std::unique_ptr<Block>& owned = blocks_[std::uint64_t{address} << 32 | size];
  if (!owned || changed(*owned)) {
    if (owned) retired_.push_back(std::move(owned));
    owned = std::make_unique<Block>();
    Block& block = *owned;
    block.address = isa::Address(address);
    block.size = size;
    std::span<std::uint8_t> there = memory_.from(block.address);
    there = there.first(std::min<std::size_t>(there.size(), size));
    block.host = there.data();
    block.bytes.assign(there.begin(), there.end());
    block.code = isa::instructions_of(block.bytes, block.address);
    block.instructions = static_cast<std::uint32_t>(block.code.size());
    const GuestMemory::Mapping* mapping = memory_.find(block.address);
    block.access_plan = access_plan(block);
    block.flags = flags_of(block, mapping && mapping->region->writable());
    block.timing = std::make_unique<BlockTiming>(block);
  }
  Slot& slot = slots_[(address >> 1) & (kSlots - 1)];
  slot = {address, size, owned->flags, owned.get(), owned->timing.get(), 0};
  return slot;
}

void BlockCache::clear() {
  slots_.assign(kSlots, {});
  blocks_.clear();
  retired_.clear();
}

}  // namespace sim
