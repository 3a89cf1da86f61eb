// CONV_2D and FULLY_CONNECTED: m7_conv.h, and m7_conv_grouped.h for groups.
#include <fmt/format.h>

#include "engine/emit/layer.h"
#include "engine/emit/pixels.h"
#include "engine/emit/requant.h"

namespace engine {
namespace {

constexpr int kGroup = 4;  // output pixels of which m7_conv.h computes a pair of channels at once
// A chunk's weights stay below half of the smallest data cache there is (STM32F746: 4 KB).
constexpr int kChunkBytes = 2048;

/// [outputs][inputs] with inputs = window x depth, as the filter has them.
std::vector<std::vector<std::int8_t>> filter_rows(const Layer& layer, int outputs) {
  const std::vector<std::int32_t> values = layer.values(1);
  const std::size_t inputs = values.size() / static_cast<std::size_t>(outputs);
  std::vector<std::vector<std::int8_t>> rows(static_cast<std::size_t>(outputs));
  for (std::size_t c = 0; c < rows.size(); ++c)
    rows[c].assign(values.begin() + static_cast<std::ptrdiff_t>(c * inputs),
                   values.begin() + static_cast<std::ptrdiff_t>((c + 1) * inputs));
  return rows;
}

/// The stream of m7_conv.h.
std::vector<std::int8_t> stream_of(const OutputStage& stage,
                                   const std::vector<std::vector<std::int8_t>>& rows) {
  const std::size_t inputs = rows.at(0).size();
  const auto weight = [&](std::size_t c, std::size_t k) {
    return c < rows.size() && k < inputs ? rows[c][k] : std::int8_t{0};
  };
  std::vector<std::int8_t> stream;
  for (std::size_t c = 0; c < rows.size(); c += 2) {
    const OutputStage::Channel a = stage.channels[c];
    const OutputStage::Channel b = c + 1 < rows.size() ? stage.channels[c + 1] : OutputStage::Channel{};
    append_word(stream, a.bias);
    append_word(stream, b.bias);
    for (std::size_t k = 0; k < inputs; k += 4) {
      for (const std::size_t i : {k, k + 2, k + 1, k + 3}) {
        stream.push_back(weight(c, i));
        stream.push_back(weight(c + 1, i));
      }
    }
    append_word(stream, a.multiplier);
    append_word(stream, b.multiplier);
    stream.insert(stream.end(), {a.shift, b.shift, 0, 0});
  }
  return stream;
}

/// What m7_conv.h is told of a layer. Images of a batch follow each other.
struct Shape {
  int images = 1, in_h = 1, in_w = 1, depth = 1, out_h = 1, out_w = 1, channels = 1, tile = kGroup;
  Window window;

  int inputs() const { return window.filter_h * window.filter_w * depth; }
  int in_bytes() const { return in_h * in_w * depth; }
  int pixels() const { return out_h * out_w; }
  WindowedImage image() const { return {in_h, in_w, depth, out_h, out_w, window}; }
  /// Words of weights of a channel pair, and how many m7_conv_four.h takes in a turn.
  int words() const { return (inputs() + 3) / 4 * 2; }
  int turn() const {
    for (const int n : {8, 14, 4}) {
      if (words() % n == 0) return n;
    }
    return 2;
  }
  /// Bytes of the stream of a channel pair.
  int pair_bytes() const { return 4 * words() + 20; }
  int groups() const { return tile / kGroup; }
  int chunk() const { return groups() == 1 ? channels : std::max(2, kChunkBytes / pair_bytes() * 2); }
  /// 1x1, stride 1, no padding: pixels and images are one row.
  bool flat() const {
    const Window& w = window;
    return w.filter_h * w.filter_w == 1 && w.stride_h * w.stride_w == 1 &&
           w.pad_top + w.pad_bottom + w.pad_left + w.pad_right == 0;
  }
};

Shape conv_shape(const Layer& layer) {
  const auto &in = layer.input().shape, &out = layer.output().shape;
  Shape s{in.at(0),  in.at(1),  in.at(2),        in.at(3),         out.at(1),
          out.at(2), out.at(3), layer.step.tile, layer.step.window};
  if (!s.flat()) return s;
  s.out_w = s.in_w = s.images * s.out_h * s.out_w;
  s.images = s.in_h = s.out_h = 1;
  return s;
}

Shape fully_connected_shape(const Layer& layer) {
  Shape s;
  s.channels = layer.input(1).shape.at(0);
  s.depth = layer.input(1).shape.at(1);
  s.in_w = s.out_w = static_cast<int>(layer.input().elements() / s.depth);
  s.tile = layer.step.tile;
  return s;
}

int scratch_bytes(const Shape& s) {
  const int inputs = (s.inputs() + 3) / 4 * 4;
  const int columns = 2 * inputs * std::min(s.pixels(), s.tile);
  return !s.flat() && s.depth % 4 != 0 ? columns + inputs : columns;
}

/// Tiles of output pixels, in order: gathered, then written. The last pixels, less than a group, are a tile.
isa::Bytes tile_lead(const Shape& s) {
  const WindowedImage image = s.image();
  StreamWalk walk;
  for (int n = 0; n < s.images; ++n) {
    const int grouped = s.pixels() / kGroup * kGroup;
    for (int p = 0, end = 0; p < s.pixels(); p = end) {
      end = p < grouped ? std::min(p + s.tile, grouped) : s.pixels();
      std::int64_t first = INT64_MAX;
      for (int q = p; q < end; ++q) {
        const std::int64_t byte = image.first_byte(q);
        if (byte >= 0) first = std::min(first, n * std::int64_t{s.in_bytes()} + byte);
      }
      walk.add(first, (std::int64_t{n} * s.pixels() + end) * s.channels);
    }
  }
  return walk.lead();
}

KernelNeeds needs_of(const Shape& s) {
  return {isa::Bytes(scratch_bytes(s)), {lead_overlap(0, tile_lead(s))}};
}

/// `text` once for each image, with the offsets of its input and output.
template <class Call>
std::string each_image(const Shape& s, const Call& call) {
  std::string text;
  for (int n = 0; n < s.images; ++n) text += call(n * s.in_bytes(), n * s.pixels() * s.channels);
  return text;
}

void emit_conv_shape(const Layer& layer, const Shape& s, const StepAddresses& at, StepCode& code) {
  auto rows = filter_rows(layer, s.channels);
  const OutputStage stage = output_stage(layer, rows);
  const std::string stream = add_bytes(code, stream_of(stage, rows));
  add_include(code, "m7_conv.h");
  if (s.flat()) {
    const std::string function = add_function(
        code, "m7_conv_flat",
        "const int8_t *in, int8_t *out, const int8_t *stream, void *scratch, int pixels, int depth, int "
        "channels, int groups, int chunk, int zero_point",
        fmt::format("  const m7_output o = {};\n"
                    "  const m7_cut cut = {{(depth + 3) / 4 * 2, {}, {}, groups, chunk}};\n"
                    "  m7_conv_flat(in, out, stream, scratch, pixels, {}, depth, {}, cut, channels, o);",
                    output_literal(layer, "zero_point", stage.any_form), s.turn(), s.channels % 2,
                    s.pixels() % kGroup, s.depth % 4));
    code.call = fmt::format("{}({}, {}, {}, {}, {}, {}, {}, {}, {}, {});\n", function, at.inputs.at(0),
                            at.output, stream, at.scratch, s.pixels(), s.depth, s.channels, s.groups(),
                            s.chunk(), zero_point(layer.output()));
    return;
  }
  const Window& w = s.window;
  const std::string function = add_function(
      code, "m7_conv_window", "const int8_t *in, int8_t *out, const int8_t *stream, void *scratch",
      fmt::format("  const m7_output o = {};\n"
                  "  const m7_window g = {{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}};\n"
                  "  const m7_cut cut = {{{}, {}, {}, {}, {}}};\n"
                  "  m7_conv_window(in, out, stream, scratch, {}, g, cut, {}, o);",
                  output_literal(layer, std::to_string(zero_point(layer.output())), stage.any_form), s.in_h,
                  s.in_w, s.depth, s.out_w, w.filter_h, w.filter_w, w.stride_h, w.stride_w, w.dilation_h,
                  w.dilation_w, w.pad_top, w.pad_left, zero_point(layer.input()), s.words(), s.turn(),
                  s.channels % 2, s.groups(), s.chunk(), s.pixels(), s.channels));
  code.call = each_image(s, [&](int in, int out) {
    return fmt::format("{}({} + {}, {} + {}, {}, {});\n", function, at.inputs.at(0), in, at.output, out,
                       stream, at.scratch);
  });
}

int groups_of(const Layer& layer) {
  return layer.input().shape.at(3) / layer.input(1).shape.at(3);
}

/// Either operator that m7_conv.h runs.
Shape shape_of(const Layer& layer) {
  return layer.step.kind == reference::OperatorKind::kConv2D ? conv_shape(layer)
                                                             : fully_connected_shape(layer);
}

}  // namespace

int conv_best_tile(const Layer& layer, isa::Bytes room) {
  Shape s = shape_of(layer);
  const int all = s.pixels() / kGroup, stream = (s.channels + 1) / 2 * s.pair_bytes();
  if (all < 2 || stream <= kChunkBytes) return kGroup;  // read once, or kept by the data cache
  int most = 1;
  for (; most < all; ++most) {
    s.tile = kGroup * (most + 1);
    if (isa::Bytes(scratch_bytes(s)) > room) break;
  }
  // As many tiles as that makes, and no wider than they must be.
  const int tiles = (all + most - 1) / most;
  return kGroup * ((all + tiles - 1) / tiles);
}

bool conv_has_groups(const Layer& layer) {
  return groups_of(layer) > 1;
}

KernelNeeds conv_needs(const Layer& layer) {
  return needs_of(conv_shape(layer));
}

void emit_conv(const Layer& layer, const StepAddresses& addresses, StepCode& code) {
  emit_conv_shape(layer, conv_shape(layer), addresses, code);
}

KernelNeeds fully_connected_needs(const Layer& layer) {
  return needs_of(fully_connected_shape(layer));
}

void emit_fully_connected(const Layer& layer, const StepAddresses& addresses, StepCode& code) {
  emit_conv_shape(layer, fully_connected_shape(layer), addresses, code);
}

KernelNeeds grouped_conv_needs(const Layer& layer) {
  const Shape s = conv_shape(layer);
  const int inputs = s.depth / groups_of(layer), outputs = s.channels / groups_of(layer);
  const auto channel = [&](int c) { return c / outputs * inputs; };
  return {isa::Bytes(0), {lead_overlap(0, element_lead(s.image(), s.images, s.channels, channel))}};
}

void emit_grouped_conv(const Layer& layer, const StepAddresses& at, StepCode& code) {
  Shape s = conv_shape(layer);
  auto rows = filter_rows(layer, s.channels);
  const OutputStage stage = output_stage(layer, rows);
  std::vector<std::int32_t> params;
  std::vector<std::int8_t> weights;
  for (std::size_t c = 0; c < rows.size(); ++c) {
    params.insert(params.end(), {stage.channels[c].bias, stage.channels[c].multiplier});
    weights.push_back(stage.channels[c].shift);
    weights.insert(weights.end(), rows[c].begin(), rows[c].end());
  }
  add_include(code, "m7_conv_grouped.h");
  const Window& w = s.window;
  const std::string function = add_function(
      code, "m7_conv_grouped", "const int8_t *in, int8_t *out, const int32_t *params, const int8_t *weights",
      fmt::format("  const m7_output o = {};\n"
                  "  const m7_window g = {{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}};\n"
                  "  m7_conv_grouped(in, out, params, weights, {}, g, {}, {}, o);",
                  output_literal(layer, std::to_string(zero_point(layer.output())), stage.any_form), s.in_h,
                  s.in_w, s.depth, s.out_w, w.filter_h, w.filter_w, w.stride_h, w.stride_w, w.dilation_h,
                  w.dilation_w, w.pad_top, w.pad_left, zero_point(layer.input()), s.pixels(), s.channels,
                  groups_of(layer)));
  const std::string params_symbol = add_words(code, params), weights_symbol = add_bytes(code, weights);
  code.call = each_image(s, [&](int in, int out) {
    return fmt::format("{}({} + {}, {} + {}, {}, {});\n", function, at.inputs.at(0), in, at.output, out,
                       params_symbol, weights_symbol);
  });
}

}  // namespace engine
