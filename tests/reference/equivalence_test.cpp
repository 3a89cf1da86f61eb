// Operators that must agree with each other, on random shapes: each pair shares no code but the
// requantisation.
#include <gtest/gtest.h>

#include <random>

#include "one_operator.h"
#include "reference/geometry.h"

namespace reference {
namespace {

class Random {
 public:
  explicit Random(std::uint32_t seed) : x_engine(seed) {}
  std::int32_t between(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(x_engine() % static_cast<std::uint32_t>(high - low + 1));
  }
  Int8s int8s(std::int64_t count) {
    Int8s values;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(static_cast<std::int8_t>(between(-128, 127)));
    return values;
  }
  std::vector<std::int32_t> ints(std::int64_t count, std::int32_t magnitude) {
    std::vector<std::int32_t> values;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(between(-magnitude, magnitude));
    return values;
  }
  std::vector<float> scales(std::int64_t count) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i) values.push_back(static_cast<float>(between(1, 1000)) * 1e-5F);
    return values;
  }

 private:
  std::mt19937 x_engine;
};

/// Runs `property` with 200 seeds; the failing one is in the trace.
template <typename Property>
void for_each_seed(const Property& property) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    property(random);
    if (testing::Test::HasFailure()) return;
  }
}

/// What a random convolution is made of.
struct Shapes {
  std::int32_t height, width, channels, kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w,
      multiplier;
  Padding padding;
  std::int32_t out_h, out_w;

  explicit Shapes(Random& random)
      : height(random.between(1, 9)),
        width(random.between(1, 9)),
        channels(random.between(1, 5)),
        kernel_h(random.between(1, 4)),
        kernel_w(random.between(1, 4)),
        stride_h(random.between(1, 4)),
        stride_w(random.between(1, 4)),
        dilation_h(random.between(1, 3)),
        dilation_w(random.between(1, 3)),
        multiplier(random.between(1, 3)),
        padding(Padding::kSame) {
    const bool fits = (kernel_h - 1) * dilation_h < height && (kernel_w - 1) * dilation_w < width;
    if (fits && random.between(0, 1) == 1) padding = Padding::kValid;
    out_h = static_cast<std::int32_t>(window(padding, height, kernel_h, stride_h, dilation_h).out);
    out_w = static_cast<std::int32_t>(window(padding, width, kernel_w, stride_w, dilation_w).out);
  }
};

TEST(Equivalence, ADepthwiseConvolutionIsAGroupedOne) {
  for_each_seed([](Random& random) {
    const Shapes s(random);
    const std::int32_t outputs = s.channels * s.multiplier;
    const Int8s filter = random.int8s(std::int64_t{s.kernel_h} * s.kernel_w * outputs);
    const std::vector<std::int32_t> bias = random.ints(outputs, 20000);
    const std::vector<float> scales = random.scales(random.between(0, 1) == 1 ? outputs : 1);
    const std::int32_t zero_in = random.between(-128, 127), zero_out = random.between(-128, 127);
    const Int8s x = random.int8s(2LL * s.height * s.width * s.channels);

    OneOperator depthwise(OperatorKind::kDepthwiseConv2D,
                          DepthwiseConv2DOptions{.padding = s.padding,
                                                 .stride_w = s.stride_w,
                                                 .stride_h = s.stride_h,
                                                 .dilation_w_factor = s.dilation_w,
                                                 .dilation_h_factor = s.dilation_h,
                                                 .depth_multiplier = s.multiplier});
    depthwise.input({2, s.height, s.width, s.channels}, 0.05F, zero_in)
        .weights({1, s.kernel_h, s.kernel_w, outputs}, filter, scales, 3)
        .ints(bias)
        .output({2, s.out_h, s.out_w, outputs}, 0.07F, zero_out);

    Int8s turned;  // [1,H,W,O] to [O,H,W,1]
    for (std::int32_t o = 0; o < outputs; ++o) {
      for (std::int32_t tap = 0; tap < s.kernel_h * s.kernel_w; ++tap)
        turned.push_back(filter[static_cast<std::size_t>(tap * outputs + o)]);
    }
    OneOperator grouped(OperatorKind::kConv2D, Conv2DOptions{.padding = s.padding,
                                                             .stride_w = s.stride_w,
                                                             .stride_h = s.stride_h,
                                                             .dilation_w_factor = s.dilation_w,
                                                             .dilation_h_factor = s.dilation_h});
    grouped.input({2, s.height, s.width, s.channels}, 0.05F, zero_in)
        .weights({outputs, s.kernel_h, s.kernel_w, 1}, turned, scales, 0)
        .ints(bias)
        .output({2, s.out_h, s.out_w, outputs}, 0.07F, zero_out);
    EXPECT_EQ(depthwise.run({x}), grouped.run({x}));
  });
}

TEST(Equivalence, ASameConvolutionIsAPadAndAValidOne) {
  for_each_seed([](Random& random) {
    Shapes s(random);
    const std::int32_t outputs = random.between(1, 4);
    const Int8s filter = random.int8s(std::int64_t{outputs} * s.kernel_h * s.kernel_w * s.channels);
    const std::int32_t zero_in = random.between(-128, 127);
    const Int8s x = random.int8s(std::int64_t{s.height} * s.width * s.channels);
    const Window down = window(Padding::kSame, s.height, s.kernel_h, s.stride_h, s.dilation_h);
    const Window across = window(Padding::kSame, s.width, s.kernel_w, s.stride_w, s.dilation_w);
    const auto out_h = static_cast<std::int32_t>(down.out), out_w = static_cast<std::int32_t>(across.out);
    const auto run = [&](Padding padding, std::int32_t height, std::int32_t width, const Int8s& input) {
      OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{.padding = padding,
                                                            .stride_w = s.stride_w,
                                                            .stride_h = s.stride_h,
                                                            .dilation_w_factor = s.dilation_w,
                                                            .dilation_h_factor = s.dilation_h});
      conv.input({1, height, width, s.channels}, 0.05F, zero_in)
          .weights({outputs, s.kernel_h, s.kernel_w, s.channels}, filter, {0.003F})
          .output({1, out_h, out_w, outputs}, 0.07F, 11);
      return conv.run({input});
    };
    const auto top = static_cast<std::int32_t>(down.pad), left = static_cast<std::int32_t>(across.pad);
    const std::int32_t padded_h =
        std::max((out_h - 1) * s.stride_h + (s.kernel_h - 1) * s.dilation_h + 1, top + s.height);
    const std::int32_t padded_w =
        std::max((out_w - 1) * s.stride_w + (s.kernel_w - 1) * s.dilation_w + 1, left + s.width);
    OneOperator pad(OperatorKind::kPad);
    pad.input({1, s.height, s.width, s.channels}, 0.05F, zero_in)
        .ints({0, 0, top, padded_h - s.height - top, left, padded_w - s.width - left, 0, 0}, {4, 2})
        .output({1, padded_h, padded_w, s.channels}, 0.05F, zero_in);
    EXPECT_EQ(run(Padding::kSame, s.height, s.width, x),
              run(Padding::kValid, padded_h, padded_w, pad.run({x})));
  });
}

TEST(Equivalence, APerChannelMatrixIsAPointwiseConvolution) {
  for_each_seed([](Random& random) {
    const std::int32_t batch = random.between(1, 3), inputs = random.between(1, 40),
                       outputs = random.between(2, 9);
    const Int8s filter = random.int8s(std::int64_t{outputs} * inputs),
                x = random.int8s(std::int64_t{batch} * inputs);
    const std::vector<std::int32_t> bias = random.ints(outputs, 20000);
    const std::vector<float> scales = random.scales(outputs);
    const std::int32_t zero_in = random.between(-128, 127), zero_out = random.between(-128, 127);
    OneOperator fc(OperatorKind::kFullyConnected, FullyConnectedOptions{});
    fc.input({batch, inputs}, 0.05F, zero_in).weights({outputs, inputs}, filter, scales).ints(bias);
    fc.output({batch, outputs}, 0.3F, zero_out);
    OneOperator conv(OperatorKind::kConv2D, Conv2DOptions{});
    conv.input({batch, 1, 1, inputs}, 0.05F, zero_in)
        .weights({outputs, 1, 1, inputs}, filter, scales)
        .ints(bias);
    conv.output({batch, 1, 1, outputs}, 0.3F, zero_out);
    EXPECT_EQ(fc.run({x}), conv.run({x}));
  });
}

TEST(Equivalence, TransposingThereAndBackChangesNothing) {
  for_each_seed([](Random& random) {
    const Dimensions shape = {random.between(1, 4), random.between(1, 4), random.between(1, 4),
                              random.between(1, 4)};
    std::vector<std::int32_t> there = {0, 1, 2, 3};
    for (std::size_t i = 3; i > 0; --i)
      std::swap(there[i], there[static_cast<std::size_t>(random.between(0, static_cast<std::int32_t>(i)))]);
    std::vector<std::int32_t> back(4);
    Dimensions turned(4);
    for (std::size_t i = 0; i < 4; ++i) {
      back[static_cast<std::size_t>(there[i])] = static_cast<std::int32_t>(i);
      turned[i] = shape[static_cast<std::size_t>(there[i])];
    }
    OneOperator first(OperatorKind::kTranspose), second(OperatorKind::kTranspose);
    first.input(shape).ints(there).output(turned);
    second.input(turned).ints(back).output(shape);
    const Int8s x = random.int8s(first.input_tensor(0).elements());
    EXPECT_EQ(second.run({first.run({x})}), x);
  });
}

TEST(Equivalence, ConcatenatedSlicesAreTheWhole) {
  for_each_seed([](Random& random) {
    const Dimensions shape = {random.between(1, 4), random.between(2, 5), random.between(2, 4)};
    const std::int32_t axis = random.between(1, 2);
    const std::int32_t cut = random.between(1, shape[static_cast<std::size_t>(axis)] - 1);
    OneOperator probe(OperatorKind::kRelu);
    probe.input(shape);
    const Int8s x = random.int8s(probe.input_tensor(0).elements());
    const auto part = [&](std::int32_t from, std::int32_t to, Dimensions& out) {
      std::vector<std::int32_t> begin = {0, 0, 0}, end = shape;
      begin[static_cast<std::size_t>(axis)] = from;
      end[static_cast<std::size_t>(axis)] = to;
      out = shape;
      out[static_cast<std::size_t>(axis)] = to - from;
      OneOperator slice(OperatorKind::kStridedSlice, StridedSliceOptions{});
      slice.input(shape).ints(begin).ints(end).ints({1, 1, 1}).output(out);
      return slice.run({x});
    };
    Dimensions shape_a, shape_b;
    const Int8s a = part(0, cut, shape_a), b = part(cut, shape[static_cast<std::size_t>(axis)], shape_b);
    OneOperator concat(OperatorKind::kConcatenation, ConcatenationOptions{.axis = axis - 3});
    concat.input(shape_a).input(shape_b).output(shape);
    EXPECT_EQ(concat.run({a, b}), x);
  });
}

TEST(Equivalence, BroadcastingIsRepeating) {
  for_each_seed([](Random& random) {
    const std::int32_t rows = random.between(1, 5), channels = random.between(1, 6);
    const Int8s x = random.int8s(std::int64_t{rows} * channels), gate = random.int8s(channels);
    Int8s repeated;
    for (std::int32_t row = 0; row < rows; ++row) repeated.insert(repeated.end(), gate.begin(), gate.end());
    for (const OperatorKind kind : {OperatorKind::kAdd, OperatorKind::kSub, OperatorKind::kMul}) {
      OneOperator narrow(kind, ArithmeticOptions{}), wide(kind, ArithmeticOptions{});
      narrow.input({rows, channels}, 0.1F, 3).input({channels}, 0.02F, -9).output({rows, channels}, 0.11F, 1);
      wide.input({rows, channels}, 0.1F, 3)
          .input({rows, channels}, 0.02F, -9)
          .output({rows, channels}, 0.11F, 1);
      EXPECT_EQ(narrow.run({x, gate}), wide.run({x, repeated})) << to_string(kind);
    }
  });
}

}  // namespace
}  // namespace reference
