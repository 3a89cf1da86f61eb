// Small texts for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace traces {

/// 1234567 -> "1,234,567".
std::string grouped(std::int64_t n);
std::string grouped(std::uint64_t n);
inline std::string grouped(int n) {
  return grouped(std::int64_t{n});
}
inline std::string grouped(unsigned n) {
  return grouped(std::uint64_t{n});
}

/// For HTML and XML, in elements and in quoted attributes: markup escaped; control characters and what is no
/// UTF-8 replaced by U+FFFD.
std::string escaped(std::string_view text);

/// For one line of plain text: control characters (line ends and tabs too) and what is no UTF-8 replaced by
/// U+FFFD.
std::string printable(std::string_view text);

/// At most `most` characters; "…" in place of what was cut. Counts UTF-8 characters.
std::string shortened(std::string_view text, std::size_t most);

}  // namespace traces
