// PAD, CONCATENATION, TRANSPOSE, STRIDED_SLICE and RESIZE_NEAREST_NEIGHBOR: m7_move.h in loops.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/emit/layer.h"
#include "engine/emit/nest.h"
#include "engine/emit/overlap.h"

namespace engine {
namespace {

/// The output in order, each element from one input element.
struct Gather {
  std::int64_t start = 0;
  std::vector<Loop> loops;
};

KernelNeeds gather_needs(const Gather& g) {
  StreamWalk walk;
  std::int64_t written = 0;
  for_each_element(g.loops, 1,
                   [&](const std::vector<std::int64_t>& at) { walk.add(g.start + at[0], ++written); });
  return {isa::Bytes(0), {lead_overlap(0, walk.lead())}};
}

void emit_gather(const Gather& g, const char* name, const StepAddresses& at, StepCode& code) {
  const Loop& run = g.loops.back();
  add_include(code, "m7_move.h");
  const std::string inner = fmt::format("    out = m7_copy_strided(in + {}{}, {}, out, {});\n", g.start,
                                        offset_text(g.loops, "i", 0), run.strides[0], run.count);
  const std::string function =
      add_function(code, name, "const int8_t *in, int8_t *out", loop_text(g.loops, "i", inner));
  code.call = fmt::format("{}({}, {});\n", function, at.inputs.at(0), at.output);
}

Gather transpose_of(const Layer& layer) {
  const std::vector<std::int64_t> strides = row_major(layer.input().shape);
  const std::vector<std::int32_t> permutation = layer.values(1);
  Gather g;
  for (std::size_t d = 0; d < permutation.size(); ++d) {
    const auto from = static_cast<std::size_t>(permutation[d]);
    g.loops.push_back({layer.input().shape.at(from), {strides.at(from)}});
  }
  g.loops = joined(g.loops, 1);
  return g;
}

/// TFLite's masks and negative indices; `validate` has checked that they fit.
Gather slice_of(const Layer& layer) {
  const auto& options = layer.options<reference::StridedSliceOptions>();
  const std::vector<std::int32_t>& in = layer.input().shape;
  const std::vector<std::int32_t> begin = layer.values(1), end = layer.values(2), stride = layer.values(3);
  const std::vector<std::int64_t> strides = row_major(in);
  const auto bit = [](int mask, std::size_t i) { return (mask >> i & 1) != 0; };
  std::size_t named = 0;  // dimensions that entries other than the ellipsis and new axes name
  for (std::size_t i = 0; i < begin.size(); ++i)
    named += !bit(options.ellipsis_mask, i) && !bit(options.new_axis_mask, i);
  Gather g;
  std::size_t d = 0;
  const auto take_whole = [&] {
    g.loops.push_back({in.at(d), {strides.at(d)}});
    ++d;
  };
  for (std::size_t i = 0; i < begin.size(); ++i) {
    if (bit(options.ellipsis_mask, i)) {
      for (std::size_t k = named; k < in.size(); ++k) take_whole();
      continue;
    }
    if (bit(options.new_axis_mask, i)) continue;
    const std::int64_t size = in.at(d), step = stride[i];
    const auto inside = [&](std::int64_t at) {
      if (at < 0) at += size;
      return step > 0 ? std::clamp<std::int64_t>(at, 0, size) : std::clamp<std::int64_t>(at, -1, size - 1);
    };
    std::int64_t first = bit(options.begin_mask, i) ? (step > 0 ? 0 : size - 1) : inside(begin[i]);
    const std::int64_t last = bit(options.end_mask, i) ? (step > 0 ? size : -1) : inside(end[i]);
    std::int64_t count = step > 0 ? (last - first + step - 1) / step : (last - first + step + 1) / step;
    if (bit(options.shrink_axis_mask, i)) {
      first = begin[i] < 0 ? begin[i] + size : begin[i];
      count = 1;
    }
    g.start += first * strides.at(d);
    g.loops.push_back({count, {step * strides.at(d)}});
    ++d;
  }
  while (d < in.size()) take_whole();
  g.loops = joined(g.loops, 1);
  return g;
}

/// Input row or column of output `o`.
std::int64_t nearest(std::int64_t o, std::int64_t in, std::int64_t out,
                     const reference::ResizeNearestNeighborOptions& options) {
  const float ratio = options.align_corners && out > 1
                          ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                          : static_cast<float>(in) / static_cast<float>(out);
  const float offset = options.half_pixel_centers ? 0.5F : 0.0F;
  const float at = (static_cast<float>(o) + offset) * ratio;
  const auto i = static_cast<std::int64_t>(options.align_corners ? std::round(at) : std::floor(at));
  return std::clamp<std::int64_t>(i, 0, in - 1);
}

std::vector<std::int32_t> sources(std::int32_t in, std::int32_t out,
                                  const reference::ResizeNearestNeighborOptions& options) {
  std::vector<std::int32_t> result;
  for (std::int32_t o = 0; o < out; ++o)
    result.push_back(static_cast<std::int32_t>(nearest(o, in, out, options)));
  return result;
}

/// The factor by which every source repeats; 0 where they do not repeat evenly.
std::int32_t even_factor(const std::vector<std::int32_t>& from, std::int32_t in) {
  const auto factor = static_cast<std::int32_t>(from.size()) / in;
  for (std::size_t o = 0; o < from.size(); ++o) {
    if (factor == 0 || from[o] != static_cast<std::int32_t>(o) / factor) return 0;
  }
  return factor;
}

/// "[before, after] of each dimension", innermost loops first, as C that writes the output in order.
std::string pad_text(const std::vector<std::int32_t>& shape, const std::vector<std::int32_t>& paddings,
                     std::size_t d, int value) {
  // Inner dimensions without padding move as one run.
  std::int64_t run = 1, inner_out = 1;
  bool padded_inside = false;
  for (std::size_t k = d; k < shape.size(); ++k) run *= shape[k];
  for (std::size_t k = d + 1; k < shape.size(); ++k) {
    inner_out *= shape[k] + paddings[2 * k] + paddings[2 * k + 1];
    padded_inside = padded_inside || paddings[2 * k] + paddings[2 * k + 1] > 0;
  }
  const auto fill = [&](std::int32_t count) {
    return count == 0 ? std::string()
                      : fmt::format("  out = m7_fill(out, {}, {});\n", value, count * inner_out);
  };
  std::string middle = padded_inside ? fmt::format("  for (int i{0} = 0; i{0} < {1}; ++i{0}) {{\n{2}  }}\n",
                                                   d, shape[d], pad_text(shape, paddings, d + 1, value))
                                     : fmt::format("  out = m7_copy(in, out, {0});\n  in += {0};\n", run);
  return fill(paddings[2 * d]) + middle + fill(paddings[2 * d + 1]);
}

/// Where in the output each input element goes, in order.
void pad_walk(const std::vector<std::int32_t>& shape, const std::vector<std::int32_t>& paddings,
              StreamWalk& walk) {
  std::vector<std::int32_t> out(shape.size());
  for (std::size_t d = 0; d < shape.size(); ++d) out[d] = shape[d] + paddings[2 * d] + paddings[2 * d + 1];
  const std::vector<std::int64_t> strides = row_major(out);
  std::int64_t start = 0;
  std::vector<Loop> loops;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    start += paddings[2 * d] * strides[d];
    loops.push_back({shape[d], {strides[d]}});
  }
  std::int64_t read = 0;
  for_each_element(loops, 1, [&](const std::vector<std::int64_t>& at) {
    walk.add_write(start + at[0]);  // the padding in front of it
    walk.add(read++, start + at[0] + 1);
  });
}

}  // namespace

KernelNeeds transpose_needs(const Layer& layer) {
  return gather_needs(transpose_of(layer));
}
void emit_transpose(const Layer& layer, const StepAddresses& at, StepCode& code) {
  emit_gather(transpose_of(layer), "m7_transpose", at, code);
}

KernelNeeds strided_slice_needs(const Layer& layer) {
  return gather_needs(slice_of(layer));
}
void emit_strided_slice(const Layer& layer, const StepAddresses& at, StepCode& code) {
  emit_gather(slice_of(layer), "m7_slice", at, code);
}

KernelNeeds pad_needs(const Layer& layer) {
  StreamWalk walk;
  pad_walk(layer.input().shape, layer.values(1), walk);
  return {isa::Bytes(0), {lead_overlap(0, walk.lead())}};
}

void emit_pad(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const int value =
      layer.step.kind == reference::OperatorKind::kPadV2 ? layer.values(2).at(0) : zero_point(layer.output());
  add_include(code, "m7_move.h");
  std::string body = pad_text(layer.input().shape, layer.values(1), 0, value);
  body += "  (void)in;\n  (void)out;";
  const std::string function = add_function(code, "m7_pad", "const int8_t *in, int8_t *out", body);
  code.call = fmt::format("{}({}, {});\n", function, at.inputs.at(0), at.output);
}

KernelNeeds concatenation_needs(const Layer& layer) {
  const auto rank = static_cast<int>(layer.output().shape.size());
  const int option = layer.options<reference::ConcatenationOptions>().axis;
  const auto axis = static_cast<std::size_t>(option < 0 ? option + rank : option);
  std::int64_t outer = 1, row = layer.output().elements();
  for (std::size_t d = 0; d < axis; ++d) outer *= layer.output().shape[d];
  row /= outer;
  KernelNeeds needs;
  std::int64_t offset = 0;  // of the input's run in an output row
  for (std::size_t k = 0; k < layer.step.inputs.size(); ++k) {
    const std::int64_t run = layer.input(k).elements() / outer;
    StreamWalk walk;
    for (std::int64_t o = 0; o < outer; ++o) {
      walk.add_write(o * row + offset);
      for (std::int64_t i = 0; i < run; ++i) walk.add(o * run + i, o * row + offset + i + 1);
      walk.add_write((o + 1) * row);
    }
    if (!layer.constant_input(k)) needs.overlaps.push_back(lead_overlap(static_cast<int>(k), walk.lead()));
    offset += run;
  }
  return needs;
}

void emit_concatenation(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const auto rank = static_cast<int>(layer.output().shape.size());
  const int option = layer.options<reference::ConcatenationOptions>().axis;
  const auto axis = static_cast<std::size_t>(option < 0 ? option + rank : option);
  std::int64_t outer = 1;
  for (std::size_t d = 0; d < axis; ++d) outer *= layer.output().shape[d];
  std::string parameters, arguments, inner;
  for (std::size_t k = 0; k < layer.step.inputs.size(); ++k) {
    const std::int64_t run = layer.input(k).elements() / outer;
    parameters += fmt::format("const int8_t *in{}, ", k);
    arguments += input_of(layer, at, k, code) + ", ";
    inner += fmt::format("    out = m7_copy(in{0} + o * {1}, out, {1});\n", k, run);
  }
  add_include(code, "m7_move.h");
  const std::string function =
      add_function(code, "m7_concatenation", parameters + "int8_t *out",
                   fmt::format("  for (int o = 0; o < {}; ++o) {{\n{}  }}", outer, inner));
  code.call = fmt::format("{}({}{});\n", function, arguments, at.output);
}

KernelNeeds resize_needs(const Layer& layer) {
  const auto& options = layer.options<reference::ResizeNearestNeighborOptions>();
  const auto &in = layer.input().shape, &out = layer.output().shape;
  const std::vector<std::int32_t> rows = sources(in.at(1), out.at(1), options),
                                  columns = sources(in.at(2), out.at(2), options);
  StreamWalk walk;
  std::int64_t written = 0;
  for (std::int64_t n = 0; n < out.at(0); ++n) {
    for (const std::int64_t y : rows) {
      for (const std::int64_t x : columns) {
        const std::int64_t pixel = (n * in.at(1) + y) * in.at(2) + x;
        for (std::int64_t c = 0; c < in.at(3); ++c) walk.add(pixel * in.at(3) + c, ++written);
      }
    }
  }
  return {isa::Bytes(0), {lead_overlap(0, walk.lead())}};
}

void emit_resize(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const auto& options = layer.options<reference::ResizeNearestNeighborOptions>();
  const auto &in = layer.input().shape, &out = layer.output().shape;
  const std::vector<std::int32_t> rows = sources(in.at(1), out.at(1), options),
                                  columns = sources(in.at(2), out.at(2), options);
  const std::int32_t factor_h = even_factor(rows, in.at(1)), factor_w = even_factor(columns, in.at(2));
  const std::string index_y = factor_h > 0 ? fmt::format("y / {}", factor_h) : add_words(code, rows) + "[y]";
  const std::string index_x =
      factor_w > 0 ? fmt::format("x / {}", factor_w) : add_words(code, columns) + "[x]";
  add_include(code, "m7_move.h");
  const std::string function = add_function(
      code, "m7_resize", "const int8_t *in, int8_t *out",
      fmt::format(
          "  for (int n = 0; n < {0}; ++n) {{\n    for (int y = 0; y < {1}; ++y) {{\n"
          "      const int8_t *row = in + (n * {2} + {3}) * {4};\n"
          "      for (int x = 0; x < {5}; ++x) out = m7_copy(row + {6} * {7}, out, {7});\n    }}\n  }}",
          out.at(0), out.at(1), in.at(1), index_y, in.at(2) * in.at(3), out.at(2), index_x, in.at(3)));
  code.call = fmt::format("{}({}, {});\n", function, at.inputs.at(0), at.output);
}

}  // namespace engine
