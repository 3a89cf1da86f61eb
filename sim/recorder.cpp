// A recorder's slow part: what is written, and when.
#include "sim/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sim {
namespace {

using traces::LifeKind;
using traces::LifeTracker;

std::vector<traces::Region> regions_of(const memory_model::Board& board) {
  std::vector<traces::Region> regions;
  for (const memory_model::Region& r : board.regions) {
    regions.push_back({r.name, memory_model::to_string(r.kind), r.base.value,
                       static_cast<std::uint32_t>(r.size.value), r.writable()});
  }
  return regions;
}

/// Writable memory; what an alias shows is where it really is.
std::vector<LifeTracker::Span> writable_memory(const memory_model::Board& board) {
  std::vector<LifeTracker::Span> spans;
  for (std::size_t i = 0; i < board.regions.size(); ++i) {
    const memory_model::Region& r = board.regions[i];
    if (!r.writable() || !r.alias_of.empty()) continue;
    spans.push_back({r.base.value, static_cast<std::uint32_t>(r.size.value), static_cast<std::uint16_t>(i)});
  }
  return spans;
}

/// Variables, code that runs in RAM, and the stack. They do not overlap: the first of several symbols counts.
std::vector<LifeTracker::Container> containers(const memory_model::Board& board, const Firmware& firmware,
                                               Recorder::StackRange stack, traces::TraceWriter& writer) {
  std::vector<LifeTracker::Container> all;
  if (stack.top > stack.bottom) {
    all.push_back({stack.bottom, stack.top - stack.bottom, writer.intern("stack"), LifeKind::kStack});
  }
  std::uint64_t end = 0;
  for (const Symbol& symbol : firmware.symbols) {
    const std::uint32_t begin = symbol.address.value;
    const std::uint64_t after = std::uint64_t{begin} + static_cast<std::uint64_t>(symbol.size.value);
    const memory_model::Region* region = board.region_at(symbol.address);
    if (after == begin || !region || !region->writable() || begin < end) continue;
    if (begin < stack.top && after > stack.bottom) continue;
    end = after;
    all.push_back({begin, static_cast<std::uint32_t>(symbol.size.value), writer.intern(symbol.name),
                   symbol.is_function ? LifeKind::kUnknown : LifeKind::kStatic});
  }
  return all;
}

std::optional<traces::StepTable> step_table(const Firmware& firmware) {
  if (firmware.step_table.empty()) return std::nullopt;
  return traces::step_table_from_json(firmware.step_table);
}

std::vector<traces::Buffer> planned_buffers(const Firmware& firmware,
                                            const std::optional<traces::StepTable>& table,
                                            traces::TraceWriter& writer) {
  std::vector<traces::Buffer> buffers;
  const Symbol* arena = firmware.symbol(traces::kArenaSymbol);
  if (!table || !arena) return buffers;
  for (const traces::BufferRow& row : table->buffers) {
    traces::Buffer buffer;
    buffer.name = writer.intern(row.name);
    buffer.kind = writer.intern(traces::to_string(row.kind));
    buffer.type = writer.intern(row.type);
    buffer.shape = writer.intern(row.shape);
    buffer.tensor = row.tensor;
    buffer.address = arena->address.value + static_cast<std::uint32_t>(row.offset);
    buffer.bytes = static_cast<std::uint32_t>(row.bytes);
    buffer.first_step = row.first_step;
    buffer.last_step = row.last_step;
    buffers.push_back(buffer);
  }
  return buffers;
}

/// Bytes of the same region below an address.
std::uint32_t room_below(const memory_model::Board& board, std::uint32_t address) {
  const memory_model::Region* region = board.region_at(isa::Address(address));
  return region ? address - region->base.value : 0;
}

traces::MemoryCounts difference(const memory_model::Counts& a, const memory_model::Counts& b) {
  return {a.icache.line_fills - b.icache.line_fills, a.dcache.line_fills - b.dcache.line_fills,
          a.dcache.write_backs - b.dcache.write_backs, a.bus_transactions - b.bus_transactions,
          a.device_accesses - b.device_accesses};
}

traces::Counts difference(const Counts& a, const Counts& b) {
  traces::Counts counts{a.instructions - b.instructions,
                        a.loads - b.loads,
                        a.stores - b.stores,
                        a.load_bytes - b.load_bytes,
                        a.store_bytes - b.store_bytes,
                        a.causes,
                        {}};
  counts.causes -= b.causes;
  return counts;
}

const char* reason_of(RunEnd end) {
  switch (end) {
    case RunEnd::kExit:
      return "exit";
    case RunEnd::kFault:
      return "fault";
    case RunEnd::kLimit:
      return "limit";
    case RunEnd::kStopped:
      return "stopped";
  }
  return "";
}

}  // namespace

Recorder::Recorder(traces::TraceWriter& writer, const memory_model::Board& board, const Firmware& firmware,
                   StackRange stack, Core core)
    : writer_(writer),
      firmware_(firmware),
      stack_(stack),
      core_(std::move(core)),
      table_(step_table(firmware)),
      regions_(regions_of(board)),
      functions_(firmware),
      from_image_(functions_.add("the image")),
      from_host_(functions_.add("the host")),
      calls_(functions_, *this),
      heap_(functions_, core_.argument),
      lives_(writable_memory(board), containers(board, firmware, stack, writer)),
      heat_(regions_),
      findings_(board, firmware, table_ ? &*table_ : nullptr, containers(board, firmware, stack, writer),
                writer),
      lowest_(stack.top),
      guard_(stack.bottom - std::min(kGuard, room_below(board, stack.bottom))),
      names_(writer, functions_, firmware, regions_, planned_buffers(firmware, table_, writer)),
      deepest_(stack.top) {
  for (const memory_model::Region& r : board.regions) {
    const memory_model::Region* real = r.alias_of.empty() ? nullptr : board.region(r.alias_of);
    if (!real || !r.writable()) continue;
    aliases_.push_back({r.base.value, static_cast<std::uint32_t>(r.size.value), real->base.value});
  }
  heat_.begin(0, column_cycles_);
  write_start();
}

void Recorder::write_start() {
  writer_.add(std::span<const traces::Region>(regions_));
  std::vector<traces::Symbol> symbols;
  for (const Symbol& symbol : firmware_.symbols) {
    if (symbol.size.value == 0 && !symbol.is_function) continue;
    symbols.push_back({writer_.intern(symbol.name), symbol.address.value,
                       static_cast<std::uint32_t>(symbol.size.value), symbol.is_function});
  }
  writer_.add(std::span<const traces::Symbol>(symbols));
  writer_.set(std::span<const traces::Buffer>(names_.buffers()));
  writer_.flush(0);
}

// --- steps and samples ---

void Recorder::clock(double core_hz, std::uint64_t cycle) {
  writer_.add(traces::Clock{cycle, core_hz});
}

void Recorder::end_step(const Counts& now, const memory_model::Counts& memory) {
  if (!running_) return;
  traces::Step& step = running_->step;
  step.end = now.causes.total().value;
  step.counts = difference(now, running_->counts);
  step.counts.memory = difference(memory, running_->memory);
  writer_.add(step);
  ++steps_;
  running_.reset();
}

void Recorder::mark(int id, const Counts& now, const memory_model::Counts& memory) {
  const std::uint64_t cycle = now.causes.total().value;
  end_step(now, memory);
  lives_.at(cycle);
  lives_.step(-1);
  findings_.at(cycle);
  findings_.step(-1, -1);
  if (cycle >= next_snapshot_) snapshot(cycle, true);
  const bool known = table_ && id >= 0 && static_cast<std::size_t>(id) < table_->steps.size();
  if (table_ && !known) return;
  running_ = Running{{}, now, memory};
  traces::Step& step = running_->step;
  step.id = id;
  step.begin = cycle;
  if (known) {
    const traces::StepRow& row = table_->steps[static_cast<std::size_t>(id)];
    step.op = writer_.intern(row.op);
    step.name = writer_.intern(row.name);
    step.phase = writer_.intern("forward");
    step.macs = row.macs;
  }
  names_.step_begins(id);
  lives_.step(static_cast<std::int32_t>(steps_));
  findings_.step(static_cast<std::int32_t>(steps_), id);
}

void Recorder::look(const Counts& now) {
  const std::uint64_t cycle = now.causes.total().value;
  sample(now);
  bool full = heat_.next_column();
  ++columns_;
  due_ += column_cycles_;
  std::uint64_t left_out = cycle < due_ ? 0 : (cycle - due_) / column_cycles_ + 1;
  if (full || left_out > 0) write_heat();
  due_ += left_out * column_cycles_;
  columns_ += left_out;
  if (columns_ >= kColumnsOfAWidth) write_heat();
  const std::uint64_t begin = due_ - column_cycles_;
  while (columns_ >= kColumnsOfAWidth) {
    columns_ -= kColumnsOfAWidth;
    column_cycles_ *= 2;
  }
  due_ = begin + column_cycles_;
  if (heat_.empty()) heat_.begin(begin, column_cycles_);
  if (cycle >= next_snapshot_) snapshot(cycle, !running_);
}

void Recorder::sample(const Counts& now) {
  const Counts& before = sampled_;
  traces::Sample sample;
  sample.begin = before.causes.total().value;
  sample.end = now.causes.total().value;
  if (sample.end == sample.begin) return;
  sample.instructions = now.instructions - before.instructions;
  sample.causes = now.causes;
  sample.causes -= before.causes;
  const std::uint32_t sp = core_.stack_pointer();
  // A thread may have a stack elsewhere.
  const bool here = sp > stack_.bottom && sp <= stack_.top;
  if (here) lowest_ = std::min(lowest_, sp);
  sample.stack_bytes = stack_.top - lowest_;
  lowest_ = here ? sp : stack_.top;
  samples_.push_back(sample);
  sampled_ = now;
}

void Recorder::write_heat() {
  for (const traces::Heat& heat : heat_.take()) writer_.add(heat);
  writer_.add(std::span<const traces::Sample>(samples_));
  samples_.clear();
}

void Recorder::write_lives(bool last) {
  std::vector<traces::Life> lives = lives_.take(last);
  for (const traces::Life& life : lives) findings_.see(life);
  for (traces::Life& life : lives) names_.resolve(life);
  writer_.add(std::span<const traces::Life>(lives));
}

/// What was seen so far reaches the file. Lives name steps, so they wait until the step that runs is over.
void Recorder::snapshot(std::uint64_t cycle, bool lives) {
  if (lives) {
    write_lives(false);
    if (findings_.has_more()) write_findings(false, true);
    next_snapshot_ =
        cycle + std::max(std::clamp(cycle, kFirstSnapshot, kUsualSnapshot), cycle / kSnapshotGrowth);
  }
  write_heat();
  writer_.flush(cycle);
}

// --- the end ---

void Recorder::write_profile(const Profile& profile, std::uint64_t cycles,
                             const ProfileWriter::Sources& sources) {
  now_ = cycles;
  charge_calls();
  ProfileWriter listing(writer_, functions_, names_, profile, sources);
  listing.write_calls(tree_);
  listing.write_functions(tree_);
  listing.write_lines();
  listing.write_listings();
}

void Recorder::write_findings(bool last, bool cut_short) {
  traces::PlaceNames names;
  names.function = [this](std::uint32_t pc) { return functions_[functions_.at(pc)].name; };
  names.line = [this](std::uint32_t pc) { return names_.lines().at(isa::Address(pc)).to_text(); };
  names.intern = [this](std::string_view text) { return writer_.intern(text); };
  std::optional<traces::StackUse> stack;
  if (last && stack_.top > stack_.bottom) {
    stack = {stack_.top,
             stack_.top - stack_.bottom,
             stack_.top - deepest_,
             deepest_pc_,
             deepest_step_,
             deepest_cycle_,
             to_text(deepest_path_),
             findings_.variable_at(stack_.bottom - 1)};
  }
  const std::vector<traces::Finding> findings = findings_.findings(lives_, cut_short, stack, names);
  writer_.set(std::span<const traces::Finding>(findings));
  if (!last) return;
  std::vector<traces::Buffer> buffers = names_.buffers();
  findings_.fill(buffers);
  writer_.set(std::span<const traces::Buffer>(buffers));
}

void Recorder::finish(const RunResult& result, const memory_model::Counts& memory) {
  now_ = result.total.causes.total().value;
  charge_calls();
  end_step(result.total, memory);
  sample(result.total);
  heat_.next_column();
  write_heat();
  lives_.at(now_);
  write_lives(true);
  write_findings(true, result.end == RunEnd::kFault);

  traces::End end;
  end.reason = reason_of(result.end);
  end.exit_code = result.exit_code;
  end.cycles = now_;
  end.seconds = result.seconds;
  end.total = difference(result.total, {});
  end.total.memory = difference(memory, {});
  end.stack_top = stack_.top;
  end.stack_limit_bytes = stack_.top - stack_.bottom;
  end.stack_bytes = std::max(static_cast<std::uint32_t>(result.stack_used.value), stack_.top - deepest_);
  end.stack_cycle = deepest_cycle_;
  end.stack_path = writer_.intern(to_text(deepest_path_));
  end.lives_dropped = lives_.dropped();
  end.notes = result.notes;
  writer_.finish(end);
}

std::string Recorder::to_text(const Path& path) const {
  std::string text;
  for (std::size_t i = 0; i < path.depth; ++i) {
    const std::size_t kept = path.outer.size() + path.inner.size();
    const bool cut = path.depth > kept;
    if (cut && i == path.outer.size()) {
      text += fmt::format(" > ... {} more", path.depth - kept);
      i = path.depth - path.inner.size();
    }
    const std::uint32_t function = i < path.outer.size() ? path.outer[i] : path.inner[i % path.inner.size()];
    const std::string& name = functions_[function].name;
    text += fmt::format("{}{}", text.empty() ? "" : " > ", name.empty() ? "?" : name);
  }
  return text;
}

}  // namespace sim
