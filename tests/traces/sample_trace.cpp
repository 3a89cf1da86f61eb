#include "tests/traces/sample_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>

namespace traces {
namespace {

constexpr std::uint32_t kDtcm = 0x20000000, kDtcmBytes = 0x10000;
constexpr std::uint32_t kSram = 0x20010000, kSramBytes = 0x40000;
constexpr std::uint32_t kFlash = 0x08000000, kFlashBytes = 0x100000;
constexpr std::uint16_t kDtcmRegion = 1, kSramRegion = 2;
constexpr std::uint32_t kArena = kSram + 0x100, kArenaBytes = 128 * 1024;
constexpr std::uint32_t kScratch = kArena + kArenaBytes, kHeap = kScratch + 64 * 1024;
constexpr std::uint32_t kStackTop = kDtcm + kDtcmBytes, kStackLimit = 16 * 1024;
constexpr double kCoreHz = 216e6;

/// Builds one trace; each member function adds one kind of thing.
class Maker {
 public:
  explicit Maker(const SampleShape& shape) : shape_(shape), random_(shape.seed) {}

  Trace make() {
    describe();
    add_steps();
    add_buffers();
    add_lives();
    add_samples();
    add_heat();
    add_profile();
    add_listings();
    add_findings();
    trace_.reached = now_;
    if (shape_.ended) {
      add_end();
    } else {
      trace_.cut = fmt::format("ends after cycle {}: the run was cut short", now_);
    }
    return std::move(trace_);
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : random_() % limit; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) { return low + below(high - low + 1); }

  StringId text(const std::string& text) {
    const auto [at, is_new] = ids_.emplace(text, static_cast<StringId>(trace_.strings.size()));
    if (is_new) trace_.strings.push_back(text);
    return at->second;
  }

  isa::CauseCycles split(std::uint64_t cycles) {
    isa::CauseCycles causes;
    std::uint64_t left = cycles;
    for (std::size_t i = 1; i < isa::kCauses; ++i) {
      causes.by[i] = below(left / 4 + 1);
      left -= causes.by[i];
    }
    causes[isa::Cause::kIssue] = left;
    return causes;
  }

  Counts counts(std::uint64_t cycles) {
    Counts x;
    x.causes = split(cycles);
    x.instructions = cycles - cycles / 5;
    x.loads = cycles / 3;
    x.stores = cycles / 7;
    x.load_bytes = 4 * x.loads;
    x.store_bytes = 4 * x.stores;
    x.memory = {cycles / 5000, cycles / 500, cycles / 900, cycles / 300, 1 + cycles / 50000};
    return x;
  }

  void describe() {
    trace_.about = {.tool = "m7scope 0.1",
                    .command = "infer sample.tflite --board stm32f746",
                    .board = "stm32f746",
                    .board_title = "STM32F746 Discovery",
                    .firmware = "sample.elf",
                    .firmware_hash = fmt::format("{:016x}", random_()),
                    .model = "sample.tflite",
                    .core_hz = kCoreHz,
                    .macs_per_cycle = 2,
                    .arena_bytes = kArenaBytes,
                    .arena_lower_bound_bytes = kArenaBytes * 3 / 4};
    trace_.regions = {{"Flash", "flash", kFlash, kFlashBytes, false},
                      {"DTCM", "dtcm", kDtcm, kDtcmBytes, true},
                      {"SRAM1", "sram", kSram, kSramBytes, true}};
    trace_.clocks = {{0, 16e6}, {900, kCoreHz}};
    trace_.symbols = {{text("m7_arena"), kArena, kArenaBytes, false},
                      {text("im2col"), kScratch, kHeap - kScratch, false},
                      {text("main"), function_address(0), 64, true}};
    for (std::size_t i = 0; i < shape_.functions; ++i)
      trace_.symbols.push_back({function_name(i), function_address(i + 1), 256, true});
  }

  static std::uint32_t function_address(std::size_t i) {
    return kFlash + 0x200 + static_cast<std::uint32_t>(i % 2048) * 256;
  }
  StringId function_name(std::size_t i) {
    static constexpr std::array kNames = {"conv",    "depthwise", "add", "pool",
                                          "softmax", "mean",      "pad", "quantize"};
    const std::string name = kNames[i % kNames.size()];
    return text(i < kNames.size() ? name : fmt::format("{}_{}", name, i / kNames.size()));
  }
  StringId file() { return text("kernels.c"); }

  void add_steps() {
    static constexpr std::array kOps = {"CONV_2D", "DEPTHWISE_CONV_2D", "ADD", "AVERAGE_POOL_2D"};
    now_ = 1000;  // start-up
    for (std::size_t i = 0; i < shape_.steps; ++i) {
      Step step;
      step.id = static_cast<std::int32_t>(i);
      step.op = text(kOps[i % kOps.size()]);
      step.name = text(fmt::format("layer_{}", i));
      step.phase = text("forward");
      step.begin = now_;
      now_ += between(shape_.step_cycles / 2, shape_.step_cycles * 3 / 2) + 1;
      step.end = now_;
      step.macs = static_cast<std::int64_t>((step.end - step.begin) / between(1, 4));
      step.counts = counts(step.end - step.begin);
      trace_.steps.push_back(step);
    }
    now_ += 100;
  }

  /// Buffer i is the output of step i - 1 (the input for i = 0); even ones grow from the arena's begin, odd
  /// ones from its end, and none is larger than half of it.
  void add_buffers() {
    for (std::size_t i = 0; i <= shape_.steps; ++i) {
      Buffer buffer;
      const auto bytes = static_cast<std::uint32_t>(16 * between(16, kArenaBytes / 32));
      buffer.name = text(i == 0 ? std::string("input") : fmt::format("layer_{}", i - 1));
      buffer.kind = text(i == 0 ? "input" : i == shape_.steps ? "output" : "activation");
      buffer.type = text("int8");
      buffer.shape = text(fmt::format("1x4x4x{}", bytes / 16));
      buffer.tensor = static_cast<std::int32_t>(i);
      buffer.bytes = bytes;
      buffer.address = i % 2 == 0 ? kArena : kArena + kArenaBytes - bytes;
      const auto last = static_cast<std::int32_t>(shape_.steps) - 1;
      buffer.first_step = std::clamp(static_cast<std::int32_t>(i) - 1, 0, std::max(last, 0));
      buffer.last_step = std::clamp(static_cast<std::int32_t>(i), 0, std::max(last, 0));
      trace_.buffers.push_back(buffer);
    }
  }

  void add_lives() {
    for (std::size_t i = 0; i < trace_.buffers.size() && lives_.size() < shape_.lives; ++i)
      add_buffer_life(i);
    add_small_lives();
    std::stable_sort(lives_.begin(), lives_.end(),
                     [](const Life& a, const Life& b) { return a.born < b.born; });
    for (Life& life : lives_)
      life.id = static_cast<std::uint32_t>(trace_.lives.size()), trace_.lives.push_back(life);
  }

  void add_buffer_life(std::size_t i) {
    Buffer& buffer = trace_.buffers[i];
    const bool is_input = i == 0, is_output = i == shape_.steps;
    Life life;
    life.kind = is_input ? LifeKind::kInput : is_output ? LifeKind::kOutput : LifeKind::kActivation;
    life.region = kSramRegion;
    life.address = buffer.address;
    life.bytes = life.touched = buffer.bytes;
    life.name = buffer.name;
    life.owner = text("m7_arena");
    life.buffer = static_cast<std::int32_t>(i);
    if (is_input) {
      life.born = 900;
      life.last_write = 950;
      life.writer = text("main");
    } else {
      const Step& step = trace_.steps[i - 1];
      life.born = step.begin + (step.end - step.begin) / 8;
      life.last_write = step.end - (step.end - step.begin) / 8;
      life.born_step = life.died_step = static_cast<std::int32_t>(i) - 1;
      set_writer(life, i - 1);
    }
    if (is_output) {
      life.flags = Life::kOpen;
    } else {
      const Step& step = trace_.steps[i];
      life.first_read = step.begin + 1;
      life.last_read = step.end - (step.end - step.begin) / 16;
      life.died_step = static_cast<std::int32_t>(i);
      set_reader(life, i);
    }
    buffer.first_write = life.born;
    buffer.last_write = life.last_write;
    buffer.first_read = life.first_read;
    buffer.last_read = life.last_read;
    buffer.bytes_written = life.touched;
    buffer.bytes_read = is_output ? 0 : life.touched;
    lives_.push_back(life);
  }

  void set_writer(Life& life, std::size_t function) {
    const std::size_t i = shape_.functions == 0 ? 0 : function % shape_.functions;
    life.writer = function_name(i);
    life.writer_line = text(fmt::format("kernels.c:{}", 10 * i + 3));
    life.writer_pc = function_address(i + 1) + 6;
  }
  void set_reader(Life& life, std::size_t function) {
    const std::size_t i = shape_.functions == 0 ? 0 : function % shape_.functions;
    life.reader = function_name(i);
    life.reader_line = text(fmt::format("kernels.c:{}", 10 * i + 2));
    life.reader_pc = function_address(i + 1) + 4;
  }

  /// Scratch, stack frames and heap blocks lie in lanes of addresses; in a lane one follows the other.
  void add_small_lives() {
    struct Lane {
      LifeKind kind;
      std::uint16_t region;
      std::uint32_t address, bytes;
      const char* owner;
    };
    std::vector<Lane> lanes;
    for (std::uint32_t i = 0; i < 32; ++i) {
      lanes.push_back({LifeKind::kScratch, kSramRegion, kScratch + i * 1024, 1024, "im2col"});
      if (i % 2 == 0)
        lanes.push_back({LifeKind::kStack, kDtcmRegion, kStackTop - (i + 2) * 64, 128, "stack"});
      if (i % 4 == 0)
        lanes.push_back({LifeKind::kHeap, kSramRegion, kHeap + i * 256, 512, "heap block at main.c:12"});
    }
    const std::size_t missing = shape_.lives - std::min(shape_.lives, lives_.size());
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const std::size_t here = missing * (lane + 1) / lanes.size() - missing * lane / lanes.size();
      for (std::size_t i = 0; i < here; ++i) {
        const std::uint64_t begin = now_ * i / here, room = now_ * (i + 1) / here - begin;
        if (room < 4) continue;
        Life life;
        life.kind = lanes[lane].kind;
        life.region = lanes[lane].region;
        life.address = lanes[lane].address;
        life.bytes = static_cast<std::uint32_t>(4 * between(1, lanes[lane].bytes / 4));
        life.touched = life.bytes - static_cast<std::uint32_t>(below(2) * below(life.bytes));
        life.generations = static_cast<std::uint32_t>(between(1, 9));
        life.born = begin + below(room / 4);
        life.last_write = life.born + below(room / 4);
        life.first_read = life.last_write;
        life.last_read = life.first_read + below(room / 4);
        if (life.kind != LifeKind::kScratch) life.released = life.last_read;
        life.owner = text(lanes[lane].owner);
        set_writer(life, i + lane);
        set_reader(life, i + lane);
        life.name = text(fmt::format("{} > {}", trace_.text(life.writer), trace_.text(life.reader)));
        life.born_step = step_at(life.born);
        life.died_step = step_at(life.last_read);
        lives_.push_back(life);
      }
    }
  }

  std::int32_t step_at(std::uint64_t cycle) const {
    const auto after = std::upper_bound(trace_.steps.begin(), trace_.steps.end(), cycle,
                                        [](std::uint64_t c, const Step& step) { return c < step.begin; });
    if (after == trace_.steps.begin() || std::prev(after)->end <= cycle) return -1;
    return static_cast<std::int32_t>(after - trace_.steps.begin()) - 1;
  }

  void add_samples() {
    for (std::size_t i = 0; i < shape_.samples; ++i) {
      Sample sample;
      sample.begin = now_ * i / shape_.samples;
      sample.end = now_ * (i + 1) / shape_.samples;
      sample.causes = split(sample.end - sample.begin);
      sample.instructions = (sample.end - sample.begin) * 4 / 5;
      sample.stack_bytes = static_cast<std::uint32_t>(64 + 8 * below(kStackLimit / 16));
      trace_.samples.push_back(sample);
    }
  }

  /// In pieces, as a run writes them: 256 rows of SRAM, and the columns of a stretch of time.
  void add_heat() {
    constexpr std::uint32_t kRows = 256, kMostColumns = 4096;
    const std::uint64_t columns = shape_.heat_samples / kRows;
    if (columns == 0) return;
    const std::uint64_t column_cycles = std::max<std::uint64_t>(1, now_ / columns);
    for (std::uint64_t first = 0; first < columns; first += kMostColumns) {
      Heat heat;
      heat.region = kSramRegion;
      heat.base = kSram;
      heat.row_bytes = kSramBytes / kRows;
      heat.begin = first * column_cycles;
      heat.column_cycles = column_cycles;
      heat.rows = kRows;
      heat.columns = static_cast<std::uint32_t>(std::min<std::uint64_t>(kMostColumns, columns - first));
      heat.reads.resize(std::size_t{heat.rows} * heat.columns);
      heat.writes.resize(heat.reads.size());
      for (std::uint32_t column = 0; column < heat.columns; ++column) fill_column(heat, column);
      trace_.heat.push_back(std::move(heat));
    }
  }

  /// A band of rows that are read, another that is written; they wander with time.
  void fill_column(Heat& heat, std::uint32_t column) {
    const std::uint64_t at = (heat.begin / heat.column_cycles + column) / 16;
    for (std::uint32_t i = 0; i < 24; ++i) {
      const std::size_t first = std::size_t{column} * heat.rows;
      heat.reads[first + (at * 7 + i) % heat.rows] = heat_level(between(1, 400));
      heat.writes[first + (at * 11 + 128 + i) % heat.rows] = heat_level(between(1, 100));
    }
  }

  void add_profile() {
    const std::size_t count = std::max<std::size_t>(shape_.functions, 1);
    trace_.calls.push_back({0, 0, 1, 0, 0});
    trace_.calls.push_back({0, text("main"), 1, 0, 0});
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t cycles = now_ * (i + 1) / count - now_ * i / count;
      FunctionCost function{function_name(i), file(),         function_address(i + 1),
                            between(1, 99),   cycles * 4 / 5, split(cycles)};
      trace_.functions.push_back(function);
      trace_.calls.push_back({1, function.name, function.calls, cycles, function.instructions});
      LineCost line{function.name, function.file, static_cast<std::int32_t>(10 * i + 2), 0, {}};
      for (std::size_t cause = 0; cause < isa::kCauses; ++cause)
        line.causes.by[cause] = function.causes.by[cause] / 2;
      line.instructions = function.instructions / 2;
      trace_.lines.push_back(line);
      ++line.line;
      line.instructions = function.instructions - line.instructions;
      isa::CauseCycles rest = function.causes;
      line.causes = rest -= line.causes;
      trace_.lines.push_back(line);
    }
  }

  void add_listings() {
    SourceText source{file(), 1, {}};
    for (std::size_t i = 0; i < trace_.functions.size(); ++i) {
      const FunctionCost& function = trace_.functions[i];
      const auto line = static_cast<std::int32_t>(10 * i);
      const std::uint64_t each = function.instructions / 4;
      const std::uint64_t cycles = function.causes.total().value / 4;
      trace_.listings.push_back(
          {function.name,
           {{function.address, text("push {r4, lr}"), file(), line + 1, function.calls, function.calls},
            {function.address + 4, text("ldrsb r3, [r0], #1"), file(), line + 2, each, cycles},
            {function.address + 6, text("strb r3, [r1], #1"), file(), line + 3, each, cycles},
            {function.address + 8, text("pop {r4, pc}"), file(), line + 4, function.calls, function.calls}}});
      source.lines.push_back(
          text(fmt::format("void {}(const int8_t* in, int8_t* out, int n) {{", trace_.text(function.name))));
      source.lines.push_back(text("\tfor (int i = 0; i < n; ++i) {"));
      source.lines.push_back(text("\t\tout[i] = in[i];  // 0 \xe2\x89\xa4 i"));
      for (const char* rest : {"\t}", "}", "", "", "", "", ""}) source.lines.push_back(text(rest));
    }
    trace_.sources.push_back(source);
  }

  void add_findings() {
    if (trace_.steps.empty()) return;
    Finding saves;
    saves.kind = FindingKind::kLifetimeTooLong;
    saves.is_problem = false;
    saves.text = text("layer_0 is kept until step 1 ends, but last read before: 64 bytes less at the peak");
    saves.function = function_name(0);
    saves.owner = text("layer_0");
    saves.step = 0;
    saves.address = kArena;
    saves.bytes = 64;
    saves.cycle = trace_.steps[0].end;
    saves.saves_bytes = 64;
    Finding unaligned;
    unaligned.kind = FindingKind::kUnaligned;
    unaligned.text = text("ldrd at 0x20010102, expected a multiple of 4");
    unaligned.pc = function_address(1) + 4;
    unaligned.function = function_name(0);
    unaligned.line = text("kernels.c:2");
    unaligned.owner = text("m7_arena");
    unaligned.step = static_cast<std::int32_t>(trace_.steps.size()) - 1;
    unaligned.address = kArena + 2;
    unaligned.bytes = 8;
    unaligned.cycle = trace_.steps.back().begin + 5;
    unaligned.count = between(2, 1000);
    trace_.findings = {saves, unaligned};
  }

  void add_end() {
    End end;
    end.reason = "exit";
    end.cycles = now_;
    end.seconds = static_cast<double>(now_) / kCoreHz;
    end.total = counts(now_);
    end.stack_top = kStackTop;
    end.stack_limit_bytes = kStackLimit;
    for (const Sample& sample : trace_.samples) {
      if (sample.stack_bytes <= end.stack_bytes) continue;
      end.stack_bytes = sample.stack_bytes;
      end.stack_cycle = sample.begin;
    }
    end.stack_path = text("main > conv");
    end.notes = {"a synthetic run"};
    trace_.end = end;
  }

  SampleShape shape_;
  std::mt19937_64 random_;
  Trace trace_;
  std::map<std::string, StringId> ids_{{"", 0}};
  std::vector<Life> lives_;
  std::uint64_t now_ = 0;
};

}  // namespace

Trace sample_trace(const SampleShape& shape) {
  return Maker(shape).make();
}

void write_trace(const Trace& trace, const std::filesystem::path& path, std::uint64_t cap_bytes) {
  TraceWriter writer(path, trace.about, cap_bytes);
  for (std::size_t i = 1; i < trace.strings.size(); ++i) writer.intern(trace.strings[i]);
  writer.add(std::span(trace.regions));
  for (const Clock& clock : trace.clocks) writer.add(clock);
  writer.add(std::span(trace.symbols));
  writer.set(trace.buffers);
  std::size_t life = 0, sample = 0, heat = 0;
  const auto until = [&](std::uint64_t cycle) {
    const std::size_t first_life = life, first_sample = sample;
    while (life < trace.lives.size() && trace.lives[life].born < cycle) ++life;
    writer.add(std::span(trace.lives).subspan(first_life, life - first_life));
    while (sample < trace.samples.size() && trace.samples[sample].end <= cycle) ++sample;
    writer.add(std::span(trace.samples).subspan(first_sample, sample - first_sample));
    for (; heat < trace.heat.size() && trace.heat[heat].begin < cycle; ++heat) writer.add(trace.heat[heat]);
  };
  for (const Step& step : trace.steps) {
    until(step.end);
    writer.add(step);
    writer.flush(step.end);
  }
  until(kNever);
  writer.set(trace.findings);
  writer.add(std::span(trace.functions));
  writer.add(std::span(trace.lines));
  writer.add(std::span(trace.calls));
  for (const Listing& listing : trace.listings) writer.add(listing);
  for (const SourceText& source : trace.sources) writer.add(source);
  writer.flush(trace.reached);
  if (trace.end) writer.finish(*trace.end);
}

}  // namespace traces
