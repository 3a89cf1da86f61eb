// The state of a conversation, and the commands that make the target go on. Commands that look at it are in
// session_access.cpp, queries in session_query.cpp.
#include "sim/gdb/session.h"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "sim/gdb/hex.h"

namespace sim::gdb {
namespace {

constexpr const char* kThread = "1";

/// What a stop reply says of the breakpoint or watchpoint, for a gdb that knows the word.
std::string reason_of(const Point& point, bool swbreak, bool hwbreak) {
  switch (point.kind) {
    case PointKind::kSoftwareBreak:
      return swbreak ? "swbreak:;" : "";
    case PointKind::kHardwareBreak:
      return hwbreak ? "hwbreak:;" : "";
    case PointKind::kWriteWatch:
      return fmt::format("watch:{:x};", point.address.value);
    case PointKind::kReadWatch:
      return fmt::format("rwatch:{:x};", point.address.value);
    case PointKind::kAccessWatch:
      return fmt::format("awatch:{:x};", point.address.value);
  }
  return "";
}

std::string stop_reply(const Stop& stop, bool swbreak, bool hwbreak) {
  switch (stop.kind) {
    case Stop::Kind::kExited:
      return fmt::format("W{:02x}", static_cast<std::uint32_t>(stop.exit_code));
    case Stop::Kind::kTerminated:
      return fmt::format("X{:02x}", static_cast<unsigned>(stop.signal));
    case Stop::Kind::kSignal:
      break;
  }
  std::string reason = stop.point ? reason_of(*stop.point, swbreak, hwbreak) : "";
  return fmt::format("T{:02x}thread:{};{}", static_cast<unsigned>(stop.signal), kThread, reason);
}

}  // namespace

void Session::receive(std::string_view bytes) {
  reader_.add(bytes);
  while (!running_) {
    std::optional<PacketReader::Item> item = reader_.next();
    if (!item) return;
    switch (item->kind) {
      case PacketReader::Kind::kPacket:
        if (acknowledge_) output_ += '+';
        handle(item->payload);
        break;
      case PacketReader::Kind::kNack:
        output_ += last_;
        break;
      case PacketReader::Kind::kCorrupt:
        if (acknowledge_) output_ += '-';
        break;
      case PacketReader::Kind::kAck:
      case PacketReader::Kind::kInterrupt:  // it has stopped already
        break;
    }
  }
  if (reader_.take_interrupt()) interrupt_ = true;
}

std::string Session::take_output() {
  return std::exchange(output_, {});
}

std::optional<Resume> Session::take_resume() {
  return std::exchange(resume_, std::nullopt);
}

bool Session::take_interrupt() {
  return std::exchange(interrupt_, false);
}

void Session::stopped(const Stop& stop) {
  stop_ = stop;
  if (!running_) return;
  if (!stop.explanation.empty()) reply(fmt::format("O{}", to_hex(stop.explanation)));
  running_ = interrupt_ = false;
  reply(stop_reply(stop_, knows_swbreak_, knows_hwbreak_));
  receive("");
}

void Session::reply(std::string_view payload) {
  last_ = frame(payload);
  output_ += last_;
}

void Session::error(int number) {
  reply(fmt::format("E{:02x}", number));
}

void Session::resume(Resume how) {
  resume_ = how;
  running_ = true;
}

void Session::handle(std::string_view packet) {
  if (packet.empty()) return reply("");
  char command = packet[0];
  std::string_view rest = packet.substr(1);
  switch (command) {
    case '?':
      return reply(stop_reply(stop_, knows_swbreak_, knows_hwbreak_));
    case 'q':
    case 'Q':
      return query(packet);
    case 'v':
      return verbose(packet);
    case 'H':
    case 'T':  // there is one thread, and it is alive
      return ok();
    case 'g':
      return all_registers();
    case 'G':
      return set_all_registers(rest);
    case 'p':
      return one_register(rest);
    case 'P':
      return set_one_register(rest);
    case 'm':
      return read_memory(rest);
    case 'M':
    case 'X':
      return write_memory(rest, command == 'X');
    case 'Z':
    case 'z':
      return point(command == 'Z', rest);
    case 'c':
    case 'C':
    case 's':
    case 'S':
      return continue_at(command, rest);
    case 'k':  // gdb waits for no answer
      return resume({.how = Resume::How::kKill});
    case 'D':
      ok();
      return resume({.how = Resume::How::kDetach});
    default:
      return reply("");  // "not supported", as the protocol has it
  }
}

void Session::verbose(std::string_view packet) {
  Scanner scan(packet);
  if (scan.take("vCont?")) return reply("vCont;c;C;s;S;r");
  if (scan.take("vCont;")) return continue_by_thread(scan.rest());
  if (scan.take("vFlash")) return flash(scan.rest());
  if (scan.take("vKill")) {
    ok();
    return resume({.how = Resume::How::kKill});
  }
  reply("");
}

/// c[ADDRESS], s[ADDRESS], and C and S with the signal to deliver first, of which a core has none.
void Session::continue_at(char command, std::string_view rest) {
  Scanner scan(rest);
  if (command == 'C' || command == 'S') {
    if (!scan.number()) return error(EINVAL);
    scan.take(";");
  }
  if (!scan.done()) {
    std::optional<std::uint32_t> address = scan.word();
    if (!address || !scan.done()) return error(EINVAL);
    target_.write_register(Register::kPc, *address);
  }
  bool step = command == 's' || command == 'S';
  resume({.how = step ? Resume::How::kStep : Resume::How::kContinue});
}

/// vCont;ACTION[:THREAD]...: the first action is that of the only thread, since one that names another thread
/// would be an error of gdb's.
void Session::continue_by_thread(std::string_view actions) {
  Scanner scan(actions);
  if (scan.take("c")) return resume({.how = Resume::How::kContinue});
  if (scan.take("s")) return resume({.how = Resume::How::kStep});
  if (scan.take("C") && scan.number()) return resume({.how = Resume::How::kContinue});
  if (scan.take("S") && scan.number()) return resume({.how = Resume::How::kStep});
  if (!scan.take("r")) return error(EINVAL);
  std::optional<std::uint32_t> begin = scan.word();
  if (!begin || !scan.take(",")) return error(EINVAL);
  std::optional<std::uint32_t> end = scan.word();
  if (!end) return error(EINVAL);
  resume({Resume::How::kStepRange, isa::Address(*begin), isa::Address(*end)});
}

}  // namespace sim::gdb
