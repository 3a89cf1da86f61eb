// Corners of the kernels that multiply and accumulate.
#include "tests/engine/one_operator.h"

namespace engine {
namespace {

using reference::ActivationFunction;
using reference::Padding;

// 0 after quantisation, exactly 1/2, just below 1, left shifts, dead and saturating channels beside live
// ones.
const std::vector<double> kMultiplierCorners = {1e-12, 0.5, 0.99999994, 0.001, 3.7, 0.25, 900.0, 2.5e-7};

}  // namespace

std::vector<KernelCase> convolution_corners() {
  std::vector<KernelCase> cases;
  const auto add = [&](const char* name, const Convolution& c) { cases.push_back(conv_case(name, c)); };
  for (const int depth : {1, 2, 3, 4, 5, 8, 12, 20}) {
    for (const int channels : {1, 2, 3, 6}) {
      add("1x1", {.input = {1, 3, 3, depth}, .channels = channels, .filter_h = 1, .filter_w = 1});
    }
  }
  for (const int pixels : {1, 2, 3, 4, 6, 7})
    add("1x1, pixels past the tile",
        {.input = {1, 1, pixels, 16}, .channels = 8, .filter_h = 1, .filter_w = 1});
  add("1x1 in a batch", {.input = {3, 3, 3, 8}, .channels = 5, .filter_h = 1, .filter_w = 1});
  add("1x1 with few outputs", {.input = {1, 4, 5, 24}, .channels = 2, .filter_h = 1, .filter_w = 1});
  add("1x1 with many outputs", {.input = {1, 4, 5, 4}, .channels = 30, .filter_h = 1, .filter_w = 1});
  add("1x1 with stride",
      {.input = {1, 7, 5, 8}, .channels = 4, .filter_h = 1, .filter_w = 1, .stride_h = 2, .stride_w = 2});
  for (const int zero_point : {-128, 127}) {
    add("zero points at the end", {.input_zero_point = zero_point, .output_zero_point = -1 - zero_point});
    add("zero points at the end, 1x1",
        {.filter_h = 1, .filter_w = 1, .input_zero_point = zero_point, .output_zero_point = zero_point});
  }
  add("all multipliers", {.channels = 9, .multipliers = kMultiplierCorners});
  add("all multipliers, 1x1",
      {.channels = 9, .filter_h = 1, .filter_w = 1, .multipliers = kMultiplierCorners});
  add("multipliers of 0 only", {.multipliers = {1e-12}, .largest_bias = INT32_MAX});
  add("a half", {.multipliers = {0.5, 0.25}});
  add("biases that overflow", {.largest_bias = INT32_MAX});
  add("saturating", {.multipliers = {0.49}});
  add("no bias", {.bias = false});
  add("ReLU", {.activation = ActivationFunction::kRelu});
  add("ReLU6", {.activation = ActivationFunction::kRelu6});
  add("ReLU -1 to 1, 1x1", {.filter_h = 1, .filter_w = 1, .activation = ActivationFunction::kReluN1To1});
  add("first layer", {.input = {1, 9, 8, 3}, .channels = 5, .stride_h = 2, .stride_w = 2});
  add("one channel", {.input = {1, 6, 7, 1}, .channels = 4, .filter_h = 3, .filter_w = 2});
  add("1xN", {.input = {1, 3, 9, 4}, .filter_h = 1, .filter_w = 5});
  add("Nx1, odd depth", {.input = {1, 9, 2, 5}, .filter_h = 4, .filter_w = 1});
  add("stride past the filter",
      {.input = {1, 9, 9, 4}, .filter_h = 2, .filter_w = 2, .stride_h = 3, .stride_w = 4});
  add("stride past the filter, VALID", {.input = {1, 9, 9, 3},
                                        .filter_h = 2,
                                        .filter_w = 2,
                                        .stride_h = 3,
                                        .stride_w = 3,
                                        .padding = Padding::kValid});
  add("uneven padding", {.input = {1, 6, 6, 4}, .filter_h = 4, .filter_w = 4, .stride_h = 2, .stride_w = 1});
  add("window larger than the image", {.input = {1, 2, 3, 4}, .filter_h = 5, .filter_w = 7});
  add("dilation", {.input = {1, 9, 9, 4}, .dilation_h = 2, .dilation_w = 3});
  add("dilation, odd depth", {.input = {1, 9, 9, 3}, .dilation_h = 3, .dilation_w = 2});
  add("batch", {.input = {2, 5, 4, 4}, .channels = 3});
  add("groups", {.input = {1, 5, 5, 6}, .channels = 4, .groups = 2});
  add("groups, all multipliers",
      {.input = {2, 4, 4, 4}, .channels = 8, .groups = 4, .multipliers = kMultiplierCorners});
  return cases;
}

std::vector<KernelCase> depthwise_corners() {
  std::vector<KernelCase> cases;
  const auto add = [&](const char* name, const Convolution& c) { cases.push_back(depthwise_case(name, c)); };
  for (const int filter : {1, 2, 3, 4, 5, 7, 8}) {
    for (const int stride : {1, 2}) {
      add("square", {.input = {1, 9, 10, 5},
                     .filter_h = filter,
                     .filter_w = filter,
                     .stride_h = stride,
                     .stride_w = stride});
    }
  }
  for (const int width : {1, 2, 3, 4, 6, 7}) {
    add("3x3, columns past the pair", {.input = {1, 4, width, 4}});
    add("5x5, columns past the tile", {.input = {1, 4, width, 4}, .filter_h = 5, .filter_w = 5});
  }
  add("rows past the budget", {.input = {1, 60, 40, 4}});
  add("rows past the budget, 7x7, stride 2",
      {.input = {1, 70, 40, 4}, .filter_h = 7, .filter_w = 7, .stride_h = 2, .stride_w = 2});
  add("rows past the budget, stride past the filter",
      {.input = {1, 90, 50, 4}, .filter_h = 2, .filter_w = 2, .stride_h = 4});
  for (const int channels : {1, 2, 3, 6}) add("lanes past four", {.input = {1, 5, 5, channels}});
  add("1xN", {.input = {1, 4, 12, 3}, .filter_h = 1, .filter_w = 6});
  add("Nx1", {.input = {1, 12, 4, 4}, .filter_h = 6, .filter_w = 1, .stride_h = 3});
  add("VALID", {.input = {1, 8, 7, 4}, .padding = Padding::kValid});
  add("uneven strides", {.input = {1, 9, 9, 4}, .stride_h = 1, .stride_w = 2});
  add("stride 3", {.input = {1, 9, 9, 4}, .stride_h = 3, .stride_w = 3});
  add("dilation", {.input = {1, 9, 9, 4}, .dilation_h = 2, .dilation_w = 2});
  add("depth multiplier", {.input = {1, 5, 5, 3}, .multiplier = 2});
  add("large window", {.input = {1, 12, 12, 2}, .filter_h = 9, .filter_w = 10});
  add("batch", {.input = {3, 5, 4, 4}});
  add("batch with stride", {.input = {2, 6, 6, 4}, .stride_h = 2, .stride_w = 2});
  add("zero points at the end", {.input_zero_point = -128, .output_zero_point = 127});
  add("all multipliers", {.input = {1, 4, 4, 9}, .multipliers = kMultiplierCorners});
  add("all multipliers, 5x5",
      {.input = {1, 4, 4, 9}, .filter_h = 5, .filter_w = 5, .multipliers = kMultiplierCorners});
  add("all multipliers, dilation",
      {.input = {1, 6, 6, 9}, .dilation_h = 2, .multipliers = kMultiplierCorners});
  add("multipliers of 0 only", {.multipliers = {1e-12}, .largest_bias = INT32_MAX});
  add("ReLU6", {.activation = ActivationFunction::kRelu6});
  add("no bias", {.bias = false});
  return cases;
}

std::vector<KernelCase> fully_connected_corners() {
  std::vector<KernelCase> cases;
  const auto add = [&](const char* name, const Convolution& c) {
    cases.push_back(fully_connected_case(name, c));
  };
  for (const int inputs : {1, 3, 4, 7, 10, 64})
    add("inputs past the word", {.input = {1, inputs}, .channels = 6});
  for (const int batch : {2, 4, 5}) add("batch", {.input = {batch, 12}, .channels = 3});
  add("one scale per channel", {.input = {1, 20}, .channels = 5, .groups = 2});
  add("left shift", {.input = {1, 20}, .channels = 5, .multipliers = {2.0}});
  add("ReLU", {.input = {1, 20}, .channels = 5, .activation = ActivationFunction::kRelu});
  return cases;
}

}  // namespace engine
