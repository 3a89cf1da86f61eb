#include "sim/gdb/hex.h"

#include <charconv>

namespace sim::gdb {
namespace {

constexpr char kEscape = '}';
constexpr char kEscapeBit = 0x20;

std::optional<std::uint8_t> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string to_hex(std::string_view text) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::optional<std::uint8_t> high = digit(text[i]), low = digit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
  }
  return bytes;
}

std::optional<std::vector<std::uint8_t>> unescape(std::string_view data) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data[i] != kEscape) {
      bytes.push_back(static_cast<std::uint8_t>(data[i]));
      continue;
    }
    if (++i == data.size()) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(data[i] ^ kEscapeBit));
  }
  return bytes;
}

std::string escape(std::string_view data) {
  std::string escaped;
  escaped.reserve(data.size());
  for (char c : data) {
    bool special = c == '#' || c == '$' || c == '*' || c == kEscape;
    if (special) escaped += kEscape;
    escaped += special ? static_cast<char>(c ^ kEscapeBit) : c;
  }
  return escaped;
}

bool Scanner::take(std::string_view expected) {
  if (!rest_.starts_with(expected)) return false;
  rest_.remove_prefix(expected.size());
  return true;
}

std::optional<std::uint64_t> Scanner::number() {
  std::uint64_t value = 0;
  const char* end = rest_.data() + rest_.size();
  const auto [stop, error] = std::from_chars(rest_.data(), end, value, 16);
  if (error != std::errc()) return std::nullopt;
  rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
  return value;
}

std::optional<std::uint32_t> Scanner::word() {
  std::optional<std::uint64_t> value = number();
  if (!value || *value > 0xffffffff) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::optional<Range> Scanner::range() {
  std::optional<std::uint32_t> address = word();
  if (!address || !take(",")) return std::nullopt;
  std::optional<std::uint64_t> size = number();
  if (!size) return std::nullopt;
  return Range{isa::Address(*address), *size};
}

}  // namespace sim::gdb
