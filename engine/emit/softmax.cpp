// SOFTMAX: m7_softmax.h.
#include <fmt/format.h>

#include <algorithm>

#include "engine/emit/fixed_point.h"
#include "engine/emit/layer.h"
#include "engine/emit/overlap.h"
#include "engine/emit/requant.h"

namespace engine {

KernelNeeds softmax_needs(const Layer&) {
  return {isa::Bytes(0), {lead_overlap(0, isa::Bytes(0))}};
}

void emit_softmax(const Layer& layer, const StepAddresses& at, StepCode& code) {
  constexpr int kDifferenceBits = 5;
  const double beta = layer.options<reference::SoftmaxOptions>().beta;
  const Multiplier m = multiplier_of(std::min(
      beta * static_cast<double>(scale(layer.input())) * (1 << (31 - kDifferenceBits)), 2147483647.0));
  const std::int32_t radius = fixed_radius(kDifferenceBits, m.shift);
  std::vector<std::int32_t> exps;
  for (int d = 0; d <= std::min(255, radius); ++d)
    exps.push_back(fixed_exp(multiply(-d, m), kDifferenceBits));
  while (exps.size() > 1 && exps.back() == 0) exps.pop_back();
  add_include(code, "m7_softmax.h");
  const std::string function =
      add_function(code, "m7_softmax",
                   "const int8_t *in, int8_t *out, int rows, int depth, const int32_t *exps, int count",
                   "  m7_softmax(in, out, rows, depth, exps, count);");
  const std::int64_t depth = layer.output().shape.back();
  code.call = fmt::format("{}({}, {}, {}, {}, {}, {});\n", function, at.inputs.at(0), at.output,
                          layer.output().elements() / depth, depth, add_words(code, exps), exps.size());
}

}  // namespace engine
