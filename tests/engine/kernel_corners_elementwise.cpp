// Corners of the kernels that map, reduce and move elements.
#include "tests/engine/one_operator.h"

namespace engine {
namespace {

using reference::ActivationFunction;
using reference::ArithmeticOptions;
using reference::OperatorKind;
using reference::Padding;

constexpr Quantization kProbability = {1.0F / 256.0F, -128};

KernelCase arithmetic(const char* name, OperatorKind kind, const Shape& a, const Shape& b, const Shape& out,
                      Quantization qa = {}, Quantization qb = {0.03F, -7}, Quantization qo = {0.08F, 11},
                      ActivationFunction activation = ActivationFunction::kNone, bool constant = false) {
  OneOperator builder(name, 5);
  const int x = builder.input(a, qa);
  const int y = constant ? builder.constant_int8(b, qb) : builder.input(b, qb);
  return builder.finish(kind, {x, y}, builder.output(out, qo), ArithmeticOptions{activation});
}

KernelCase pool(const char* name, OperatorKind kind, const Shape& in, const Shape& out,
                reference::Pool2DOptions options) {
  OneOperator builder(name, 7);
  const int x = builder.input(in);
  return builder.finish(kind, {x}, builder.output(out), options);
}

KernelCase mean(const char* name, const Shape& in, const std::vector<std::int32_t>& axes, const Shape& out,
                bool keep_dims, Quantization qo = {}) {
  OneOperator builder(name, 9);
  const int x = builder.input(in);
  const int axis = builder.constant_int32(axes);
  return builder.finish(OperatorKind::kMean, {x, axis}, builder.output(out, qo),
                        reference::ReducerOptions{keep_dims});
}

KernelCase map(const char* name, OperatorKind kind, Quantization qi, Quantization qo,
               const Shape& shape = {1, 300}) {
  OneOperator builder(name, 11);
  const int x = builder.input(shape, qi);
  const reference::Options options =
      kind == OperatorKind::kSoftmax ? reference::Options{reference::SoftmaxOptions{}} : reference::Options{};
  return builder.finish(kind, {x}, builder.output(shape, qo), options);
}

KernelCase move(const char* name, OperatorKind kind, const Shape& in,
                const std::vector<std::vector<std::int32_t>>& constants, const Shape& out,
                const reference::Options& options = {}) {
  OneOperator builder(name, 13);
  std::vector<int> inputs = {builder.input(in)};
  for (const auto& values : constants) inputs.push_back(builder.constant_int32(values));
  if (kind == OperatorKind::kPadV2) inputs.push_back(builder.constant_int8({1}));
  if (kind == OperatorKind::kPad || kind == OperatorKind::kPadV2)
    builder.make_matrix(inputs[1], static_cast<std::int32_t>(in.size()));
  return builder.finish(kind, inputs, builder.output(out), options);
}

}  // namespace

std::vector<KernelCase> arithmetic_corners() {
  std::vector<KernelCase> cases;
  for (const OperatorKind kind : {OperatorKind::kAdd, OperatorKind::kSub, OperatorKind::kMul}) {
    const auto add = [&](const char* name, auto... rest) {
      cases.push_back(arithmetic(name, kind, rest...));
    };
    const Shape image = {1, 4, 5, 6};
    add("equal shapes", image, image, image);
    add("equal scales", image, image, image, Quantization{0.05F, 3}, Quantization{0.05F, -3});
    add("zero points at the ends", image, image, image, Quantization{0.05F, -128}, Quantization{0.01F, 127},
        Quantization{0.02F, -128});
    add("saturating", image, image, image, Quantization{}, Quantization{}, Quantization{0.0004F, 0});
    add("left shift of the result", image, image, image, Quantization{2.0F, 1}, Quantization{1.5F, 2},
        Quantization{0.0001F, 0});
    add("a tiny operand", image, image, image, Quantization{1.0F, 1}, Quantization{1e-9F, 2},
        Quantization{2.0F, 0});
    add("ReLU6", image, image, image, Quantization{}, Quantization{}, Quantization{0.05F, -20},
        ActivationFunction::kRelu6);
    add("broadcast scalar", image, Shape{1}, image);
    add("broadcast scalar first", Shape{1, 1}, image, image);
    add("broadcast channel", image, Shape{6}, image);
    add("broadcast pixel", image, Shape{1, 4, 5, 1}, image);
    add("broadcast both", Shape{1, 4, 1, 6}, Shape{5, 1}, image);
    add("broadcast in the middle", Shape{3, 1, 2, 2}, Shape{1, 4, 2, 1}, Shape{3, 4, 2, 2});
    cases.push_back(arithmetic("a constant", kind, image, {6}, image, {}, {0.03F, -7}, {0.08F, 11},
                               ActivationFunction::kNone, true));
  }
  return cases;
}

std::vector<KernelCase> reduction_corners() {
  std::vector<KernelCase> cases;
  for (const OperatorKind kind : {OperatorKind::kAveragePool2D, OperatorKind::kMaxPool2D}) {
    cases.push_back(pool("2x2 stride 2", kind, {1, 6, 6, 5}, {1, 3, 3, 5}, {Padding::kValid, 2, 2, 2, 2}));
    cases.push_back(pool("3x3 SAME", kind, {1, 5, 4, 8}, {1, 5, 4, 8}, {Padding::kSame, 1, 1, 3, 3}));
    cases.push_back(pool("uneven SAME", kind, {2, 5, 6, 3}, {2, 2, 3, 3}, {Padding::kSame, 2, 3, 4, 3}));
    cases.push_back(pool("whole image", kind, {1, 5, 7, 6}, {1, 1, 1, 6}, {Padding::kValid, 1, 1, 7, 5}));
    cases.push_back(pool("1xN, ReLU", kind, {1, 4, 9, 2}, {1, 4, 3, 2},
                         {Padding::kValid, 3, 1, 3, 1, ActivationFunction::kRelu}));
    cases.push_back(
        pool("stride past the filter", kind, {1, 7, 7, 4}, {1, 2, 2, 4}, {Padding::kValid, 4, 4, 2, 2}));
  }
  cases.push_back(mean("of an image", {1, 5, 6, 7}, {1, 2}, {1, 7}, false));
  cases.push_back(
      mean("kept dimensions, other scale", {2, 3, 4, 5}, {1, 2}, {2, 1, 1, 5}, true, {0.02F, -9}));
  cases.push_back(mean("of rows", {1, 5, 6, 7}, {1}, {1, 6, 7}, false));
  cases.push_back(mean("of channels", {1, 5, 6, 7}, {-1}, {1, 5, 6, 1}, true));
  cases.push_back(mean("of the first and last", {3, 4, 5, 2}, {0, 3}, {4, 5}, false));
  cases.push_back(mean("of everything, left shift", {2, 3, 4}, {0, 1, 2}, {1, 1, 1}, true, {0.004F, 0}));
  cases.push_back(map("one row", OperatorKind::kSoftmax, {0.1F, 5}, kProbability, {1, 12}));
  cases.push_back(map("rows", OperatorKind::kSoftmax, {0.02F, -128}, kProbability, {5, 3}));
  cases.push_back(map("steep", OperatorKind::kSoftmax, {8.0F, 127}, kProbability, {3, 40}));
  cases.push_back(map("flat", OperatorKind::kSoftmax, {1e-5F, 0}, kProbability, {1, 600}));
  cases.push_back(map("alone", OperatorKind::kSoftmax, {0.1F, 5}, kProbability, {4, 1}));
  return cases;
}

std::vector<KernelCase> map_corners() {
  std::vector<KernelCase> cases;
  for (const float scale : {1e-5F, 0.03F, 0.2F, 3.0F}) {
    cases.push_back(map("logistic", OperatorKind::kLogistic, {scale, 17}, kProbability));
    cases.push_back(map("logistic", OperatorKind::kLogistic, {scale, -128}, kProbability));
  }
  for (const OperatorKind kind : {OperatorKind::kRelu, OperatorKind::kRelu6, OperatorKind::kQuantize}) {
    cases.push_back(map("smaller steps", kind, {0.05F, -3}, {0.02F, -128}));
    cases.push_back(map("larger steps", kind, {0.05F, 127}, {0.31F, 5}));
    cases.push_back(map("steps of nothing", kind, {1e-6F, 0}, {100.0F, 1}));
    cases.push_back(map("left shift", kind, {5.0F, 4}, {0.001F, -1}));
  }
  {
    OneOperator builder("from float", 3);
    const int x = builder.float_input({7, 40}, 4.0F);
    cases.push_back(builder.finish(OperatorKind::kQuantize, {x}, builder.output({7, 40}, {0.015625F, -12})));
  }
  {
    OneOperator builder("from float, odd scale", 4);
    const int x = builder.float_input({300}, 40.0F);
    cases.push_back(builder.finish(OperatorKind::kQuantize, {x}, builder.output({300}, {0.0372F, 127})));
  }
  {
    OneOperator builder("to float", 5);
    const int x = builder.input({5, 60}, {0.0123F, -7});
    cases.push_back(builder.finish(OperatorKind::kDequantize, {x}, builder.float_output({5, 60})));
  }
  return cases;
}

std::vector<KernelCase> move_corners() {
  std::vector<KernelCase> cases;
  const auto add = [&](const char* name, auto... rest) { cases.push_back(move(name, rest...)); };
  using Constants = std::vector<std::vector<std::int32_t>>;
  for (const OperatorKind kind : {OperatorKind::kPad, OperatorKind::kPadV2}) {
    add("image", kind, Shape{1, 3, 4, 5}, Constants{{0, 0, 1, 2, 3, 1, 0, 0}}, Shape{1, 6, 8, 5});
    add("channels", kind, Shape{1, 2, 3, 3}, Constants{{0, 0, 0, 0, 0, 0, 2, 4}}, Shape{1, 2, 3, 9});
    add("everything", kind, Shape{2, 2, 3, 3}, Constants{{1, 0, 0, 2, 1, 1, 1, 0}}, Shape{3, 4, 5, 4});
    add("two dimensions", kind, Shape{4, 3}, Constants{{0, 1, 5, 0}}, Shape{5, 8});
  }
  add("to CHW", OperatorKind::kTranspose, Shape{1, 4, 5, 3}, Constants{{0, 3, 1, 2}}, Shape{1, 3, 4, 5});
  add("to HWC", OperatorKind::kTranspose, Shape{1, 3, 4, 5}, Constants{{0, 2, 3, 1}}, Shape{1, 4, 5, 3});
  add("matrix", OperatorKind::kTranspose, Shape{7, 6}, Constants{{1, 0}}, Shape{6, 7});
  add("five dimensions", OperatorKind::kTranspose, Shape{2, 3, 2, 2, 3}, Constants{{4, 0, 3, 1, 2}},
      Shape{3, 2, 2, 3, 2});
  add("rows swapped", OperatorKind::kTranspose, Shape{3, 4, 8}, Constants{{1, 0, 2}}, Shape{4, 3, 8});
  using Slice = reference::StridedSliceOptions;
  add("part", OperatorKind::kStridedSlice, Shape{1, 5, 6, 3},
      Constants{{0, 1, 2, 0}, {1, 4, 6, 3}, {1, 1, 1, 1}}, Shape{1, 3, 4, 3}, Slice{});
  add("steps", OperatorKind::kStridedSlice, Shape{1, 5, 6, 3},
      Constants{{0, 0, 0, 0}, {1, 5, 6, 3}, {1, 2, 3, 2}}, Shape{1, 3, 2, 2}, Slice{});
  add("backwards", OperatorKind::kStridedSlice, Shape{6, 5}, Constants{{-1, 3}, {-7, 0}, {-2, -1}},
      Shape{3, 3}, Slice{});
  add("masks", OperatorKind::kStridedSlice, Shape{6, 5}, Constants{{3, 2}, {4, 3}, {1, 1}}, Shape{4, 3},
      Slice{.begin_mask = 1, .end_mask = 2});
  add("shrunk", OperatorKind::kStridedSlice, Shape{4, 5, 3}, Constants{{-2, 0}, {0, 0}, {1, 1}}, Shape{5, 3},
      Slice{.end_mask = 2, .shrink_axis_mask = 1});
  add("ellipsis and a new axis", OperatorKind::kStridedSlice, Shape{4, 5, 3},
      Constants{{0, 0, 1}, {0, 0, 3}, {1, 1, 1}}, Shape{1, 4, 5, 2},
      Slice{.ellipsis_mask = 2, .new_axis_mask = 1});
  using Resize = reference::ResizeNearestNeighborOptions;
  add("twice", OperatorKind::kResizeNearestNeighbor, Shape{1, 3, 4, 5}, Constants{{6, 8}}, Shape{1, 6, 8, 5},
      Resize{});
  add("odd sizes", OperatorKind::kResizeNearestNeighbor, Shape{2, 3, 4, 3}, Constants{{7, 5}},
      Shape{2, 7, 5, 3}, Resize{});
  add("smaller", OperatorKind::kResizeNearestNeighbor, Shape{1, 7, 9, 2}, Constants{{3, 4}},
      Shape{1, 3, 4, 2}, Resize{});
  add("corners aligned", OperatorKind::kResizeNearestNeighbor, Shape{1, 4, 5, 2}, Constants{{7, 11}},
      Shape{1, 7, 11, 2}, Resize{true, false});
  add("half pixels", OperatorKind::kResizeNearestNeighbor, Shape{1, 4, 5, 2}, Constants{{6, 3}},
      Shape{1, 6, 3, 2}, Resize{false, true});
  for (const int axis : {0, 1, 2, -1}) {
    OneOperator builder("along axis " + std::to_string(axis), 17);
    const auto at = static_cast<std::size_t>(axis < 0 ? axis + 3 : axis);
    Shape a = {3, 4, 5}, b = a, c = a, out = a;
    a[at] = 2, b[at] = 3, c[at] = 1, out[at] = 6;
    const int x = builder.input(a), y = builder.input(b), z = builder.constant_int8(c);
    cases.push_back(builder.finish(OperatorKind::kConcatenation, {x, y, z}, builder.output(out),
                                   reference::ConcatenationOptions{axis, ActivationFunction::kNone}));
  }
  return cases;
}

}  // namespace engine
