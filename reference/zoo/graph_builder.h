// Builds a network operator by operator, running each on seeded samples to quantise what it produces.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/graph.h"

namespace reference::zoo {

/// A fixed pseudo-random stream (SplitMix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : x_state(seed) {}

  std::uint64_t next();
  /// Uniform in [low, high].
  int integer(int low, int high);
  /// Uniform in [low, high).
  double real(double low, double high);
  /// True `percent` times in a hundred.
  bool chance(int percent) { return integer(0, 99) < percent; }

 private:
  std::uint64_t x_state;
};

/// How the output of a convolution or matrix is quantised. Weight scales and biases are then chosen, as batch
/// normalisation would, so that every channel fills it without crowding at the ends.
struct OutputTarget {
  ActivationFunction activation = ActivationFunction::kNone;
  float scale = 0.05F;
  int zero_point = 0;
  double lift =
      0;  ///< mean of the real values in standard deviations (kNone only; moves the zero point down)
};

/// A dense or depth-wise convolution, or a matrix (kernel 1x1).
struct Weighted {
  int output_channels = 0;  ///< not for depth-wise, which makes input channels x depth_multiplier
  int kernel_h = 1, kernel_w = 1;
  int stride_h = 1, stride_w = 1;
  int dilation_h = 1, dilation_w = 1;
  Padding padding = Padding::kSame;
  int depth_multiplier = 1;    ///< depth-wise only
  bool per_channel = true;     ///< one weight scale an output channel (never for a matrix)
  bool bias = true;            ///< false: the bias input is absent
  bool keep_num_dims = false;  ///< matrix only
  int shared_filter = -1;      ///< tensor of an earlier operator's weights to use again
};

/// Outputs of a window of `kernel` over `in` values; throws ModelError where there would be none.
int window_outputs(int in, int kernel, int stride, int dilation, Padding padding);

/// Methods append an operator, run it on the samples and return its output tensor. The graph is a plain
/// value, taken with finish().
class GraphBuilder {
 public:
  /// `name` seeds all weights. `samples` inputs are run to take statistics from; with 0 the structure is
  /// right and the quantisation valid, but values are not looked after.
  GraphBuilder(std::string name, int samples);

  const std::vector<std::int32_t>& shape(int tensor) const { return x_graph.tensor(tensor).shape; }
  const QuantizationParameters& quantization(int tensor) const { return x_graph.tensor(tensor).quantization; }
  Random& random() { return x_random; }
  /// The weights that the convolution or matrix which made `output` reads.
  int filter_of(int output) const;
  /// A linear output of random real scale and zero point, as trained networks have them.
  OutputTarget linear_output();

  int input(const std::string& name, std::vector<std::int32_t> shape, float scale, int zero_point);
  int constant(const std::string& name, std::vector<std::int32_t> shape,
               const std::vector<std::int32_t>& values);
  /// An int8 constant of random values from -100 to 100.
  int random_constant(const std::string& name, std::vector<std::int32_t> shape, float scale, int zero_point);

  int conv_2d(const std::string& name, int x, const Weighted& weighted, const OutputTarget& target);
  int depthwise_conv_2d(const std::string& name, int x, const Weighted& weighted, const OutputTarget& target);
  int fully_connected(const std::string& name, int x, const Weighted& weighted, const OutputTarget& target);

  /// An operator whose output has the quantisation given.
  int append(OperatorKind kind, const std::string& name, std::vector<int> inputs, Options options,
             std::vector<std::int32_t> shape, QuantizationParameters quantization);
  /// An operator that passes on the quantisation of its first input: pools, pads, reshapes ...
  int append_like_input(OperatorKind kind, const std::string& name, std::vector<int> inputs, Options options,
                        std::vector<std::int32_t> shape);
  /// An operator whose output quantisation is taken from what it produces; `bound` is the largest magnitude
  /// that can come out.
  int append_calibrated(OperatorKind kind, const std::string& name, std::vector<int> inputs, Options options,
                        std::vector<std::int32_t> shape, double bound);

  // graph_builder_operators.cpp: one method an operator.
  int add(const std::string& name, int a, int b, ActivationFunction activation = ActivationFunction::kNone);
  int sub(const std::string& name, int a, int b, ActivationFunction activation = ActivationFunction::kNone);
  int mul(const std::string& name, int a, int b, ActivationFunction activation = ActivationFunction::kNone);
  /// Inputs of another quantisation than the one that holds them all go through a QUANTIZE first.
  int concatenation(const std::string& name, std::vector<int> inputs, int axis);
  int pad(const std::string& name, int x, int top, int bottom, int left, int right);
  /// PADV2 with the int8 value `fill`.
  int pad_v2(const std::string& name, int x, int top, int bottom, int left, int right, std::int8_t fill);
  int mean(const std::string& name, int x, const std::vector<std::int32_t>& axes, bool keep_dims);
  int average_pool_2d(const std::string& name, int x, const Pool2DOptions& options);
  int max_pool_2d(const std::string& name, int x, const Pool2DOptions& options);
  int reshape(const std::string& name, int x, std::vector<std::int32_t> shape);
  int transpose(const std::string& name, int x, const std::vector<std::int32_t>& permutation);
  /// One entry a dimension of each; masks as TFLite has them.
  int strided_slice(const std::string& name, int x, const std::vector<std::int32_t>& begin,
                    const std::vector<std::int32_t>& end, const std::vector<std::int32_t>& strides,
                    const StridedSliceOptions& options = {});
  int resize_nearest_neighbor(const std::string& name, int x, int height, int width,
                              const ResizeNearestNeighborOptions& options);
  int relu(const std::string& name, int x);
  int relu6(const std::string& name, int x);
  int logistic(const std::string& name, int x);
  int softmax(const std::string& name, int x, float beta = 1.0F);
  int quantize(const std::string& name, int x, QuantizationParameters quantization);
  /// A float32 input and the QUANTIZE that reads it; returns the int8 tensor.
  int float_input(const std::string& name, std::vector<std::int32_t> shape, float scale, int zero_point);
  /// float32; only good as an output.
  int dequantize(const std::string& name, int x);

  /// How the samples of an int8 tensor are distributed, in quantisation steps.
  struct Distribution {
    double mean = 0, deviation = 0;
    double largest = 0;  ///< largest magnitude of the real values
  };
  Distribution distribution(int tensor) const;
  /// Drops the samples of `tensor`: no later operator reads it.
  void release(int tensor);
  Graph finish(std::vector<int> outputs);

 private:
  using Samples = std::vector<std::int8_t>;  ///< all samples of a tensor, one after the other

  int add_tensor(Tensor tensor);
  void fill_input_samples(int tensor);
  int arithmetic(OperatorKind kind, const std::string& name, int a, int b, ActivationFunction activation,
                 double bound);
  int pool(OperatorKind kind, const std::string& name, int x, const Pool2DOptions& options);
  int append_weighted(OperatorKind kind, const std::string& name, int x, const Weighted& weighted,
                      const OutputTarget& target);
  int add_filter(const std::string& name, const Weighted& weighted, std::vector<std::int32_t> shape,
                 int channels, int quantized_dimension);
  /// Of an int8 constant: its one value.
  const Samples& samples(int tensor) const { return x_samples.at(static_cast<std::size_t>(tensor)); }
  Samples run(const Operator& op) const;

  Graph x_graph;
  std::vector<Samples> x_samples;  ///< by tensor; empty for constants and released ones
  int x_sample_count;
  Random x_random;
};

}  // namespace reference::zoo
