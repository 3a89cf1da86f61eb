// Whatever comes over the wire: every answer is whole packets and acknowledgements, and the session holds
// no more than one packet of a stopped target's input.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sim/gdb/session.h"
#include "tests/sim/gdb/fake_target.h"

namespace {

using sim::gdb::PacketReader;

void check_output(const std::string& output) {
  PacketReader reader;
  reader.add(output);
  while (auto item = reader.next()) {
    bool sound = item->kind == PacketReader::Kind::kPacket || item->kind == PacketReader::Kind::kAck ||
                 item->kind == PacketReader::Kind::kNack;
    if (!sound) std::abort();
  }
  if (reader.waiting() > 0) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sim::gdb::test::FakeTarget target;
  sim::gdb::Session session(target);
  std::string_view input(reinterpret_cast<const char*>(data), size);
  // In pieces, as TCP may cut it.
  constexpr std::size_t kPiece = 61;
  for (; !input.empty(); input.remove_prefix(std::min(kPiece, input.size()))) {
    session.receive(input.substr(0, kPiece));
    while (session.take_resume()) {
      session.take_interrupt();
      sim::gdb::Stop stop;
      stop.explanation = "stopped\n";
      stop.point = sim::gdb::Point{sim::gdb::PointKind::kReadWatch, isa::Address(size), 4};
      session.stopped(stop);
    }
    check_output(session.take_output());
    if (session.waiting() > sim::gdb::kMaxPayload + kPiece + 4) std::abort();
  }
  return 0;
}
