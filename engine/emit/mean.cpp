// MEAN over any axes: m7_mean.h in loops.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "engine/emit/layer.h"
#include "engine/emit/nest.h"
#include "engine/emit/overlap.h"
#include "engine/emit/requant.h"

namespace engine {
namespace {

struct Reduction {
  std::vector<Loop> outer, inner;  ///< over outputs, over what one output sums
  std::int64_t count = 1;          ///< elements of one sum
};

Reduction reduction_of(const Layer& layer) {
  const std::vector<std::int32_t>& in = layer.input().shape;
  const auto rank = static_cast<std::int32_t>(in.size());
  std::vector<bool> reduced(in.size(), false);
  for (const std::int32_t axis : layer.values(1))
    reduced.at(static_cast<std::size_t>(axis < 0 ? axis + rank : axis)) = true;
  const std::vector<std::int64_t> strides = row_major(in);
  Reduction r;
  for (std::size_t d = 0; d < in.size(); ++d) {
    (reduced[d] ? r.inner : r.outer).push_back({in[d], {strides[d]}});
    if (reduced[d]) r.count *= in[d];
  }
  r.outer = joined(r.outer, 1);
  r.inner = joined(r.inner, 1);
  return r;
}

}  // namespace

KernelNeeds mean_needs(const Layer& layer) {
  const Reduction r = reduction_of(layer);
  StreamWalk walk;
  std::int64_t written = 0;
  // The first element of a sum is its lowest address; its last is read before the write.
  for_each_element(r.outer, 1, [&](const std::vector<std::int64_t>& at) { walk.add(at[0], ++written); });
  return {isa::Bytes(0), {lead_overlap(0, walk.lead())}};
}

void emit_mean(const Layer& layer, const StepAddresses& at, StepCode& code) {
  const Reduction r = reduction_of(layer);
  Multiplier m =
      multiplier_of(static_cast<double>(scale(layer.input())) / static_cast<double>(scale(layer.output())));
  const int shift =
      std::min({static_cast<int>(std::bit_width(static_cast<std::uint64_t>(r.count))) - 1, 32, 31 + m.shift});
  m.value = static_cast<std::int32_t>((std::int64_t{m.value} << shift) / r.count);
  m.shift -= shift;
  const Loop &run = r.inner.back(), &outputs = r.outer.back();
  const std::string sum = fmt::format("      sum += m7_sum_strided(p{}, {}, {});\n",
                                      offset_text(r.inner, "k", 0), run.strides[0], run.count);
  const std::string each = fmt::format(
      "    for (int i = 0; i < {}; ++i) {{\n      const int8_t *p = in{} + i * {};\n      int32_t sum = "
      "0;\n{}"
      "      *out++ = m7_mean_result(sum, {}, {}, {}, {});\n    }}\n",
      outputs.count, offset_text(r.outer, "i", 0), outputs.strides[0], loop_text(r.inner, "k", sum),
      zero_point(layer.input()) * r.count, m.value, m.shift, zero_point(layer.output()));
  add_include(code, "m7_mean.h");
  const std::string function =
      add_function(code, "m7_mean", "const int8_t *in, int8_t *out", loop_text(r.outer, "i", each));
  code.call = fmt::format("{}({}, {});\n", function, at.inputs.at(0), at.output);
}

}  // namespace engine
