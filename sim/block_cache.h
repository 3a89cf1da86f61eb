// What is known of each translated block, found again by its address at the cost of one compare.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "isa/block.h"
#include "isa/units.h"
#include "sim/guest_memory.h"

namespace sim {

/// Flags of a block; a run stops before a block that has one of the flags it traps.
enum BlockFlag : std::uint32_t {
  kAnyBlock = 1,          ///< every block
  kUsesFpu = 2,           ///< needs CPACR
  kUsesDouble = 4,        ///< double-precision arithmetic
  kInRam = 8,             ///< its bytes may change under it
  kStrictAlignment = 16,  ///< has a load or store that must be aligned
  kHangs = 32,            ///< is one branch to itself
  kReadsDoubles = 64,     ///< its cost depends on double-precision operands
  kNowhere = 128,         ///< holds no instruction of the guest's memory
  kDivides = 256,         ///< has a division
  kSendsEvent = 512,      ///< has SEV
  kUnchecked = 2048,      ///< the MPU has not been asked whether it may be fetched
  kChangesMasks = 1024,   ///< has CPS or MSR: may let exceptions through, or hold them off
};

class AccessSites;
struct BlockTiming;

/// A block as Unicorn reports it: an address and a size in bytes. Not a basic block of the program: it also
/// ends at pages of 1 KiB, and begins wherever something jumps to.
struct Block {
  isa::Address address;
  std::uint32_t size = 0, flags = 0, instructions = 0;
  const std::uint8_t* host = nullptr;  ///< its bytes in guest memory
  std::vector<std::uint8_t> bytes;     ///< as they were when it was taken apart
  std::vector<isa::Instruction> code;
  /// Which instruction makes the n-th access; empty where that depends on conditions.
  std::vector<std::uint16_t> access_plan;
  std::unique_ptr<BlockTiming> timing;
  mutable std::unique_ptr<AccessSites> sites;  ///< made when a recorder first asks

  Block();
  ~Block();
};

class BlockCache {
 public:
  struct Slot {
    std::uint32_t address = 1;  ///< odd: matches no block
    std::uint32_t size = 0, flags = 0;
    Block* block = nullptr;
    BlockTiming* timing = nullptr;
    std::uint64_t fetch_epoch = 0;  ///< MemorySystem's, when fetching the block last cost nothing
  };

  explicit BlockCache(const GuestMemory& memory) : memory_(memory), slots_(kSlots) {}

  /// The block at `address`, if its bytes are as they were when it was taken apart; else nullptr.
  Slot* find(std::uint32_t address, std::uint32_t size) {
    Slot& slot = slots_[(address >> 1) & (kSlots - 1)];
    bool same = slot.address == address && slot.size == size;
    return same && !((slot.flags & kInRam) && changed(*slot.block)) ? &slot : nullptr;
  }
  /// The block at `address`, taken apart at its first use and where its bytes have changed.
  Slot& add(std::uint32_t address, std::uint32_t size);
  /// Whether so many blocks are known that it is time to `clear`.
  bool full() const { return blocks_.size() + retired_.size() >= kMaxBlocks; }
  /// Sets a flag of every slot.
  void flag_all(BlockFlag flag) {
    for (Slot& slot : slots_) slot.flags |= flag;
  }
  /// Forgets every block. Pointers to blocks dangle.
  void clear();

 private:
  static constexpr std::size_t kSlots = 1 << 14, kMaxBlocks = 1 << 17;

  static bool changed(const Block& block);

  const GuestMemory& memory_;
  std::vector<Slot> slots_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Block>> blocks_;
  std::vector<std::unique_ptr<Block>> retired_;  ///< overwritten; what is remembered of them stays true
};

}  // namespace sim
