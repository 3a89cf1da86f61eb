#include "reference/zoo/mlperf.h"

#include <array>
#include <string>

#include "reference/zoo/graph_builder.h"

namespace reference::zoo {
namespace {

/// Rectified with a scale of its own, as Keras networks have it.
OutputTarget relu(GraphBuilder& net) {
  return {ActivationFunction::kRelu, static_cast<float>(net.random().real(0.015, 0.08)), -128};
}

Weighted square_kernel(int channels, int kernel, int stride) {
  return {.output_channels = channels,
          .kernel_h = kernel,
          .kernel_w = kernel,
          .stride_h = stride,
          .stride_w = stride};
}

/// Average over the whole map, matrix, softmax. Logits are scaled so that no class is all or nothing.
Graph classify(GraphBuilder& net, int x, int classes) {
  const int rows = net.shape(x)[1];
  const int columns = net.shape(x)[2];
  x = net.average_pool_2d("pool", x,
                          {Padding::kValid, columns, rows, columns, rows, ActivationFunction::kNone});
  x = net.reshape("flatten", x, {1, net.shape(x)[3]});
  x = net.fully_connected("classifier", x, {.output_channels = classes},
                          {ActivationFunction::kNone, 0.022F, 3});
  return net.finish({net.softmax("softmax", x)});
}

/// Depth-wise 3x3 and point-wise convolution, both rectified.
int separable(GraphBuilder& net, const std::string& name, int x, int channels, int stride) {
  x = net.depthwise_conv_2d(name + "/depthwise", x, square_kernel(0, 3, stride), relu(net));
  return net.conv_2d(name + "/pointwise", x, square_kernel(channels, 1, 1), relu(net));
}

}  // namespace

Graph mlperf_resnet8() {
  // A branch into a rectified addition is lifted above zero, or the sum would be half zeros.
  constexpr OutputTarget kMain{ActivationFunction::kNone, 0.06F, 4, 1.0};
  constexpr OutputTarget kShortcut{ActivationFunction::kNone, 0.05F, -10, 1.2};
  GraphBuilder net("mlperf-resnet8", 8);
  int x = net.input("image", {1, 32, 32, 3}, 1.0F, -128);
  x = net.conv_2d("stem", x, square_kernel(16, 3, 1), relu(net));
  int y = net.conv_2d("stack1/conv1", x, square_kernel(16, 3, 1), relu(net));
  y = net.conv_2d("stack1/conv2", y, square_kernel(16, 3, 1), kMain);
  x = net.add("stack1/add", x, y, ActivationFunction::kRelu);
  for (const int channels : {32, 64}) {
    const std::string name = channels == 32 ? "stack2" : "stack3";
    y = net.conv_2d(name + "/conv1", x, square_kernel(channels, 3, 2), relu(net));
    y = net.conv_2d(name + "/conv2", y, square_kernel(channels, 3, 1), kMain);
    x = net.conv_2d(name + "/shortcut", x, square_kernel(channels, 1, 2), kShortcut);
    x = net.add(name + "/add", x, y, ActivationFunction::kRelu);
  }
  return classify(net, x, 10);
}

Graph mlperf_kws_dscnn() {
  GraphBuilder net("mlperf-kws-dscnn", 8);
  int x = net.input("spectrogram", {1, 49, 10, 1}, 0.58F, 83);
  x = net.conv_2d("stem", x,
                  {.output_channels = 64, .kernel_h = 10, .kernel_w = 4, .stride_h = 2, .stride_w = 2},
                  relu(net));
  for (int i = 1; i <= 4; ++i) x = separable(net, "block" + std::to_string(i), x, 64, 1);
  return classify(net, x, 12);
}

Graph mlperf_vww_mbv1() {
  struct Layer {
    int channels, stride;
  };
  constexpr std::array<Layer, 13> kLayers{{{16, 1},
                                           {32, 2},
                                           {32, 1},
                                           {64, 2},
                                           {64, 1},
                                           {128, 2},
                                           {128, 1},
                                           {128, 1},
                                           {128, 1},
                                           {128, 1},
                                           {128, 1},
                                           {256, 2},
                                           {256, 1}}};
  GraphBuilder net("mlperf-vww-mbv1", 8);
  int x = net.input("image", {1, 96, 96, 3}, 1.0F / 255, -128);
  x = net.conv_2d("stem", x, square_kernel(8, 3, 2), relu(net));
  for (std::size_t i = 0; i < kLayers.size(); ++i) {
    x = separable(net, "block" + std::to_string(i + 1), x, kLayers[i].channels, kLayers[i].stride);
  }
  return classify(net, x, 2);
}

Graph mlperf_ad_fc() {
  GraphBuilder net("mlperf-ad-fc", 32);
  int x = net.input("spectrogram", {1, 640}, 0.39F, 89);
  int layer = 1;
  for (const int units : {128, 128, 128, 128, 8, 128, 128, 128, 128}) {
    x = net.fully_connected("dense" + std::to_string(layer++), x, {.output_channels = units}, relu(net));
  }
  x = net.fully_connected("dense10", x, {.output_channels = 640}, {ActivationFunction::kNone, 0.36F, 96, 0});
  return net.finish({x});
}

}  // namespace reference::zoo
