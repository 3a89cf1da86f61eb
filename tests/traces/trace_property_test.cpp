// Whatever a trace may hold comes back from its file as it was.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/traces/sample_trace.h"
#include "tests/traces/temporary_folder.h"
#include "traces/format/piece_check.h"
#include "traces/trace_reader.h"

namespace traces {
namespace {

/// Draws every field over all that it may be.
class Draw {
 public:
  Trace trace() {
    about();
    strings();
    trace_.regions = {{word(), word(), 0x20000000, 0x10000, true},
                      {word(), word(), 0xffff0000, 0x10000, flag()}};
    trace_.clocks = many<Clock>([&](Clock& x) { x = {clock_ = time(clock_), number(1.0, 1e9)}; });
    trace_.symbols = many<Symbol>(
        [&](Symbol& x) { x.name = text(), x.address = extent(x.bytes), x.is_function = flag(); });
    trace_.steps = many<Step>([&](Step& x) { step(x); });
    trace_.buffers = many<Buffer>([&](Buffer& x) { buffer(x); });
    trace_.lives = many<Life>([&](Life& x) { life(x); });
    for (std::size_t i = 0; i < trace_.lives.size(); ++i) trace_.lives[i].id = static_cast<std::uint32_t>(i);
    std::uint64_t sample_end = 0;
    trace_.samples = many<Sample>([&](Sample& x) {
      x = {sample_end, time(sample_end), any<std::uint64_t>(), causes(), any<std::uint32_t>()};
      sample_end = x.end;
    });
    trace_.heat = many<Heat>([&](Heat& x) { heat(x); });
    trace_.findings = many<Finding>([&](Finding& x) { finding(x); });
    profile();
    trace_.reached = std::max({step_end_, sample_end, time(0)});
    if (flag()) {
      end();
    } else {
      trace_.cut = "ends after cycle " + std::to_string(trace_.reached) + ": the run was cut short";
    }
    return trace_;
  }

 private:
  template <class Number>
  static Number any() {
    return *rc::gen::arbitrary<Number>();
  }
  /// Both included.
  template <class Number>
  static Number within(Number low, Number high) {
    return *rc::gen::inRange<Number>(low, high == std::numeric_limits<Number>::max() ? high : high + 1);
  }
  static bool flag() { return any<bool>(); }
  static double number(double low, double high) { return low + (high - low) * within<int>(0, 1000) / 1000; }
  static std::uint64_t time(std::uint64_t from) {
    return within<std::uint64_t>(from, std::min(kMaxCycle, from + 1000000));
  }
  static std::string word() {
    static const std::vector<std::string> kLetters = {
        "a", "Z", "_", " ", "\t", "\xc3\xa9", "\xe2\x89\xa4", "\xf0\x9f\x98\x80"};
    std::string word;
    for (const std::size_t letter :
         *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 8)))
      word += kLetters[letter];
    return word;
  }
  template <class Value, class Fill>
  static std::vector<Value> many(Fill&& fill) {
    std::vector<Value> values(within<std::size_t>(0, 6));
    for (Value& value : values) fill(value);
    return values;
  }

  StringId text() const { return within<StringId>(0, static_cast<StringId>(trace_.strings.size()) - 1); }
  static std::int32_t index(std::size_t count) {
    return within<std::int32_t>(-1, static_cast<std::int32_t>(count) - 1);
  }
  static std::uint32_t extent(std::uint32_t& bytes) {
    const auto address = any<std::uint32_t>();
    bytes = std::min(any<std::uint32_t>(), ~address);
    return address;
  }
  static isa::CauseCycles causes() {
    isa::CauseCycles causes;
    for (std::uint64_t& cycles : causes.by) cycles = any<std::uint64_t>();
    return causes;
  }
  static Counts counts() {
    const auto n = any<std::uint64_t>;
    return {n(), n(), n(), n(), n(), causes(), {n(), n(), n(), n(), n()}};
  }
  static void both_or_never(std::uint64_t& first, std::uint64_t& last) {
    first = last = kNever;
    if (flag()) last = time(first = time(0));
  }

  void about() {
    trace_.about = {word(),
                    word(),
                    word(),
                    word(),
                    word(),
                    word(),
                    word(),
                    number(0, 1e9),
                    number(1, 8),
                    within<std::int64_t>(0, std::int64_t{1} << 32),
                    within<std::int64_t>(0, 99)};
  }
  void strings() {
    std::set<std::string> words{""};
    for (int i = 0; i < 8; ++i) {
      const std::string next = word();
      if (words.insert(next).second) trace_.strings.push_back(next);
    }
  }
  void step(Step& x) {
    x.id = any<std::int32_t>();
    x.op = text(), x.name = text(), x.phase = text();
    x.patch = within<std::int32_t>(-1, 1000);
    x.begin = time(step_end_);
    x.end = step_end_ = time(x.begin);
    x.macs = within<std::int64_t>(0, std::int64_t{1} << 39);
    x.counts = counts();
  }
  void buffer(Buffer& x) {
    x.name = text(), x.kind = text(), x.type = text(), x.shape = text();
    x.tensor = within<std::int32_t>(-1, 1000);
    x.address = extent(x.bytes);
    x.first_step = any<std::int32_t>();
    x.last_step = std::max(x.first_step, any<std::int32_t>());
    both_or_never(x.first_write, x.last_write);
    both_or_never(x.first_read, x.last_read);
    x.bytes_written = within<std::uint32_t>(0, x.bytes);
    x.bytes_read = within<std::uint32_t>(0, x.bytes);
  }
  void life(Life& x) {
    x.kind = static_cast<LifeKind>(within<int>(0, kLifeKinds - 1));
    x.flags = within<std::uint8_t>(0, 3);
    x.region = within<std::uint16_t>(0, 1);
    const Region& region = trace_.regions[x.region];
    x.bytes = within<std::uint32_t>(1, region.bytes);
    x.address = region.base + within<std::uint32_t>(0, region.bytes - x.bytes);
    x.touched = within<std::uint32_t>(1, x.bytes);
    x.generations = within<std::uint32_t>(1, 1u << 31);
    x.last_write = time(x.born = time(0));
    both_or_never(x.first_read, x.last_read);
    if (flag()) x.released = time(x.born);
    x.name = text(), x.owner = text(), x.writer = text(), x.writer_line = text();
    x.reader = text(), x.reader_line = text();
    x.writer_pc = any<std::uint32_t>(), x.reader_pc = any<std::uint32_t>();
    x.born_step = index(trace_.steps.size()), x.died_step = index(trace_.steps.size());
    x.buffer = index(trace_.buffers.size());
  }
  void heat(Heat& x) {
    x.region = within<std::uint16_t>(0, 1);
    x.row_bytes = within<std::uint32_t>(1, 1024);
    x.base = trace_.regions[x.region].base + within<std::uint32_t>(0, 1024);
    x.begin = time(0);
    x.column_cycles = within<std::uint64_t>(1, 1u << 31);
    x.rows = within<std::uint32_t>(0, 30), x.columns = within<std::uint32_t>(0, 30);
    const auto level = rc::gen::arbitrary<std::uint8_t>();
    x.reads = *rc::gen::container<std::vector<std::uint8_t>>(x.rows * x.columns, level);
    x.writes = *rc::gen::container<std::vector<std::uint8_t>>(x.rows * x.columns, level);
  }
  void finding(Finding& x) {
    x.kind = static_cast<FindingKind>(within<int>(0, kFindingKinds - 1));
    x.is_problem = flag();
    x.text = text(), x.function = text(), x.line = text(), x.owner = text();
    x.pc = any<std::uint32_t>();
    x.step = index(trace_.steps.size());
    x.address = extent(x.bytes);
    x.cycle = time(0);
    x.count = within<std::uint64_t>(1, kNever);
    x.saves_bytes = within<std::int64_t>(0, std::int64_t{1} << 32);
  }
  void profile() {
    const auto n = any<std::uint64_t>;
    trace_.functions = many<FunctionCost>(
        [&](FunctionCost& x) { x = {text(), text(), any<std::uint32_t>(), n(), n(), causes()}; });
    trace_.lines = many<LineCost>([&](LineCost& x) {
      x = {text(), text(), within(0, 1 << 30), n(), causes()};
    });
    std::uint32_t nodes = 0;
    trace_.calls = many<CallNode>([&](CallNode& x) {
      x = {nodes == 0 ? 0 : within<std::uint32_t>(0, nodes - 1), text(), n(), n(), n()};
      ++nodes;
    });
    trace_.listings = many<Listing>([&](Listing& x) {
      x = {text(), many<ListingRow>([&](ListingRow& row) {
             row = {any<std::uint32_t>(), text(), text(), within(0, 1 << 30), n(), n()};
           })};
    });
    trace_.sources = many<SourceText>([&](SourceText& x) {
      x = {text(), within(1, 1 << 30), many<StringId>([&](StringId& line) { line = text(); })};
    });
  }
  void end() {
    const std::uint64_t cycles = time(trace_.reached);
    const auto u32 = any<std::uint32_t>;
    const auto u64 = any<std::uint64_t>;
    trace_.end = {word(),
                  any<std::int32_t>(),
                  cycles,
                  number(0, 100),
                  counts(),
                  u32(),
                  u32(),
                  u32(),
                  within<std::uint64_t>(0, cycles),
                  text(),
                  u64(),
                  u64(),
                  u64(),
                  many<std::string>([](std::string& note) { note = word(); })};
  }

  Trace trace_;
  std::uint64_t clock_ = 0, step_end_ = 0;
};

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

RC_GTEST_PROP(TraceProperty, EveryTraceComesBackFromItsFileAndMakesTheSameFileTwice, ()) {
  const TemporaryFolder folder;
  const Trace trace = Draw().trace();
  write_trace(trace, folder / "a.m7t");
  write_trace(trace, folder / "b.m7t");
  const Trace read = load_trace(folder / "a.m7t");
  RC_ASSERT(read.about == trace.about);
  RC_ASSERT(read.lives == trace.lives);
  RC_ASSERT(read == trace);
  RC_ASSERT(bytes_of(folder / "a.m7t") == bytes_of(folder / "b.m7t"));
}

}  // namespace
}  // namespace traces
