// Interim: one cycle an instruction, until the tables of the core are in.
#include "isa/branch_predictor.h"
#include "isa/core_timing.h"
namespace isa {
const char* to_string(Cause) {
  return "issue";
}
struct TimedBlock::Impl {
  std::size_t n = 0, acc = 0;
  std::vector<std::uint8_t> m;
};
TimedBlock::TimedBlock(std::span<const Instruction> c) : impl_(new Impl) {
  impl_->n = c.size();
  for (auto& i : c) {
    auto a = memory_access(i.first, i.second);
    if (a) {
      impl_->acc += a->count;
      for (int k = 0; k < a->count; ++k) impl_->m.push_back(!a->store);
    }
  }
}
TimedBlock::~TimedBlock() = default;
TimedBlock::TimedBlock(TimedBlock&&) noexcept = default;
TimedBlock& TimedBlock::operator=(TimedBlock&&) noexcept = default;
BlockCost TimedBlock::charge(const Entry& e, std::vector<InstructionCost>* each) const {
  BlockCost b;
  b.causes[Cause::kIssue] = impl_->n;
  b.access_cycle.resize(e.accesses.size(), 1);
  if (each) {
    each->assign(impl_->n, {});
    for (std::size_t i = 0; i < impl_->n; ++i) {
      (*each)[i].issue_cycle = i;
      (*each)[i].cycles[Cause::kIssue] = 1;
    }
  }
  return b;
}
std::span<const std::uint8_t> TimedBlock::bank_matters() const {
  return impl_->m;
}
PipelineState idle_pipeline() {
  return {};
}
BranchKind branch_kind(const Instruction& in) {
  return (in.first & 0xf000) == 0xd000 ? BranchKind::kConditional : BranchKind::kNone;
}
BranchPredictor::BranchPredictor() {
  entries_.resize(64);
}
void BranchPredictor::reset() {}
bool BranchPredictor::foresaw(Address b, BranchKind, Address n, Address w) {
  auto& e = entries_[b.value / 2 % 64];
  bool taken = w != n;
  bool hit = e.branch == b.value;
  bool p = hit ? e.confidence >= 2 : w < n;
  e.branch = b.value;
  if (taken) {
    if (e.confidence < 3) ++e.confidence;
  } else if (e.confidence)
    --e.confidence;
  return p == taken;
}
}  // namespace isa
std::size_t std::hash<isa::PipelineState>::operator()(const isa::PipelineState& s) const noexcept {
  std::size_t h = 0;
  for (auto b : s.bytes) h = h * 31 + b;
  return h;
}
