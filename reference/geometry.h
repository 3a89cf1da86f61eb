// Shapes and windows, as TFLite computes them: shared by `validate` and the kernels.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "reference/graph.h"

namespace reference {

using Shape = std::vector<std::int32_t>;

/// Most dimensions a tensor may have.
inline constexpr int kMaxRank = 8;

/// One spatial axis of a convolution or a pool: output o reads inputs o * stride - pad + k * dilation.
struct Window {
  std::int64_t out = 0;  ///< output elements; <= 0 where the filter does not fit (VALID)
  std::int64_t pad = 0;  ///< elements before the first input element
};
Window window(Padding padding, std::int64_t in, std::int64_t filter, std::int64_t stride,
              std::int64_t dilation);

/// NumPy's broadcast of two shapes; nothing where they do not match.
std::optional<Shape> broadcast(const Shape& a, const Shape& b);

/// Row-major strides in elements.
std::vector<std::int64_t> strides(const Shape& shape);

/// Visits every index of `shape` in row-major order: steps `index` on, false after the last.
bool next_index(const Shape& shape, std::vector<std::int32_t>& index);

/// Axis in [-rank, rank) as [0, rank); nothing where it is outside.
std::optional<int> resolve_axis(std::int64_t axis, int rank);

/// The elements of a constant int32 tensor.
std::vector<std::int32_t> int32_values(const Tensor& constant);

/// STRIDED_SLICE with all masks applied: along input dimension d it takes begin[d] + i * stride[d], i <
/// count[d].
struct Slice {
  std::vector<std::int64_t> begin, stride, count;  ///< one per input dimension
  Shape shape;                                     ///< the output's: shrunk axes removed, new axes added
};
/// Nothing where the specification does not match `input` (too many entries, two ellipses, a stride of 0, a
/// shrunk index outside the dimension); counts of 0 are returned as they are.
std::optional<Slice> resolve_slice(const Shape& input, const std::vector<std::int32_t>& begin,
                                   const std::vector<std::int32_t>& end,
                                   const std::vector<std::int32_t>& stride,
                                   const StridedSliceOptions& options);

}  // namespace reference
