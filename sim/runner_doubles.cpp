// Operands of double-precision instructions, whose cost depends on them. They are read just before the
// instruction executes, by the one CODE hook there is; it covers only code that has such instructions, since
// it slows down all that it covers.
#include <algorithm>

#include "isa/double_operands.h"
#include "sim/runner.h"

namespace sim {

bool Runner::watches_doubles(const Block& block) {
  std::uint32_t begin = block.address.value, end = begin + block.size;
  if (double_hook_ && begin >= doubles_begin_ && end <= doubles_end_) return true;
  doubles_begin_ = double_hook_ ? std::min(doubles_begin_, begin) : begin;
  doubles_end_ = std::max(doubles_end_, end);
  again_ = block.address;
  uc_emu_stop(cpu_.engine());
  return false;
}

/// Hooks are baked into translations, so the wider hook needs new ones.
void Runner::widen_doubles() {
  if (double_hook_) check(uc_hook_del(cpu_.engine(), double_hook_), "remove a hook");
  check(uc_hook_add(cpu_.engine(), &double_hook_, UC_HOOK_CODE, reinterpret_cast<void*>(on_double), this,
                    doubles_begin_, doubles_end_ - 1),
        "add a hook");
  cpu_.forget(isa::Address(doubles_begin_), isa::Bytes(doubles_end_ - doubles_begin_));
}

void Runner::on_double(uc_engine*, std::uint64_t wide_address, std::uint32_t, void* self) {
  auto& runner = *static_cast<Runner*>(self);
  isa::Address address(static_cast<std::uint32_t>(wide_address));
  if (!runner.block_ || !(runner.block_->flags & kReadsDoubles)) return;
  auto in = std::ranges::lower_bound(runner.block_->code, address, {}, &isa::Instruction::address);
  if (in == runner.block_->code.end() || in->address != address) return;
  auto registers = isa::double_operands(in->first, in->second);
  if (!registers) return;
  std::vector<std::uint64_t> operands(registers->size());
  for (std::size_t i = 0; i < operands.size(); ++i) {
    uc_reg_read(runner.cpu_.engine(), UC_ARM_REG_D0 + (*registers)[i], &operands[i]);
  }
  runner.model_.doubles(address, isa::classify(operands));
}

}  // namespace sim
