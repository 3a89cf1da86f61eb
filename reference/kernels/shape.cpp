// Operators that only move elements: CONCATENATION, PAD, PADV2, RESHAPE, RESIZE_NEAREST_NEIGHBOR,
// STRIDED_SLICE and TRANSPOSE.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "reference/geometry.h"
#include "reference/kernels/kernels.h"

namespace reference::kernels {
namespace {

/// Copies element `from` of `source` to element `to` of `target`.
void copy_element(const TensorData& source, std::int64_t from, TensorData& target, std::int64_t to,
                  int size) {
  std::memcpy(target.data() + to * size, source.data() + from * size, static_cast<std::size_t>(size));
}

/// The input row or column that output `o` of `out` takes. All in float, as TFLite does.
std::int64_t nearest(std::int64_t o, std::int64_t in, std::int64_t out,
                     const ResizeNearestNeighborOptions& options) {
  const float ratio = options.align_corners && out > 1
                          ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                          : static_cast<float>(in) / static_cast<float>(out);
  const float position = (static_cast<float>(o) + (options.half_pixel_centers ? 0.5F : 0.0F)) * ratio;
  const auto taken =
      static_cast<std::int64_t>(options.align_corners ? std::round(position) : std::floor(position));
  return std::clamp<std::int64_t>(taken, 0, in - 1);
}

}  // namespace

TensorData concatenation(const Call& call) {
  const Shape& out = call.output().shape;
  const int axis =
      *resolve_axis(std::get<ConcatenationOptions>(call.op.options).axis, static_cast<int>(out.size()));
  std::int64_t outer = 1;
  for (int d = 0; d < axis; ++d) outer *= out[static_cast<std::size_t>(d)];
  TensorData result;
  for (std::int64_t o = 0; o < outer; ++o) {
    for (std::size_t i = 0; i < call.op.inputs.size(); ++i) {
      const TensorData& input = call.bytes(i);
      const auto chunk = static_cast<std::ptrdiff_t>(input.size()) / outer;
      result.insert(result.end(), input.begin() + o * chunk, input.begin() + (o + 1) * chunk);
    }
  }
  return result;
}

TensorData pad(const Call& call) {
  const Shape &in = call.input(0).shape, &out = call.output().shape;
  const int size = element_size(call.output().type);
  const std::vector<std::int32_t> paddings = call.int32(1);  // [rank, 2]: before, after
  TensorData value(static_cast<std::size_t>(size), 0);
  if (call.has_input(2)) {
    value = call.bytes(2);
  } else if (call.output().type == TensorType::kInt8) {
    value[0] = static_cast<std::uint8_t>(zero_point(call.output()));
  }
  TensorData result = call.new_output();
  std::vector<std::int32_t> index(out.size(), 0);
  const std::vector<std::int64_t> in_strides = strides(in);
  std::int64_t to = 0;
  do {
    std::int64_t from = 0;
    bool inside = true;
    for (std::size_t d = 0; d < out.size(); ++d) {
      const std::int32_t i = index[d] - paddings[2 * d];
      inside = inside && i >= 0 && i < in[d];
      from += i * in_strides[d];
    }
    if (inside) {
      copy_element(call.bytes(0), from, result, to, size);
    } else {
      copy_element(value, 0, result, to, size);
    }
    ++to;
  } while (next_index(out, index));
  return result;
}

TensorData reshape(const Call& call) {
  return call.bytes(0);
}

TensorData resize_nearest_neighbor(const Call& call) {
  const auto& options = std::get<ResizeNearestNeighborOptions>(call.op.options);
  const Shape &in = call.input(0).shape, &out = call.output().shape;
  const std::int64_t pixel = std::int64_t{in[3]} * element_size(call.output().type);
  TensorData result = call.new_output();
  std::uint8_t* y = result.data();
  for (std::int64_t n = 0; n < out[0]; ++n) {
    for (std::int64_t oy = 0; oy < out[1]; ++oy) {
      const std::int64_t iy = nearest(oy, in[1], out[1], options);
      for (std::int64_t ox = 0; ox < out[2]; ++ox) {
        const std::int64_t ix = nearest(ox, in[2], out[2], options);
        std::memcpy(y, call.bytes(0).data() + ((n * in[1] + iy) * in[2] + ix) * pixel,
                    static_cast<std::size_t>(pixel));
        y += pixel;
      }
    }
  }
  return result;
}

TensorData strided_slice(const Call& call) {
  const Shape& in = call.input(0).shape;
  const Slice slice = *resolve_slice(in, call.int32(1), call.int32(2), call.int32(3),
                                     std::get<StridedSliceOptions>(call.op.options));
  const int size = element_size(call.output().type);
  const std::vector<std::int64_t> in_strides = strides(in);
  const Shape counts(slice.count.begin(), slice.count.end());
  TensorData result = call.new_output();
  std::vector<std::int32_t> index(counts.size(), 0);
  std::int64_t to = 0;
  do {
    std::int64_t from = 0;
    for (std::size_t d = 0; d < counts.size(); ++d)
      from += (slice.begin[d] + index[d] * slice.stride[d]) * in_strides[d];
    copy_element(call.bytes(0), from, result, to++, size);
  } while (next_index(counts, index));
  return result;
}

TensorData transpose(const Call& call) {
  const Shape& out = call.output().shape;
  const std::vector<std::int32_t> permutation = call.int32(1);  // output dimension d is input permutation[d]
  const std::vector<std::int64_t> in_strides = strides(call.input(0).shape);
  const int size = element_size(call.output().type);
  TensorData result = call.new_output();
  std::vector<std::int32_t> index(out.size(), 0);
  std::int64_t to = 0;
  do {
    std::int64_t from = 0;
    for (std::size_t d = 0; d < out.size(); ++d)
      from += index[d] * in_strides[static_cast<std::size_t>(permutation[d])];
    copy_element(call.bytes(0), from, result, to++, size);
  } while (next_index(out, index));
  return result;
}

}  // namespace reference::kernels
