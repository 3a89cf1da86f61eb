// A run that is taken down: what the recorder is told, and when.
#include <algorithm>
#include <fstream>

#include "sim/runner.h"

namespace sim {
namespace {

constexpr std::uint32_t kProcessStack = 2;  // CONTROL.SPSEL
constexpr std::uint8_t kStackPointer = 13;

std::optional<std::string> text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  // More than that is no source file.
  constexpr std::size_t kMost = 4 << 20;
  std::string text(kMost, 0);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

void Runner::start_recorder(std::uint32_t stack_bottom) {
  Recorder::Core core;
  core.argument = [this](unsigned n) { return cpu_.reg(UC_ARM_REG_R0 + static_cast<int>(n)); };
  core.stack_pointer = [this] { return cpu_.reg(UC_ARM_REG_SP); };
  core.pushes = [this](isa::Address pc) { return stores_by_main_stack_pointer(pc); };
  recorder_ = std::make_unique<Recorder>(*environment_->trace, board_, firmware_,
                                         Recorder::StackRange{initial_sp_, stack_bottom}, std::move(core));
  for (const Segment& segment : firmware_.segments) {
    recorder_->arrive(segment.address, isa::Bytes(static_cast<std::int64_t>(segment.bytes.size())),
                      Recorder::Origin::kImage);
  }
  for (const Extent& extent : host_wrote_) {
    recorder_->arrive(extent.begin, extent.size, Recorder::Origin::kHost);
  }
}

bool Runner::stores_by_main_stack_pointer(isa::Address pc) const {
  const bool thread = cpu_.reg(UC_ARM_REG_IPSR) == 0;
  if (thread && (cpu_.reg(UC_ARM_REG_CONTROL) & kProcessStack)) return false;
  const std::vector<isa::Instruction> code = isa::instructions_of(memory_.from(pc).first(4), pc);
  if (code.empty()) return false;
  const auto access = isa::memory_access(code.front().first, code.front().second);
  return access && access->store && access->base == kStackPointer;
}

void Runner::host_wrote(isa::Address at, isa::Bytes size) {
  if (environment_ && recorder_) return recorder_->arrive(at, size, Recorder::Origin::kHost);
  // Before the run. Whoever writes more pieces than this tells of the first ones only.
  constexpr std::size_t kMost = 4096;
  if (!host_wrote_.empty() && host_wrote_.back().end() == at) {
    host_wrote_.back().size += size;
  } else if (host_wrote_.size() < kMost) {
    host_wrote_.push_back({at, size});
  }
}

/// What the current block has accessed so far. Where it has ended already, that was told.
void Runner::record_accesses() {
  if (block_ && model_.running()) recorder_->ran(*block_, log_, model_.at_block().value);
}

/// The current block ends without a next one: all of it, or its first `executed` instructions.
void Runner::record_end_of_block(std::optional<std::size_t> executed) {
  if (!block_ || !model_.running()) return;
  record_accesses();
  recorder_->executed(std::min<std::size_t>(executed.value_or(block_->instructions), block_->instructions));
}

void Runner::leave_and_record(std::uint32_t next) {
  if (block_ && model_.running()) {
    record_accesses();
    model_.leave(next, log_);
    recorder_->went(*block_, next, model_.at_block().value);
  }
  recorder_->forget_log();
}

void Runner::record_look() {
  guarded([&] { recorder_->look(model_.counts()); });
  set_horizon();
}

void Runner::record_clock() {
  if (!recorder_) return;
  guarded([&] { recorder_->clock(memory_system_.operating_point().core_hz, model_.at_block().value); });
}

/// The core refuses an access of the current block's last instruction.
void Runner::record_refusal(traces::FindingKind kind, const std::string& text, isa::Address address,
                            unsigned size, isa::Address pc) {
  if (recorder_ && !raised_ && !end_) recorder_->refused(kind, text, address, size, pc);
}

void Runner::finish_recorder(const RunResult& result) {
  const Profile profile = model_.profile();
  ProfileWriter::Sources sources;
  sources.memory = [this](isa::Address at, std::span<std::uint8_t> out) { return memory_.read(at, out); };
  sources.text = environment_->source_text;
  if (!sources.text) {
    sources.text = [this](const std::filesystem::path& name) {
      return text_of(firmware_.path.parent_path() / name);
    };
  }
  recorder_->write_profile(profile, result.total.causes.total().value, sources);
  recorder_->finish(result, memory_system_.counts());
  recorder_.reset();
}

}  // namespace sim
