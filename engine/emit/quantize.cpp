// The float edges: m7_quantize.h.
#include <fmt/format.h>

#include "engine/emit/layer.h"
#include "engine/emit/overlap.h"

namespace engine {
namespace {

/// A float as a C constant that reads back as the same bits.
std::string float_literal(float value) {
  return fmt::format("{:a}F", value);
}

std::string emit_edge(const Layer& layer, const reference::Tensor& quantised, const char* name,
                      const char* parameters, StepCode& code) {
  add_include(code, "m7_quantize.h");
  return add_function(code, name, parameters,
                      fmt::format("  {}(in, out, {}, {}, {});", name, layer.output().elements(),
                                  float_literal(scale(quantised)), zero_point(quantised)));
}

}  // namespace

// Element i is 4 bytes wide at 4 * i and becomes byte i: writes stay behind the reads.
KernelNeeds quantize_needs(const Layer&) {
  return {isa::Bytes(0), {lead_overlap(0, isa::Bytes(0))}};
}

void emit_quantize(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const std::string function =
      emit_edge(layer, layer.output(), "m7_quantize", "const float *in, int8_t *out", code);
  code.call =
      fmt::format("{}((const float *)(const void *)({}), {});\n", function, at.inputs.at(0), at.output);
}

KernelNeeds dequantize_needs(const Layer& layer) {
  StreamWalk walk;
  for (std::int64_t i = 0; i < layer.output().elements(); ++i) walk.add(i, 4 * (i + 1));
  return {isa::Bytes(0), {lead_overlap(0, walk.lead())}};
}

void emit_dequantize(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const std::string function =
      emit_edge(layer, layer.input(), "m7_dequantize", "const int8_t *in, float *out", code);
  code.call = fmt::format("{}({}, (float *)(void *)({}));\n", function, at.inputs.at(0), at.output);
}

}  // namespace engine
