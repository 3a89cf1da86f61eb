// DEPTHWISE_CONV_2D: m7_depthwise.h.
#include <fmt/format.h>

#include "engine/emit/layer.h"
#include "engine/emit/pixels.h"
#include "engine/emit/requant.h"

namespace engine {
namespace {

constexpr int kPlaneBudget =
    4096;  // bytes of padded rows; more only where the least rows of one lane need more

/// The fields of m7_depthwise_shape, and images.
struct Shape {
  int images = 1, in_h = 1, in_w = 1, channels = 1, out_h = 1, out_w = 1;
  Window window;
  int rows = 1, pitch = 2, lanes = 1, group = 4;

  bool three_by_three() const { return window.filter_h == 3 && window.filter_w == 3; }
  int table_words() const {
    if (three_by_three()) return 0;
    const int w = window.filter_w;
    return window.filter_h * (window.stride_w == 1 ? 2 * ((w + 2) / 2) : (w + 1) / 2);
  }
  int scratch() const { return 2 * lanes * rows * pitch + 4 * table_words(); }
};

/// Instructions, about, of a row of output columns in groups of `group`: loads and products of a window, then
/// about six for each result.
int row_cost(const Shape& s, int group) {
  const Window& w = s.window;
  const auto group_cost = [&](int count) {
    const int words = w.stride_w == 1 ? (w.filter_w + 2) / 2 : (w.filter_w + 1) / 2;
    const int loads = w.stride_w == 1 ? 3 * words + (count - 1) / 2 : 2 * words + count - 1;
    return count == 0 ? 0 : w.filter_h * (loads + words * count) + 6 * count + 12;
  };
  return s.out_w / group * group_cost(group) + group_cost(s.out_w % group);
}

/// A full plane moves its last rows to the front, and each block of rows begins a lane anew: as many rows as
/// make both cheap. Other windows than 3x3 make a table for each lane each time, so they take more.
int rows_worth_having(const Window& w, int out_w) {
  constexpr int kOutputsOfABlock = 40;
  const int kept = std::max(0, w.filter_h - w.stride_h);
  const int fresh = w.filter_h == 3 && w.filter_w == 3 ? 3 * kept / 2 : 3 * kept;
  const int out_rows =
      std::max({1, (fresh + w.stride_h - 1) / w.stride_h, (kOutputsOfABlock + out_w - 1) / out_w});
  return (out_rows - 1) * w.stride_h + w.filter_h;
}

Shape shape_of(const Layer& layer) {
  const auto &in = layer.input().shape, &out = layer.output().shape;
  Shape s{in.at(0), in.at(1), in.at(2), in.at(3), out.at(1), out.at(2), layer.step.window};
  const Window& w = s.window;
  // The last word that the last output column reads; the kernels take pairs of columns.
  const int reach = (s.out_w - 1) * w.stride_w + w.filter_w;
  s.pitch = (reach + 3) / 2 * 2;
  const int all = (s.out_h - 1) * w.stride_h + w.filter_h;
  const int least = std::min(all, w.filter_h + w.stride_h);
  s.lanes = s.channels >= 4 && 8 * least * s.pitch <= kPlaneBudget ? 4 : 1;
  const int affordable = kPlaneBudget / (2 * s.lanes * s.pitch);
  s.rows = std::clamp(rows_worth_having(w, s.out_w), least, std::max(least, std::min(all, affordable)));
  const int larger = w.stride_w == 1 ? 6 : 5;
  s.group = row_cost(s, larger) < row_cost(s, 4) ? larger : 4;
  return s;
}

/// Channel-major windows: [channel][filter_h * filter_w].
std::vector<std::vector<std::int8_t>> windows_of(const Layer& layer) {
  const std::vector<std::int32_t> values = layer.values(1);
  const auto channels = static_cast<std::size_t>(layer.input(1).shape.at(3));
  std::vector<std::vector<std::int8_t>> windows(channels);
  for (std::size_t i = 0; i < values.size(); ++i)
    windows[i % channels].push_back(static_cast<std::int8_t>(values[i]));
  return windows;
}

struct Constants {
  std::string params, weights;
  bool any_form = false;
};

Constants constants_of(const Layer& layer, StepCode& code) {
  auto windows = windows_of(layer);
  const OutputStage stage = output_stage(layer, windows);
  std::vector<std::int32_t> params;
  std::vector<std::int8_t> weights;
  for (std::size_t c = 0; c < windows.size(); ++c) {
    params.insert(params.end(), {stage.channels[c].bias, stage.channels[c].multiplier});
    weights.push_back(stage.channels[c].shift);
    weights.insert(weights.end(), windows[c].begin(), windows[c].end());
  }
  return {add_words(code, params), add_bytes(code, weights), stage.any_form};
}

/// A channel's lane is read in blocks of rows and written row by row behind them; other lanes are never
/// touched. So the output may lie in its input where the last element of a block's output never lies behind
/// the first input element that is still to be read.
bool rewrites_its_lane(const Shape& s) {
  const Window& w = s.window;
  const int in_pixels = s.in_h * s.in_w, out_pixels = s.out_h * s.out_w;
  if (out_pixels > in_pixels || (s.images > 1 && out_pixels != in_pixels)) return false;
  const int block = (s.rows - w.filter_h) / w.stride_h + 1;
  for (int oy = 0; oy < s.out_h; oy += block) {
    const int end = std::min(oy + block, s.out_h);
    const int next_row =
        std::max(0, (end - 1) * w.stride_h - w.pad_top + w.filter_h);  // first row not yet copied
    if (next_row < s.in_h && end * s.out_w > next_row * s.in_w) return false;
  }
  return true;
}

std::string output_fields(const Layer& layer, const std::string& in_zero_point,
                          const std::string& out_zero_point, bool any_form) {
  return fmt::format("{}, {}, {}, {}, {}", in_zero_point, out_zero_point, layer.step.activation_min,
                     layer.step.activation_max, any_form ? 1 : 0);
}

}  // namespace

bool depthwise_has_lanes(const Layer& layer) {
  const Window& w = layer.step.window;
  return layer.input(1).shape.at(3) == layer.input().shape.at(3) && w.stride_w <= 2 && w.dilation_h == 1 &&
         w.dilation_w == 1 && w.filter_w <= 8 && w.filter_h <= 8 && w.pad_top < w.filter_h &&
         w.pad_left < w.filter_w;
}

KernelNeeds depthwise_needs(const Layer& layer) {
  const Shape s = shape_of(layer);
  KernelNeeds needs{isa::Bytes(s.scratch()), {}};
  if (rewrites_its_lane(s)) needs.overlaps.push_back({0, Overlap::Kind::kExact, isa::Bytes(0)});
  return needs;
}

void emit_depthwise(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const Shape s = shape_of(layer);
  const Constants constants = constants_of(layer, code);
  const Window& w = s.window;
  add_include(code, "m7_depthwise.h");
  const std::string function = add_function(
      code, "m7_depthwise",
      "const int8_t *in, int8_t *out, const int32_t *params, const int8_t *weights, void *scratch, "
      "int in_zero_point, int out_zero_point",
      fmt::format("  const m7_depthwise_shape s = {{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, "
                  "{}, {}}};\n"
                  "  m7_depthwise(in, out, params, weights, scratch, s);",
                  s.in_h, s.in_w, s.channels, s.out_h, s.out_w, w.filter_h, w.filter_w, w.stride_h,
                  w.stride_w, w.pad_top, w.pad_left, s.rows, s.pitch, s.lanes, s.group,
                  output_fields(layer, "in_zero_point", "out_zero_point", constants.any_form)));
  for (int n = 0; n < s.images; ++n) {
    code.call += fmt::format("{}({} + {}, {} + {}, {}, {}, {}, {}, {});\n", function, at.inputs.at(0),
                             n * s.in_h * s.in_w * s.channels, at.output, n * s.out_h * s.out_w * s.channels,
                             constants.params, constants.weights, at.scratch, zero_point(layer.input()),
                             zero_point(layer.output()));
  }
}

KernelNeeds general_depthwise_needs(const Layer& layer) {
  const auto &in = layer.input().shape, &out = layer.output().shape;
  const WindowedImage image{in.at(1), in.at(2), in.at(3), out.at(1), out.at(2), layer.step.window};
  const int multiplier = out.at(3) / in.at(3);
  const auto channel = [&](int c) { return c / multiplier; };
  return {isa::Bytes(0), {lead_overlap(0, element_lead(image, in.at(0), out.at(3), channel))}};
}

void emit_general_depthwise(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const auto &in = layer.input().shape, &out = layer.output().shape;
  const Constants constants = constants_of(layer, code);
  const Window& w = layer.step.window;
  add_include(code, "m7_depthwise_general.h");
  const std::string function = add_function(
      code, "m7_depthwise_general",
      "const int8_t *in, int8_t *out, const int32_t *params, const int8_t *weights",
      fmt::format("  const m7_depthwise_general_shape g = {{{}, {}, {}, {}, {}, {}, {}, {}, {}, "
                  "{}, {}, {}, {}, {}, {}}};\n"
                  "  m7_depthwise_general(in, out, params, weights, g);",
                  in.at(1), in.at(2), in.at(3), out.at(1), out.at(2), out.at(3) / in.at(3), w.filter_h,
                  w.filter_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w, w.pad_top, w.pad_left,
                  output_fields(layer, std::to_string(zero_point(layer.input())),
                                std::to_string(zero_point(layer.output())), constants.any_form)));
  for (int n = 0; n < in.at(0); ++n) {
    code.call += fmt::format("{}({} + {}, {} + {}, {}, {});\n", function, at.inputs.at(0),
                             n * in.at(1) * in.at(2) * in.at(3), at.output,
                             n * out.at(1) * out.at(2) * out.at(3), constants.params, constants.weights);
  }
}

}  // namespace engine
