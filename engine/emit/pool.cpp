// AVERAGE_POOL_2D and MAX_POOL_2D: m7_pool.h.
#include <fmt/format.h>

#include "engine/emit/layer.h"
#include "engine/emit/pixels.h"

namespace engine {

KernelNeeds pool_needs(const Layer& layer) {
  const auto &in = layer.input().shape, &out = layer.output().shape;
  const WindowedImage image{in.at(1), in.at(2), in.at(3), out.at(1), out.at(2), layer.step.window};
  const isa::Bytes lead = element_lead(image, in.at(0), in.at(3), [](int c) { return c; });
  return {isa::Bytes(0), {lead_overlap(0, lead)}};
}

void emit_pool(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const auto &in = layer.input().shape, &out = layer.output().shape;
  const Window& w = layer.step.window;
  add_include(code, "m7_pool.h");
  const std::string function = add_function(
      code, "m7_pool", "const int8_t *in, int8_t *out",
      fmt::format("  const m7_pool_shape s = {{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}};\n"
                  "  m7_pool(in, out, {}, s);",
                  in.at(1), in.at(2), in.at(3), out.at(1), out.at(2), w.filter_h, w.filter_w, w.stride_h,
                  w.stride_w, w.pad_top, w.pad_left, layer.step.activation_min, layer.step.activation_max,
                  layer.step.kind == reference::OperatorKind::kAveragePool2D ? 1 : 0));
  for (int n = 0; n < in.at(0); ++n) {
    code.call +=
        fmt::format("{}({} + {}, {} + {});\n", function, at.inputs.at(0), n * in.at(1) * in.at(2) * in.at(3),
                    at.output, n * out.at(1) * out.at(2) * out.at(3));
  }
}

}  // namespace engine
