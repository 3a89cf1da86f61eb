// Any bytes: the reader either refuses them with a ModelError or gives a graph that the kernels can run.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/interpret.h"
#include "reference/macs.h"
#include "reference/tflite_reader.h"

namespace {

/// Small enough to interpret thousands of times a second.
bool is_small(const reference::Graph& graph) {
  constexpr std::int64_t kMaxBytes = 4096;
  constexpr std::int64_t kMaxMacs = 100000;
  constexpr std::size_t kMaxOperators = 100;
  std::int64_t bytes = 0;
  for (const reference::Tensor& tensor : graph.tensors) bytes += tensor.bytes();
  return bytes <= kMaxBytes && graph.operators.size() <= kMaxOperators && reference::macs(graph) <= kMaxMacs;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const reference::Graph graph = reference::read_tflite({data, size}, "fuzz.tflite");
    if (!is_small(graph)) return 0;
    std::vector<reference::TensorData> inputs;
    for (const int input : graph.inputs)
      inputs.emplace_back(static_cast<std::size_t>(graph.tensor(input).bytes()), std::uint8_t{0x9d});
    reference::interpret(graph, inputs);
  } catch (const reference::ModelError&) {
    return 0;
  }
  return 0;
}
