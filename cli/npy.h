// NumPy's .npy arrays, format versions 1 to 3, C order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cli {

struct NpyArray {
  enum class Type { kFloat32, kInt8, kUint8 };
  Type type = Type::kFloat32;
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;  ///< little-endian, row-major
};

/// `where` names the file in errors. Throws InputError.
NpyArray parse_npy(std::span<const std::uint8_t> file, const std::string& where);

}  // namespace cli
