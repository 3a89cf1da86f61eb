#include "traces/format/piece_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "traces/format/clean_text.h"

namespace traces {
namespace {

constexpr std::uint64_t kAddressSpace = std::uint64_t{1} << 32;
// Of one step: a day of a core that does two a cycle. Sums of a file's steps fit 64 bits.
constexpr std::int64_t kMaxMacs = std::int64_t{1} << 39;
constexpr auto kMaxRegions = std::numeric_limits<std::uint16_t>::max();

/// One thing that is looked at, for messages: "life 7".
struct Thing {
  const char* kind;
  std::uint64_t number;

  template <class Found>
  [[noreturn]] void fail(const char* field, const Found& found, const std::string& expected) const {
    throw PieceError(fmt::format("{} {}: {} is {}, expected {}", kind, number, field, found, expected));
  }
  void at_most(const char* field, std::uint64_t found, std::uint64_t limit) const {
    if (found > limit) fail(field, found, fmt::format("at most {}", limit));
  }
  void at_least(const char* field, std::int64_t found, std::int64_t limit) const {
    if (found < limit) fail(field, found, fmt::format("at least {}", limit));
  }
  void between(const char* field, std::int64_t found, std::int64_t low, std::int64_t high) const {
    if (found < low || found > high) fail(field, found, fmt::format("{} to {}", low, high));
  }
  /// An index, or -1 for none.
  void index(const char* field, std::int64_t found, std::uint64_t count) const {
    between(field, found, -1, static_cast<std::int64_t>(count) - 1);
  }
  void cycle(const char* field, std::uint64_t found) const { at_most(field, found, kMaxCycle); }
  void order(const char* first, std::uint64_t a, const char* second, std::uint64_t b) const {
    if (a > b) fail(first, a, fmt::format("at most {}, which is {}", b, second));
  }
  /// Two times that came both or neither.
  void order_or_never(const char* first, std::uint64_t a, const char* second, std::uint64_t b) const {
    if (a == kNever && b == kNever) return;
    cycle(first, a);
    cycle(second, b);
    order(first, a, second, b);
  }
  void extent(std::uint32_t address, std::uint32_t bytes) const {
    if (address + std::uint64_t{bytes} > kAddressSpace)
      fail("end", fmt::format("0x{:x}", address + std::uint64_t{bytes}), "an address of 32 bits");
  }
  void text(const char* field, const std::string& text) const {
    at_most(field, text.size(), kMaxText);
    if (!is_clean(text)) fail(field, "no clean text", "UTF-8 without control characters");
  }
};

void check_hz(const Thing& thing, const char* field, double hz, bool may_be_zero) {
  constexpr double kMaxHz = 1e12;
  const bool sound = std::isfinite(hz) && hz <= kMaxHz && (hz > 0 || (may_be_zero && hz == 0));
  if (!sound) thing.fail(field, hz, "a frequency");
}

}  // namespace

void check(const About& about) {
  const auto text = [](const char* field, const std::string& text) {
    if (text.size() > kMaxText || !is_clean(text))
      throw PieceError(fmt::format("{} is no clean text of at most {} bytes", field, kMaxText));
  };
  text("tool", about.tool);
  text("command", about.command);
  text("board", about.board);
  text("board_title", about.board_title);
  text("firmware", about.firmware);
  text("firmware_hash", about.firmware_hash);
  text("model", about.model);
  const Thing header{"header of format", kFormat};
  check_hz(header, "core_hz", about.core_hz, true);
  if (!std::isfinite(about.macs_per_cycle) || about.macs_per_cycle <= 0)
    header.fail("macs_per_cycle", about.macs_per_cycle, "a number above 0");
  header.between("arena_bytes", about.arena_bytes, 0, kAddressSpace);
  header.between("arena_lower_bound_bytes", about.arena_lower_bound_bytes, 0, kAddressSpace);
}

void PieceCheck::check_text(const char* what, std::uint64_t number, const char* field, StringId id) const {
  if (id >= strings_)
    Thing{what, number}.fail(field, fmt::format("text {}", id), fmt::format("below {}", strings_));
}

void PieceCheck::check_clocks(const Piece& piece) {
  for (std::size_t i = 0; i < piece.clocks.size(); ++i) {
    const Clock& clock = piece.clocks[i];
    const Thing thing{"clock", i};
    thing.cycle("cycle", clock.cycle);
    check_hz(thing, "core_hz", clock.core_hz, false);
    if (clock.cycle < last_clock_)
      thing.fail("cycle", clock.cycle, fmt::format("at least {}, where the one before begins", last_clock_));
    last_clock_ = clock.cycle;
  }
}

void PieceCheck::check_steps(const Piece& piece) {
  for (const Step& step : piece.steps) {
    const Thing thing{"step", steps_};
    check_text("step", steps_, "op", step.op);
    check_text("step", steps_, "name", step.name);
    check_text("step", steps_, "phase", step.phase);
    thing.cycle("end", step.end);
    thing.order("begin", step.begin, "end", step.end);
    if (step.begin < last_step_)
      thing.fail("begin", step.begin, fmt::format("at least {}, where the one before ends", last_step_));
    thing.at_least("patch", step.patch, -1);
    thing.between("macs", step.macs, 0, kMaxMacs);
    last_step_ = step.end;
    reached_ = std::max(reached_, step.end);
    ++steps_;
  }
}

void PieceCheck::check_buffers(const std::vector<Buffer>& buffers) {
  if (buffers.size() < buffers_)
    throw PieceError(
        fmt::format("has {} buffers, expected at least the {} of before", buffers.size(), buffers_));
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const Buffer& buffer = buffers[i];
    const Thing thing{"buffer", i};
    check_text("buffer", i, "name", buffer.name);
    check_text("buffer", i, "kind", buffer.kind);
    check_text("buffer", i, "type", buffer.type);
    check_text("buffer", i, "shape", buffer.shape);
    thing.at_least("tensor", buffer.tensor, -1);
    thing.extent(buffer.address, buffer.bytes);
    thing.between("first_step", buffer.first_step, std::numeric_limits<std::int32_t>::min(),
                  buffer.last_step);
    thing.order_or_never("first_write", buffer.first_write, "last_write", buffer.last_write);
    thing.order_or_never("first_read", buffer.first_read, "last_read", buffer.last_read);
    thing.at_most("bytes_written", buffer.bytes_written, buffer.bytes);
    thing.at_most("bytes_read", buffer.bytes_read, buffer.bytes);
  }
  buffers_ = buffers.size();
}

void PieceCheck::check_life(const Life& life) const {
  const Thing thing{"life", life.id};
  thing.at_most("id", life.id, lives_);
  thing.at_most("kind", static_cast<std::uint64_t>(life.kind), kLifeKinds - 1);
  thing.at_most("flags", life.flags, Life::kOpen | Life::kNeverWritten);
  if (life.region >= regions_.size())
    thing.fail("region", life.region, fmt::format("below {}", regions_.size()));
  Extent region = regions_[life.region];
  // What is larger than a region may go on in the next one.
  const std::uint64_t end = life.address + std::uint64_t{life.bytes};
  const auto follows = [&](const Extent& other) {
    return end > region.end && other.begin == region.end && other.end > region.end;
  };
  for (auto next = regions_.begin(); (next = std::ranges::find_if(regions_, follows)) != regions_.end();) {
    region.end = next->end;
  }
  if (life.address < region.begin || end > region.end)
    thing.fail("extent", fmt::format("0x{:08x} + {}", life.address, life.bytes),
               fmt::format("inside region {}, 0x{:08x} to 0x{:08x}", life.region, region.begin, region.end));
  thing.between("touched", life.touched, 0, life.bytes);
  thing.at_least("bytes", life.bytes, 1);
  thing.at_least("generations", life.generations, 1);
  thing.cycle("last_write", life.last_write);
  thing.order("born", life.born, "last_write", life.last_write);
  thing.order_or_never("first_read", life.first_read, "last_read", life.last_read);
  if (life.released != kNever) {
    thing.cycle("released", life.released);
    thing.order("born", life.born, "released", life.released);
  }
  for (const StringId id :
       {life.name, life.owner, life.writer, life.writer_line, life.reader, life.reader_line})
    check_text("life", life.id, "a name", id);
  thing.index("born_step", life.born_step, steps_);
  thing.index("died_step", life.died_step, steps_);
  thing.index("buffer", life.buffer, buffers_);
}

void PieceCheck::check_samples(const Piece& piece) {
  for (std::size_t i = 0; i < piece.samples.size(); ++i) {
    const Sample& sample = piece.samples[i];
    const Thing thing{"sample", i};
    thing.cycle("end", sample.end);
    thing.order("begin", sample.begin, "end", sample.end);
    if (any_sample_ && sample.begin != last_sample_)
      thing.fail("begin", sample.begin, fmt::format("{}, where the one before ends", last_sample_));
    last_sample_ = sample.end;
    any_sample_ = true;
    reached_ = std::max(reached_, sample.end);
  }
}

void PieceCheck::check_heat(const Heat& heat, std::uint64_t number) const {
  const Thing thing{"heat", number};
  if (heat.region >= regions_.size())
    thing.fail("region", heat.region, fmt::format("below {}", regions_.size()));
  thing.at_least("row_bytes", heat.row_bytes, 1);
  thing.cycle("begin", heat.begin);
  thing.cycle("column_cycles", heat.column_cycles);
  thing.between("column_cycles", static_cast<std::int64_t>(heat.column_cycles), 1, kMaxCycle);
  const std::uint64_t cells = std::uint64_t{heat.rows} * heat.columns;
  thing.at_most("rows x columns", cells, kMaxHeatCells);
  if (heat.reads.size() != cells) thing.fail("reads", heat.reads.size(), fmt::format("{} levels", cells));
  if (heat.writes.size() != cells) thing.fail("writes", heat.writes.size(), fmt::format("{} levels", cells));
  if (cells == 0) return;
  const Extent region = regions_[heat.region];
  const std::uint64_t last_row = heat.base + (heat.rows - std::uint64_t{1}) * heat.row_bytes;
  if (heat.base < region.begin || last_row >= region.end)
    thing.fail("extent", fmt::format("0x{:08x} to row at 0x{:08x}", heat.base, last_row),
               fmt::format("inside region {}, 0x{:08x} to 0x{:08x}", heat.region, region.begin, region.end));
  if (heat.columns > (kMaxCycle - heat.begin) / heat.column_cycles)
    thing.fail("columns", heat.columns, fmt::format("an end of at most {} cycles", kMaxCycle));
}

void PieceCheck::check_findings(const std::vector<Finding>& findings) const {
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    const Thing thing{"finding", i};
    thing.at_most("kind", static_cast<std::uint64_t>(finding.kind), kFindingKinds - 1);
    for (const StringId id : {finding.text, finding.function, finding.line, finding.owner})
      check_text("finding", i, "a text", id);
    thing.index("step", finding.step, steps_);
    thing.extent(finding.address, finding.bytes);
    thing.cycle("cycle", finding.cycle);
    thing.between("saves_bytes", finding.saves_bytes, 0, kAddressSpace);
    if (finding.count == 0) thing.fail("count", 0, "at least 1");
  }
}

void PieceCheck::check_profile(const Piece& piece) {
  for (const FunctionCost& function : piece.functions) {
    check_text("function", functions_, "name", function.name);
    check_text("function", functions_, "file", function.file);
    ++functions_;
  }
  for (const LineCost& line : piece.lines) {
    check_text("line", lines_, "function", line.function);
    check_text("line", lines_, "file", line.file);
    Thing{"line", lines_}.at_least("line", line.line, 0);
    ++lines_;
  }
  for (const CallNode& node : piece.calls) {
    check_text("call", calls_, "function", node.function);
    const std::uint64_t parents = calls_ == 0 ? 1 : calls_;  // node 0 is its own
    if (node.parent >= parents)
      Thing{"call", calls_}.fail("parent", node.parent, fmt::format("below {}", parents));
    ++calls_;
  }
}

void PieceCheck::check_listings(const Piece& piece) {
  for (const Listing& listing : piece.listings) {
    check_text("listing", listings_, "function", listing.function);
    for (const ListingRow& row : listing.rows) {
      check_text("listing", listings_, "an instruction", row.text);
      check_text("listing", listings_, "a file", row.file);
      Thing{"listing", listings_}.at_least("line", row.line, 0);
    }
    ++listings_;
  }
  for (const SourceText& source : piece.sources) {
    const Thing thing{"source", sources_};
    check_text("source", sources_, "file", source.file);
    thing.between("first_line", source.first_line, 1,
                  std::numeric_limits<std::int32_t>::max() - static_cast<std::int64_t>(source.lines.size()));
    for (const StringId line : source.lines) check_text("source", sources_, "a line", line);
    ++sources_;
  }
}

void PieceCheck::check_end(const End& end) const {
  const Thing thing{"end of format", kFormat};
  thing.text("reason", end.reason);
  for (const std::string& note : end.notes) thing.text("a note", note);
  thing.cycle("cycles", end.cycles);
  thing.order("the last cycle of its content", reached_, "its cycles", end.cycles);
  thing.at_most("stack_cycle", end.stack_cycle, end.cycles);
  if (!std::isfinite(end.seconds) || end.seconds < 0) thing.fail("seconds", end.seconds, "0 or more");
  check_text("end of format", kFormat, "stack_path", end.stack_path);
}

void PieceCheck::add(const Piece& piece) {
  if (ended_) throw PieceError("comes after the end of the run");
  for (const std::string& text : piece.strings) Thing{"text", strings_++}.text("it", text);
  for (const Region& region : piece.regions) {
    const Thing thing{"region", regions_.size()};
    thing.at_most("its number", regions_.size(), kMaxRegions);
    thing.text("name", region.name);
    thing.text("kind", region.kind);
    thing.extent(region.base, region.bytes);
    regions_.push_back({region.base, region.base + std::uint64_t{region.bytes}});
  }
  check_clocks(piece);
  for (const Symbol& symbol : piece.symbols) {
    check_text("symbol", symbols_, "name", symbol.name);
    Thing{"symbol", symbols_}.extent(symbol.address, symbol.bytes);
    ++symbols_;
  }
  check_steps(piece);
  if (piece.buffers) check_buffers(*piece.buffers);
  for (const Life& life : piece.lives) {
    check_life(life);
    if (life.id == lives_) ++lives_;
  }
  check_samples(piece);
  for (const Heat& heat : piece.heat) check_heat(heat, heat_++);
  if (piece.findings) check_findings(*piece.findings);
  check_profile(piece);
  check_listings(piece);
  if (piece.reached > kMaxCycle)
    throw PieceError(fmt::format("reaches cycle {}, expected at most {}", piece.reached, kMaxCycle));
  reached_ = std::max(reached_, piece.reached);
  if (piece.end) check_end(*piece.end);
  ended_ = piece.end.has_value();
}

}  // namespace traces
