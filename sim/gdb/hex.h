// Text of the remote protocol: hexadecimal digits, and a scanner for commands.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "isa/units.h"

namespace sim::gdb {

/// Two digits a byte, in memory order.
std::string to_hex(std::span<const std::uint8_t> bytes);
std::string to_hex(std::string_view text);
/// The bytes, or nothing where `text` is not pairs of hexadecimal digits.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

/// Undoes the escapes of binary packets: '}' and the next byte exclusive-or 0x20. Nothing where one is cut.
std::optional<std::vector<std::uint8_t>> unescape(std::string_view data);
/// Escapes what would end or alter a packet: '#', '$', '}' and '*'.
std::string escape(std::string_view data);

/// A stretch of memory as commands name it.
struct Range {
  isa::Address address;
  std::uint64_t size = 0;
};

/// Reads a command from left to right. What does not match is left where it is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// Whether `expected` came next; then it is behind us.
  bool take(std::string_view expected);
  /// A hexadecimal number of at most 64 bits; nothing where no digit comes or there are too many.
  std::optional<std::uint64_t> number();
  /// The same for what must fit 32 bits.
  std::optional<std::uint32_t> word();
  /// "ADDRESS,SIZE"; nothing where it is not that.
  std::optional<Range> range();
  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace sim::gdb
