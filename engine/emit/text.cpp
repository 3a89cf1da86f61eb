#include "engine/emit/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {
namespace {

// FNV-1a, 64 bits.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

template <class Value>
std::string add_constant(StepCode& code, const char* type, std::span<const Value> values) {
  constexpr std::size_t kPerLine = 24;
  std::string list;
  for (std::size_t i = 0; i < values.size(); ++i) {
    fmt::format_to(std::back_inserter(list), "{}{},", i % kPerLine == 0 ? "\n  " : " ",
                   literal(std::int32_t{values[i]}));
  }
  const std::string symbol = fmt::format("m7_c_{:016x}", hash_of(type + list));
  const bool known = std::any_of(code.constants.begin(), code.constants.end(),
                                 [&](const StepCode::Definition& d) { return d.symbol == symbol; });
  if (!known) {
    code.constants.push_back(
        {symbol, fmt::format("static const {} {}[{}] __attribute__((aligned(4))) = {{{}\n}};", type, symbol,
                             values.size(), list)});
  }
  return symbol;
}

}  // namespace

std::string add_bytes(StepCode& code, std::span<const std::int8_t> values) {
  return add_constant(code, "int8_t", values);
}

std::string add_words(StepCode& code, std::span<const std::int32_t> values) {
  return add_constant(code, "int32_t", values);
}

std::string add_function(StepCode& code, std::string_view name, std::string_view parameters,
                         std::string_view body) {
  const std::string symbol =
      fmt::format("{}_{:016x}", name, hash_of(fmt::format("{}|{}|{}", name, parameters, body)));
  const bool known = std::any_of(code.functions.begin(), code.functions.end(),
                                 [&](const StepCode::Definition& d) { return d.symbol == symbol; });
  if (!known) {
    code.functions.push_back(
        {symbol, fmt::format("static __attribute__((noinline, noclone)) void {}({}) {{\n{}\n}}", symbol,
                             parameters, body)});
  }
  return symbol;
}

void add_include(StepCode& code, std::string_view header) {
  if (std::find(code.includes.begin(), code.includes.end(), header) == code.includes.end())
    code.includes.emplace_back(header);
}

void append_word(std::vector<std::int8_t>& bytes, std::int32_t value) {
  for (int i = 0; i < 4; ++i)
    bytes.push_back(static_cast<std::int8_t>(static_cast<std::uint32_t>(value) >> (8 * i) & 0xFFU));
}

std::string literal(std::int32_t value) {
  if (value == INT32_MIN) return "(-2147483647 - 1)";
  return fmt::format("{}", value);
}

}  // namespace engine
