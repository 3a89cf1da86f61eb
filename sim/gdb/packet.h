// Packets of gdb's remote serial protocol: $payload#checksum, acknowledged by + or -.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sim::gdb {

/// The longest payload that is accepted; longer ones count as corrupt. Told to gdb as PacketSize.
inline constexpr std::size_t kMaxPayload = 0x4000;

/// `payload` with its frame and checksum.
std::string frame(std::string_view payload);

/// Cuts a stream of bytes into packets and what stands between them.
class PacketReader {
 public:
  enum class Kind { kPacket, kAck, kNack, kInterrupt, kCorrupt };
  struct Item {
    Kind kind = Kind::kPacket;
    std::string payload;  ///< of a packet, escapes still in it
  };

  void add(std::string_view bytes) { buffer_ += bytes; }
  /// The next whole item, or nothing until more bytes come. Bytes that begin none are dropped.
  std::optional<Item> next();
  /// Drops acknowledgements and noise at the front; whether Ctrl-C was among them. Packets stay.
  bool take_interrupt();
  /// Bytes not yet handed out.
  std::size_t waiting() const { return buffer_.size(); }

 private:
  std::string buffer_;
};

}  // namespace sim::gdb
