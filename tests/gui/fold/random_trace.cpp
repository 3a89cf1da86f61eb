#include "random_trace.h"

#include <random>

namespace gui {

namespace {

constexpr std::uint32_t kBase = 0x20000000, kBytes = 4096;
constexpr std::uint64_t kCycles = 10000;

class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}
  /// From 0 to `limit`, which is not part of it.
  std::uint64_t below(std::uint64_t limit) { return bits_() % limit; }

 private:
  std::mt19937_64 bits_;
};

traces::Life random_life(Random& random, std::uint32_t id) {
  traces::Life life;
  life.id = id;
  life.kind = static_cast<traces::LifeKind>(random.below(traces::kLifeKinds));
  life.region = static_cast<std::uint16_t>(random.below(2));
  // Long and short ones, large and small ones.
  life.bytes = 1 + static_cast<std::uint32_t>(random.below(std::uint64_t{1} << random.below(11)));
  life.address =
      kBase + life.region * 2 * kBytes + static_cast<std::uint32_t>(random.below(kBytes - life.bytes + 1));
  const std::uint64_t length = random.below(std::uint64_t{1} << random.below(13));
  life.born = random.below(kCycles - length);
  life.last_write = life.born + random.below(length + 1);
  life.first_read = life.last_read = life.born + length;
  return life;
}

void add_steps(Random& random, traces::Trace* trace) {
  std::uint64_t at = random.below(50);
  for (std::int32_t id = 0; at < kCycles - 1200; ++id) {
    traces::Step step;
    step.id = id;
    step.begin = at;
    step.end = at + 1 + random.below(1000);
    step.macs = static_cast<std::int64_t>(random.below(2000));
    step.counts.load_bytes = random.below(5000);
    step.counts.causes[isa::Cause::kIssue] = step.end - step.begin;
    trace->steps.push_back(step);
    at = step.end + random.below(100);
  }
}

void add_samples(Random& random, traces::Trace* trace) {
  for (std::uint64_t at = 0; at < kCycles;) {
    traces::Sample sample;
    sample.begin = at;
    sample.end = at = std::min(kCycles, at + 1 + random.below(400));
    sample.causes[isa::Cause::kDLoad] = random.below(sample.end - sample.begin + 1);
    sample.causes[isa::Cause::kIssue] = sample.end - sample.begin - sample.causes[isa::Cause::kDLoad];
    sample.instructions = random.below(2 * (sample.end - sample.begin) + 1);
    sample.stack_bytes = static_cast<std::uint32_t>(random.below(512));
    trace->samples.push_back(sample);
  }
}

void add_heat(Random& random, traces::Trace* trace) {
  for (std::uint64_t at = 0; at < kCycles;) {
    traces::Heat heat;
    heat.base = kBase + 64 * static_cast<std::uint32_t>(random.below(8));
    heat.row_bytes = 64;
    heat.begin = at;
    heat.column_cycles = std::uint64_t{50} << random.below(2);
    heat.columns = 1 + static_cast<std::uint32_t>(random.below(20));
    heat.rows = 1 + static_cast<std::uint32_t>(random.below(56));
    for (std::uint32_t i = 0; i < heat.columns * heat.rows; ++i) {
      heat.reads.push_back(random.below(3) == 0 ? static_cast<std::uint8_t>(random.below(256)) : 0);
      heat.writes.push_back(random.below(5) == 0 ? static_cast<std::uint8_t>(random.below(256)) : 0);
    }
    at += heat.columns * heat.column_cycles;
    trace->heat.push_back(std::move(heat));
  }
}

}  // namespace

traces::Trace random_trace(std::uint64_t seed, std::size_t lives) {
  Random random(seed);
  traces::Trace trace;
  trace.regions = {{"SRAM1", "sram", kBase, kBytes, true},
                   {"SRAM2", "sram", kBase + 2 * kBytes, kBytes, true}};
  for (std::uint32_t i = 0; i < lives; ++i) trace.lives.push_back(random_life(random, i));
  add_steps(random, &trace);
  add_samples(random, &trace);
  add_heat(random, &trace);
  trace.end.emplace();
  trace.end->cycles = trace.reached = kCycles;
  trace.end->stack_top = kBase + kBytes;
  return trace;
}

}  // namespace gui
