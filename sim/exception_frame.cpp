// Stack frames.
#include "sim/exception_frame.h"

namespace sim {
namespace {

/// Bit 9 of the stacked xPSR: the stack was four bytes off eight.
constexpr std::uint32_t kRealigned = 1u << 9;

isa::Address word(std::uint32_t base, unsigned index) {
  return isa::Address(base + 4 * index);
}

}  // namespace

Pushed push_frame(CoreState& core, const PushRules& rules, const StackMemory& memory) {
  Pushed pushed;
  bool align = rules.align || rules.fp;
  std::uint32_t& sp = core.sp();
  bool was_off = align && (sp & 4);
  sp = (sp - (rules.fp ? kExtendedFrame : kBasicFrame)) & (align ? ~7u : ~3u);
  pushed.frame = isa::Address(sp);
  pushed.exc_return = kExcReturn | (rules.fp ? 0 : kExcReturnBasic) | (core.thread() ? kExcReturnThread : 0) |
                      (core.thread() && core.process_stack ? kExcReturnProcess : 0);
  const std::uint32_t words[] = {
      core.r[0],  core.r[1], core.r[2], core.r[3],
      core.r[12], core.lr,   core.pc,   (core.xpsr & ~kRealigned) | (was_off ? kRealigned : 0)};
  for (unsigned i = 0; i < 8; ++i) {
    if (!memory.store(word(sp, i), words[i]) && !pushed.failed) pushed.failed = word(sp, i);
  }
  return pushed;
}

std::optional<isa::Address> push_fp(const FpState& fp, isa::Address where, const StackMemory& memory) {
  for (unsigned i = 0; i < 17; ++i) {
    isa::Address at = word(where.value, i);
    if (!memory.store(at, i < 16 ? fp.s[i] : fp.fpscr)) return at;
  }
  return std::nullopt;
}

Popped pop_frame(CoreState& core, std::uint32_t exc_return, bool align, const StackMemory& memory) {
  Popped popped;
  popped.basic = exc_return & kExcReturnBasic;
  std::uint32_t& sp =
      (exc_return & kExcReturnThread) && (exc_return & kExcReturnProcess) ? core.psp : core.msp;
  popped.frame = isa::Address(sp);
  std::uint32_t words[8];
  for (unsigned i = 0; i < 8; ++i) {
    std::optional<std::uint32_t> value = memory.load(word(sp, i));
    if (!value) {
      popped.failed = word(sp, i);
      return popped;
    }
    words[i] = *value;
  }
  for (unsigned i = 0; i < 4; ++i) core.r[i] = words[i];
  core.r[12] = words[4];
  core.lr = words[5];
  core.pc = words[6] & ~1u;
  core.xpsr = words[7] & ~kRealigned;
  sp += popped.basic ? kBasicFrame : kExtendedFrame;
  if ((words[7] & kRealigned) && (align || !popped.basic)) sp |= 4;
  return popped;
}

std::optional<isa::Address> pop_fp(FpState& fp, isa::Address where, const StackMemory& memory) {
  for (unsigned i = 0; i < 17; ++i) {
    isa::Address at = word(where.value, i);
    std::optional<std::uint32_t> value = memory.load(at);
    if (!value) return at;
    (i < 16 ? fp.s[i] : fp.fpscr) = *value;
  }
  return std::nullopt;
}

}  // namespace sim
