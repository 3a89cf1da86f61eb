// MEAN.
#include <algorithm>
#include <bit>

#include "reference/geometry.h"
#include "reference/kernels/kernels.h"
#include "reference/requantize.h"

namespace reference::kernels {

TensorData mean(const Call& call) {
  const Tensor &in = call.input(0), &out = call.output();
  const int rank = static_cast<int>(in.shape.size());
  std::vector<bool> reduced(in.shape.size(), false);
  for (const std::int32_t axis : call.int32(1))
    reduced[static_cast<std::size_t>(*resolve_axis(axis, rank))] = true;

  // Where an input element adds: row-major over the dimensions that stay.
  std::vector<std::int64_t> out_strides(in.shape.size(), 0);
  std::int64_t outputs = 1, count = 1;
  for (std::size_t d = in.shape.size(); d-- > 0;) {
    if (reduced[d]) {
      count *= in.shape[d];
    } else {
      out_strides[d] = outputs;
      outputs *= in.shape[d];
    }
  }
  std::vector<std::int64_t> sums(static_cast<std::size_t>(outputs), 0);
  std::vector<std::int32_t> index(in.shape.size(), 0);
  const std::int8_t* x = call.int8(0).data();
  do {
    std::int64_t at = 0;
    for (std::size_t d = 0; d < index.size(); ++d) at += index[d] * out_strides[d];
    sums[static_cast<std::size_t>(at)] += *x++;
  } while (next_index(in.shape, index));

  // 1 / count goes into the multiplier, shifted left first to keep its precision.
  QuantizedMultiplier multiplier =
      quantize_multiplier(static_cast<double>(scale(in)) / static_cast<double>(scale(out)));
  int shift = 63 - std::countl_zero(static_cast<std::uint64_t>(count));
  shift = std::min({shift, 32, 31 + multiplier.shift});
  multiplier.value =
      static_cast<std::int32_t>((static_cast<std::int64_t>(multiplier.value) << shift) / count);
  multiplier.shift -= shift;

  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  for (const std::int64_t sum : sums) {
    const auto centred = static_cast<std::int32_t>(sum - zero_point(in) * count);
    const std::int32_t scaled = multiply_by_quantized_multiplier(centred, multiplier);
    *y++ = Int8Range{}.clamp(static_cast<std::int64_t>(scaled) + zero_point(out));
  }
  return result;
}

}  // namespace reference::kernels
