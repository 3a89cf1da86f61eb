// AVERAGE_POOL_2D and MAX_POOL_2D: m7_pool.h.
#include <fmt/format.h>

#include <algorithm>

#include "engine/emit/layer.h"
#include "engine/emit/overlap.h"

namespace engine {

KernelNeeds pool_needs(const Layer& layer) {
  const auto &in = layer.input().shape, &out = layer.output().shape;
  const Window& w = layer.step.window;
  StreamWalk walk;
  std::int64_t written = 0;
  for (std::int64_t n = 0; n < out.at(0); ++n) {
    for (std::int64_t oy = 0; oy < out.at(1); ++oy) {
      for (std::int64_t ox = 0; ox < out.at(2); ++ox) {
        const std::int64_t y = std::max<std::int64_t>(oy * w.stride_h - w.pad_top, 0);
        const std::int64_t x = std::max<std::int64_t>(ox * w.stride_w - w.pad_left, 0);
        const std::int64_t pixel = (n * in.at(1) + y) * in.at(2) + x;
        for (std::int64_t c = 0; c < in.at(3); ++c) walk.add(pixel * in.at(3) + c, ++written);
      }
    }
  }
  return {isa::Bytes(0), {lead_overlap(0, walk.lead())}};
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
