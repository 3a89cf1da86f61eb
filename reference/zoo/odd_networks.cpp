#include <fmt/format.h>

#include "reference/random_graph.h"
#include "reference/zoo/graph_builder.h"

namespace reference {
namespace {

using zoo::GraphBuilder;
using zoo::OutputTarget;

constexpr OutputTarget kRelu6Output{ActivationFunction::kRelu6, 6.0F / 255, -128};
constexpr OutputTarget kReluOutput{ActivationFunction::kRelu, 0.031F, -128};

OutputTarget linear(float scale, int zero_point) {
  return {ActivationFunction::kNone, scale, zero_point};
}

/// Kernels one value wide, a stride of 3 along one side, depth multiplier 2, zero points at both ends.
Graph columns_and_rows() {
  GraphBuilder net("odd-1", 16);
  int x = net.input("frames", {1, 37, 5, 3}, 0.02F, 127);
  x = net.conv_2d("column", x, {.output_channels = 11, .kernel_h = 7, .kernel_w = 1, .stride_h = 3},
                  kRelu6Output);
  x = net.pad("lopsided", x, 0, 1, 2, 0);
  x = net.depthwise_conv_2d("doubled", x,
                            {.kernel_h = 3, .kernel_w = 1, .padding = Padding::kValid, .depth_multiplier = 2},
                            linear(0.05F, -128));
  x = net.conv_2d("narrow", x, {.output_channels = 7}, linear(0.04F, 127));
  int y = net.conv_2d("row", x, {.output_channels = 7, .kernel_w = 5}, linear(0.06F, 3));
  x = net.add("add", x, y);
  x = net.conv_2d("thirds", x, {.output_channels = 13, .kernel_w = 3, .stride_w = 3, .bias = false},
                  linear(0.03F, 0));
  x = net.max_pool_2d("halve", x, {Padding::kSame, 1, 2, 1, 3, ActivationFunction::kNone});
  x = net.mean("over_rows", x, {1}, false);
  x = net.reshape("flatten", x, {1, net.shape(x)[1] * net.shape(x)[2]});
  x = net.fully_connected("classifier", x, {.output_channels = 5}, linear(0.022F, -7));
  return net.finish({net.softmax("softmax", x)});
}

/// Dilation, stride 3 both ways, odd channels, branches that meet in CONCATENATION and ADD, two outputs.
Graph branches() {
  GraphBuilder net("odd-2", 16);
  const int image = net.input("image", {1, 29, 23, 5}, 1.0F / 255, -128);
  int x = net.conv_2d("stem", image,
                      {.output_channels = 9, .kernel_h = 3, .kernel_w = 5, .stride_h = 3, .stride_w = 3},
                      kReluOutput);
  const int wide = net.depthwise_conv_2d(
      "dilated", x, {.kernel_h = 3, .kernel_w = 3, .dilation_h = 2, .dilation_w = 3}, kRelu6Output);
  const int local =
      net.conv_2d("local", x, {.output_channels = 7, .kernel_h = 3, .kernel_w = 3, .per_channel = false},
                  linear(0.027F, 127));
  const int pooled =
      net.average_pool_2d("smooth", x, {Padding::kSame, 1, 1, 3, 3, ActivationFunction::kNone});
  x = net.concatenation("concat", {wide, local, pooled}, 3);
  x = net.pad_v2("border", x, 1, 0, 0, 2, -31);
  x = net.depthwise_conv_2d(
      "reduce", x, {.kernel_h = 5, .kernel_w = 2, .stride_h = 3, .stride_w = 2, .padding = Padding::kValid},
      kReluOutput);
  const int a = net.conv_2d("left", x, {.output_channels = 15}, linear(0.05F, -128));
  const int b =
      net.conv_2d("right", x, {.output_channels = 15, .kernel_h = 2, .kernel_w = 3}, linear(0.02F, 127));
  const int sum = net.add("add", a, b);
  const int map = net.conv_2d("heat", sum, {.output_channels = 3}, linear(0.05F, 11));
  const int heat = net.logistic("logistic", map);
  x = net.mean("pool", sum, {1, 2}, true);
  x = net.conv_2d("score", x, {.output_channels = 1}, linear(0.04F, 0));
  return net.finish({heat, x});
}

/// float32 edges, squeeze-and-excite gating, TRANSPOSE, STRIDED_SLICE, RESIZE_NEAREST_NEIGHBOR and SUB.
Graph gates() {
  GraphBuilder net("odd-3", 16);
  int x = net.float_input("signal", {1, 19, 13, 1}, 0.013F, -5);
  x = net.conv_2d("stem", x, {.output_channels = 6, .kernel_h = 4, .kernel_w = 3, .stride_h = 2},
                  kReluOutput);
  int gate = net.average_pool_2d("squeeze", x, {Padding::kValid, 13, 10, 13, 10, ActivationFunction::kNone});
  gate = net.conv_2d("excite", gate, {.output_channels = 6}, linear(0.03F, -20));
  gate = net.resize_nearest_neighbor("spread", net.logistic("gate", gate), 10, 13, {});
  x = net.mul("gated", x, gate);
  const int even = net.strided_slice("even", x, {0, 0, 0, 0}, {1, 10, 13, 6}, {1, 2, 1, 1});
  const int odd = net.strided_slice("odd", x, {0, 1, 0, 0}, {1, 10, 13, 6}, {1, 2, 1, 1});
  x = net.sub("difference", even, odd);
  x = net.relu("rectify", net.transpose("turn", x, {0, 2, 3, 1}));
  x = net.resize_nearest_neighbor("enlarge", x, 17, 12, {false, true});
  x = net.depthwise_conv_2d("thin", x, {.kernel_h = 1, .kernel_w = 4, .stride_h = 3, .stride_w = 3},
                            linear(0.04F, 127));
  x = net.conv_2d("points", x, {.output_channels = 10}, {ActivationFunction::kReluN1To1, 0.011F, 6});
  x = net.fully_connected("matrix", x, {.output_channels = 3, .keep_num_dims = true}, linear(0.05F, -128));
  return net.finish({net.dequantize("result", x)});
}

}  // namespace

Graph odd_network(int which) {
  switch (which) {
    case 1:
      return columns_and_rows();
    case 2:
      return branches();
    case 3:
      return gates();
    default:
      throw ModelError(fmt::format("zoo: no network \"odd-{}\", expected odd-1 to odd-3", which));
  }
}

}  // namespace reference
