// What one access costs the host: the quick path, the slow path that hits, and a miss through SystemC.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "memory_model/memory_system.h"

namespace {

using isa::Address;
using isa::Cycles;
using memory_model::Board;
using memory_model::MemorySystem;

constexpr std::uint32_t kDtcm = 0x20000000, kAxiSram = 0x24000000, kSram1 = 0x30000000, kFlash = 0x08000000;

struct Machine {
  Board board = memory_model::load_board("stm32h743");
  MemorySystem memory{board};
  std::uint64_t now = 1000;
  Machine() { memory.set_operating_point(board.full_speed_point); }
};

void QuickHit(benchmark::State& state) {
  Machine m;
  for (std::uint32_t a = 0; a < 4096; a += 32) m.memory.load(Address(kDtcm + a), 4, Cycles(m.now));
  std::uint32_t a = 0, hits = 0;
  for (auto _ : state) {
    hits += m.memory.quick_load(kDtcm + (a & 4095));
    a += 4;
  }
  benchmark::DoNotOptimize(hits);
}
BENCHMARK(QuickHit);

void TcmBesideTheQuickPath(benchmark::State& state) {
  Machine m;
  std::uint32_t a = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(m.memory.load(Address(kDtcm + (a & 0xffff)), 4, Cycles(++m.now)));
    a += 32;
  }
}
BENCHMARK(TcmBesideTheQuickPath);

void CacheHitBesideTheQuickPath(benchmark::State& state) {
  Machine m;
  std::uint32_t a = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(m.memory.load(Address(kAxiSram + (a & 4095)), 4, Cycles(m.now += 2)));
    a += 32;
  }
}
BENCHMARK(CacheHitBesideTheQuickPath);

/// Loads of lines that are never there, from the memory at `range(0)`.
void LoadMiss(benchmark::State& state) {
  Machine m;
  const auto base = static_cast<std::uint32_t>(state.range(0));
  std::uint32_t a = 0;
  for (auto _ : state) {
    m.now += 2 + m.memory.load(Address(base + (a & 0x1ffff)), 4, Cycles(m.now)).total();
    a += 32;
  }
}
BENCHMARK(LoadMiss)->Arg(kAxiSram)->Arg(kSram1)->Arg(kFlash)->ArgName("base");

/// Stores through a working set of 128 KB: each miss also writes a line back.
void StoreMissAndWriteBack(benchmark::State& state) {
  Machine m;
  std::uint32_t a = 0;
  for (auto _ : state) {
    m.now += 2 + m.memory.store(Address(kAxiSram + (a & 0x1ffff)), 4, Cycles(m.now)).total();
    a += 32;
  }
}
BENCHMARK(StoreMissAndWriteBack);

void FetchHit(benchmark::State& state) {
  Machine m;
  std::uint32_t a = 0;
  for (auto _ : state) {
    m.now += 4 + m.memory.fetch(Address(kFlash + (a & 4095)), 16, true, Cycles(m.now)).total();
    a += 16;
  }
}
BENCHMARK(FetchHit);

void FetchThroughTheAccelerator(benchmark::State& state) {
  const Board board = memory_model::load_board("stm32f746");
  MemorySystem memory(board);
  memory.set_operating_point(board.full_speed_point);
  std::uint64_t now = 1000;
  std::uint32_t a = 0;
  for (auto _ : state) {
    now += 4 + memory.fetch(Address(0x00200000 + (a & 1023)), 16, true, Cycles(now)).total();
    a += 16;
  }
}
BENCHMARK(FetchThroughTheAccelerator);

}  // namespace

BENCHMARK_MAIN();
