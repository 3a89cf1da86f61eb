// Serves one gdb over TCP.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "sim/gdb/session.h"
#include "sim/gdb/target.h"

namespace sim::gdb {

/// A place that cannot be listened at: "--gdb :3333: port 3333 of 127.0.0.1 is in use".
class ServerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Listens from its construction on; waits for gdb when the run first stops. A gdb that goes away without
/// saying how to go on ends the run.
class Server final : public Debugger {
 public:
  /// `place` is ":PORT", which is on this computer only, or "HOST:PORT" (0.0.0.0 for every network); port 0
  /// is any free one. `cancelled` is asked while waiting; when it says so, the run ends. Throws ServerError.
  Server(const std::string& place, std::function<bool()> cancelled);
  ~Server() override;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// "127.0.0.1:3333", with the port that was chosen.
  const std::string& address() const { return address_; }

  Resume stopped(DebugTarget& target, const Stop& stop) override;
  bool wants_stop() override;

 private:
  /// Waits until there is something to read; false where the wait was cancelled.
  bool wait(int socket);
  bool accept();
  void send();
  /// Reads what is there; false where gdb has gone.
  bool receive();
  void disconnect();

  std::function<bool()> cancelled_;
  std::string address_;
  int listener_ = -1, connection_ = -1;
  bool detached_ = false;
  std::unique_ptr<Session> session_;
};

}  // namespace sim::gdb
