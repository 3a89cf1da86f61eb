// A console on standard input and output.
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/peripherals/console.h"
#include "sim/peripherals/host_poll.h"

namespace sim::peripherals {
namespace {

constexpr int kLateMilliseconds = 200;

enum class Kind { kFile, kPipe, kTerminal };

Kind kind_of(int fd) {
  struct stat about {};
  if (fstat(fd, &about) != 0) return Kind::kFile;  // its first read says that it is closed
  if (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode)) return Kind::kPipe;
  return isatty(fd) ? Kind::kTerminal : Kind::kFile;
}

class StdioConsole : public ConsolePort {
 public:
  StdioConsole(std::function<void(std::string_view)> out, int in)
      : out_(std::move(out)), in_(in), kind_(kind_of(in)) {}

  void send(std::uint8_t byte) override {
    char c = static_cast<char>(byte);
    if (out_) out_({&c, 1});
  }

  std::optional<std::uint8_t> receive() override {
    if (at_end_ || !there()) return std::nullopt;
    std::uint8_t byte = 0;
    if (read(in_, &byte, 1) == 1) {
      patient_ = true;
      return byte;
    }
    at_end_ = true;
    return std::nullopt;
  }

  bool at_end() const override { return at_end_; }

 private:
  bool there() {
    if (kind_ == Kind::kFile) return true;
    if (kind_ == Kind::kTerminal && !due_.now()) return false;
    bool wait = kind_ == Kind::kPipe && patient_;
    if (kind_ == Kind::kPipe && !patient_ && !due_.now()) return false;
    pollfd ask{in_, POLLIN, 0};
    if (poll(&ask, 1, wait ? kLateMilliseconds : 0) > 0) return true;
    patient_ = false;
    return false;
  }

  std::function<void(std::string_view)> out_;
  int in_;
  Kind kind_;
  HostPoll due_;
  bool patient_ = true;  ///< of a pipe: wait once for what is late, again after each byte that came
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<ConsolePort> stdio_console(std::function<void(std::string_view)> out, int in) {
  return std::make_unique<StdioConsole>(std::move(out), in);
}

}  // namespace sim::peripherals
