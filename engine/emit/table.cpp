// LOGISTIC, RELU, RELU6 and QUANTIZE int8 -> int8: 256 bytes made here, looked up by m7_table.h.
#include <fmt/format.h>

#include <algorithm>

#include "engine/emit/fixed_point.h"
#include "engine/emit/layer.h"
#include "engine/emit/overlap.h"
#include "engine/emit/requant.h"

namespace engine {
namespace {

constexpr int kLogisticBits = 4;

int logistic_of(int x, const Layer& layer) {
  const Multiplier m = multiplier_of(static_cast<double>(scale(layer.input())) * (1 << (31 - kLogisticBits)));
  const std::int32_t centred = x - zero_point(layer.input()), radius = fixed_radius(kLogisticBits, m.shift);
  if (centred <= -radius) return -128;
  if (centred >= radius) return 127;
  return rounding_shift(fixed_logistic(multiply(centred, m), kLogisticBits), 23) - 128;
}

int requantised(int x, const Layer& layer) {
  const Multiplier m =
      multiplier_of(static_cast<double>(scale(layer.input())) / static_cast<double>(scale(layer.output())));
  const std::int64_t q =
      std::int64_t{multiply(x - zero_point(layer.input()), m)} + zero_point(layer.output());
  return static_cast<int>(std::clamp<std::int64_t>(q, layer.step.activation_min, layer.step.activation_max));
}

}  // namespace

KernelNeeds table_needs(const Layer&) {
  return {isa::Bytes(0), {lead_overlap(0, isa::Bytes(0))}};
}

void emit_table(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const bool logistic = layer.step.kind == reference::OperatorKind::kLogistic;
  std::vector<std::int8_t> table;
  for (int x = -128; x <= 127; ++x) {
    const int y = logistic ? logistic_of(x, layer) : requantised(x, layer);
    table.push_back(static_cast<std::int8_t>(std::clamp(y, -128, 127)));
  }
  add_include(code, "m7_table.h");
  const std::string function =
      add_function(code, "m7_table", "const int8_t *in, int8_t *out, int count, const int8_t *table",
                   "  m7_table(in, out, count, table);");
  code.call = fmt::format("{}({}, {}, {}, {});\n", function, at.inputs.at(0), at.output,
                          layer.output().elements(), add_bytes(code, table));
}

}  // namespace engine
