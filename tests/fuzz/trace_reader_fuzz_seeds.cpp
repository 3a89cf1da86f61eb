// Writes small traces into the folder named on the command line: as a run leaves them, cut, and with chunks
// that are not packed, so that what the fuzzer changes in them are the trace's own numbers.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/traces/sample_trace.h"
#include "traces/format/piece.h"

namespace {

using traces::Trace;

void append(std::vector<std::uint8_t>& bytes, const traces::Piece& piece) {
  const std::vector<std::uint8_t> chunk = traces::encode_piece(piece, false).chunk;
  bytes.insert(bytes.end(), chunk.begin(), chunk.end());
}

/// One chunk with what comes before the run, one with what comes after.
std::vector<std::uint8_t> plain_file(const Trace& trace) {
  std::vector<std::uint8_t> bytes = traces::encode_header(trace.about);
  traces::Piece before, after;
  before.strings.assign(trace.strings.begin() + 1, trace.strings.end());
  before.regions = trace.regions;
  before.clocks = trace.clocks;
  before.symbols = trace.symbols;
  before.buffers = trace.buffers;
  append(bytes, before);
  after.reached = trace.reached;
  after.steps = trace.steps;
  after.lives = trace.lives;
  after.samples = trace.samples;
  after.heat = trace.heat;
  after.findings = trace.findings;
  after.functions = trace.functions;
  after.lines = trace.lines;
  after.calls = trace.calls;
  after.listings = trace.listings;
  after.sources = trace.sources;
  after.end = trace.end;
  append(bytes, after);
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: trace_reader_fuzz_seeds FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const bool ended : {true, false}) {
    for (const std::size_t steps : {0, 1, 3}) {
      const Trace trace = traces::sample_trace({.steps = steps,
                                                .lives = 4 * steps,
                                                .samples = 2 * steps,
                                                .heat_samples = 256 * steps,
                                                .functions = 1,
                                                .ended = ended});
      const std::string name = "seed" + std::to_string(number++);
      traces::write_trace(trace, folder / (name + ".m7t"));
      const std::vector<std::uint8_t> plain = plain_file(trace);
      std::ofstream out(folder / (name + "-plain.m7t"), std::ios::binary);
      out.write(reinterpret_cast<const char*>(plain.data()), static_cast<std::streamsize>(plain.size()));
      if (!out) return 1;
    }
  }
  return 0;
}
