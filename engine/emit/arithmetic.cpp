// ADD, SUB and MUL: m7_arithmetic.h, with loops around it where an operand is broadcast.
#include <fmt/format.h>

#include <algorithm>

#include "engine/emit/layer.h"
#include "engine/emit/nest.h"
#include "engine/emit/overlap.h"
#include "engine/emit/requant.h"

namespace engine {
namespace {

std::vector<Loop> broadcast_loops(const Layer& layer) {
  const std::vector<std::int32_t>& out = layer.output().shape;
  std::vector<Loop> loops;
  for (const std::int32_t count : out) loops.push_back({count, {0, 0}});
  for (std::size_t k = 0; k < 2; ++k) {
    const std::vector<std::int32_t>& in = layer.input(k).shape;
    const std::vector<std::int64_t> own = row_major(in);
    const std::size_t lead = out.size() - in.size();
    for (std::size_t d = 0; d < in.size(); ++d) {
      if (in[d] != 1) loops[lead + d].strides[k] = own[d];
    }
  }
  return joined(loops, 2);
}

KernelNeeds needs_of(const Layer& layer) {
  const std::vector<Loop> loops = broadcast_loops(layer);
  StreamWalk walks[2];
  std::int64_t written = 0;
  for_each_element(loops, 2, [&](const std::vector<std::int64_t>& offsets) {
    ++written;
    walks[0].add(offsets[0], written);
    walks[1].add(offsets[1], written);
  });
  KernelNeeds needs;
  for (int k = 0; k < 2; ++k) {
    if (!layer.constant_input(static_cast<std::size_t>(k)))
      needs.overlaps.push_back(lead_overlap(k, walks[k].lead()));
  }
  return needs;
}

void emit_run(const Layer& layer, const StepAddresses& at, StepCode& code, const std::string& name,
              const std::string& shape_text) {
  const std::vector<Loop> loops = broadcast_loops(layer);
  const Loop& run = loops.back();
  const std::string inner = fmt::format("    m7_{}_run(a{}, {}, b{}, {}, out, {}, s);\n    out += {};\n",
                                        name, offset_text(loops, "i", 0), run.strides[0],
                                        offset_text(loops, "i", 1), run.strides[1], run.count, run.count);
  add_include(code, "m7_arithmetic.h");
  const std::string function = add_function(
      code, "m7_" + name, "const int8_t *a, const int8_t *b, int8_t *out",
      fmt::format("  const m7_{}_shape s = {};\n{}", name, shape_text, loop_text(loops, "i", inner)));
  code.call = fmt::format("{}({}, {}, {});\n", function, input_of(layer, at, 0, code),
                          input_of(layer, at, 1, code), at.output);
}

std::string output_fields(const Layer& layer) {
  return fmt::format("{}, {}, {}", zero_point(layer.output()), layer.step.activation_min,
                     layer.step.activation_max);
}

/// Real multipliers of both operands, and of their sum, which has 20 bits of headroom.
struct SumScales {
  double a, b, sum;
};

// TFLM computes those of ADD in double and those of SUB in float.
template <class Real>
SumScales sum_scales(const Layer& layer) {
  const Real a = scale(layer.input(0)), b = scale(layer.input(1)), out = scale(layer.output());
  const Real twice_max = 2 * std::max(a, b);
  const Real sum = twice_max / (static_cast<Real>(1 << 20) * out);
  return {a / twice_max, b / twice_max, sum};
}

}  // namespace

KernelNeeds sum_needs(const Layer& layer) {
  return needs_of(layer);
}

void emit_sum(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const bool subtract = layer.step.kind == reference::OperatorKind::kSub;
  const SumScales real = subtract ? sum_scales<float>(layer) : sum_scales<double>(layer);
  const Multiplier of_a = multiplier_of(real.a), of_b = multiplier_of(real.b),
                   of_sum = multiplier_of(real.sum);
  emit_run(layer, at, code, "sum",
           fmt::format("{{{{{}, {}, {}}}, {{{}, {}, {}}}, {}, {}, {}, {}}}", zero_point(layer.input(0)),
                       of_a.value, -of_a.shift, zero_point(layer.input(1)), of_b.value, -of_b.shift,
                       subtract ? 1 : 0, of_sum.value, of_sum.shift, output_fields(layer)));
}

KernelNeeds product_needs(const Layer& layer) {
  return needs_of(layer);
}

void emit_product(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const double real = static_cast<double>(scale(layer.input(0))) *
                      static_cast<double>(scale(layer.input(1))) / static_cast<double>(scale(layer.output()));
  const Multiplier m = multiplier_of(real);
  emit_run(layer, at, code, "product",
           fmt::format("{{{}, {}, {}, {}, {}}}", zero_point(layer.input(0)), zero_point(layer.input(1)),
                       m.value, m.shift, output_fields(layer)));
}

}  // namespace engine
