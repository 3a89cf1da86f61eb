// The far end of a serial line: what the world types and reads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sim::peripherals {

class ConsolePort {
 public:
  virtual ~ConsolePort() = default;
  virtual void send(std::uint8_t byte) = 0;
  /// The next byte that the world sends, or nothing where none is there now.
  virtual std::optional<std::uint8_t> receive() = 0;
  /// Whether no byte will ever come again.
  virtual bool at_end() const = 0;
  /// Whether the sender waits until the last byte has been taken, as with RTS flow control; else bytes come
  /// back to back and may be lost to overruns.
  virtual bool waits_for_reader() const { return true; }
};

/// Output goes to `out`; input is the file descriptor `in`. A file is read as it is asked for; of a pipe, the
/// run waits up to 0.2 s for bytes that are late, so that a pipe that delivers gives the same run every time
/// and one that stays silent does not hold it up; a terminal is polled.
std::unique_ptr<ConsolePort> stdio_console(std::function<void(std::string_view)> out, int in = 0);

/// A pseudo-terminal. Its name, such as "/dev/pts/4", goes to `announce`. Throws std::runtime_error where
/// the system has none to give.
std::unique_ptr<ConsolePort> pty_console(const std::function<void(std::string_view)>& announce);

/// Listens on 127.0.0.1. One client at a time; output before the first is kept, 64 KiB at most. Port 0 takes
/// a free one; "127.0.0.1:PORT" goes to `announce`. Throws std::runtime_error where it cannot listen.
std::unique_ptr<ConsolePort> tcp_console(std::uint16_t port,
                                         const std::function<void(std::string_view)>& announce);

}  // namespace sim::peripherals
