// Checks of the operators that move elements.
#include <fmt/format.h>

#include <limits>

#include "reference/operator_check.h"

namespace reference {

void check_concatenation(const OperatorCheck& check) {
  const auto& options = check.options<ConcatenationOptions>();
  check.require_inputs(1, std::numeric_limits<std::int32_t>::max());
  if (options.fused_activation_function != ActivationFunction::kNone)
    check.fail("has a fused activation, expected none");
  const Shape& out = check.output().shape;
  const std::optional<int> axis = resolve_axis(options.axis, static_cast<int>(out.size()));
  if (!axis)
    check.fail(fmt::format("axis {} is outside the output's {} dimensions", options.axis, out.size()));
  const auto along = static_cast<std::size_t>(*axis);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < check.op().inputs.size(); ++i) {
    if (!check.has_input(i)) check.fail(fmt::format("input {} is absent", i));
    const std::string role = fmt::format("input {}", i);
    check.require_same_elements(check.input(i), role.c_str(), check.output());
    Shape shape = check.input(i).shape;
    check.require_rank(check.input(i), role.c_str(), out.size(), "as the output");
    sum += shape[along];
    shape[along] = out[along];
    if (shape != out)
      check.fail(
          fmt::format("input {} has shape {}, which differs from the output's {} in more than dimension {}",
                      i, to_text(check.input(i).shape), to_text(out), along));
  }
  if (sum != out[along])
    check.fail(fmt::format("output has {} elements along dimension {}, expected {}", out[along], along, sum));
}

void check_pad(const OperatorCheck& check) {
  const bool has_value = check.op().kind == OperatorKind::kPadV2;
  check.options<NoOptions>();
  check.require_inputs(has_value ? 3 : 2, has_value ? 3 : 2);
  check.require_same_elements(check.input(0), "input", check.output());
  const Shape& in = check.input(0).shape;
  const std::vector<std::int32_t> paddings = check.constant_int32(1, "paddings");
  if (paddings.size() != 2 * in.size())
    check.fail(fmt::format("paddings has {} elements, expected 2 for each of {} dimensions", paddings.size(),
                           in.size()));
  Shape expected = in;
  for (std::size_t d = 0; d < in.size(); ++d) {
    const std::int64_t before = paddings[2 * d], after = paddings[2 * d + 1];
    if (before < 0 || after < 0)
      check.fail(
          fmt::format("paddings of dimension {} are {} and {}, expected at least 0", d, before, after));
    const std::int64_t size = in[d] + before + after;
    if (size > std::numeric_limits<std::int32_t>::max())
      check.fail(fmt::format("dimension {} is padded to {}, expected at most 2^31 - 1", d, size));
    expected[d] = static_cast<std::int32_t>(size);
  }
  check.require_output_shape(expected);
  if (!has_value) return;
  check.require_same_elements(check.input(2), "pad value", check.output());
  if (!check.input(2).constant) check.fail("pad value is not a constant");
  if (check.input(2).elements() != 1)
    check.fail(fmt::format("pad value has {} elements, expected 1", check.input(2).elements()));
}

void check_reshape(const OperatorCheck& check) {
  const auto& options = check.options<ReshapeOptions>();
  check.require_inputs(1, 2);
  check.require_same_elements(check.input(0), "input", check.output());
  const std::int64_t elements = check.input(0).elements();
  Shape wanted = check.has_input(1) ? check.constant_int32(1, "shape") : options.new_shape;
  if (wanted.empty() && !check.has_input(1)) wanted = check.output().shape;
  const std::string shown = to_text(wanted);
  std::int64_t product = 1;
  std::int32_t* open = nullptr;  // the -1 that takes what is left
  for (std::int32_t& size : wanted) {
    if (size == -1 && open == nullptr) {
      open = &size;
    } else if (size < 1 || product > elements) {
      check.fail(fmt::format("shape {} does not hold the input's {} elements", shown, elements));
    } else {
      product *= size;
    }
  }
  if (open != nullptr && elements % product == 0) {
    *open = static_cast<std::int32_t>(elements / product);
    product = elements;
  }
  if (product != elements)
    check.fail(fmt::format("shape {} does not hold the input's {} elements", shown, elements));
  check.require_output_shape(wanted);
}

void check_resize_nearest_neighbor(const OperatorCheck& check) {
  const auto& options = check.options<ResizeNearestNeighborOptions>();
  check.require_inputs(2, 2);
  check.require_same_elements(check.input(0), "input", check.output());
  check.require_rank(check.input(0), "input", 4, "[N,H,W,C]");
  if (options.align_corners && options.half_pixel_centers)
    check.fail("align_corners and half_pixel_centers are both set, expected at most one");
  const std::vector<std::int32_t> size = check.constant_int32(1, "size");
  if (size.size() != 2) check.fail(fmt::format("size has {} elements, expected 2", size.size()));
  const Shape& in = check.input(0).shape;
  check.require_output_shape({in[0], size[0], size[1], in[3]});
}

void check_strided_slice(const OperatorCheck& check) {
  const auto& options = check.options<StridedSliceOptions>();
  check.require_inputs(4, 4);
  check.require_same_elements(check.input(0), "input", check.output());
  const Shape& in = check.input(0).shape;
  const std::vector<std::int32_t> begin = check.constant_int32(1, "begin");
  const std::vector<std::int32_t> end = check.constant_int32(2, "end");
  const std::vector<std::int32_t> stride = check.constant_int32(3, "strides");
  if (end.size() != begin.size() || stride.size() != begin.size())
    check.fail(fmt::format("begin, end and strides have {}, {} and {} elements, expected as many",
                           begin.size(), end.size(), stride.size()));
  const std::optional<Slice> slice = resolve_slice(in, begin, end, stride, options);
  if (!slice)
    check.fail(fmt::format("begin {}, end {}, strides {} is no slice of {}", to_text(begin), to_text(end),
                           to_text(stride), to_text(in)));
  for (std::size_t d = 0; d < slice->count.size(); ++d) {
    if (slice->count[d] < 1) check.fail(fmt::format("slice of dimension {} is empty", d));
  }
  check.require_output_shape(slice->shape);
}

void check_transpose(const OperatorCheck& check) {
  check.options<NoOptions>();
  check.require_inputs(2, 2);
  check.require_same_elements(check.input(0), "input", check.output());
  const Shape& in = check.input(0).shape;
  const std::vector<std::int32_t> permutation = check.constant_int32(1, "permutation");
  std::vector<bool> used(in.size(), false);
  bool valid = permutation.size() == in.size();
  for (std::size_t d = 0; valid && d < in.size(); ++d) {
    const std::int32_t from = permutation[d];
    valid = from >= 0 && static_cast<std::size_t>(from) < in.size() && !used[static_cast<std::size_t>(from)];
    if (valid) used[static_cast<std::size_t>(from)] = true;
  }
  if (!valid)
    check.fail(fmt::format("permutation {} is none of {} dimensions", to_text(permutation), in.size()));
  Shape expected;
  for (const std::int32_t from : permutation) expected.push_back(in[static_cast<std::size_t>(from)]);
  check.require_output_shape(expected);
}

}  // namespace reference
