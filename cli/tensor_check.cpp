#include "cli/tensor_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace cli {
namespace {

using reference::Tensor;
using reference::TensorData;
using reference::TensorType;

/// "row 3, column 0, channel 12" for the last three dimensions, "element 7" where there are fewer.
std::string place(const Tensor& tensor, std::int64_t element) {
  const std::vector<std::int32_t>& shape = tensor.shape;
  if (shape.size() < 3) return fmt::format("element {}", element);
  const std::int64_t channels = shape[shape.size() - 1], columns = shape[shape.size() - 2];
  const std::int64_t rows = shape[shape.size() - 3];
  return fmt::format("row {}, column {}, channel {}", element / (channels * columns) % rows,
                     element / channels % columns, element % channels);
}

std::string value(const Tensor& tensor, const TensorData& data, std::int64_t element) {
  const std::uint8_t* at = data.data() + element * reference::element_size(tensor.type);
  if (tensor.type == TensorType::kInt8) return fmt::format("{}", static_cast<std::int8_t>(*at));
  if (tensor.type == TensorType::kInt32) {
    std::int32_t v = 0;
    std::memcpy(&v, at, sizeof v);
    return fmt::format("{}", v);
  }
  float v = 0;
  std::memcpy(&v, at, sizeof v);
  return fmt::format("{}", v);
}

}  // namespace

TensorCheck::TensorCheck(const reference::Graph& graph, const traces::StepTable& table,
                         std::vector<TensorData> expected, ReadArena read_arena)
    : graph_(graph), table_(table), expected_(std::move(expected)), read_arena_(std::move(read_arena)) {}

void TensorCheck::step_ended(int id) {
  const traces::StepRow& step = table_.steps.at(static_cast<std::size_t>(id));
  const Tensor& tensor = graph_.tensor(step.output_tensor);
  const TensorData& expected = expected_.at(static_cast<std::size_t>(step.output_tensor));
  TensorData got(expected.size());
  read_arena_(step.output_offset, got);
  ++steps_;
  if (got == expected) {
    ++equal_;
    return;
  }
  if (first_) return;
  const std::int64_t size = reference::element_size(tensor.type);
  const std::int64_t elements = static_cast<std::int64_t>(expected.size()) / size;
  std::int64_t first = -1, differ = 0;
  for (std::int64_t i = 0; i < elements; ++i) {
    if (std::memcmp(got.data() + i * size, expected.data() + i * size, static_cast<std::size_t>(size)) == 0)
      continue;
    if (first < 0) first = i;
    ++differ;
  }
  first_ = Divergence{id, fmt::format("step {} ({}, {}): {}: got {}, expected {} ({} of {} elements differ)",
                                      id, step.op, step.name, place(tensor, first), value(tensor, got, first),
                                      value(tensor, expected, first), differ, elements)};
}

}  // namespace cli
