#include "sim/gdb/server.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace sim::gdb {
namespace {

constexpr const char* kThisComputer = "127.0.0.1";
constexpr int kPollMs = 100;  ///< how long Ctrl-C on m7scope's own terminal may go unnoticed
/// More than this is not read while it waits for the target to stop.
constexpr std::size_t kMostWaiting = std::size_t{1} << 16;

struct Place {
  std::string host, port;
};

Place parse(const std::string& place) {
  std::size_t colon = place.rfind(':');
  std::string port = colon == std::string::npos ? "" : place.substr(colon + 1);
  unsigned number = 0;
  const auto [stop, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  bool good = !port.empty() && error == std::errc() && stop == port.data() + port.size() && number <= 65535;
  if (!good) {
    throw ServerError(
        fmt::format("--gdb {}: expected :PORT or HOST:PORT, with a port from 0 to 65535", place));
  }
  std::string host = place.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);  // [::1]
  return {host.empty() ? kThisComputer : host, port};
}

std::string name_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  auto* address = reinterpret_cast<sockaddr*>(&bound);
  char host[NI_MAXHOST], port[NI_MAXSERV];
  bool named =
      getsockname(socket, address, &size) == 0 &&
      getnameinfo(address, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0;
  if (!named) return "";
  std::string_view open = bound.ss_family == AF_INET6 ? "[" : "", shut = open.empty() ? "" : "]";
  return fmt::format("{}{}{}:{}", open, host, shut, port);
}

/// A listening socket, or -1 with errno set.
int listen_at(const addrinfo& where) {
  int listener = socket(where.ai_family, where.ai_socktype | SOCK_CLOEXEC, where.ai_protocol);
  if (listener < 0) return -1;
  int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, where.ai_addr, where.ai_addrlen) == 0 && listen(listener, 1) == 0) return listener;
  int error = errno;
  close(listener);
  errno = error;
  return -1;
}

}  // namespace

Server::Server(const std::string& place, std::function<bool()> cancelled) : cancelled_(std::move(cancelled)) {
  Place where = parse(place);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (int error = getaddrinfo(where.host.c_str(), where.port.c_str(), &hints, &found)) {
    throw ServerError(fmt::format("--gdb {}: host {}: {}", place, where.host, gai_strerror(error)));
  }
  int error = 0;
  for (addrinfo* each = found; each && listener_ < 0; each = each->ai_next) {
    listener_ = listen_at(*each);
    error = errno;
  }
  freeaddrinfo(found);
  if (listener_ < 0) {
    std::string why =
        error == EADDRINUSE ? "is in use" : fmt::format("cannot be used: {}", std::strerror(error));
    throw ServerError(fmt::format("--gdb {}: port {} of {} {}", place, where.port, where.host, why));
  }
  address_ = name_of(listener_);
}

Server::~Server() {
  disconnect();
  close(listener_);
}

Resume Server::stopped(DebugTarget& target, const Stop& stop) {
  constexpr Resume kEnd{.how = Resume::How::kKill};
  if (detached_) return {};
  if (!session_) {
    if (!accept()) return kEnd;
    session_ = std::make_unique<Session>(target);
  }
  session_->stopped(stop);
  while (true) {
    send();
    if (std::optional<Resume> resume = session_->take_resume()) {
      detached_ = resume->how == Resume::How::kDetach;
      if (detached_) disconnect();
      return *resume;
    }
    // gdb says no more once the program has ended; what it does then is to close.
    if (!wait(connection_) || !receive()) return kEnd;
  }
}

bool Server::wants_stop() {
  if (detached_ || connection_ < 0) return false;
  pollfd what{connection_, POLLIN, 0};
  while (session_->waiting() < kMostWaiting && poll(&what, 1, 0) > 0) {
    if (!receive()) return true;  // gone: `stopped` finds out, and ends the run
  }
  return session_->take_interrupt();
}

bool Server::wait(int socket) {
  pollfd what{socket, POLLIN, 0};
  while (!cancelled_()) {
    if (poll(&what, 1, kPollMs) > 0) return true;
  }
  return false;
}

bool Server::accept() {
  if (!wait(listener_)) return false;
  connection_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (connection_ < 0) return false;
  int yes = 1;
  setsockopt(connection_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return true;
}

void Server::send() {
  std::string text = session_->take_output();
  for (std::string_view rest = text; !rest.empty();) {
    ssize_t n = ::send(connection_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // gone: the next read says so
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
}

bool Server::receive() {
  char bytes[4096];
  ssize_t n = recv(connection_, bytes, sizeof bytes, 0);
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) return false;
  session_->receive({bytes, static_cast<std::size_t>(n)});
  return true;
}

void Server::disconnect() {
  if (connection_ >= 0) close(connection_);
  connection_ = -1;
}

}  // namespace sim::gdb
