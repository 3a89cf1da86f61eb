// Builds networks of one operator with values from a seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/engine/kernel_cases.h"

namespace engine {

using Shape = std::vector<std::int32_t>;

struct Quantization {
  float scale = 0.05F;
  int zero_point = 3;
};

class OneOperator {
 public:
  OneOperator(std::string name, std::uint32_t seed);

  /// Uniform in [low, high].
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(x_random); }

  int input(const Shape& shape, Quantization q = {});
  int float_input(const Shape& shape, float range);
  int output(const Shape& shape, Quantization q = {});
  int float_output(const Shape& shape);
  int constant_int8(const Shape& shape, Quantization q = {});
  int constant_int32(const std::vector<std::int32_t>& values);
  /// Gives an int32 constant the shape [rows, its elements / rows].
  void make_matrix(int constant, std::int32_t rows);
  /// int8 values with one scale for each index of `axis`, zero points 0.
  int weights(const Shape& shape, int axis, const std::vector<float>& scales);

  KernelCase finish(reference::OperatorKind kind, const std::vector<int>& inputs, int output,
                    reference::Options options = {});

 private:
  int add(const Shape& shape, reference::TensorType type);
  reference::TensorData bytes(std::int64_t count);

  KernelCase x_case;
  std::mt19937 x_random;
};

/// How an accumulator becomes int8: one real multiplier for each channel in turn.
struct Convolution {
  Shape input = {1, 5, 5, 4};
  int channels = 4, filter_h = 3,
      filter_w = 3;  ///< channels: outputs; for DEPTHWISE_CONV_2D inputs x multiplier
  int stride_h = 1, stride_w = 1, dilation_h = 1, dilation_w = 1, multiplier = 1, groups = 1;
  reference::Padding padding = reference::Padding::kSame;
  reference::ActivationFunction activation = reference::ActivationFunction::kNone;
  int input_zero_point = 3, output_zero_point = -5;
  std::vector<double> multipliers = {};  ///< empty: what spreads the results over int8
  bool bias = true;
  std::int32_t largest_bias = 2000;
};

KernelCase conv_case(const std::string& name, const Convolution& c, std::uint32_t seed = 1);
KernelCase depthwise_case(const std::string& name, const Convolution& c, std::uint32_t seed = 1);
/// input {batch, inputs}.
KernelCase fully_connected_case(const std::string& name, const Convolution& c, std::uint32_t seed = 1);

}  // namespace engine
