// C text: constants and functions named by their content.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/emit.h"

namespace engine {

/// Adds a constant to `code` (once) and returns its symbol.
std::string add_bytes(StepCode& code, std::span<const std::int8_t> values);
std::string add_words(StepCode& code, std::span<const std::int32_t> values);

/// Adds the function `static void <name>_<hash>(<parameters>) {<body>}` to `code` and returns its symbol.
std::string add_function(StepCode& code, std::string_view name, std::string_view parameters,
                         std::string_view body);

/// Adds a header of engine/target/kernels, once.
void add_include(StepCode& code, std::string_view header);

/// Appends the four little-endian bytes of `value`.
void append_word(std::vector<std::int8_t>& bytes, std::int32_t value);

/// An int32 as a C constant expression (INT32_MIN has no literal).
std::string literal(std::int32_t value);

}  // namespace engine
