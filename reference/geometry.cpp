#include "reference/geometry.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace reference {

static_assert(std::endian::native == std::endian::little, "tensor bytes are little-endian");

Window window(Padding padding, std::int64_t in, std::int64_t filter, std::int64_t stride,
              std::int64_t dilation) {
  const std::int64_t reach = (filter - 1) * dilation + 1;
  if (padding == Padding::kValid) return {.out = in < reach ? 0 : (in - reach) / stride + 1, .pad = 0};
  const std::int64_t out = (in + stride - 1) / stride;
  return {.out = out, .pad = std::max<std::int64_t>(0, (out - 1) * stride + reach - in) / 2};
}

std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
  const std::size_t rank = std::max(a.size(), b.size());
  Shape result(rank, 1);
  for (std::size_t i = 0; i < rank; ++i) {  // from the last dimension backwards
    const std::int32_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int32_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return std::nullopt;
    result[rank - 1 - i] = std::max(x, y);
  }
  return result;
}

std::vector<std::int64_t> strides(const Shape& shape) {
  std::vector<std::int64_t> result(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) result[d - 1] = result[d] * shape[d];
  return result;
}

bool next_index(const Shape& shape, std::vector<std::int32_t>& index) {
  for (std::size_t d = shape.size(); d-- > 0;) {
    if (++index[d] < shape[d]) return true;
    index[d] = 0;
  }
  return false;
}

std::optional<int> resolve_axis(std::int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) return std::nullopt;
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::vector<std::int32_t> int32_values(const Tensor& constant) {
  std::vector<std::int32_t> values(constant.constant->size() / sizeof(std::int32_t));
  if (!values.empty())
    std::memcpy(values.data(), constant.constant->data(), values.size() * sizeof(values[0]));
  return values;
}

std::optional<Slice> resolve_slice(const Shape& input, const std::vector<std::int32_t>& begin,
                                   const std::vector<std::int32_t>& end,
                                   const std::vector<std::int32_t>& stride,
                                   const StridedSliceOptions& options) {
  const std::size_t entries = begin.size();
  if (end.size() != entries || stride.size() != entries || entries > 31) return std::nullopt;
  const auto bit = [](int mask, std::size_t i) { return ((static_cast<unsigned>(mask) >> i) & 1U) != 0; };

  std::size_t consuming = 0;  // entries that stand for one input dimension
  std::size_t ellipses = 0;
  for (std::size_t i = 0; i < entries; ++i) {
    if (bit(options.ellipsis_mask, i)) {
      ++ellipses;
    } else if (!bit(options.new_axis_mask, i)) {
      ++consuming;
    }
  }
  if (ellipses > 1 || consuming > input.size()) return std::nullopt;

  Slice slice;
  const auto take_whole = [&] {
    const std::int32_t size = input[slice.begin.size()];
    slice.begin.push_back(0);
    slice.stride.push_back(1);
    slice.count.push_back(size);
    slice.shape.push_back(size);
  };
  for (std::size_t i = 0; i < entries; ++i) {
    if (bit(options.ellipsis_mask, i)) {
      for (std::size_t n = input.size() - consuming; n > 0; --n) take_whole();
      continue;
    }
    if (bit(options.new_axis_mask, i)) {
      slice.shape.push_back(1);
      continue;
    }
    const std::int64_t size = input[slice.begin.size()];
    const std::int64_t step = stride[i];
    if (step == 0) return std::nullopt;
    const std::int64_t wrapped = begin[i] < 0 ? begin[i] + size : begin[i];
    if (bit(options.shrink_axis_mask, i)) {
      const std::int64_t index = bit(options.begin_mask, i) ? 0 : wrapped;
      if (index < 0 || index >= size || step < 0) return std::nullopt;
      slice.begin.push_back(index);
      slice.stride.push_back(1);
      slice.count.push_back(1);
      continue;
    }
    // Forward slices lie in [0, size], backward ones in [-1, size - 1].
    const std::int64_t low = step > 0 ? 0 : -1;
    const std::int64_t high = step > 0 ? size : size - 1;
    const std::int64_t wrapped_end = end[i] < 0 ? end[i] + size : end[i];
    const std::int64_t first =
        bit(options.begin_mask, i) ? (step > 0 ? low : high) : std::clamp(wrapped, low, high);
    const std::int64_t last =
        bit(options.end_mask, i) ? (step > 0 ? high : low) : std::clamp(wrapped_end, low, high);
    const std::int64_t distance = step > 0 ? last - first : first - last;
    const std::int64_t magnitude = step > 0 ? step : -step;
    const std::int64_t count = distance <= 0 ? 0 : (distance + magnitude - 1) / magnitude;
    slice.begin.push_back(first);
    slice.stride.push_back(step);
    slice.count.push_back(count);
    slice.shape.push_back(static_cast<std::int32_t>(count));
  }
  while (slice.begin.size() < input.size()) take_whole();
  return slice;
}

}  // namespace reference
