#include "reference/tflite_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "reference/tflite_generated.h"
#include "reference/tflite_options.h"
#include "reference/tflite_reader.h"
#include "reference/validate.h"

namespace reference {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;

constexpr std::size_t kConstantAlignment = 16;  // bytes; runtimes read constants in place

tflite::TensorType tensor_type(TensorType type) {
  switch (type) {
    case TensorType::kInt8:
      return tflite::TensorType_INT8;
    case TensorType::kInt32:
      return tflite::TensorType_INT32;
    case TensorType::kFloat32:
      break;
  }
  return tflite::TensorType_FLOAT32;
}

tflite::BuiltinOperator builtin_operator(OperatorKind kind) {
  for (const tflite::BuiltinOperator code : tflite::EnumValuesBuiltinOperator()) {
    if (operator_kind(code) == kind) return code;
  }
  throw std::logic_error("an operator kind without a builtin code");
}

tflite::Padding padding(Padding padding) {
  return padding == Padding::kSame ? tflite::Padding_SAME : tflite::Padding_VALID;
}

tflite::ActivationFunctionType activation(ActivationFunction activation) {
  switch (activation) {
    case ActivationFunction::kNone:
      break;
    case ActivationFunction::kRelu:
      return tflite::ActivationFunctionType_RELU;
    case ActivationFunction::kReluN1To1:
      return tflite::ActivationFunctionType_RELU_N1_TO_1;
    case ActivationFunction::kRelu6:
      return tflite::ActivationFunctionType_RELU6;
  }
  return tflite::ActivationFunctionType_NONE;
}

/// The first version of the operator that TFLite's converter gives a graph with these types and options.
int version(const Graph& graph, const Operator& op) {
  switch (op.kind) {
    case OperatorKind::kConv2D:
    case OperatorKind::kDepthwiseConv2D:
      return 3;  // int8 with a scale for each channel
    case OperatorKind::kFullyConnected:
      if (op.inputs.size() < 3 || op.inputs[2] < 0) return 6;
      return std::get<FullyConnectedOptions>(op.options).keep_num_dims ? 5 : 4;
    case OperatorKind::kReshape:
      return 1;
    case OperatorKind::kQuantize:
      return graph.tensor(op.inputs.at(0)).type == TensorType::kFloat32 ? 1 : 2;
    case OperatorKind::kResizeNearestNeighbor: {
      const auto& options = std::get<ResizeNearestNeighborOptions>(op.options);
      return options.align_corners || options.half_pixel_centers ? 3 : 2;
    }
    default:
      return 2;  // int8
  }
}

struct WrittenOptions {
  tflite::BuiltinOptions type = tflite::BuiltinOptions_NONE;
  flatbuffers::Offset<void> table;
};

template <class Table>
WrittenOptions written(flatbuffers::Offset<Table> table) {
  return {tflite::BuiltinOptionsTraits<Table>::enum_value, table.Union()};
}

/// One overload a type of options; `kind` tells apart the tables that hold the same.
struct OptionsWriter {
  Builder& out;
  OperatorKind kind;

  WrittenOptions operator()(const NoOptions&) const {
    switch (kind) {
      case OperatorKind::kPad:
        return written(tflite::CreatePadOptions(out));
      case OperatorKind::kPadV2:
        return written(tflite::CreatePadV2Options(out));
      case OperatorKind::kTranspose:
        return written(tflite::CreateTransposeOptions(out));
      case OperatorKind::kQuantize:
        return written(tflite::CreateQuantizeOptions(out));
      case OperatorKind::kDequantize:
        return written(tflite::CreateDequantizeOptions(out));
      default:
        return {};
    }
  }
  WrittenOptions operator()(const Conv2DOptions& o) const {
    return written(tflite::CreateConv2DOptions(out, padding(o.padding), o.stride_w, o.stride_h,
                                               activation(o.fused_activation_function), o.dilation_w_factor,
                                               o.dilation_h_factor));
  }
  WrittenOptions operator()(const DepthwiseConv2DOptions& o) const {
    return written(tflite::CreateDepthwiseConv2DOptions(
        out, padding(o.padding), o.stride_w, o.stride_h, o.depth_multiplier,
        activation(o.fused_activation_function), o.dilation_w_factor, o.dilation_h_factor));
  }
  WrittenOptions operator()(const Pool2DOptions& o) const {
    return written(tflite::CreatePool2DOptions(out, padding(o.padding), o.stride_w, o.stride_h,
                                               o.filter_width, o.filter_height,
                                               activation(o.fused_activation_function)));
  }
  WrittenOptions operator()(const FullyConnectedOptions& o) const {
    return written(tflite::CreateFullyConnectedOptions(out, activation(o.fused_activation_function),
                                                       tflite::FullyConnectedOptionsWeightsFormat_DEFAULT,
                                                       o.keep_num_dims));
  }
  WrittenOptions operator()(const ArithmeticOptions& o) const {
    const tflite::ActivationFunctionType fused = activation(o.fused_activation_function);
    if (kind == OperatorKind::kAdd) return written(tflite::CreateAddOptions(out, fused));
    if (kind == OperatorKind::kSub) return written(tflite::CreateSubOptions(out, fused));
    return written(tflite::CreateMulOptions(out, fused));
  }
  WrittenOptions operator()(const ConcatenationOptions& o) const {
    return written(tflite::CreateConcatenationOptions(out, o.axis, activation(o.fused_activation_function)));
  }
  WrittenOptions operator()(const ReducerOptions& o) const {
    return written(tflite::CreateReducerOptions(out, o.keep_dims));
  }
  WrittenOptions operator()(const SoftmaxOptions& o) const {
    return written(tflite::CreateSoftmaxOptions(out, o.beta));
  }
  WrittenOptions operator()(const ReshapeOptions& o) const {
    if (o.new_shape.empty()) return {};
    return written(tflite::CreateReshapeOptionsDirect(out, &o.new_shape));
  }
  WrittenOptions operator()(const ResizeNearestNeighborOptions& o) const {
    return written(tflite::CreateResizeNearestNeighborOptions(out, o.align_corners, o.half_pixel_centers));
  }
  WrittenOptions operator()(const StridedSliceOptions& o) const {
    return written(tflite::CreateStridedSliceOptions(out, o.begin_mask, o.end_mask, o.ellipsis_mask,
                                                     o.new_axis_mask, o.shrink_axis_mask));
  }
};

flatbuffers::Offset<tflite::QuantizationParameters> write_quantization(Builder& out,
                                                                       const QuantizationParameters& q) {
  if (q.scale.empty()) return 0;
  const auto scale = out.CreateVector(q.scale);
  const auto zero_point =
      out.CreateVector(std::vector<std::int64_t>(q.zero_point.begin(), q.zero_point.end()));
  tflite::QuantizationParametersBuilder table(out);
  table.add_scale(scale);
  table.add_zero_point(zero_point);
  table.add_quantized_dimension(q.quantized_dimension);
  return table.Finish();
}

/// Buffer 0 is the empty one that every tensor without a constant names; then one a constant, in tensor
/// order.
std::vector<flatbuffers::Offset<tflite::Buffer>> write_buffers(Builder& out, const Graph& graph) {
  std::vector<flatbuffers::Offset<tflite::Buffer>> buffers{tflite::CreateBuffer(out)};
  for (const Tensor& tensor : graph.tensors) {
    if (!tensor.constant) continue;
    out.ForceVectorAlignment(tensor.constant->size(), 1, kConstantAlignment);
    const auto data = out.CreateVector(tensor.constant->data(), tensor.constant->size());
    buffers.push_back(tflite::CreateBuffer(out, data));
  }
  return buffers;
}

std::vector<flatbuffers::Offset<tflite::Tensor>> write_tensors(Builder& out, const Graph& graph) {
  std::vector<flatbuffers::Offset<tflite::Tensor>> tensors;
  std::uint32_t next_buffer = 1;
  for (const Tensor& tensor : graph.tensors) {
    const auto quantization = write_quantization(out, tensor.quantization);
    const auto shape = out.CreateVector(tensor.shape);
    const auto name = out.CreateString(tensor.name);
    tensors.push_back(tflite::CreateTensor(out, shape, tensor_type(tensor.type),
                                           tensor.constant ? next_buffer++ : 0, name, quantization));
  }
  return tensors;
}

void require_size_within_reader_limit(const Graph& graph) {
  std::size_t bytes = 0;
  for (const Tensor& tensor : graph.tensors) bytes += tensor.constant ? tensor.constant->size() : 0;
  if (bytes > kMaxModelBytes / 2) {
    throw ModelError(fmt::format("{}: its constants have {} bytes, expected at most {} in a .tflite file",
                                 graph.name, bytes, kMaxModelBytes / 2));
  }
}

}  // namespace

std::vector<std::uint8_t> write_tflite(const Graph& graph) {
  validate(graph, graph.name);
  require_size_within_reader_limit(graph);
  Builder out;
  const auto buffers = write_buffers(out, graph);
  const auto tensors = write_tensors(out, graph);

  std::map<std::pair<tflite::BuiltinOperator, int>, std::uint32_t> code_index;
  std::vector<flatbuffers::Offset<tflite::OperatorCode>> codes;
  std::vector<flatbuffers::Offset<tflite::Operator>> operators;
  for (const Operator& op : graph.operators) {
    const std::pair code{builtin_operator(op.kind), version(graph, op)};
    const auto [at, added] = code_index.try_emplace(code, static_cast<std::uint32_t>(codes.size()));
    if (added) {
      // Old readers know only the byte; codes above it are marked by 127.
      const auto deprecated = static_cast<std::int8_t>(std::min(static_cast<int>(code.first), 127));
      codes.push_back(tflite::CreateOperatorCode(out, deprecated, 0, code.second, code.first));
    }
    const WrittenOptions options = std::visit(OptionsWriter{out, op.kind}, op.options);
    operators.push_back(
        tflite::CreateOperatorDirect(out, at->second, &op.inputs, &op.outputs, options.type, options.table));
  }

  const std::vector subgraphs{tflite::CreateSubGraphDirect(out, &tensors, &graph.inputs, &graph.outputs,
                                                           &operators, graph.name.c_str())};
  constexpr std::uint32_t kSchemaVersion = 3;
  tflite::FinishModelBuffer(out, tflite::CreateModelDirect(out, kSchemaVersion, &codes, &subgraphs,
                                                           "written by m7scope", &buffers));
  return {out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize()};
}

}  // namespace reference
