// Registers, memory, breakpoints and flash.
#include <algorithm>
#include <cerrno>

#include "sim/gdb/description.h"
#include "sim/gdb/hex.h"
#include "sim/gdb/session.h"

namespace sim::gdb {
namespace {

/// Little-endian, as the core has them.
void append(std::vector<std::uint8_t>& bytes, std::uint64_t value, unsigned bits) {
  for (unsigned shift = 0; shift < bits; shift += 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint64_t value_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::uint64_t{bytes[i]} << 8 * i;
  return value;
}

/// Sectors are erased to ones.
constexpr std::uint8_t kErased = 0xff;

/// The protocol's word for a flash command that is not for flash.
constexpr const char* kNoFlash = "E.memtype";

/// The bytes of flash from `address` to the end of its region; nothing where there is no flash.
std::optional<std::uint64_t> flash_from(const memory_model::Board& board, isa::Address address) {
  const memory_model::Region* region = board.region_at(address);
  if (!region || region->writable()) return std::nullopt;
  return static_cast<std::uint64_t>((region->end() - address).value);
}

}  // namespace

void Session::all_registers() {
  std::vector<std::uint8_t> bytes;
  for (const RegisterRow& row : registers_of(target_.board())) {
    append(bytes, target_.read_register(row.which), row.bits);
  }
  reply(to_hex(bytes));
}

void Session::set_all_registers(std::string_view values) {
  std::optional<std::vector<std::uint8_t>> bytes = from_hex(values);
  std::span<const RegisterRow> rows = registers_of(target_.board());
  std::size_t size = 0;
  for (const RegisterRow& row : rows) size += row.bits / 8;
  if (!bytes || bytes->size() != size) return error(EINVAL);
  std::span<const std::uint8_t> rest = *bytes;
  for (const RegisterRow& row : rows) {
    target_.write_register(row.which, value_of(rest.first(row.bits / 8)));
    rest = rest.subspan(row.bits / 8);
  }
  ok();
}

void Session::one_register(std::string_view number) {
  Scanner scan(number);
  std::optional<std::uint32_t> index = scan.word();
  std::span<const RegisterRow> rows = registers_of(target_.board());
  if (!index || !scan.done() || *index >= rows.size()) return error(EINVAL);
  std::vector<std::uint8_t> bytes;
  append(bytes, target_.read_register(rows[*index].which), rows[*index].bits);
  reply(to_hex(bytes));
}

void Session::set_one_register(std::string_view assignment) {
  Scanner scan(assignment);
  std::optional<std::uint32_t> index = scan.word();
  std::span<const RegisterRow> rows = registers_of(target_.board());
  if (!index || *index >= rows.size() || !scan.take("=")) return error(EINVAL);
  std::optional<std::vector<std::uint8_t>> bytes = from_hex(scan.rest());
  if (!bytes || bytes->size() != rows[*index].bits / 8) return error(EINVAL);
  target_.write_register(rows[*index].which, value_of(*bytes));
  ok();
}

void Session::read_memory(std::string_view where) {
  Scanner scan(where);
  std::optional<Range> range = scan.range();
  if (!range || !scan.done()) return error(EINVAL);
  // A reply may be shorter than what was asked for; gdb asks again.
  std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(range->size, kMaxPayload / 2));
  bytes.resize(target_.read_memory(range->address, bytes));
  if (bytes.empty() && range->size > 0) return error(EFAULT);
  reply(to_hex(bytes));
}

void Session::write_memory(std::string_view packet, bool binary) {
  Scanner scan(packet);
  std::optional<Range> range = scan.range();
  if (!range || !scan.take(":")) return error(EINVAL);
  std::optional<std::vector<std::uint8_t>> bytes = binary ? unescape(scan.rest()) : from_hex(scan.rest());
  if (!bytes || bytes->size() != range->size) return error(EINVAL);
  if (!bytes->empty() && !target_.write_memory(range->address, *bytes)) return error(EFAULT);
  ok();
}

/// Z and z: TYPE,ADDRESS,SIZE.
void Session::point(bool insert, std::string_view rest) {
  Scanner scan(rest);
  std::optional<std::uint32_t> kind = scan.word();
  if (!kind || !scan.take(",")) return error(EINVAL);
  std::optional<Range> range = scan.range();
  // What may follow are conditions and commands for the target to evaluate, which were not offered.
  if (!range || !scan.done() || range->size > UINT32_MAX) return error(EINVAL);
  if (*kind > static_cast<std::uint32_t>(PointKind::kAccessWatch)) return reply("");
  Point point{static_cast<PointKind>(*kind), range->address, static_cast<std::uint32_t>(range->size)};
  if (point.is_watch() && (point.size == 0 || point.size - 1 > UINT32_MAX - point.address.value)) {
    return error(EINVAL);
  }
  bool done = insert ? target_.insert(point) : target_.remove(point);
  return done ? ok() : error(EFAULT);
}

/// vFlashErase:ADDRESS,SIZE, vFlashWrite:ADDRESS:DATA and vFlashDone: what `load` sends.
void Session::flash(std::string_view command) {
  Scanner scan(command);
  if (scan.take("Done")) return ok();
  if (scan.take("Erase:")) {
    std::optional<Range> range = scan.range();
    if (!range || !scan.done()) return error(EINVAL);
    std::optional<std::uint64_t> room = flash_from(target_.board(), range->address);
    if (!room) return reply(kNoFlash);
    if (range->size > *room) return error(EINVAL);
    std::vector<std::uint8_t> erased(range->size, kErased);
    return target_.write_memory(range->address, erased) ? ok() : error(EFAULT);
  }
  if (!scan.take("Write:")) return reply("");
  std::optional<std::uint32_t> address = scan.word();
  if (!address || !scan.take(":")) return error(EINVAL);
  std::optional<std::vector<std::uint8_t>> bytes = unescape(scan.rest());
  if (!bytes) return error(EINVAL);
  if (!flash_from(target_.board(), isa::Address(*address))) return reply(kNoFlash);
  return target_.write_memory(isa::Address(*address), *bytes) ? ok() : error(EFAULT);
}

}  // namespace sim::gdb
