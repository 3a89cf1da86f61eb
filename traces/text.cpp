#include "traces/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace traces {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

std::string with_commas(std::string digits, std::size_t first) {
  for (std::size_t i = digits.size(); i > first + 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Bytes of the UTF-8 character that `text` begins with; 0 where it begins with none.
std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80                   ? 1
                           : lead >= 0xC2 && lead < 0xE0 ? 2
                           : lead >= 0xE0 && lead < 0xF0 ? 3
                           : lead >= 0xF0 && lead < 0xF5 ? 4
                                                         : 0;
  if (size == 0 || text.size() < size || !std::all_of(text.begin() + 1, text.begin() + size, continues))
    return 0;
  if (size < 3) return size;
  // Overlong forms, surrogates, and what is above U+10FFFF.
  const auto second = static_cast<unsigned char>(text[1]);
  const bool bad = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                   (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  // U+FFFE and U+FFFF are no XML characters.
  const bool no_character =
      text.substr(0, 2) == "\xEF\xBF" && size == 3 && static_cast<unsigned char>(text[2]) > 0xBD;
  return bad || no_character ? 0 : size;
}

}  // namespace

std::string grouped(std::int64_t n) {
  return with_commas(fmt::format("{}", n), n < 0 ? 1 : 0);
}

std::string grouped(std::uint64_t n) {
  return with_commas(fmt::format("{}", n), 0);
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const char c = text[0];
    if (size == 0 || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += c == '\n' || c == '\t' ? std::string(1, c) : kReplacement;
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\'') {
      out += "&#39;";
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(1, size));
  }
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const auto c = static_cast<unsigned char>(text[0]);
    // U+0080 to U+009F are control characters too, and some programs end a line at U+0085.
    const bool is_control =
        c < 0x20 || c == 0x7F || (c == 0xC2 && size == 2 && static_cast<unsigned char>(text[1]) < 0xA0);
    if (size == 0 || is_control) {
      out += kReplacement;
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(1, size));
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t characters = 0, keep = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (continues(text[i])) continue;
    if (characters + 1 == most) keep = i;
    if (++characters > most) return std::string(text.substr(0, keep)) + "…";
  }
  return std::string(text);
}

}  // namespace traces
