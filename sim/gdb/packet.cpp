#include "sim/gdb/packet.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/gdb/hex.h"

namespace sim::gdb {
namespace {

constexpr char kBegin = '$', kEnd = '#', kControlC = 0x03;
constexpr std::size_t kChecksumDigits = 2;

std::uint8_t checksum(std::string_view payload) {
  std::uint8_t sum = 0;
  for (char c : payload) sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(c));
  return sum;
}

}  // namespace

std::string frame(std::string_view payload) {
  return fmt::format("{}{}{}{:02x}", kBegin, payload, kEnd, checksum(payload));
}

std::optional<PacketReader::Item> PacketReader::next() {
  std::size_t skip = buffer_.find_first_of(std::string{kBegin, '+', '-', kControlC});
  buffer_.erase(0, skip);
  if (buffer_.empty()) return std::nullopt;
  if (buffer_[0] != kBegin) {
    Kind kind = buffer_[0] == '+' ? Kind::kAck : buffer_[0] == '-' ? Kind::kNack : Kind::kInterrupt;
    buffer_.erase(0, 1);
    return Item{kind, ""};
  }
  std::size_t end = buffer_.find(kEnd, 1);
  if (end == std::string::npos) {
    if (buffer_.size() <= kMaxPayload + 1) return std::nullopt;
    buffer_.clear();
    return Item{Kind::kCorrupt, ""};
  }
  if (buffer_.size() < end + 1 + kChecksumDigits) return std::nullopt;
  // A '$' in data is escaped: this one begins the packet anew, after one that broke off.
  std::size_t begin = buffer_.rfind(kBegin, end) + 1;
  Item item{Kind::kPacket, buffer_.substr(begin, end - begin)};
  auto sent = from_hex(std::string_view(buffer_).substr(end + 1, kChecksumDigits));
  buffer_.erase(0, end + 1 + kChecksumDigits);
  if (!sent || sent->front() != checksum(item.payload) || item.payload.size() > kMaxPayload) {
    return Item{Kind::kCorrupt, ""};
  }
  return item;
}

bool PacketReader::take_interrupt() {
  std::size_t packet = std::min(buffer_.find(kBegin), buffer_.size());
  bool interrupt = buffer_.find(kControlC) < packet;
  buffer_.erase(0, packet);
  return interrupt;
}

}  // namespace sim::gdb
