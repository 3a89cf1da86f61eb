// Queries: what this server can do, the XML documents, `monitor` and `compare-sections`.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "sim/gdb/description.h"
#include "sim/gdb/hex.h"
#include "sim/gdb/monitor.h"
#include "sim/gdb/session.h"

namespace sim::gdb {
namespace {

/// The CRC of qCRC: polynomial 0x04C11DB7, most significant bit first, from all ones.
std::uint32_t crc32(std::uint32_t crc, std::span<const std::uint8_t> bytes) {
  constexpr std::uint32_t kPolynomial = 0x04c11db7;
  for (std::uint8_t byte : bytes) {
    crc ^= std::uint32_t{byte} << 24;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 0x80000000 ? crc << 1 ^ kPolynomial : crc << 1;
  }
  return crc;
}

}  // namespace

void Session::query(std::string_view packet) {
  Scanner scan(packet);
  if (scan.take("qSupported")) return supported(scan.rest());
  if (scan.take("QStartNoAckMode")) {
    ok();
    acknowledge_ = false;
    return;
  }
  if (scan.take("qXfer:")) return transfer(scan.rest());
  if (scan.take("qRcmd,")) return monitor(scan.rest());
  if (scan.take("qCRC:")) return checksum(scan.rest());
  if (packet == "qfThreadInfo") return reply("m1");
  if (packet == "qsThreadInfo") return reply("l");
  if (packet == "qC") return reply("QC1");
  if (scan.take("qAttached")) return reply("1");  // so that quitting lets the program go on
  if (scan.take("qSymbol")) return ok();
  reply("");
}

void Session::supported(std::string_view features) {
  knows_swbreak_ = features.find("swbreak+") != std::string_view::npos;
  knows_hwbreak_ = features.find("hwbreak+") != std::string_view::npos;
  reply(
      fmt::format("PacketSize={:x};qXfer:features:read+;qXfer:memory-map:read+;QStartNoAckMode+;"
                  "vContSupported+;swbreak+;hwbreak+",
                  kMaxPayload));
}

/// features:read:target.xml:OFFSET,SIZE and memory-map:read::OFFSET,SIZE.
void Session::transfer(std::string_view request) {
  Scanner scan(request);
  std::string document;
  if (scan.take("features:read:target.xml:")) {
    document = target_description(target_.board());
  } else if (scan.take("memory-map:read::")) {
    document = memory_map(target_.board());
  } else {
    return scan.take("features:read:") ? error(ENOENT) : reply("");
  }
  std::optional<std::uint64_t> offset = scan.number();
  if (!offset || !scan.take(",")) return error(EINVAL);
  std::optional<std::uint64_t> size = scan.number();
  if (!size || !scan.done()) return error(EINVAL);
  std::string_view rest = document;
  rest.remove_prefix(std::min<std::uint64_t>(*offset, rest.size()));
  std::string_view part = rest.substr(0, std::min<std::uint64_t>(*size, kMaxPayload / 2));
  reply(fmt::format("{}{}", part.size() == rest.size() ? 'l' : 'm', escape(part)));
}

void Session::monitor(std::string_view command) {
  std::optional<std::vector<std::uint8_t>> text = from_hex(command);
  if (!text) return error(EINVAL);
  reply(to_hex(answer_monitor(target_, {reinterpret_cast<const char*>(text->data()), text->size()})));
}

/// `compare-sections`: ADDRESS,SIZE.
void Session::checksum(std::string_view where) {
  Scanner scan(where);
  std::optional<Range> range = scan.range();
  constexpr std::uint64_t kSpace = std::uint64_t{1} << 32;
  if (!range || !scan.done() || range->size > kSpace - range->address.value) return error(EINVAL);
  std::uint32_t crc = 0xffffffff;
  std::vector<std::uint8_t> bytes(kMaxPayload);
  for (std::uint64_t done = 0; done < range->size; done += bytes.size()) {
    bytes.resize(std::min<std::uint64_t>(range->size - done, bytes.size()));
    isa::Address from = range->address + isa::Bytes(static_cast<std::int64_t>(done));
    if (target_.read_memory(from, bytes) != bytes.size()) return error(EFAULT);
    crc = crc32(crc, bytes);
  }
  reply(fmt::format("C{:x}", crc));
}

}  // namespace sim::gdb
