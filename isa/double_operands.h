// Double-precision instructions whose cost depends on the numbers they compute with.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace isa {

/// What a double-precision instruction's cost depends on, in falling order: one operand is zero, one is
/// denormal, the exponents are all the same or not.
enum class DoubleOperands : std::uint8_t { kSameExponent, kDifferentExponent, kDenormal, kZero };

/// Numbers of the D registers that VADD, VSUB, VMUL, VNMUL, VDIV and the (fused) multiply-accumulates read,
/// in double precision; nothing for any other instruction (Armv7-M ARM A6.5).
std::optional<std::vector<std::uint8_t>> double_operands(std::uint16_t first, std::uint16_t second);

/// The class of these operands, given as the bits of the registers.
DoubleOperands classify(std::span<const std::uint64_t> operands);

}  // namespace isa
