#include "engine/emit/layer.h"

#include <cstring>

namespace engine {

using reference::TensorType;

std::vector<std::int32_t> Layer::values(std::size_t i) const {
  const reference::Tensor& tensor = input(i);
  const reference::TensorData& data = tensor.constant.value();
  std::vector<std::int32_t> result(static_cast<std::size_t>(tensor.elements()));
  for (std::size_t k = 0; k < result.size(); ++k) {
    if (tensor.type == TensorType::kInt8) {
      result[k] = static_cast<std::int8_t>(data[k]);
    } else {
      std::memcpy(&result[k], data.data() + 4 * k, 4);
    }
  }
  return result;
}

std::vector<std::int32_t> Layer::bias(std::size_t i, std::size_t count) const {
  if (i >= step.inputs.size() || step.inputs[i] < 0) return std::vector<std::int32_t>(count, 0);
  return values(i);
}

std::string input_of(const Layer& layer, const StepAddresses& addresses, std::size_t i, StepCode& code) {
  if (!layer.constant_input(i)) return addresses.inputs.at(i);
  const reference::TensorData& data = layer.input(i).constant.value();
  return add_bytes(code, {reinterpret_cast<const std::int8_t*>(data.data()), data.size()});
}

}  // namespace engine
