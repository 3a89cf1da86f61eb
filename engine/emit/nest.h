// Loops over a row-major output whose operands lie at affine addresses: broadcasts, transposes, slices,
// reductions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace engine {

/// One loop; `strides` in elements, one per operand.
struct Loop {
  std::int64_t count = 1;
  std::vector<std::int64_t> strides;
};

/// The same loops with fewer of them: loops of one turn dropped, neighbours that walk on evenly joined. Never
/// empty: the last is the run.
std::vector<Loop> joined(std::vector<Loop> loops, std::size_t operands);

/// Calls visit(offsets) for each element in row-major order, one offset per operand.
void for_each_element(const std::vector<Loop>& loops, std::size_t operands,
                      const std::function<void(const std::vector<std::int64_t>&)>& visit);

/// C: nested loops over all but the last of `loops`, with index variables <index>0, <index>1 ..., around
/// `inner`.
std::string loop_text(const std::vector<Loop>& loops, const std::string& index, const std::string& inner);

/// C: " + i0 * 40 + i1 * 8" for `operand`, over the loops that loop_text opens.
std::string offset_text(const std::vector<Loop>& loops, const std::string& index, std::size_t operand);

/// Row-major strides of a shape, in elements.
std::vector<std::int64_t> row_major(const std::vector<std::int32_t>& shape);

}  // namespace engine
