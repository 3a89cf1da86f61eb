// Double-precision instructions whose cost depends on the numbers they compute with.
#include "isa/double_operands.h"

#include <algorithm>

namespace isa {

std::optional<std::vector<std::uint8_t>> double_operands(std::uint16_t first, std::uint16_t second) {
  // 1110 1110 p D q r nnnn  dddd 1011 N s M 0 mmmm: FP data processing on coprocessor 11.
  if ((first & 0xff00) != 0xee00 || (second & 0x0f10) != 0x0b00) return std::nullopt;
  unsigned operation = (first >> 7 & 1) << 2 | (first >> 4 & 3);
  if (operation == 7) return std::nullopt;  // moves, conversions, comparisons, square root
  auto reg = [](unsigned high, unsigned low) {
    return static_cast<std::uint8_t>((high & 1) << 4 | (low & 15));
  };
  std::vector<std::uint8_t> read = {reg(second >> 7, first), reg(second >> 5, second)};
  bool accumulates = operation == 0 || operation == 1 || operation == 5 || operation == 6;
  if (accumulates) read.push_back(reg(first >> 6, second >> 12));
  return read;
}

DoubleOperands classify(std::span<const std::uint64_t> operands) {
  auto exponent = [](std::uint64_t bits) { return bits >> 52 & 0x7ff; };
  auto zero = [](std::uint64_t bits) { return bits << 1 == 0; };
  if (std::ranges::any_of(operands, zero)) return DoubleOperands::kZero;
  if (std::ranges::any_of(operands, [&](auto bits) { return exponent(bits) == 0; })) {
    return DoubleOperands::kDenormal;
  }
  bool same =
      std::ranges::all_of(operands, [&](auto bits) { return exponent(bits) == exponent(operands[0]); });
  return same ? DoubleOperands::kSameExponent : DoubleOperands::kDifferentExponent;
}

}  // namespace isa
