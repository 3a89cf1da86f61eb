#include "traces/plan_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace traces {
namespace {

constexpr std::size_t kLongestAccess = 8;

}  // namespace

PlanWatch::PlanWatch(const StepTable& table, std::uint32_t arena)
    : table_(table),
      arena_(arena),
      size_(static_cast<std::uint32_t>(table.arena_bytes)),
      seen_(size_ + kLongestAccess),
      touched_(size_),
      load_of_(size_),
      store_of_(size_),
      writer_(size_, kNobody),
      taker_(size_),
      used_(table.buffers.size() + 1) {
  for (std::size_t i = 0; i < table.buffers.size(); ++i) {
    used_[i + 1].bytes.resize(static_cast<std::size_t>(table.buffers[i].bytes));
  }
  step(-1, -1);
}

void PlanWatch::step(std::int32_t index, std::int32_t id) {
  const bool known = id >= 0 && static_cast<std::size_t>(id) < table_.steps.size();
  index_ = index;
  id_ = known ? id : -1;
  // The mark behind the last step has the number of steps, or none runs.
  if (!known && from_start_ && last_id_ + 1 == static_cast<std::int32_t>(table_.steps.size()))
    complete_ = true;
  if (known) last_id_ = id;
  if (id == 0) from_start_ = true;
  std::ranges::fill(seen_, std::uint8_t{0});
  std::ranges::fill(load_of_, Use{0});
  std::ranges::fill(store_of_, Use{0});
  if (!known) return allow_edges();
  const StepRow& row = table_.steps[static_cast<std::size_t>(id)];
  row.writes < 0 ? allow_live_buffers() : allow_known_uses(row);
}

void PlanWatch::cover(std::vector<Use>& map, std::size_t buffer) const {
  const BufferRow& row = table_.buffers[buffer];
  std::fill_n(map.begin() + row.offset, row.bytes, static_cast<Use>(buffer + 1));
}

bool PlanWatch::alive(std::size_t buffer, std::int32_t id) const {
  return table_.buffers[buffer].first_step <= id && id <= table_.buffers[buffer].last_step;
}

void PlanWatch::allow_known_uses(const StepRow& row) {
  for (std::size_t i = 0; i < table_.buffers.size(); ++i) {
    const bool scratch = table_.buffers[i].kind == BufferKind::kScratch && alive(i, row.id);
    if (!scratch && static_cast<std::int32_t>(i) != row.writes) continue;
    cover(load_of_, i);
    cover(store_of_, i);
  }
  for (const int read : row.reads) cover(load_of_, static_cast<std::size_t>(read));
}

/// The table does not say what a step uses: whatever lives. A byte of several buffers is read as the older,
/// written as the newer.
void PlanWatch::allow_live_buffers() {
  for (const bool born_here : {true, false}) {
    for (std::size_t i = 0; i < table_.buffers.size(); ++i) {
      if (!alive(i, id_)) continue;
      const bool born = table_.buffers[i].first_step == id_ && table_.buffers[i].kind != BufferKind::kInput;
      if (born == born_here) cover(load_of_, i);
      if (born != born_here) cover(store_of_, i);
    }
  }
}

/// Around the steps a program brings inputs and takes outputs.
void PlanWatch::allow_edges() {
  for (const int input : table_.inputs) {
    cover(load_of_, static_cast<std::size_t>(input));
    cover(store_of_, static_cast<std::size_t>(input));
  }
  for (const int output : table_.outputs) cover(load_of_, static_cast<std::size_t>(output));
}

bool PlanWatch::makes(std::int32_t writer, Use use) const {
  if (writer == kOutside) return table_.buffers[use - 1].kind == BufferKind::kInput;
  return writer >= 0 &&
         table_.steps[static_cast<std::size_t>(writer)].writes == static_cast<std::int32_t>(use) - 1;
}

/// The input of the running step that has this byte.
PlanWatch::Use PlanWatch::input_at(std::uint32_t offset) const {
  if (id_ < 0) return 0;
  for (const int read : table_.steps[static_cast<std::size_t>(id_)].reads) {
    const BufferRow& row = table_.buffers[static_cast<std::size_t>(read)];
    if (offset >= row.offset && offset < row.offset + row.bytes) return static_cast<Use>(read + 1);
  }
  return 0;
}

/// A buffer that has this byte and lives in this step.
PlanWatch::Use PlanWatch::buffer_at(std::uint32_t offset, std::int32_t id) const {
  for (std::size_t i = 0; i < table_.buffers.size(); ++i) {
    const BufferRow& row = table_.buffers[i];
    if (alive(i, id) && offset >= row.offset && offset < row.offset + row.bytes) {
      return static_cast<Use>(i + 1);
    }
  }
  return 0;
}

bool PlanWatch::may_load(std::uint32_t offset, Problem& problem) const {
  const Use use = load_of_[offset];
  const std::int32_t writer = writer_[offset];
  problem = {FindingKind::kOverwritten, id_, use, taker_[offset], writer, false};
  if (id_ < 0) {
    // A result that another step has written over. What else the program looks at is its own business.
    const bool output = use != 0 && table_.buffers[use - 1].kind == BufferKind::kOutput;
    return !output || writer < 0 || table_.steps[static_cast<std::size_t>(writer)].writes < 0 ||
           makes(writer, use);
  }
  if (use == 0) {
    problem = {FindingKind::kOutsidePlannedLife, id_, buffer_at(offset, id_), 0, kNobody, false};
    return false;
  }
  if (!table_.steps[static_cast<std::size_t>(id_)].reads.empty() && !alive(use - 1, id_)) {
    problem = {FindingKind::kOutsidePlannedLife, id_, use, 0, kNobody, false};
    return false;
  }
  if (seen_[offset] & kTaken) {
    problem.victim = input_at(offset);
    return false;
  }
  if (writer == id_ && taker_[offset] == use) return true;
  const StepRow& row = table_.steps[static_cast<std::size_t>(id_)];
  if (row.writes < 0) return true;  // it does not say who makes what
  if (makes(writer, use)) return true;
  const bool input = std::ranges::find(row.reads, static_cast<int>(use - 1)) != row.reads.end();
  if (writer < 0 || !input) problem.kind = FindingKind::kReadBeforeWrite;
  return false;
}

void PlanWatch::new_load(std::uint32_t offset, std::uint32_t bytes, std::uint32_t pc) {
  const Use meant = load_of_[offset];
  std::optional<Problem> last;
  for (std::uint32_t at = offset; at < std::min(offset + bytes, size_); ++at) {
    if (seen_[at] & kLoadSeen) continue;
    // The rest of a whole word, behind the buffer's end.
    if (meant != 0 && load_of_[at] != meant) break;
    Problem problem;
    if (!may_load(at, problem)) {
      report(problem, at, pc, last == problem);
      last = problem;
    }
    note_load(at);
  }
  used_[meant].last_read = now_;
}

void PlanWatch::note_load(std::uint32_t at) {
  seen_[at] |= kLoadSeen;
  touched_[at] = 1;
  Used& used = used_[load_of_[at]];
  if (load_of_[at] == 0) return;
  if (used.first_read == kNever) used.first_read = now_;
  ByteUse& byte = used.bytes[at - table_.buffers[load_of_[at] - 1].offset];
  if (byte.last_read != ByteUse::kNoStep && byte.last_read >= step_now()) return;
  if (byte.last_read == ByteUse::kNoStep) ++used.bytes_read;
  byte.last_read = step_now();
  used.steps.include(byte.last_read);
}

std::uint16_t PlanWatch::step_now() const {
  return static_cast<std::uint16_t>(std::min(id_ >= 0 ? id_ : last_id_, ByteUse::kNoStep - 1));
}

void PlanWatch::new_store(std::uint32_t offset, std::uint32_t bytes, std::uint32_t pc) {
  std::optional<Problem> last;
  for (std::uint32_t at = offset; at < std::min(offset + bytes, size_); ++at) {
    if (seen_[at] & kStoreSeen) continue;
    const Use use = store_of_[at];
    if (id_ >= 0 && use == 0) {
      const Problem problem{FindingKind::kOutsidePlannedLife, id_, buffer_at(at, id_), 0, kNobody, true};
      report(problem, at, pc, last == problem);
      last = problem;
    }
    note_store(at, pc);
  }
  used_[store_of_[offset]].last_write = now_;
}

void PlanWatch::note_store(std::uint32_t at, std::uint32_t pc) {
  const Use use = store_of_[at], input = input_at(at);
  bool taken = false;
  if (input != 0 && input != use && use != 0) {
    const bool shares =
        table_.buffers[use - 1].kind != BufferKind::kScratch && table_.buffers[input - 1].last_step == id_;
    taken = !shares || !(seen_[at] & kLoadSeen);
  }
  seen_[at] = static_cast<std::uint8_t>(kStoreSeen | (taken ? kTaken : 0));
  touched_[at] = 1;
  load_of_[at] = use;
  writer_[at] = id_;
  taker_[at] = use;
  if (use == 0) return;
  Used& used = used_[use];
  if (used.first_write == kNever) {
    used.first_write = now_;
    used.writer_pc = pc;
    used.writer_index = index_;
  }
  ByteUse& byte = used.bytes[at - table_.buffers[use - 1].offset];
  if (byte.first_write <= step_now()) return;
  if (byte.first_write == ByteUse::kNoStep) ++used.bytes_written;
  byte.first_write = step_now();
  used.steps.include(byte.first_write);
}

void PlanWatch::host_wrote(std::uint32_t address, std::uint32_t bytes) {
  const std::int32_t index = index_, id = id_;
  step(-1, -1);
  const std::uint64_t end = std::uint64_t{address} + bytes;
  for (std::uint64_t at = std::max(address, arena_); at < std::min<std::uint64_t>(end, arena_ + size_);
       ++at) {
    new_store(static_cast<std::uint32_t>(at) - arena_, 1, 0);
  }
  if (id >= 0) step(index, id);
}

void PlanWatch::host_read(std::uint32_t address, std::uint32_t bytes) {
  const std::int32_t index = index_, id = id_;
  step(-1, -1);
  const std::uint64_t end = std::uint64_t{address} + bytes;
  for (std::uint64_t at = std::max(address, arena_); at < std::min<std::uint64_t>(end, arena_ + size_);
       ++at) {
    new_load(static_cast<std::uint32_t>(at) - arena_, 1, 0);
  }
  if (id >= 0) step(index, id);
}

void PlanWatch::fill(std::span<Buffer> buffers) const {
  for (std::size_t i = 0; i < std::min(buffers.size(), table_.buffers.size()); ++i) {
    const Used& used = used_[i + 1];
    buffers[i].first_write = used.first_write;
    buffers[i].last_write = used.last_write;
    buffers[i].first_read = used.first_read;
    buffers[i].last_read = used.last_read;
    buffers[i].bytes_written = used.bytes_written;
    buffers[i].bytes_read = used.bytes_read;
  }
}

/// An input is there before the first step that uses it, an output is needed to the end.
PlanWatch::StepRange PlanWatch::with_edges(StepRange range, const BufferRow& row) {
  if (!range.empty() && row.kind == BufferKind::kInput) range.include(row.first_step);
  if (!range.empty() && row.kind == BufferKind::kOutput) range.include(row.last_step);
  return range;
}

PlanWatch::StepRange PlanWatch::needed(std::size_t buffer, std::uint32_t byte) const {
  const ByteUse& use = used_[buffer + 1].bytes[byte];
  StepRange range;
  if (use.first_write != ByteUse::kNoStep) range.include(use.first_write);
  if (use.last_read != ByteUse::kNoStep) range.include(use.last_read);
  return with_edges(range, table_.buffers[buffer]);
}

PlanWatch::StepRange PlanWatch::needed(std::size_t buffer) const {
  return with_edges(used_[buffer + 1].steps, table_.buffers[buffer]);
}

std::vector<std::uint8_t> PlanWatch::needed_in(std::int32_t id) const {
  std::vector<std::uint8_t> bytes(size_);
  for (std::size_t i = 0; i < table_.buffers.size(); ++i) {
    if (!needed(i).contains(id)) continue;
    const auto begin = bytes.begin() + table_.buffers[i].offset;
    for (std::uint32_t byte = 0; byte < table_.buffers[i].bytes; ++byte) {
      if (needed(i, byte).contains(id)) begin[byte] = 1;
    }
  }
  return bytes;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> PlanWatch::untouched() const {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> stretches;
  for (std::uint32_t at = 0; at < size_; ++at) {
    if (touched_[at]) continue;
    const bool joins = !stretches.empty() && stretches.back().first + stretches.back().second == at;
    joins ? void(++stretches.back().second) : void(stretches.emplace_back(at, 1));
  }
  return stretches;
}

void PlanWatch::report(const Problem& problem, std::uint32_t offset, std::uint32_t pc, bool same_access) {
  auto seen = std::ranges::find(sightings_, problem, &Sighting::problem);
  if (seen == sightings_.end()) {
    if (sightings_.size() == kMaxProblems) return;
    sightings_.push_back({problem, pc, offset, 0, index_, now_, 0});
    seen = sightings_.end() - 1;
  }
  if (!same_access) ++seen->count;
  // The same again in a later round of the network befalls the same bytes.
  if (seen->index == index_) ++seen->bytes;
  seen->offset = std::min(seen->offset, offset);
}

std::string PlanWatch::step_name(std::int32_t id) const {
  return id < 0 ? "the program around the steps"
                : fmt::format("step {} {}", id, table_.steps[static_cast<std::size_t>(id)].op);
}

/// "tensor conv_3 (step 3 CONV_2D)", or "scratch of step 5".
std::string PlanWatch::name_of(Use use) const {
  if (use == 0) return "no buffer";
  const BufferRow& row = table_.buffers[use - 1];
  if (row.kind == BufferKind::kScratch) return row.name;
  if (row.kind == BufferKind::kInput) return fmt::format("input {}", row.name);
  return fmt::format("tensor {} ({})", row.name, step_name(row.first_step));
}

std::string PlanWatch::text(const Sighting& seen) const {
  const Problem& p = seen.problem;
  const std::string bytes =
      fmt::format("{} byte{} at arena+0x{:x}", seen.bytes, seen.bytes == 1 ? "" : "s", seen.offset);
  const std::string reader = p.step < 0 ? "the program" : fmt::format("step {}", p.step);
  if (p.kind == FindingKind::kOverwritten) {
    const std::string taker = p.taker != 0     ? name_of(p.taker)
                              : p.taken_by < 0 ? "the program"
                                               : step_name(p.taken_by) + ", which writes outside its buffers";
    return fmt::format("{} lost {} to {} before {} read them", name_of(p.victim), bytes, taker, reader);
  }
  if (p.kind == FindingKind::kReadBeforeWrite) {
    return fmt::format("{} reads {} of {}, which no step has written for it", step_name(p.step), bytes,
                       name_of(p.victim));
  }
  const char* does = p.store ? "writes" : "reads";
  if (p.victim == 0)
    return fmt::format("{} {} {}, where no planned buffer lives", step_name(p.step), does, bytes);
  const BufferRow& row = table_.buffers[p.victim - 1];
  if (!alive(p.victim - 1, p.step)) {
    return fmt::format("{} {} {} of {}, which the plan keeps from step {} to step {}", step_name(p.step),
                       does, bytes, name_of(p.victim), row.first_step, row.last_step);
  }
  return fmt::format("{} {} {} of {}, which it has no part in", step_name(p.step), does, bytes,
                     name_of(p.victim));
}

std::vector<Observation> PlanWatch::problems() const {
  std::vector<Observation> all;
  for (const Sighting& seen : sightings_) {
    Observation one;
    one.kind = seen.problem.kind;
    one.text = text(seen);
    one.owner = seen.problem.victim ? table_.buffers[seen.problem.victim - 1].name : kArenaSymbol;
    one.pc = seen.pc;
    one.address = arena_ + seen.offset;
    one.bytes = seen.bytes;
    one.step = seen.index;
    one.cycle = seen.cycle;
    one.count = seen.count;
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace traces
