#include "engine/emit/nest.h"

#include <fmt/format.h>

namespace engine {

std::vector<Loop> joined(std::vector<Loop> loops, std::size_t operands) {
  std::vector<Loop> result;
  for (const Loop& loop : loops) {
    if (loop.count == 1) continue;
    bool even = !result.empty();
    for (std::size_t k = 0; even && k < operands; ++k)
      even = result.back().strides[k] == loop.strides[k] * loop.count;
    if (even) {
      result.back().count *= loop.count;
      result.back().strides = loop.strides;
    } else {
      result.push_back(loop);
    }
  }
  if (result.empty()) result.push_back({1, std::vector<std::int64_t>(operands, 1)});
  return result;
}

void for_each_element(const std::vector<Loop>& loops, std::size_t operands,
                      const std::function<void(const std::vector<std::int64_t>&)>& visit) {
  std::vector<std::int64_t> index(loops.size(), 0), offsets(operands, 0);
  while (true) {
    visit(offsets);
    std::size_t d = loops.size();
    while (d > 0 && ++index[d - 1] == loops[d - 1].count) {
      --d;
      for (std::size_t k = 0; k < operands; ++k) offsets[k] -= loops[d].strides[k] * (loops[d].count - 1);
      index[d] = 0;
    }
    if (d == 0) return;
    for (std::size_t k = 0; k < operands; ++k) offsets[k] += loops[d - 1].strides[k];
  }
}

std::string loop_text(const std::vector<Loop>& loops, const std::string& index, const std::string& inner) {
  std::string text;
  for (std::size_t d = 0; d + 1 < loops.size(); ++d)
    text += fmt::format("  for (int {0}{1} = 0; {0}{1} < {2}; ++{0}{1})\n", index, d, loops[d].count);
  return text + "  {\n" + inner + "  }\n";
}

std::string offset_text(const std::vector<Loop>& loops, const std::string& index, std::size_t operand) {
  std::string text;
  for (std::size_t d = 0; d + 1 < loops.size(); ++d) {
    if (loops[d].strides[operand] != 0)
      text += fmt::format(" + {}{} * {}", index, d, loops[d].strides[operand]);
  }
  return text;
}

std::vector<std::int64_t> row_major(const std::vector<std::int32_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) strides[d - 1] = strides[d] * shape[d];
  return strides;
}

}  // namespace engine
