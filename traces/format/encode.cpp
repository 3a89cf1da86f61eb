// Pieces into FlatBuffers (trace.fbs). One `row` a struct, in the schema's order of fields.
#include <zstd.h>

#include <memory>

#include "isa/check.h"
#include "traces/format/piece.h"
#include "traces/trace_generated.h"

namespace traces {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::String;
using flatbuffers::Vector;

/// zstd's fastest level that still finds the repetition in rows of numbers: packing must not slow the run
/// that is watched.
constexpr int kLevel = 1;

fb::Causes row(const isa::CauseCycles& x) {
  return fb::Causes(x.by);
}

fb::Counts row(const Counts& x) {
  return fb::Counts(x.instructions, x.loads, x.stores, x.load_bytes, x.store_bytes, row(x.causes),
                    x.memory.icache_fills, x.memory.dcache_fills, x.memory.dcache_write_backs,
                    x.memory.bus_transactions, x.memory.device_accesses);
}

fb::Clock row(const Clock& x) {
  return fb::Clock(x.cycle, x.core_hz);
}

fb::Symbol row(const Symbol& x) {
  return fb::Symbol(x.name, x.address, x.bytes, x.is_function);
}

fb::Step row(const Step& x) {
  return fb::Step(x.begin, x.end, x.macs, row(x.counts), x.id, x.patch, x.op, x.name, x.phase);
}

fb::Buffer row(const Buffer& x) {
  return fb::Buffer(x.first_write, x.last_write, x.first_read, x.last_read, x.name, x.kind, x.type, x.shape,
                    x.tensor, x.address, x.bytes, x.first_step, x.last_step, x.bytes_written, x.bytes_read);
}

fb::Life row(const Life& x) {
  return fb::Life(x.born, x.last_write, x.first_read, x.last_read, x.released, x.id, x.address, x.bytes,
                  x.touched, x.generations, x.name, x.owner, x.writer, x.writer_line, x.reader, x.reader_line,
                  x.writer_pc, x.reader_pc, x.born_step, x.died_step, x.buffer, x.region,
                  static_cast<std::uint8_t>(x.kind), x.flags);
}

fb::Sample row(const Sample& x) {
  return fb::Sample(x.begin, x.end, x.instructions, row(x.causes), x.stack_bytes);
}

fb::Finding row(const Finding& x) {
  return fb::Finding(x.cycle, x.count, x.saves_bytes, x.text, x.pc, x.function, x.line, x.owner, x.step,
                     x.address, x.bytes, static_cast<std::uint8_t>(x.kind), x.is_problem);
}

fb::FunctionCost row(const FunctionCost& x) {
  return fb::FunctionCost(x.calls, x.instructions, row(x.causes), x.name, x.file, x.address);
}

fb::LineCost row(const LineCost& x) {
  return fb::LineCost(x.instructions, row(x.causes), x.function, x.file, x.line);
}

fb::CallNode row(const CallNode& x) {
  return fb::CallNode(x.calls, x.self_cycles, x.self_instructions, x.parent, x.function);
}

fb::ListingRow row(const ListingRow& x) {
  return fb::ListingRow(x.executions, x.cycles, x.address, x.text, x.file, x.line);
}

template <class Value>
using RowOf = decltype(row(std::declval<const Value&>()));

template <class Value>
Offset<Vector<const RowOf<Value>*>> rows(FlatBufferBuilder& out, const std::vector<Value>& values) {
  RowOf<Value> (*const to_row)(const Value&) = row;
  return out.CreateVectorOfNativeStructs<RowOf<Value>, Value>(values, to_row);
}

/// The same, but nothing at all for no values.
template <class Value>
Offset<Vector<const RowOf<Value>*>> some_rows(FlatBufferBuilder& out, const std::vector<Value>& values) {
  if (values.empty()) return 0;
  return rows(out, values);
}

Offset<Vector<Offset<String>>> texts(FlatBufferBuilder& out, const std::vector<std::string>& values) {
  if (values.empty()) return 0;
  return out.CreateVectorOfStrings(values);
}

Offset<fb::Region> table(FlatBufferBuilder& out, const Region& x) {
  return fb::CreateRegion(out, out.CreateString(x.name), out.CreateString(x.kind), x.base, x.bytes,
                          x.writable);
}

Offset<fb::Heat> table(FlatBufferBuilder& out, const Heat& x) {
  const auto reads = out.CreateVector(x.reads);
  const auto writes = out.CreateVector(x.writes);
  return fb::CreateHeat(out, x.region, x.base, x.row_bytes, x.begin, x.column_cycles, x.rows, x.columns,
                        reads, writes);
}

Offset<fb::Listing> table(FlatBufferBuilder& out, const Listing& x) {
  return fb::CreateListing(out, x.function, some_rows(out, x.rows));
}

Offset<fb::Source> table(FlatBufferBuilder& out, const SourceText& x) {
  return fb::CreateSource(out, x.file, x.first_line, out.CreateVector(x.lines));
}

Offset<fb::End> table(FlatBufferBuilder& out, const End& x) {
  const auto reason = out.CreateString(x.reason);
  const auto notes = texts(out, x.notes);
  const fb::Counts total = row(x.total);
  return fb::CreateEnd(out, reason, x.exit_code, x.cycles, x.seconds, &total, x.stack_top,
                       x.stack_limit_bytes, x.stack_bytes, x.stack_cycle, x.stack_path, x.lives_dropped,
                       x.samples_dropped, x.heat_dropped, notes);
}

template <class Value>
using TableOf = decltype(table(std::declval<FlatBufferBuilder&>(), std::declval<const Value&>()));

template <class Value>
Offset<Vector<TableOf<Value>>> tables(FlatBufferBuilder& out, const std::vector<Value>& values) {
  if (values.empty()) return 0;
  std::vector<TableOf<Value>> offsets;
  offsets.reserve(values.size());
  for (const Value& value : values) offsets.push_back(table(out, value));
  return out.CreateVector(offsets);
}

Offset<fb::Piece> table(FlatBufferBuilder& out, const Piece& x) {
  const auto strings = texts(out, x.strings);
  const auto regions = tables(out, x.regions);
  const auto clocks = some_rows(out, x.clocks);
  const auto symbols = some_rows(out, x.symbols);
  const auto steps = some_rows(out, x.steps);
  const auto lives = some_rows(out, x.lives);
  const auto samples = some_rows(out, x.samples);
  const auto heat = tables(out, x.heat);
  const auto functions = some_rows(out, x.functions);
  const auto lines = some_rows(out, x.lines);
  const auto calls = some_rows(out, x.calls);
  const auto listings = tables(out, x.listings);
  const auto sources = tables(out, x.sources);
  Offset<Vector<const fb::Buffer*>> buffers;
  if (x.buffers) buffers = rows(out, *x.buffers);
  Offset<Vector<const fb::Finding*>> findings;
  if (x.findings) findings = rows(out, *x.findings);
  Offset<fb::End> end;
  if (x.end) end = table(out, *x.end);
  return fb::CreatePiece(out, x.reached, strings, regions, clocks, symbols, steps, buffers, lives, samples,
                         heat, findings, functions, lines, calls, listings, sources, end);
}

template <class Content>
std::vector<std::uint8_t> chunk_of(FlatBufferBuilder& out, fb::Body kind, Offset<Content> content) {
  out.FinishSizePrefixed(fb::CreateChunk(out, kind, content.Union()), fb::ChunkIdentifier());
  return {out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize()};
}

std::vector<std::uint8_t> pack(std::span<const std::uint8_t> bytes) {
  // A context is a megabyte of tables: kept from one chunk to the next.
  static thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> kContext(ZSTD_createCCtx(),
                                                                                          &ZSTD_freeCCtx);
  std::vector<std::uint8_t> packed(ZSTD_compressBound(bytes.size()));
  const std::size_t size =
      ZSTD_compressCCtx(kContext.get(), packed.data(), packed.size(), bytes.data(), bytes.size(), kLevel);
  CHECK(!ZSTD_isError(size));
  packed.resize(size);
  return packed;
}

}  // namespace

std::vector<std::uint8_t> encode_header(const About& x) {
  FlatBufferBuilder out;
  const auto header = fb::CreateHeaderDirect(out, kFormat, x.tool.c_str(), x.command.c_str(), x.board.c_str(),
                                             x.board_title.c_str(), x.firmware.c_str(),
                                             x.firmware_hash.c_str(), x.model.c_str(), x.core_hz,
                                             x.macs_per_cycle, x.arena_bytes, x.arena_lower_bound_bytes);
  return chunk_of(out, fb::Body::Header, header);
}

Encoded encode_piece(const Piece& piece, bool packed) {
  FlatBufferBuilder plain;
  if (!packed) {
    std::vector<std::uint8_t> chunk = chunk_of(plain, fb::Body::Piece, table(plain, piece));
    const std::size_t bytes = chunk.size();
    return {std::move(chunk), bytes};
  }
  plain.Finish(table(plain, piece));
  const std::vector<std::uint8_t> data = pack({plain.GetBufferPointer(), plain.GetSize()});
  FlatBufferBuilder out(data.size() + 64);
  const auto body = fb::CreatePacked(out, plain.GetSize(), out.CreateVector(data));
  return {chunk_of(out, fb::Body::Packed, body), plain.GetSize()};
}

}  // namespace traces
