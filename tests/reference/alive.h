// Whether the values of a network are worth computing: neither stuck at the ends of int8 nor all the same.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "reference/interpret.h"

namespace reference {

/// The first int8 activation with at least `least_elements` elements of which more than 20 % are -128 or 127,
/// or (from 8 elements on) whose standard deviation is below `least_deviation`, as text; empty where there is
/// none. The output of a PAD is passed over: its border is the zero point by definition, and its inside was
/// looked at before.
inline std::string dead_tensor(const Graph& graph, std::uint32_t seed, std::int64_t least_elements,
                               double least_deviation) {
  const std::vector<TensorData> values = interpret(graph, seeded_inputs(graph, seed));
  for (const Operator& op : graph.operators) {
    const Tensor& tensor = graph.tensor(op.outputs[0]);
    if (op.kind == OperatorKind::kPad || tensor.type != TensorType::kInt8) continue;
    if (tensor.elements() < least_elements) continue;
    double sum = 0, square = 0, at_ends = 0;
    for (const std::uint8_t byte : values[static_cast<std::size_t>(op.outputs[0])]) {
      const int value = static_cast<std::int8_t>(byte);
      sum += value;
      square += value * value;
      at_ends += value == -128 || value == 127 ? 1 : 0;
    }
    const auto n = static_cast<double>(tensor.elements());
    const double deviation = std::sqrt(square / n - sum / n * (sum / n));
    if (at_ends > 0.2 * n || (n >= 8 && deviation < least_deviation)) {
      return fmt::format("{} seed {}: {} {}: {:.0f} % saturated, deviation {:.1f}", graph.name, seed,
                         to_string(op.kind), tensor.name, 100 * at_ends / n, deviation);
    }
  }
  return "";
}

}  // namespace reference
