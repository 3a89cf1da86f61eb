// AVERAGE_POOL_2D and MAX_POOL_2D.
#include <algorithm>

#include "reference/geometry.h"
#include "reference/kernels/kernels.h"
#include "reference/requantize.h"

namespace reference::kernels {
namespace {

/// Calls reduce(values) with the input values under each output element (never none), in order.
template <typename Reduce>
TensorData pool(const Call& call, const Reduce& reduce) {
  const auto& options = std::get<Pool2DOptions>(call.op.options);
  const Shape &in = call.input(0).shape, &out = call.output().shape;
  const std::int64_t height = in[1], width = in[2], channels = in[3];
  const std::int64_t pad_h = window(options.padding, height, options.filter_height, options.stride_h, 1).pad;
  const std::int64_t pad_w = window(options.padding, width, options.filter_width, options.stride_w, 1).pad;
  const Int8Range range = activation_range(options.fused_activation_function, call.output());
  const std::int8_t* x = call.int8(0).data();

  TensorData result = call.new_output();
  std::int8_t* y = as_int8(result).data();
  std::vector<std::int8_t> values;
  for (std::int64_t n = 0; n < out[0]; ++n) {
    for (std::int64_t oy = 0; oy < out[1]; ++oy) {
      const std::int64_t top = oy * options.stride_h - pad_h;
      for (std::int64_t ox = 0; ox < out[2]; ++ox) {
        const std::int64_t left = ox * options.stride_w - pad_w;
        for (std::int64_t c = 0; c < channels; ++c) {
          values.clear();
          for (std::int64_t iy = std::max<std::int64_t>(top, 0);
               iy < std::min<std::int64_t>(top + options.filter_height, height); ++iy) {
            for (std::int64_t ix = std::max<std::int64_t>(left, 0);
                 ix < std::min<std::int64_t>(left + options.filter_width, width); ++ix)
              values.push_back(x[((n * height + iy) * width + ix) * channels + c]);
          }
          *y++ = range.clamp(reduce(values));
        }
      }
    }
  }
  return result;
}

}  // namespace

TensorData average_pool_2d(const Call& call) {
  return pool(call, [](const std::vector<std::int8_t>& values) {
    const auto count = static_cast<std::int64_t>(values.size());
    std::int64_t sum = 0;
    for (const std::int8_t value : values) sum += value;
    return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;  // halves away from zero
  });
}

TensorData max_pool_2d(const Call& call) {
  return pool(call, [](const std::vector<std::int8_t>& values) {
    return std::int64_t{*std::max_element(values.begin(), values.end())};
  });
}

}  // namespace reference::kernels
