// Consoles on a pseudo-terminal and on a TCP port.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "sim/peripherals/console.h"
#include "sim/peripherals/host_poll.h"

namespace sim::peripherals {
namespace {

[[noreturn]] void refuse(const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

/// A descriptor that is closed with its owner.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close_it(); }
  void take(int fd) {
    close_it();
    fd_ = fd;
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  void close_it() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  int fd_ = -1;
};

void send_all(int fd, const std::uint8_t* bytes, std::size_t size) {
  while (size > 0) {
    ssize_t sent = write(fd, bytes, size);
    if (sent > 0) {
      bytes += sent;
      size -= static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN) {
      pollfd ask{fd, POLLOUT, 0};
      if (poll(&ask, 1, 100) <= 0) return;  // nobody reads: the text is lost, as on a wire
    } else if (errno != EINTR) {
      return;
    }
  }
}

class PtyConsole : public ConsolePort {
 public:
  explicit PtyConsole(const std::function<void(std::string_view)>& announce)
      : master_(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
    if (!master_.open() || grantpt(master_.get()) != 0 || unlockpt(master_.get()) != 0)
      refuse("pseudo-terminal");
    const char* name = ptsname(master_.get());
    if (!name) refuse("pseudo-terminal");
    // Held open, so that the master does not hang up between two users of the other end.
    slave_.take(open(name, O_RDWR | O_NOCTTY));
    if (!slave_.open()) refuse(name);
    termios raw{};
    if (tcgetattr(slave_.get(), &raw) == 0) {
      cfmakeraw(&raw);
      tcsetattr(slave_.get(), TCSANOW, &raw);
    }
    if (announce) announce(name);
  }

  void send(std::uint8_t byte) override { send_all(master_.get(), &byte, 1); }
  std::optional<std::uint8_t> receive() override {
    if (!more_ && !due_.now()) return std::nullopt;
    std::uint8_t byte = 0;
    more_ = read(master_.get(), &byte, 1) == 1;
    return more_ ? std::optional(byte) : std::nullopt;
  }
  bool at_end() const override { return false; }

 private:
  Descriptor master_, slave_;
  HostPoll due_;
  bool more_ = false;
};

class TcpConsole : public ConsolePort {
 public:
  TcpConsole(std::uint16_t port, const std::function<void(std::string_view)>& announce)
      : listener_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    int yes = 1;
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    here.sin_port = htons(port);
    socklen_t size = sizeof here;
    auto* address = reinterpret_cast<sockaddr*>(&here);
    if (!listener_.open() || setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(listener_.get(), address, size) != 0 || listen(listener_.get(), 1) != 0 ||
        getsockname(listener_.get(), address, &size) != 0)
      refuse(fmt::format("TCP port {}", port).c_str());
    if (announce) announce(fmt::format("127.0.0.1:{}", ntohs(here.sin_port)));
  }

  void send(std::uint8_t byte) override {
    if (!client_.open() && due_.now()) accept_one();
    if (client_.open()) return send_all(client_.get(), &byte, 1);
    if (kept_.size() < kMostKept) kept_.push_back(static_cast<char>(byte));
  }

  std::optional<std::uint8_t> receive() override {
    if (!more_ && !due_.now()) return std::nullopt;
    if (!client_.open()) accept_one();
    if (!client_.open()) return std::nullopt;
    std::uint8_t byte = 0;
    ssize_t got = read(client_.get(), &byte, 1);
    if (got == 0) client_.take(-1);  // it has gone; another may come
    more_ = got == 1;
    return more_ ? std::optional(byte) : std::nullopt;
  }
  bool at_end() const override { return false; }

 private:
  static constexpr std::size_t kMostKept = 64 * 1024;

  void accept_one() {
    client_.take(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client_.open() || kept_.empty()) return;
    send_all(client_.get(), reinterpret_cast<const std::uint8_t*>(kept_.data()), kept_.size());
    kept_.clear();
  }

  Descriptor listener_, client_;
  HostPoll due_;
  std::string kept_;
  bool more_ = false;
};

}  // namespace

std::unique_ptr<ConsolePort> pty_console(const std::function<void(std::string_view)>& announce) {
  return std::make_unique<PtyConsole>(announce);
}

std::unique_ptr<ConsolePort> tcp_console(std::uint16_t port,
                                         const std::function<void(std::string_view)>& announce) {
  return std::make_unique<TcpConsole>(port, announce);
}

}  // namespace sim::peripherals
