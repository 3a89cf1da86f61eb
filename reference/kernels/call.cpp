#include <cstring>

#include "reference/kernels/kernels.h"

namespace reference::kernels {
namespace {

template <typename T>
std::vector<T> elements_of(const TensorData& data) {
  std::vector<T> values(data.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), data.data(), data.size());
  return values;
}

}  // namespace

std::span<const std::int8_t> Call::int8(std::size_t i) const {
  const TensorData& data = bytes(i);
  return {reinterpret_cast<const std::int8_t*>(data.data()), data.size()};
}

std::vector<std::int32_t> Call::int32(std::size_t i) const {
  return elements_of<std::int32_t>(bytes(i));
}

std::vector<float> Call::float32(std::size_t i) const {
  return elements_of<float>(bytes(i));
}

std::vector<std::int32_t> Call::bias(std::size_t i, std::int64_t count) const {
  if (has_input(i)) return int32(i);
  return std::vector<std::int32_t>(static_cast<std::size_t>(count), 0);
}

std::span<std::int8_t> as_int8(TensorData& data) {
  return {reinterpret_cast<std::int8_t*>(data.data()), data.size()};
}

}  // namespace reference::kernels
