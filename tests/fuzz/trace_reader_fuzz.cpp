// Any bytes: the reader refuses them in one line, or gives a trace that every fold can take. What it gives is
// written again and read again: nothing is lost.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "traces/summary.h"
#include "traces/trace_reader.h"

namespace {

/// Small enough for thousands of inputs a second, and for a fuzzer's memory.
constexpr std::uint64_t kMaxUnpackedBytes = 4u << 20;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const traces::Trace trace = traces::parse_trace({data, size}, "fuzz.m7t", kMaxUnpackedBytes);
    if (trace.end.has_value() != trace.cut.empty()) std::abort();
  } catch (const traces::TraceError& error) {
    if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
  }
  return 0;
}
