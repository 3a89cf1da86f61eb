// One conversation with gdb: bytes in, bytes out. It does no input or output of its own.
//
// The protocol is "GDB Remote Serial Protocol" in gdb's manual, in all-stop mode, with one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/gdb/packet.h"
#include "sim/gdb/target.h"

namespace sim::gdb {

class Session {
 public:
  /// Begins with the target stopped at its reset. `target` must outlive this.
  explicit Session(DebugTarget& target) : target_(target) {}

  /// Takes what gdb has sent. Commands are carried out while the target is stopped; what comes while it runs
  /// waits, but for Ctrl-C.
  void receive(std::string_view bytes);
  /// The bytes to send, which are then gone from here.
  std::string take_output();
  /// How to go on, once gdb has said so; then the target counts as running until `stopped`.
  std::optional<Resume> take_resume();
  /// Whether Ctrl-C came since the target went on.
  bool take_interrupt();
  /// The target has stopped after it went on.
  void stopped(const Stop& stop);
  /// Bytes that wait for the target to stop.
  std::size_t waiting() const { return reader_.waiting(); }

 private:
  void handle(std::string_view packet);
  void reply(std::string_view payload);
  void ok() { reply("OK"); }
  /// E and the number: one of errno's, as is the custom.
  void error(int number);
  void resume(Resume how);

  void query(std::string_view packet);
  void supported(std::string_view features);
  void transfer(std::string_view request);
  void monitor(std::string_view command);
  void checksum(std::string_view where);
  void verbose(std::string_view packet);
  void continue_by_thread(std::string_view actions);
  void continue_at(char command, std::string_view rest);
  void all_registers();
  void set_all_registers(std::string_view values);
  void one_register(std::string_view number);
  void set_one_register(std::string_view assignment);
  void read_memory(std::string_view where);
  void write_memory(std::string_view packet, bool binary);
  void point(bool insert, std::string_view rest);
  void flash(std::string_view command);

  DebugTarget& target_;
  PacketReader reader_;
  std::string output_, last_;  ///< `last_`: the packet to repeat when gdb did not get it
  std::optional<Resume> resume_;
  Stop stop_;
  bool running_ = false, acknowledge_ = true, interrupt_ = false;
  bool knows_swbreak_ = false, knows_hwbreak_ = false;
};

}  // namespace sim::gdb
