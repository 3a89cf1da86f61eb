// Small .tflite files, valid or broken on purpose, for tests of the reader and as seeds for its fuzzer.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "reference/tflite_generated.h"

namespace reference {

struct TinyTensor {
  std::vector<std::int32_t> shape;
  tflite::TensorType type = tflite::TensorType_INT8;
  std::vector<float> scale = {1.0F};
  std::vector<std::int64_t> zero_point = {0};
  std::int32_t quantized_dimension = 0;
  std::vector<std::uint8_t> data;  ///< its buffer; empty for none
  const char* name = "";
  bool is_variable = false, is_sparse = false;
  bool loosely_aligned = false;  ///< zero_point, to 4 bytes instead of 8
  std::int64_t buffer = -1;      ///< index of its buffer, if not its own
};

/// Adds the options and returns their place.
using TinyOptions = std::function<flatbuffers::Offset<void>(flatbuffers::FlatBufferBuilder&)>;

struct TinyOperator {
  int code = 0;             ///< of operator_codes, builtin_code
  int deprecated_code = 0;  ///< deprecated_builtin_code
  const char* custom_code = "";
  std::vector<std::int32_t> inputs, outputs;
  tflite::BuiltinOptions options_type = tflite::BuiltinOptions_NONE;
  TinyOptions options;
  std::int64_t opcode_index = -1;  ///< if not its own
};

struct TinyFile {
  std::uint32_t version = 3;
  const char* identifier = "TFL3";
  std::vector<TinyTensor> tensors;
  std::vector<TinyOperator> operators;
  std::vector<std::int32_t> inputs, outputs;
  int extra_subgraphs = 0;  ///< copies of subgraph 0 behind it
  bool has_subgraph = true;
  std::uint64_t buffer_offset = 0;  ///< of each buffer that has data

  std::vector<std::uint8_t> bytes() const;
};

/// int8 constant data and int32 constant data.
std::vector<std::uint8_t> int8_data(const std::vector<int>& values);
std::vector<std::uint8_t> int32_data(const std::vector<std::int32_t>& values);

TinyOperator tiny_operator(tflite::BuiltinOperator code, std::vector<std::int32_t> inputs,
                           std::int32_t output);
TinyOperator tiny_conv_2d(std::vector<std::int32_t> inputs, std::int32_t output);

/// x [1,2,2,1] -> CONV_2D with filter [2,1,1,1] and bias -> RELU. Tensors: 0 x, 1 filter, 2 bias, 3 conv, 4
/// y.
TinyFile conv_file();
/// One small valid file for each family of operators.
std::vector<TinyFile> seed_files();

}  // namespace reference
