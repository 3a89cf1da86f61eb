// FlatBuffers (trace.fbs) into pieces. The bytes come from anywhere: FlatBuffers' verifier goes over them
// first, so that what follows stays inside them; what the numbers say is checked afterwards (piece_check.h).
#include <fmt/format.h>
#include <zstd.h>

#include <cstring>
#include <memory>

#include "traces/format/piece.h"
#include "traces/trace_generated.h"

namespace traces {
namespace {

using Bytes = std::span<const std::uint8_t>;

isa::CauseCycles value(const fb::Causes& x) {
  isa::CauseCycles causes;
  for (std::size_t i = 0; i < isa::kCauses; ++i) causes.by[i] = x.by()->Get(static_cast<unsigned>(i));
  return causes;
}

Counts value(const fb::Counts& x) {
  return {.instructions = x.instructions(),
          .loads = x.loads(),
          .stores = x.stores(),
          .load_bytes = x.load_bytes(),
          .store_bytes = x.store_bytes(),
          .causes = value(x.causes()),
          .memory = {.icache_fills = x.icache_fills(),
                     .dcache_fills = x.dcache_fills(),
                     .dcache_write_backs = x.dcache_write_backs(),
                     .bus_transactions = x.bus_transactions(),
                     .device_accesses = x.device_accesses()}};
}

Clock value(const fb::Clock& x) {
  return {.cycle = x.cycle(), .core_hz = x.core_hz()};
}

Symbol value(const fb::Symbol& x) {
  return {.name = x.name(), .address = x.address(), .bytes = x.bytes(), .is_function = x.is_function()};
}

Step value(const fb::Step& x) {
  return {.id = x.id(),
          .op = x.op(),
          .name = x.name(),
          .phase = x.phase(),
          .patch = x.patch(),
          .begin = x.begin(),
          .end = x.end(),
          .macs = x.macs(),
          .counts = value(x.counts())};
}

Buffer value(const fb::Buffer& x) {
  return {.name = x.name(),
          .kind = x.kind(),
          .type = x.type(),
          .shape = x.shape(),
          .tensor = x.tensor(),
          .address = x.address(),
          .bytes = x.bytes(),
          .first_step = x.first_step(),
          .last_step = x.last_step(),
          .first_write = x.first_write(),
          .last_write = x.last_write(),
          .first_read = x.first_read(),
          .last_read = x.last_read(),
          .bytes_written = x.bytes_written(),
          .bytes_read = x.bytes_read()};
}

Life value(const fb::Life& x) {
  return {.id = x.id(),
          .kind = static_cast<LifeKind>(x.kind()),
          .flags = x.flags(),
          .region = x.region(),
          .address = x.address(),
          .bytes = x.bytes(),
          .touched = x.touched(),
          .generations = x.generations(),
          .born = x.born(),
          .last_write = x.last_write(),
          .first_read = x.first_read(),
          .last_read = x.last_read(),
          .released = x.released(),
          .name = x.name(),
          .owner = x.owner(),
          .writer = x.writer(),
          .writer_line = x.writer_line(),
          .reader = x.reader(),
          .reader_line = x.reader_line(),
          .writer_pc = x.writer_pc(),
          .reader_pc = x.reader_pc(),
          .born_step = x.born_step(),
          .died_step = x.died_step(),
          .buffer = x.buffer()};
}

Sample value(const fb::Sample& x) {
  return {.begin = x.begin(),
          .end = x.end(),
          .instructions = x.instructions(),
          .causes = value(x.causes()),
          .stack_bytes = x.stack_bytes()};
}

Finding value(const fb::Finding& x) {
  return {.kind = static_cast<FindingKind>(x.kind()),
          .is_problem = x.is_problem(),
          .text = x.text(),
          .pc = x.pc(),
          .function = x.function(),
          .line = x.line(),
          .owner = x.owner(),
          .step = x.step(),
          .address = x.address(),
          .bytes = x.bytes(),
          .cycle = x.cycle(),
          .count = x.count(),
          .saves_bytes = x.saves_bytes()};
}

FunctionCost value(const fb::FunctionCost& x) {
  return {.name = x.name(),
          .file = x.file(),
          .address = x.address(),
          .calls = x.calls(),
          .instructions = x.instructions(),
          .causes = value(x.causes())};
}

LineCost value(const fb::LineCost& x) {
  return {.function = x.function(),
          .file = x.file(),
          .line = x.line(),
          .instructions = x.instructions(),
          .causes = value(x.causes())};
}

CallNode value(const fb::CallNode& x) {
  return {.parent = x.parent(),
          .function = x.function(),
          .calls = x.calls(),
          .self_cycles = x.self_cycles(),
          .self_instructions = x.self_instructions()};
}

ListingRow value(const fb::ListingRow& x) {
  return {.address = x.address(),
          .text = x.text(),
          .file = x.file(),
          .line = x.line(),
          .executions = x.executions(),
          .cycles = x.cycles()};
}

std::string value(const flatbuffers::String& x) {
  return x.str();
}
Region value(const fb::Region& x);
Heat value(const fb::Heat& x);
Listing value(const fb::Listing& x);
SourceText value(const fb::Source& x);

/// The verifier of FlatBuffers 2.0.8 lets structs lie where the host cannot read their numbers.
template <class Row>
void check_alignment(const flatbuffers::Vector<const Row*>& rows) {
  if (rows.size() > 0 && reinterpret_cast<std::uintptr_t>(rows.Data()) % alignof(Row) != 0)
    throw PieceError("is damaged: rows that are not aligned");
}
template <class Table>
void check_alignment(const flatbuffers::Vector<flatbuffers::Offset<Table>>&) {}

/// All members of a vector that may be missing.
template <class Vector>
auto values(const Vector* vector) {
  std::vector<decltype(value(*vector->Get(0)))> all;
  if (!vector) return all;
  check_alignment(*vector);
  all.reserve(vector->size());
  for (const auto* member : *vector) all.push_back(value(*member));
  return all;
}

/// Of a field that the file leaves out.
std::string text(const flatbuffers::String* x) {
  return x ? x->str() : std::string();
}

std::vector<std::uint8_t> levels(const flatbuffers::Vector<std::uint8_t>* x) {
  if (!x) return {};
  return {x->data(), x->data() + x->size()};
}

Region value(const fb::Region& x) {
  return {.name = text(x.name()),
          .kind = text(x.kind()),
          .base = x.base(),
          .bytes = x.bytes(),
          .writable = x.writable()};
}

Heat value(const fb::Heat& x) {
  return {.region = x.region(),
          .base = x.base(),
          .row_bytes = x.row_bytes(),
          .begin = x.begin(),
          .column_cycles = x.column_cycles(),
          .rows = x.rows(),
          .columns = x.columns(),
          .reads = levels(x.reads()),
          .writes = levels(x.writes())};
}

Listing value(const fb::Listing& x) {
  return {.function = x.function(), .rows = values(x.rows())};
}

SourceText value(const fb::Source& x) {
  SourceText source{.file = x.file(), .first_line = x.first_line(), .lines = {}};
  if (x.lines()) source.lines.assign(x.lines()->begin(), x.lines()->end());
  return source;
}

End value(const fb::End& x) {
  return {.reason = text(x.reason()),
          .exit_code = x.exit_code(),
          .cycles = x.cycles(),
          .seconds = x.seconds(),
          .total = x.total() ? value(*x.total()) : Counts{},
          .stack_top = x.stack_top(),
          .stack_limit_bytes = x.stack_limit_bytes(),
          .stack_bytes = x.stack_bytes(),
          .stack_cycle = x.stack_cycle(),
          .stack_path = x.stack_path(),
          .lives_dropped = x.lives_dropped(),
          .samples_dropped = x.samples_dropped(),
          .heat_dropped = x.heat_dropped(),
          .notes = values(x.notes())};
}

Piece value(const fb::Piece& x) {
  Piece piece;
  piece.reached = x.reached();
  piece.strings = values(x.strings());
  piece.regions = values(x.regions());
  piece.clocks = values(x.clocks());
  piece.symbols = values(x.symbols());
  piece.steps = values(x.steps());
  if (x.buffers()) piece.buffers = values(x.buffers());
  piece.lives = values(x.lives());
  piece.samples = values(x.samples());
  piece.heat = values(x.heat());
  if (x.findings()) piece.findings = values(x.findings());
  piece.functions = values(x.functions());
  piece.lines = values(x.lines());
  piece.calls = values(x.calls());
  piece.listings = values(x.listings());
  piece.sources = values(x.sources());
  if (x.end()) piece.end = value(*x.end());
  return piece;
}

std::uint64_t bytes_of(const flatbuffers::String* x) {
  return x ? x->size() : 0;
}

/// What the tables and vectors of a piece hold together.
std::uint64_t content_bytes(const fb::Piece& x) {
  std::uint64_t sum = 0;
  const auto each = [](const auto* vector, auto&& visit) {
    if (vector)
      for (const auto* member : *vector) visit(*member);
  };
  const auto add_text = [&](const flatbuffers::String& text) { sum += sizeof(std::uint32_t) + text.size(); };
  each(x.strings(), add_text);
  each(x.regions(), [&](const fb::Region& r) { sum += bytes_of(r.name()) + bytes_of(r.kind()); });
  each(x.heat(), [&](const fb::Heat& h) {
    sum += (h.reads() ? h.reads()->size() : 0) + (h.writes() ? h.writes()->size() : 0);
  });
  each(x.listings(),
       [&](const fb::Listing& l) { sum += l.rows() ? l.rows()->size() * sizeof(fb::ListingRow) : 0; });
  each(x.sources(),
       [&](const fb::Source& s) { sum += s.lines() ? s.lines()->size() * sizeof(StringId) : 0; });
  if (x.end()) each(x.end()->notes(), add_text);
  return sum;
}

/// Offsets in a FlatBuffer may lead many times to the same bytes: a few of them can stand for gigabytes.
Piece bounded_value(const fb::Piece& x, std::size_t bytes) {
  const std::uint64_t content = content_bytes(x);
  if (content > bytes) throw PieceError(fmt::format("holds {} bytes of content in {} bytes", content, bytes));
  return value(x);
}

/// FlatBuffers read numbers in place: the bytes, or a copy of them, where the host can read a 64-bit number.
class Aligned {
 public:
  explicit Aligned(Bytes bytes) : bytes_(bytes) {
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(std::uint64_t) == 0) return;
    copy_.resize((bytes.size() + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t));
    std::memcpy(copy_.data(), bytes.data(), bytes.size());
    bytes_ = {reinterpret_cast<const std::uint8_t*>(copy_.data()), bytes.size()};
  }
  Bytes bytes() const { return bytes_; }

 private:
  std::vector<std::uint64_t> copy_;
  Bytes bytes_;
};

flatbuffers::Verifier verifier(Bytes bytes) {
  flatbuffers::Verifier::Options options;
  options.max_depth = 8;  // chunk, body, table, row
  options.max_tables = flatbuffers::uoffset_t{1} << 22;
  return flatbuffers::Verifier(bytes.data(), bytes.size(), options);
}

const fb::Chunk& chunk_in(Bytes bytes) {
  if (bytes.size() > kMaxChunkBytes)
    throw PieceError(fmt::format("has {} bytes, expected at most {}", bytes.size(), kMaxChunkBytes));
  flatbuffers::Verifier check = verifier(bytes);
  if (!fb::VerifySizePrefixedChunkBuffer(check)) throw PieceError("is damaged: no FlatBuffer of a chunk");
  return *fb::GetSizePrefixedChunk(bytes.data());
}

std::vector<std::uint64_t> unpack(const fb::Packed& packed, std::size_t max_bytes) {
  if (packed.bytes() > max_bytes)
    throw PieceError(fmt::format("unpacks to {} bytes, expected at most {}", packed.bytes(), max_bytes));
  static thread_local const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> kContext(ZSTD_createDCtx(),
                                                                                          &ZSTD_freeDCtx);
  const Bytes data = packed.data() ? Bytes(packed.data()->data(), packed.data()->size()) : Bytes();
  std::vector<std::uint64_t> out((packed.bytes() + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t));
  const std::size_t size =
      ZSTD_decompressDCtx(kContext.get(), out.data(), packed.bytes(), data.data(), data.size());
  if (ZSTD_isError(size)) throw PieceError(fmt::format("cannot be unpacked: {}", ZSTD_getErrorName(size)));
  if (size != packed.bytes())
    throw PieceError(fmt::format("unpacks to {} bytes, expected {}", size, packed.bytes()));
  return out;
}

Decoded unpacked_piece(const fb::Packed& packed, std::size_t max_bytes) {
  const std::vector<std::uint64_t> words = unpack(packed, max_bytes);
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(words.data()), packed.bytes());
  flatbuffers::Verifier check = verifier(bytes);
  if (!check.VerifyBuffer<fb::Piece>(nullptr))
    throw PieceError("is damaged: unpacks to no FlatBuffer of a piece");
  return {bounded_value(*flatbuffers::GetRoot<fb::Piece>(bytes.data()), bytes.size()), bytes.size()};
}

}  // namespace

About decode_header(Bytes bytes) {
  const Aligned aligned(bytes);
  const fb::Header* x = chunk_in(aligned.bytes()).body_as_Header();
  if (!x || x->format() == 0) throw PieceError("is no header, expected one at the begin of the file");
  if (x->format() > kFormat)
    throw NewerFormat(
        fmt::format("was written by a newer m7scope (format {}), this one reads {}", x->format(), kFormat));
  return {.tool = text(x->tool()),
          .command = text(x->command()),
          .board = text(x->board()),
          .board_title = text(x->board_title()),
          .firmware = text(x->firmware()),
          .firmware_hash = text(x->firmware_hash()),
          .model = text(x->model()),
          .core_hz = x->core_hz(),
          .macs_per_cycle = x->macs_per_cycle(),
          .arena_bytes = x->arena_bytes(),
          .arena_lower_bound_bytes = x->arena_lower_bound_bytes()};
}

Decoded decode_piece(Bytes bytes, std::size_t max_bytes) {
  const Aligned aligned(bytes);
  const fb::Chunk& chunk = chunk_in(aligned.bytes());
  if (const fb::Packed* packed = chunk.body_as_Packed()) return unpacked_piece(*packed, max_bytes);
  if (bytes.size() > max_bytes)
    throw PieceError(fmt::format("has {} bytes, expected at most {}", bytes.size(), max_bytes));
  if (const fb::Piece* piece = chunk.body_as_Piece())
    return {bounded_value(*piece, bytes.size()), bytes.size()};
  if (chunk.body_as_Header()) throw PieceError("is a second header");
  return {};
}

}  // namespace traces
