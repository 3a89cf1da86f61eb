#include "reference/zoo/graph_builder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>

#include "reference/interpret.h"
#include "reference/zoo/accumulate.h"

namespace reference::zoo {
namespace {

/// FNV-1a: a name's own stream of weights, the same on every machine.
std::uint64_t hash(const std::string& text) {
  std::uint64_t h = 0xCBF29CE484222325U;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return h;
}

std::int64_t count(const std::vector<std::int32_t>& shape) {
  std::int64_t n = 1;
  for (const std::int32_t d : shape) n *= d;
  return n;
}

template <class T>
TensorData bytes_of(const std::vector<T>& values) {
  static_assert(std::endian::native == std::endian::little);
  TensorData data(values.size() * sizeof(T));
  std::memcpy(data.data(), values.data(), data.size());
  return data;
}

}  // namespace

int window_outputs(int in, int kernel, int stride, int dilation, Padding padding) {
  const int reach = (kernel - 1) * dilation + 1;
  const int out = padding == Padding::kSame ? (in + stride - 1) / stride : (in - reach) / stride + 1;
  if (out < 1) throw ModelError("graph builder: window larger than its input");
  return out;
}

std::uint64_t Random::next() {
  x_state += 0x9E3779B97F4A7C15U;
  std::uint64_t z = x_state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

int Random::integer(int low, int high) {
  return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
}

double Random::real(double low, double high) {
  return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1p-53);
}

GraphBuilder::GraphBuilder(std::string name, int samples) : x_sample_count(samples), x_random(hash(name)) {
  x_graph.name = std::move(name);
}

OutputTarget GraphBuilder::linear_output() {
  return {ActivationFunction::kNone, static_cast<float>(x_random.real(0.02, 0.08)),
          x_random.integer(-16, 16)};
}

int GraphBuilder::add_tensor(Tensor tensor) {
  x_graph.tensors.push_back(std::move(tensor));
  x_samples.emplace_back();
  return static_cast<int>(x_graph.tensors.size()) - 1;
}

int GraphBuilder::input(const std::string& name, std::vector<std::int32_t> shape, float scale,
                        int zero_point) {
  const int tensor = add_tensor({name, TensorType::kInt8, std::move(shape), {{scale}, {zero_point}, 0}, {}});
  x_graph.inputs.push_back(tensor);
  fill_input_samples(tensor);
  return tensor;
}

void GraphBuilder::fill_input_samples(int tensor) {
  // Sample k is what seeded_inputs makes of seed k + 1 (for a network of one input).
  Samples& samples = x_samples[static_cast<std::size_t>(tensor)];
  const std::int64_t size = x_graph.tensor(tensor).elements();
  for (int k = 0; k < x_sample_count; ++k) {
    auto state = static_cast<std::uint32_t>(k + 1 + 1000 * (x_graph.inputs.size() - 1));
    for (std::int64_t i = 0; i < size; ++i) {
      state = state * 1664525U + 1013904223U;
      samples.push_back(static_cast<std::int8_t>(state >> 24));
    }
  }
}

int GraphBuilder::constant(const std::string& name, std::vector<std::int32_t> shape,
                           const std::vector<std::int32_t>& values) {
  return add_tensor({name, TensorType::kInt32, std::move(shape), {}, bytes_of(values)});
}

int GraphBuilder::random_constant(const std::string& name, std::vector<std::int32_t> shape, float scale,
                                  int zero_point) {
  std::vector<std::int8_t> values(static_cast<std::size_t>(count(shape)));
  for (std::int8_t& value : values) value = static_cast<std::int8_t>(x_random.integer(-100, 100));
  const int tensor =
      add_tensor({name, TensorType::kInt8, std::move(shape), {{scale}, {zero_point}, 0}, bytes_of(values)});
  x_samples.back() = std::move(values);
  return tensor;
}

int GraphBuilder::add_filter(const std::string& name, const Weighted& weighted,
                             std::vector<std::int32_t> shape, int channels, int quantized_dimension) {
  // Bell-shaped values, each channel (or the whole tensor) scaled so that its largest is 127, as converters
  // do.
  const std::int64_t size = count(shape);
  const bool channel_last = quantized_dimension != 0;
  std::vector<double> values(static_cast<std::size_t>(size));
  const std::size_t n = static_cast<std::size_t>(channels);
  std::vector<double> peak(n, 1e-3);
  const auto channel_of = [&](std::size_t i) {
    return channel_last ? i % n : i / (static_cast<std::size_t>(size) / n);
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = x_random.real(-1, 1) + x_random.real(-1, 1) + x_random.real(-1, 1);
    peak[channel_of(i)] = std::max(peak[channel_of(i)], std::abs(values[i]));
  }
  if (!weighted.per_channel) std::ranges::fill(peak, *std::ranges::max_element(peak));
  std::vector<std::int8_t> quantized(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    quantized[i] = static_cast<std::int8_t>(std::lround(values[i] / peak[channel_of(i)] * 127));
  }
  return add_tensor(
      {name, TensorType::kInt8, std::move(shape), {{}, {}, quantized_dimension}, bytes_of(quantized)});
}

int GraphBuilder::append_weighted(OperatorKind kind, const std::string& name, int x, const Weighted& w,
                                  const OutputTarget& target) {
  const std::vector<std::int32_t> in = shape(x);
  const bool depthwise = kind == OperatorKind::kDepthwiseConv2D;
  const bool matrix = kind == OperatorKind::kFullyConnected;
  const int depth = in.back();
  const int channels = depthwise ? depth * w.depth_multiplier : w.output_channels;

  Window window{.kernel_h = w.kernel_h,
                .kernel_w = w.kernel_w,
                .stride_h = w.stride_h,
                .stride_w = w.stride_w,
                .dilation_h = w.dilation_h,
                .dilation_w = w.dilation_w};
  std::vector<std::int32_t> out;
  std::vector<std::int32_t> filter_shape;
  if (matrix) {
    const auto rows = static_cast<int>(count(in) / depth);
    window.in_h = window.out_h = rows;
    window.in_w = window.out_w = 1;
    out = w.keep_num_dims ? in : std::vector<std::int32_t>{rows, channels};
    out.back() = channels;
    filter_shape = {channels, depth};
  } else {
    window.in_h = in[1];
    window.in_w = in[2];
    window.out_h = window_outputs(in[1], w.kernel_h, w.stride_h, w.dilation_h, w.padding);
    window.out_w = window_outputs(in[2], w.kernel_w, w.stride_w, w.dilation_w, w.padding);
    if (w.padding == Padding::kSame) {
      window.pad_top =
          std::max(0, (window.out_h - 1) * w.stride_h + (w.kernel_h - 1) * w.dilation_h + 1 - in[1]) / 2;
      window.pad_left =
          std::max(0, (window.out_w - 1) * w.stride_w + (w.kernel_w - 1) * w.dilation_w + 1 - in[2]) / 2;
    }
    out = {in[0], window.out_h, window.out_w, channels};
    filter_shape = {depthwise ? 1 : channels, w.kernel_h, w.kernel_w, depthwise ? channels : depth};
  }
  window.in_channels = depth;
  window.out_channels = channels;
  window.depth_multiplier = depthwise ? w.depth_multiplier : 0;
  window.batches = matrix ? x_sample_count : x_sample_count * in[0];

  const bool shared = w.shared_filter >= 0;
  const int filter =
      shared ? w.shared_filter : add_filter(name + "/weights", w, filter_shape, channels, depthwise ? 3 : 0);
  const TensorData& filter_bytes = *x_graph.tensor(filter).constant;
  const auto* filter_values = reinterpret_cast<const std::int8_t*>(filter_bytes.data());
  const QuantizationParameters& in_q = quantization(x);
  const std::vector<std::int32_t> sums = accumulate(window, x_samples[static_cast<std::size_t>(x)],
                                                    in_q.zero_point[0], {filter_values, filter_bytes.size()});

  Scaling scaling =
      choose_scaling(sums, filter_norms(window, {filter_values, filter_bytes.size()}), w.per_channel, w.bias,
                     shared ? &quantization(filter).scale : nullptr, in_q.scale[0], target, x_random);
  Tensor& filter_tensor = x_graph.tensors[static_cast<std::size_t>(filter)];
  if (!shared) {
    filter_tensor.quantization.scale = scaling.weight_scale;
    filter_tensor.quantization.zero_point.assign(scaling.weight_scale.size(), 0);
  }

  Operator op{kind, {x, filter}, {}, {}};
  if (w.bias) {
    QuantizationParameters bias_q{scaling.weight_scale, {}, 0};
    for (float& scale : bias_q.scale) scale *= in_q.scale[0];
    bias_q.zero_point.assign(bias_q.scale.size(), 0);
    op.inputs.push_back(add_tensor(
        {name + "/bias", TensorType::kInt32, {channels}, std::move(bias_q), bytes_of(scaling.bias)}));
  } else if (matrix) {
    op.inputs.push_back(-1);  // TFLite's convolutions want two inputs instead
  }
  const int y = add_tensor({name,
                            TensorType::kInt8,
                            std::move(out),
                            {{scaling.output_scale}, {scaling.output_zero_point}, 0},
                            {}});
  op.outputs = {y};
  if (matrix) {
    op.options = FullyConnectedOptions{target.activation, w.keep_num_dims};
  } else if (depthwise) {
    op.options = DepthwiseConv2DOptions{w.padding,    w.stride_w,         w.stride_h,       w.dilation_w,
                                        w.dilation_h, w.depth_multiplier, target.activation};
  } else {
    op.options =
        Conv2DOptions{w.padding, w.stride_w, w.stride_h, w.dilation_w, w.dilation_h, target.activation};
  }
  x_samples[static_cast<std::size_t>(y)] = requantize(sums, scaling, target.activation);
  x_graph.operators.push_back(std::move(op));
  return y;
}

int GraphBuilder::conv_2d(const std::string& name, int x, const Weighted& weighted,
                          const OutputTarget& target) {
  return append_weighted(OperatorKind::kConv2D, name, x, weighted, target);
}

int GraphBuilder::depthwise_conv_2d(const std::string& name, int x, const Weighted& weighted,
                                    const OutputTarget& target) {
  return append_weighted(OperatorKind::kDepthwiseConv2D, name, x, weighted, target);
}

int GraphBuilder::fully_connected(const std::string& name, int x, const Weighted& weighted,
                                  const OutputTarget& target) {
  Weighted matrix = weighted;
  matrix.per_channel = false;
  return append_weighted(OperatorKind::kFullyConnected, name, x, matrix, target);
}

int GraphBuilder::filter_of(int output) const {
  const auto made = [&](const Operator& op) { return op.outputs[0] == output; };
  return std::ranges::find_if(x_graph.operators, made)->inputs.at(1);
}

GraphBuilder::Samples GraphBuilder::run(const Operator& op) const {
  // A graph of this one operator; tensors that are samples become its inputs.
  Graph one{.name = x_graph.name, .tensors = {}, .operators = {op}, .inputs = {}, .outputs = {}};
  std::map<int, int> index;
  const auto add_once = [&](int& tensor) {
    if (tensor < 0) return;
    const auto [it, added] = index.try_emplace(tensor, static_cast<int>(one.tensors.size()));
    if (added) one.tensors.push_back(x_graph.tensor(tensor));
    tensor = it->second;
  };
  for (int& tensor : one.operators[0].inputs) add_once(tensor);
  std::vector<const Samples*> fed;
  for (const auto& [old_index, new_index] : index) {
    if (x_graph.is_constant(old_index)) continue;
    one.inputs.push_back(new_index);
    fed.push_back(&x_samples[static_cast<std::size_t>(old_index)]);
  }
  add_once(one.operators[0].outputs[0]);
  one.outputs = one.operators[0].outputs;

  Samples result;
  for (int k = 0; k < x_sample_count; ++k) {
    std::vector<TensorData> inputs;
    for (const Samples* samples : fed) {
      const std::size_t size = samples->size() / static_cast<std::size_t>(x_sample_count);
      const auto* from =
          reinterpret_cast<const std::uint8_t*>(samples->data()) + size * static_cast<std::size_t>(k);
      inputs.emplace_back(from, from + size);
    }
    const std::vector<TensorData> values = interpret(one, inputs);
    for (const std::uint8_t byte : values[static_cast<std::size_t>(one.outputs[0])]) {
      result.push_back(static_cast<std::int8_t>(byte));
    }
  }
  return result;
}

int GraphBuilder::append(OperatorKind kind, const std::string& name, std::vector<int> inputs, Options options,
                         std::vector<std::int32_t> shape, QuantizationParameters quantization) {
  const int y = add_tensor({name, TensorType::kInt8, std::move(shape), std::move(quantization), {}});
  x_graph.operators.push_back({kind, std::move(inputs), {y}, std::move(options)});
  x_samples[static_cast<std::size_t>(y)] = run(x_graph.operators.back());
  return y;
}

int GraphBuilder::append_like_input(OperatorKind kind, const std::string& name, std::vector<int> inputs,
                                    Options options, std::vector<std::int32_t> shape) {
  QuantizationParameters same = quantization(inputs.at(0));
  return append(kind, name, std::move(inputs), std::move(options), std::move(shape), std::move(same));
}

int GraphBuilder::append_calibrated(OperatorKind kind, const std::string& name, std::vector<int> inputs,
                                    Options options, std::vector<std::int32_t> shape, double bound) {
  // First with a scale that holds everything, then with the one its values ask for.
  const auto wide = static_cast<float>(std::max(bound, 1e-6) / 126);
  const int y = append(kind, name, std::move(inputs), std::move(options), std::move(shape), {{wide}, {0}, 0});
  Samples& samples = x_samples[static_cast<std::size_t>(y)];
  x_graph.tensors[static_cast<std::size_t>(y)].quantization = fitted_quantization(samples, wide);
  samples = run(x_graph.operators.back());
  return y;
}

GraphBuilder::Distribution GraphBuilder::distribution(int tensor) const {
  const QuantizationParameters& q = quantization(tensor);
  double sum = 0;
  double square = 0;
  int magnitude = 1;
  for (const std::int8_t value : samples(tensor)) {
    sum += value;
    square += value * value;
    magnitude = std::max(magnitude, std::abs(value - q.zero_point[0]));
  }
  const auto n = std::max(1.0, static_cast<double>(samples(tensor).size()));
  const double mean = sum / n;
  return {mean, std::sqrt(std::max(0.0, square / n - mean * mean)),
          magnitude * static_cast<double>(q.scale[0])};
}

void GraphBuilder::release(int tensor) {
  x_samples[static_cast<std::size_t>(tensor)] = {};
}

Graph GraphBuilder::finish(std::vector<int> outputs) {
  x_graph.outputs = std::move(outputs);
  return std::move(x_graph);
}

}  // namespace reference::zoo
