#include "isa/branch_predictor.h"

#include <algorithm>

#include "isa/disassemble.h"

namespace isa {
namespace {

constexpr unsigned kSp = 13, kLr = 14, kPc = 15;

constexpr unsigned bits(unsigned word, int high, int low) {
  return word >> low & ((1u << (high - low + 1)) - 1);
}

/// `value` has `width` bits, the upper one its sign.
std::int64_t sign_extended(std::uint32_t value, int width) {
  std::uint32_t sign = 1u << (width - 1);
  return static_cast<std::int64_t>(value ^ sign) - static_cast<std::int64_t>(sign);
}

BranchKind through(unsigned reg) {
  return reg == kLr ? BranchKind::kReturn : BranchKind::kIndirect;
}

BranchKind narrow_kind(const Instruction& in) {
  std::uint16_t h = in.first;
  bool conditional = in.condition != kAlways;
  if (bits(h, 15, 12) == 0b1101 && bits(h, 11, 8) < 14) return BranchKind::kConditional;  // B T1
  if (bits(h, 15, 11) == 0b11100)
    return conditional ? BranchKind::kConditional : BranchKind::kDirect;  // B T2
  if ((h & 0xf500) == 0xb100) return BranchKind::kConditional;            // CBZ
  if ((h & 0xff87) == 0x4700) return through(bits(h, 6, 3));              // BX
  if ((h & 0xff87) == 0x4780) return BranchKind::kCall;                   // BLX
  if ((h & 0xff00) == 0xbd00) return BranchKind::kReturn;                 // POP
  if ((h & 0xff87) == 0x4687) return through(bits(h, 6, 3));              // MOV PC
  if ((h & 0xff87) == 0x4487) return BranchKind::kIndirect;               // ADD PC
  return BranchKind::kNone;
}

bool is_conditional_wide(std::uint16_t first, std::uint16_t second) {  // B T3
  return (first & 0xf800) == 0xf000 && (second & 0xd000) == 0x8000 && bits(first, 9, 6) < 14;
}

BranchKind wide_kind(const Instruction& in) {
  std::uint16_t h = in.first, second = in.second;
  bool conditional = in.condition != kAlways;
  if (is_conditional_wide(h, second)) return BranchKind::kConditional;
  if ((h & 0xf800) == 0xf000) {
    if ((second & 0xd000) == 0x9000) return conditional ? BranchKind::kConditional : BranchKind::kDirect;
    if ((second & 0xd000) == 0xd000) return BranchKind::kCall;
  }
  if ((h & 0xfff0) == 0xe8d0 && (second & 0x00e0) == 0) return BranchKind::kTable;
  bool list = (h & 0xffd0) == 0xe890 || (h & 0xffd0) == 0xe910;
  bool word = (h & 0xff70) == 0xf850 && bits(second, 15, 12) == kPc;
  if ((list && bits(second, 15, 15)) || word) {
    return bits(h, 3, 0) == kSp ? BranchKind::kReturn : BranchKind::kIndirect;
  }
  return BranchKind::kNone;
}

/// The distance of a direct branch from the address of its instruction plus 4.
std::optional<std::int64_t> distance(const Instruction& in) {
  std::uint16_t h = in.first, second = in.second;
  if (in.bytes == 2) {
    if (bits(h, 15, 12) == 0b1101) return sign_extended(bits(h, 7, 0) << 1, 9);
    if (bits(h, 15, 11) == 0b11100) return sign_extended(bits(h, 10, 0) << 1, 12);
    if ((h & 0xf500) == 0xb100) return bits(h, 9, 9) << 6 | bits(h, 7, 3) << 1;
    return std::nullopt;
  }
  if ((h & 0xf800) != 0xf000) return std::nullopt;
  unsigned s = bits(h, 10, 10), j1 = bits(second, 13, 13), j2 = bits(second, 11, 11);
  unsigned low = bits(second, 10, 0) << 1;
  if (is_conditional_wide(h, second)) {
    return sign_extended(s << 20 | j2 << 19 | j1 << 18 | bits(h, 5, 0) << 12 | low, 21);
  }
  unsigned i1 = !(j1 ^ s), i2 = !(j2 ^ s);
  return sign_extended(s << 24 | i1 << 23 | i2 << 22 | bits(h, 9, 0) << 12 | low, 25);
}

}  // namespace

BranchKind branch_kind(const Instruction& in) {
  return in.bytes == 2 ? narrow_kind(in) : wide_kind(in);
}

std::optional<Address> branch_target(const Instruction& in) {
  BranchKind kind = branch_kind(in);
  bool direct = kind == BranchKind::kConditional || kind == BranchKind::kDirect || kind == BranchKind::kCall;
  if (!direct) return std::nullopt;
  std::optional<std::int64_t> away = distance(in);
  if (!away) return std::nullopt;
  return in.address + Bytes(4 + *away);
}

Branch branch_of(const Instruction& in) {
  const Address next = in.address + Bytes(in.bytes);
  Branch branch{branch_kind(in), in.address, next, next, BranchPredictor::set_of(in.address)};
  std::optional<Address> target = branch_target(in);
  if (target && (branch.kind != BranchKind::kConditional || *target <= in.address)) {
    branch.static_guess = *target;
  }
  return branch;
}

BranchPredictor::Entry* BranchPredictor::find(const Branch& branch) {
  Set& set = sets_[branch.set];
  for (std::size_t way = 0; way < kWays; ++way) {
    if (set[way].branch != branch.at.value) continue;
    std::rotate(set.begin(), set.begin() + way, set.begin() + way + 1);
    return &set[0];
  }
  return nullptr;
}

void BranchPredictor::allocate(const Branch& branch, Address target, bool taken) {
  Set& set = sets_[branch.set];
  std::shift_right(set.begin(), set.end(), 1);
  set[0] = {branch.at.value, target.value, taken ? kTaken : kUnlikely};
}

void BranchPredictor::push(Address next) {
  returns_[top_++ % kReturns] = next.value;
}

Address BranchPredictor::pop() {
  return Address(returns_[--top_ % kReturns]);
}

bool BranchPredictor::look_up(const Branch& branch, Address went) {
  if (branch.kind == BranchKind::kNone) return true;
  bool taken = went != branch.next;
  if (branch.kind == BranchKind::kCall) push(branch.next);
  if (branch.kind == BranchKind::kReturn && taken) return pop() == went;

  Entry* entry = find(branch);
  if (!entry) {
    // A branch that static prediction gets wrong is learnt too, or it would go wrong for ever.
    bool right = went == branch.static_guess;
    if (taken || !right) allocate(branch, taken ? went : branch.static_guess, taken);
    return right;
  }
  bool expected_taken = entry->confidence >= kTaken;
  bool right = expected_taken ? entry->target == went.value : !taken;
  if (!taken) {
    if (entry->confidence > 0) --entry->confidence;
  } else if (entry->target == went.value) {
    if (entry->confidence < kSurely) ++entry->confidence;
  } else {
    entry->target = went.value;
    entry->confidence = kTaken;
  }
  return right;
}

}  // namespace isa
