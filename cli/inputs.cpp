#include "cli/inputs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>

#include "cli/errors.h"
#include "cli/files.h"
#include "cli/image.h"
#include "cli/npy.h"
#include "reference/interpret.h"

namespace cli {
namespace {

using reference::Graph;
using reference::OperatorKind;
using reference::Tensor;
using reference::TensorData;
using reference::TensorType;

struct Scale {
  float scale;
  std::int32_t zero_point;
};

/// How real values become int8 at input `tensor`: its own quantisation, or that of the QUANTIZE that reads
/// it.
std::optional<Scale> quantization_of_input(const Graph& graph, int tensor) {
  int quantised = tensor;
  if (graph.tensor(tensor).type == TensorType::kFloat32) {
    const auto reads = [&](const reference::Operator& op) {
      return op.kind == OperatorKind::kQuantize && op.inputs[0] == tensor;
    };
    const auto op = std::find_if(graph.operators.begin(), graph.operators.end(), reads);
    if (op == graph.operators.end()) return std::nullopt;
    quantised = op->outputs[0];
  }
  const reference::QuantizationParameters& q = graph.tensor(quantised).quantization;
  if (q.scale.size() != 1 || q.zero_point.size() != 1) return std::nullopt;
  return Scale{q.scale[0], q.zero_point[0]};
}

std::string describe(const Tensor& tensor) {
  return fmt::format("{} [{}]", reference::to_string(tensor.type), fmt::join(tensor.shape, ","));
}

/// int8 values in the tensor's own type.
TensorData from_int8(const Graph& graph, int index, std::span<const std::uint8_t> values,
                     const std::string& where) {
  const Tensor& tensor = graph.tensor(index);
  if (tensor.type == TensorType::kInt8) return {values.begin(), values.end()};
  const std::optional<Scale> q = quantization_of_input(graph, index);
  if (tensor.type != TensorType::kFloat32 || !q) {
    throw InputError(fmt::format("{}: holds int8 values, expected {} for input '{}'", where, describe(tensor),
                                 tensor.name));
  }
  TensorData out(values.size() * sizeof(float));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float real = static_cast<float>(static_cast<std::int8_t>(values[i]) - q->zero_point) * q->scale;
    std::memcpy(out.data() + i * sizeof(float), &real, sizeof(float));
  }
  return out;
}

/// Real values in the tensor's own type.
TensorData from_float(const Graph& graph, int index, std::span<const std::uint8_t> bytes,
                      const std::string& where) {
  const Tensor& tensor = graph.tensor(index);
  if (tensor.type == TensorType::kFloat32) return {bytes.begin(), bytes.end()};
  const std::optional<Scale> q = quantization_of_input(graph, index);
  if (tensor.type != TensorType::kInt8 || !q) {
    throw InputError(fmt::format("{}: holds float32 values, expected {} for input '{}'", where,
                                 describe(tensor), tensor.name));
  }
  TensorData out(bytes.size() / sizeof(float));
  for (std::size_t i = 0; i < out.size(); ++i) {
    float real = 0;
    std::memcpy(&real, bytes.data() + i * sizeof(float), sizeof(float));
    if (!std::isfinite(real))
      throw InputError(fmt::format("{}: element {} is {}, expected a number", where, i, real));
    const double steps =
        std::round(static_cast<double>(real) / static_cast<double>(q->scale)) + q->zero_point;
    out[i] = static_cast<std::uint8_t>(static_cast<std::int8_t>(std::clamp(steps, -128.0, 127.0)));
  }
  return out;
}

/// Pixels 0..255 span the whole int8 range, which is what image networks are trained with.
TensorData from_pixels(const Graph& graph, int index, std::vector<std::uint8_t> pixels,
                       const std::string& where) {
  for (std::uint8_t& p : pixels) p ^= 0x80U;
  return from_int8(graph, index, pixels, where);
}

void require_one_input(const Graph& graph, const std::string& where) {
  if (graph.inputs.size() != 1) {
    throw InputError(fmt::format(
        "{}: holds one array, but the network has {} inputs; give raw bytes of all inputs in order", where,
        graph.inputs.size()));
  }
}

std::vector<TensorData> from_npy(const Graph& graph, const std::string& path) {
  require_one_input(graph, path);
  const NpyArray array = parse_npy(read_file(path), path);
  const int index = graph.inputs[0];
  const Tensor& tensor = graph.tensor(index);
  const auto squeezed = [](const auto& shape) {
    std::vector<std::int64_t> sizes;
    for (const auto n : shape) {
      if (n != 1) sizes.push_back(n);
    }
    return sizes;
  };
  if (squeezed(array.shape) != squeezed(tensor.shape)) {
    throw InputError(fmt::format("{}: shape [{}], expected [{}] for input '{}'", path,
                                 fmt::join(array.shape, ","), fmt::join(tensor.shape, ","), tensor.name));
  }
  switch (array.type) {
    case NpyArray::Type::kFloat32:
      return {from_float(graph, index, array.bytes, path)};
    case NpyArray::Type::kInt8:
      return {from_int8(graph, index, array.bytes, path)};
    case NpyArray::Type::kUint8:
      return {from_pixels(graph, index, array.bytes, path)};
  }
  throw InputError(path + ": unknown element type");
}

std::vector<TensorData> from_png(const Graph& graph, const std::string& path) {
  require_one_input(graph, path);
  const Tensor& tensor = graph.tensor(graph.inputs[0]);
  if (tensor.shape.size() != 4 || tensor.shape[0] != 1 || (tensor.shape[3] != 1 && tensor.shape[3] != 3)) {
    throw InputError(fmt::format("{}: is an image, but input '{}' is {}, expected [1,H,W,1] or [1,H,W,3]",
                                 path, tensor.name, describe(tensor)));
  }
  return {from_pixels(graph, graph.inputs[0],
                      load_png(path, tensor.shape[1], tensor.shape[2], tensor.shape[3]), path)};
}

std::vector<TensorData> from_raw(const Graph& graph, const std::string& path) {
  const std::vector<std::uint8_t> file = read_file(path);
  std::size_t own = 0, quantised = 0;
  for (const int index : graph.inputs) {
    own += static_cast<std::size_t>(graph.tensor(index).bytes());
    quantised += static_cast<std::size_t>(graph.tensor(index).elements());
  }
  if (file.size() != own && file.size() != quantised) {
    std::string expected = fmt::format("{} bytes", own);
    if (quantised != own) expected += fmt::format(" (or {} quantised int8 values)", quantised);
    throw InputError(fmt::format("{}: {} bytes, expected {}", path, file.size(), expected));
  }
  std::vector<TensorData> inputs;
  std::span<const std::uint8_t> rest(file);
  for (const int index : graph.inputs) {
    const Tensor& tensor = graph.tensor(index);
    const auto size = static_cast<std::size_t>(file.size() == own ? tensor.bytes() : tensor.elements());
    const auto part = rest.first(size);
    rest = rest.subspan(size);
    inputs.push_back(file.size() == own ? TensorData(part.begin(), part.end())
                                        : from_int8(graph, index, part, path));
  }
  return inputs;
}

}  // namespace

std::vector<TensorData> load_inputs(const Graph& graph, const std::string& spec) {
  constexpr std::string_view kSeed = "seed:";
  if (spec.starts_with(kSeed)) {
    std::uint32_t seed = 0;
    const char* end = spec.data() + spec.size();
    const auto [stop, error] = std::from_chars(spec.data() + kSeed.size(), end, seed);
    if (error != std::errc() || stop != end) {
      throw InputError(fmt::format("--input {}: expected seed:N with N from 0 to 4294967295", spec));
    }
    return reference::seeded_inputs(graph, seed);
  }
  if (spec.ends_with(".npy")) return from_npy(graph, spec);
  if (spec.ends_with(".png")) return from_png(graph, spec);
  return from_raw(graph, spec);
}

}  // namespace cli
