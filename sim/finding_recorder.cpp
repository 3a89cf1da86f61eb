#include "sim/finding_recorder.h"

#include <algorithm>
#include <utility>

#include "traces/plan_findings.h"

namespace sim {
namespace {

using traces::BoundsWatch;
using traces::StepTable;

const StepTable& table_or_none(const StepTable* table) {
  static const StepTable kNone;
  return table ? *table : kNone;
}

std::uint32_t end_of(const Symbol& symbol) {
  return symbol.address.value + static_cast<std::uint32_t>(symbol.size.value);
}

std::uint32_t arena_address(const Firmware& firmware) {
  const Symbol* arena = firmware.symbol(traces::kArenaSymbol);
  return arena ? arena->address.value : 0;
}

/// The plan that can be watched: all of its arena is writable memory, perhaps of several regions in a row.
/// Else none.
const StepTable* watchable(const memory_model::Board& board, const Firmware& firmware,
                           const StepTable* table) {
  const Symbol* arena = firmware.symbol(traces::kArenaSymbol);
  if (!table || !arena) return nullptr;
  const isa::Address end = arena->address + isa::Bytes(table->arena_bytes);
  for (isa::Address at = arena->address; at < end;) {
    const memory_model::Region* region = board.region_at(at);
    if (!region || !region->writable()) return nullptr;
    at = region->base + region->size;
  }
  return table;
}

std::vector<BoundsWatch::Object> variables(const memory_model::Board& board, const Firmware& firmware) {
  std::vector<BoundsWatch::Object> objects;
  for (const Symbol& symbol : firmware.symbols) {
    if (symbol.is_function || symbol.size.value <= 0 || !board.region_at(symbol.address)) continue;
    objects.push_back({symbol.address.value, static_cast<std::uint32_t>(symbol.size.value), symbol.name});
  }
  return objects;
}

std::vector<std::uint32_t> section_bounds(const memory_model::Board& board, const Firmware& firmware) {
  std::vector<std::uint32_t> bounds;
  for (const Symbol& symbol : firmware.symbols) {
    if (!symbol.is_function && symbol.size.value == 0) bounds.push_back(symbol.address.value);
  }
  for (const memory_model::Region& region : board.regions) {
    bounds.push_back(region.base.value);
    bounds.push_back((region.base + region.size).value);
  }
  return bounds;
}

std::unordered_map<traces::StringId, std::string> names_of(const Firmware& firmware,
                                                           traces::TraceWriter& writer) {
  std::unordered_map<traces::StringId, std::string> names;
  for (const Symbol& symbol : firmware.symbols) {
    if (symbol.size.value > 0) names.emplace(writer.intern(symbol.name), symbol.name);
  }
  return names;
}

}  // namespace

FindingRecorder::FindingRecorder(const memory_model::Board& board, const Firmware& firmware,
                                 const StepTable* table,
                                 std::span<const traces::LifeTracker::Container> containers,
                                 traces::TraceWriter& writer)
    : board_(board),
      firmware_(firmware),
      texts_(names_of(firmware, writer)),
      plan_(table_or_none(watchable(board, firmware, table)), arena_address(firmware)),
      bounds_(variables(board, firmware), section_bounds(board, firmware)),
      arrays_(containers, {arena_address(firmware), static_cast<std::uint32_t>(plan_.table().arena_bytes)},
              [this](traces::StringId id) { return texts_[id]; }) {
  const Symbol* main = firmware.symbol("main");
  if (main && main->is_function) {
    main_ = main->address.value;
    arrays_.program_begins(traces::kNever);
  }
}

void FindingRecorder::call(std::uint32_t begin) {
  calls_.push_back(++last_call_);
  if (main_ == 0 || begin != main_) return;
  main_ = 0;
  arrays_.program_begins(now_);
}

void FindingRecorder::leave() {
  if (!calls_.empty()) calls_.pop_back();
}

void FindingRecorder::step(std::int32_t index, std::int32_t id) {
  step_ = index;
  plan_.step(index, id);
  bounds_.step(index);
}

void FindingRecorder::allocate(const traces::LifeTracker::Container& block, const std::string& name) {
  texts_.emplace(block.name, name);
  bounds_.allocate({block.address, block.bytes, name});
}

void FindingRecorder::see(const traces::Life& life) {
  arrays_.see(life);
  const auto arena_bytes = static_cast<std::uint32_t>(plan_.table().arena_bytes);
  if (life.address - plan_.arena() >= arena_bytes) return;
  traces::Occupant& place = in_arena_[life.id];
  place.begin = life.address;
  place.end = std::min(std::uint64_t{life.address} + life.bytes, std::uint64_t{plan_.arena()} + arena_bytes);
  place.born = life.born;
  place.died = life.died();
}

std::string FindingRecorder::variable_at(std::uint32_t address) const {
  for (const Symbol& symbol : firmware_.symbols) {
    if (symbol.address.value > address) break;
    if (!symbol.is_function && address < end_of(symbol)) return symbol.name;
  }
  return "";
}

void FindingRecorder::refused(traces::FindingKind kind, std::string text, std::uint32_t address,
                              std::uint32_t bytes, std::uint32_t pc) {
  constexpr std::size_t kMost = 4096;
  if (refused_.size() == kMost) return;
  traces::Observation one;
  one.kind = kind;
  one.text = std::move(text);
  one.owner = variable_at(address);
  if (one.owner.empty()) {
    const memory_model::Region* region = board_.region_at(isa::Address(address));
    one.owner = region ? region->name : "no memory";
  }
  one.pc = pc;
  one.address = address;
  one.bytes = bytes;
  one.step = step_;
  one.cycle = now_;
  refused_.push_back(std::move(one));
}

std::size_t FindingRecorder::problems() const {
  return plan_.problem_count() + bounds_.problem_count() + refused_.size();
}

std::vector<traces::Finding> FindingRecorder::findings(const traces::LifeTracker& lives, bool cut_short,
                                                       const std::optional<traces::StackUse>& stack,
                                                       const traces::PlaceNames& names) {
  told_ = problems();
  std::vector<traces::Observation> all = traces::plan_observations(plan_);
  const auto add = [&all](std::vector<traces::Observation> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(bounds_.problems());
  add(arrays_.observations(lives.unwritten_reads(), cut_short));
  add(refused_);
  if (!cut_short) {
    std::vector<traces::Occupant> lives_in_arena;
    for (const auto& [id, place] : in_arena_) {
      if (place.begin < place.end) lives_in_arena.push_back(place);
    }
    if (auto one = traces::within_steps_observation(plan_, std::move(lives_in_arena))) {
      all.push_back(std::move(*one));
    }
  }
  if (stack) {
    if (auto one = traces::stack_observation(*stack)) all.push_back(std::move(*one));
  }
  return traces::findings_of(std::move(all), names);
}

}  // namespace sim
