// How fast a large trace is written and opened: a million lives and ten million samples of heat. The peer is
// reading the bytes of the same file, in the same run.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <vector>

#include "tests/traces/sample_trace.h"
#include "tests/traces/temporary_folder.h"
#include "traces/trace_reader.h"

namespace {

constexpr int kRepeats = 3;
constexpr double kMega = 1e6;

/// Of the fastest of kRepeats, so that other work on the machine counts little.
double seconds(const std::function<void()>& work) {
  double best = 1e9;
  for (int i = 0; i < kRepeats; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best;
}

void read_bytes(const std::filesystem::path& path) {
  std::vector<char> bytes(std::filesystem::file_size(path));
  std::ifstream(path, std::ios::binary).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

int main() {
  const traces::TemporaryFolder folder;
  const std::filesystem::path path = folder / "large.m7t";
  const traces::Trace trace =
      traces::sample_trace({.steps = 100, .lives = 1000000, .samples = 100000, .heat_samples = 10000000});
  std::size_t cells = 0;
  for (const traces::Heat& heat : trace.heat) cells += heat.reads.size() + heat.writes.size();
  const double in_memory = static_cast<double>(trace.lives.size() * sizeof(traces::Life) +
                                               trace.samples.size() * sizeof(traces::Sample) + cells);
  const double write = seconds([&] { traces::write_trace(trace, path); });
  const double open = seconds([&] { traces::load_trace(path); });
  const double read = seconds([&] { read_bytes(path); });
  const double file_bytes = static_cast<double>(std::filesystem::file_size(path));
  fmt::print(
      "trace of {} lives, {} stretches, {} levels of heat: {:.1f} MB in memory, {:.1f} MB in the file\n",
      trace.lives.size(), trace.samples.size(), cells, in_memory / kMega, file_bytes / kMega);
  fmt::print("{:10}{:>10}{:>18}\n", "", "seconds", "MB/s in memory");
  fmt::print("{:10}{:10.3f}{:18.0f}\n", "write", write, in_memory / write / kMega);
  fmt::print("{:10}{:10.3f}{:18.0f}\n", "open", open, in_memory / open / kMega);
  fmt::print("{:10}{:10.3f}{:>18}\n", "read", read, "(its bytes alone)");
  return 0;
}
