#include "traces/format/clean_text.h"

#include <algorithm>
#include <cstdint>

namespace traces {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd", kCut = "...";

bool is_plain(unsigned char c) {
  return (c >= 0x20 && c < 0x7f) || c == '\t';
}

/// Bytes of the character that `text` begins with; 0: it begins with none (Unicode, table 3-7; no C1
/// controls).
std::size_t character(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  const auto in = [&](std::size_t i, int low, int high) { return byte(i) >= low && byte(i) <= high; };
  if (is_plain(byte(0))) return 1;
  if (byte(0) == 0xc2) return in(1, 0xa0, 0xbf) ? 2 : 0;
  if (in(0, 0xc3, 0xdf)) return in(1, 0x80, 0xbf) ? 2 : 0;
  if (in(0, 0xe0, 0xef)) {
    const int low = byte(0) == 0xe0 ? 0xa0 : 0x80, high = byte(0) == 0xed ? 0x9f : 0xbf;
    return in(1, low, high) && in(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (in(0, 0xf0, 0xf4)) {
    const int low = byte(0) == 0xf0 ? 0x90 : 0x80, high = byte(0) == 0xf4 ? 0x8f : 0xbf;
    return in(1, low, high) && in(2, 0x80, 0xbf) && in(3, 0x80, 0xbf) ? 4 : 0;
  }
  return 0;
}

}  // namespace

bool is_clean(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = character(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string clean(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string out;
  std::size_t fits = 0;  // up to here there is room for kCut behind
  while (!text.empty()) {
    const std::size_t bytes = character(text);
    out += bytes == 0 ? kReplacement : text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
    if (out.size() > max_bytes) return out.substr(0, fits).append(kCut);
    if (out.size() + kCut.size() <= max_bytes) fits = out.size();
  }
  return out;
}

}  // namespace traces
