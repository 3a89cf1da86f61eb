#include "reference/zoo/architecture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "reference/zoo/graph_builder.h"

namespace reference::zoo {
namespace {

std::vector<Architecture> read_rows() {
  std::vector<Architecture> rows;
#define ROW(name, resolution, stem, blocks, mix, classes, mmacs, mparameters, activation_kib, count) \
  rows.push_back({name, resolution, stem, parse_blocks(blocks), mix, classes, mmacs, mparameters,    \
                  activation_kib, Count::count});
#include "reference/zoo/architectures.inc"
#undef ROW
  return rows;
}

Block parse_block(const std::string& word) {
  Block block;
  int used = 0;
  const int fields = std::sscanf(word.c_str(), "k%1de%1d(%4d)->%4d%n", &block.kernel, &block.expansion,
                                 &block.middle_channels, &block.output_channels, &used);
  std::string rest = fields == 4 ? word.substr(static_cast<std::size_t>(used)) : "?";
  if (rest == "/2") block.stride = 2;
  if (rest == "+") block.skip = true;
  if (!rest.empty() && rest != "/2" && rest != "+") {
    throw ModelError(fmt::format("zoo: block \"{}\", expected k<K>e<E>(<middle>)-><out> and /2 or +", word));
  }
  return block;
}

/// `channels` times `width` to the nearest multiple of 8 that keeps 90 % of it.
int scaled_channels(int channels, double width) {
  const double exact = channels * width;
  int rounded = std::max(8, static_cast<int>(exact + 4) / 8 * 8);
  if (rounded < 0.9 * exact) rounded += 8;
  return rounded;
}

/// A padding of kernel / 2 on every side, as PyTorch networks have it. TFLite's SAME gives the same window
/// except for a stride on an even size, where an explicit PAD says it.
std::pair<int, Padding> pad_for(GraphBuilder& net, const std::string& name, int x, int kernel, int stride) {
  const int size = net.shape(x)[1];
  const int same_total = std::max(0, ((size - 1) / stride) * stride + kernel - size);
  if (same_total == kernel - 1) return {x, Padding::kSame};
  const int side = kernel / 2;
  return {net.pad(name + "/pad", x, side, side, side, side), Padding::kValid};
}

constexpr OutputTarget kRelu6Output{ActivationFunction::kRelu6, 6.0F / 255, -128};

Weighted point_wise(int channels) {
  return {.output_channels = channels, .padding = Padding::kValid};
}

/// Runs one block on `x` and frees the samples nobody reads again.
int append_block(GraphBuilder& net, const std::string& name, int x, const Block& block) {
  int y = x;
  const auto step = [&](int next) {
    if (y != x) net.release(y);
    y = next;
  };
  if (block.expansion != 1) {
    step(net.conv_2d(name + "/expand", y, point_wise(block.middle_channels), kRelu6Output));
  }
  const auto [padded, padding] = pad_for(net, name, y, block.kernel, block.stride);
  if (padded != y) step(padded);
  step(net.depthwise_conv_2d(name + "/depthwise", y,
                             {.kernel_h = block.kernel,
                              .kernel_w = block.kernel,
                              .stride_h = block.stride,
                              .stride_w = block.stride,
                              .padding = padding},
                             kRelu6Output));
  step(net.conv_2d(name + "/project", y, point_wise(block.output_channels), net.linear_output()));
  if (block.skip) step(net.add(name + "/add", y, x));
  net.release(x);
  return y;
}

}  // namespace

std::span<const Architecture> architectures() {
  static const std::vector<Architecture> rows = read_rows();
  return rows;
}

std::vector<Block> parse_blocks(const std::string& text) {
  std::vector<Block> blocks;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    blocks.push_back(parse_block(text.substr(at, end - at)));
    at = end;
  }
  return blocks;
}

Architecture mobilenet_v2(const std::string& name, double width, int resolution) {
  struct Stage {
    int expansion, channels, repeats, stride;
  };
  constexpr std::array<Stage, 7> kStages{{{1, 16, 1, 1},
                                          {6, 24, 2, 2},
                                          {6, 32, 3, 2},
                                          {6, 64, 4, 2},
                                          {6, 96, 3, 1},
                                          {6, 160, 3, 2},
                                          {6, 320, 1, 1}}};
  Architecture a;
  a.name = name;
  a.resolution = resolution;
  a.stem_channels = scaled_channels(32, width);
  a.mix_channels = scaled_channels(1280, std::max(1.0, width));
  a.classes = 1000;
  int channels = a.stem_channels;
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; ++i) {
      const int out = scaled_channels(stage.channels, width);
      a.blocks.push_back({.kernel = 3,
                          .expansion = stage.expansion,
                          .middle_channels = channels * stage.expansion,
                          .output_channels = out,
                          .stride = i == 0 ? stage.stride : 1,
                          .skip = i > 0});
      channels = out;
    }
  }
  return a;
}

int sample_count(const Architecture& a) {
  const double pixels = static_cast<double>(a.resolution) * a.resolution * a.stem_channels;
  return std::clamp(static_cast<int>(3e6 / pixels), 4, 16);
}

Graph build(const Architecture& a, int samples) {
  GraphBuilder net(a.name, samples);
  // Pixels from -1 to 1, as the published training pipelines normalise them.
  const int image = net.input("image", {1, a.resolution, a.resolution, 3}, 2.0F / 255, -1);
  auto [x, padding] = pad_for(net, "stem", image, 3, 2);
  x = net.conv_2d("stem", x,
                  {.output_channels = a.stem_channels,
                   .kernel_h = 3,
                   .kernel_w = 3,
                   .stride_h = 2,
                   .stride_w = 2,
                   .padding = padding},
                  kRelu6Output);
  for (std::size_t i = 0; i < a.blocks.size(); ++i) {
    x = append_block(net, fmt::format("block{}", i + 1), x, a.blocks[i]);
  }
  if (a.mix_channels > 0) x = net.conv_2d("mix", x, point_wise(a.mix_channels), kRelu6Output);
  x = net.mean("pool", x, {1, 2}, false);
  x = net.fully_connected("classifier", x, {.output_channels = a.classes}, net.linear_output());
  return net.finish({x});
}

}  // namespace reference::zoo
