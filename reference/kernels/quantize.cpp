// QUANTIZE and DEQUANTIZE.
#include <cstring>

#include "reference/kernels/kernels.h"
#include "reference/requantize.h"

namespace reference::kernels {

TensorData quantize(const Call& call) {
  const Tensor &in = call.input(0), &out = call.output();
  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  if (in.type == TensorType::kFloat32) {
    for (const float x : call.float32(0))
      *y++ = Int8Range{}.clamp(reference::quantize(x, scale(out), zero_point(out)));
    return result;
  }
  const QuantizedMultiplier multiplier =
      quantize_multiplier(static_cast<double>(scale(in)) / static_cast<double>(scale(out)));
  for (const std::int8_t x : call.int8(0)) {
    const std::int32_t scaled = multiply_by_quantized_multiplier(x - zero_point(in), multiplier);
    *y++ = Int8Range{}.clamp(static_cast<std::int64_t>(scaled) + zero_point(out));
  }
  return result;
}

TensorData dequantize(const Call& call) {
  const Tensor& in = call.input(0);
  TensorData result = call.new_output();
  std::uint8_t* y = result.data();
  for (const std::int8_t x : call.int8(0)) {
    const float value = scale(in) * static_cast<float>(x - zero_point(in));
    std::memcpy(y, &value, sizeof(value));
    y += sizeof(value);
  }
  return result;
}

}  // namespace reference::kernels
