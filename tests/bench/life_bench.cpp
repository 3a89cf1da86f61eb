// What following every byte costs the host, for each access.
#include <benchmark/benchmark.h>

#include "traces/life_tracker.h"

namespace traces {
namespace {

constexpr std::uint32_t kRam = 0x20000000, kArena = kRam + 0x1000, kStack = kRam + 0x40000;
constexpr std::uint32_t kMain = 1, kKernel = 2, kRow = 3;

LifeTracker tracker() {
  return LifeTracker({{kRam, 0x50000, 0}},
                     {{kArena, 0x20000, 1, LifeKind::kStatic}, {kStack, 0x8000, 2, LifeKind::kStack}});
}

/// Accesses of one kind in a loop over `bytes`; each takes 2 cycles.
template <typename Access>
void sweep(benchmark::State& state, std::uint32_t bytes, std::uint32_t size, const Access& access) {
  LifeTracker lives = tracker();
  lives.call(kMain);
  std::uint64_t now = 0, count = 0;
  for (std::uint32_t i = 0; i < bytes; i += 4) lives.store(kArena + i, 4, 0x100);
  lives.call(kKernel);
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < bytes; i += size) {
      lives.at(now += 2);
      access(lives, i);
    }
    count += bytes / size;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(count));
  state.counters["per_access"] = benchmark::Counter(
      static_cast<double>(count), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void LoadsOfWords(benchmark::State& state) {
  sweep(state, 0x10000, 4, [](LifeTracker& lives, std::uint32_t i) { lives.load(kArena + i, 4, 0x200); });
}
BENCHMARK(LoadsOfWords);

void LoadsOfBytes(benchmark::State& state) {
  sweep(state, 0x10000, 1, [](LifeTracker& lives, std::uint32_t i) { lives.load(kArena + i, 1, 0x200); });
}
BENCHMARK(LoadsOfBytes);

void SumsOfWords(benchmark::State& state) {
  sweep(state, 0x100, 4, [](LifeTracker& lives, std::uint32_t i) {
    lives.load(kArena + i, 4, 0x200);
    lives.store(kArena + i, 4, 0x204);
  });
}
BENCHMARK(SumsOfWords);

void StackStores(benchmark::State& state) {
  sweep(state, 0x100, 4,
        [](LifeTracker& lives, std::uint32_t i) { lives.store(kStack + 0x7000 + i, 4, 0x200); });
}
BENCHMARK(StackStores);

/// The dearest: each store ends one life and begins another.
void ScratchWrittenAndReadOnce(benchmark::State& state) {
  LifeTracker lives = tracker();
  lives.call(kMain);
  lives.call(kKernel);
  std::uint64_t now = 0, count = 0;
  constexpr std::uint32_t kBytes = 2304;
  for (auto _ : state) {
    for (std::uint32_t i = 0; i < kBytes; i += 4) {
      lives.at(now += 2);
      lives.store(kArena + i, 4, 0x300);
    }
    lives.call(kRow);
    for (std::uint32_t i = 0; i < kBytes; i += 4) {
      lives.at(now += 2);
      lives.load(kArena + i, 4, 0x400);
    }
    lives.leave();
    count += kBytes / 2;
  }
  state.counters["per_access"] = benchmark::Counter(
      static_cast<double>(count), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(ScratchWrittenAndReadOnce);

/// Layers that take turns in two buffers of 16 KiB: four bytes read for each that is written.
void LayersInTwoBuffers(benchmark::State& state) {
  LifeTracker lives = tracker();
  lives.call(kMain);
  std::uint64_t now = 0, count = 0;
  std::uint32_t in = kArena, out = kArena + 0x4000;
  for (auto _ : state) {
    lives.call(kKernel);
    for (std::uint32_t i = 0; i < 0x4000; ++i) {
      lives.at(now += 8);
      for (std::uint32_t tap = 0; tap < 4; ++tap) lives.load(in + (i + tap * 64) % 0x4000 / 4 * 4, 4, 0x200);
      lives.store(out + i, 1, 0x300);
    }
    lives.leave();
    std::swap(in, out);
    count += 0x4000 * 5;
  }
  state.counters["per_access"] = benchmark::Counter(
      static_cast<double>(count), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(LayersInTwoBuffers);

/// What a picture of a running program costs, with an arena of 128 KiB in use.
void Taking(benchmark::State& state) {
  LifeTracker lives = tracker();
  lives.call(kMain);
  std::uint64_t now = 0;
  for (std::uint32_t layer = 0; layer < 100; ++layer) {
    lives.call(kKernel);
    for (std::uint32_t i = 0; i < 0x8000; i += 4) {
      lives.at(now += 8);
      lives.load(kArena + (layer % 4) * 0x8000 + i, 4, 0x200);
      lives.store(kArena + (layer + 1) % 4 * 0x8000 + i, 4, 0x300);
    }
    lives.leave();
  }
  for (auto _ : state) benchmark::DoNotOptimize(lives.take(false));
}
BENCHMARK(Taking)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace traces

BENCHMARK_MAIN();
