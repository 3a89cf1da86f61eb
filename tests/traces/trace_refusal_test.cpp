// Files that cannot be right: one line each that names the chunk, the thing, what was found and expected.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>

#include "tests/traces/sample_trace.h"
#include "tests/traces/temporary_folder.h"
#include "traces/format/piece.h"
#include "traces/trace_generated.h"
#include "traces/trace_reader.h"

namespace traces {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Bytes = std::vector<std::uint8_t>;

std::string error_of(const Bytes& bytes, std::uint64_t max_unpacked_bytes = kMaxUnpackedBytes) {
  try {
    parse_trace(bytes, "a.m7t", max_unpacked_bytes);
  } catch (const TraceError& error) {
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
    return error.what();
  }
  return "";
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// A whole trace as one piece.
Piece whole_piece() {
  const Trace trace =
      sample_trace({.steps = 3, .lives = 9, .samples = 5, .heat_samples = 512, .functions = 2});
  Piece piece;
  piece.reached = trace.reached;
  piece.strings.assign(trace.strings.begin() + 1, trace.strings.end());
  piece.regions = trace.regions;
  piece.clocks = trace.clocks;
  piece.symbols = trace.symbols;
  piece.steps = trace.steps;
  piece.buffers = trace.buffers;
  piece.lives = trace.lives;
  piece.samples = trace.samples;
  piece.heat = trace.heat;
  piece.findings = trace.findings;
  piece.functions = trace.functions;
  piece.lines = trace.lines;
  piece.calls = trace.calls;
  piece.listings = trace.listings;
  piece.sources = trace.sources;
  piece.end = trace.end;
  return piece;
}

Bytes header() {
  return encode_header({});
}

Bytes header_with(const std::function<void(About&)>& spoil) {
  About about;
  spoil(about);
  return encode_header(about);
}
Bytes chunk(const Piece& piece) {
  return encode_piece(piece).chunk;
}

TEST(TraceRefusal, IsNotForAWholePiece) {
  EXPECT_EQ(error_of(header() + chunk(whole_piece())), "");
  EXPECT_EQ(error_of(header() + encode_piece(whole_piece(), false).chunk), "");
}

struct Spoiled {
  const char* expected;
  std::function<void(Piece&)> spoil;
};

TEST(TraceRefusal, NamesTheThingWhatWasFoundAndWhatWasExpected) {
  constexpr std::uint64_t kLate = std::uint64_t{1} << 61;
  constexpr std::uint32_t kNoText = 9999;
  const std::vector<Spoiled> cases = {
      {"text 3: it is no clean text, expected UTF-8", [](Piece& p) { p.strings[2] = "\xff"; }},
      {"text 3: it is 70000, expected at most 65536",
       [](Piece& p) { p.strings[2] = std::string(70000, 'x'); }},
      {"region 1: end is 0x100000001, expected an address of 32 bits",
       [](Piece& p) {
         p.regions[1] = {"a", "sram", 0xffffffff, 2, true};
       }},
      {"region 0: name is no clean text", [](Piece& p) { p.regions[0].name = std::string("a\0b", 3); }},
      {"clock 1: cycle is 800, expected at least 900",
       [](Piece& p) {
         p.clocks = {{900, 1e6}, {800, 1e6}};
       }},
      {"clock 0: core_hz is nan, expected a frequency", [](Piece& p) { p.clocks[0].core_hz = NAN; }},
      {"clock 0: core_hz is 0, expected a frequency", [](Piece& p) { p.clocks[0].core_hz = 0; }},
      {"clock 0: core_hz is inf", [](Piece& p) { p.clocks[0].core_hz = HUGE_VAL; }},
      {"symbol 0: name is text 9999, expected below", [=](Piece& p) { p.symbols[0].name = kNoText; }},
      {"symbol 0: end is 0x100000001, expected an address of 32 bits",
       [](Piece& p) { p.symbols[0].address = 0xffffffff, p.symbols[0].bytes = 2; }},
      {"step 1: op is text 9999", [=](Piece& p) { p.steps[1].op = kNoText; }},
      {"step 1: begin is ", [](Piece& p) { p.steps[1].begin = p.steps[1].end + 1; }},
      {"step 1: begin is 5, expected at least", [](Piece& p) { p.steps[1].begin = 5; }},
      {"step 2: end is 2305843009213693952, expected at most", [=](Piece& p) { p.steps[2].end = kLate; }},
      {"step 0: macs is -1, expected 0 to", [](Piece& p) { p.steps[0].macs = -1; }},
      {"step 0: patch is -2, expected at least -1", [](Piece& p) { p.steps[0].patch = -2; }},
      {"buffer 2: shape is text 9999", [=](Piece& p) { (*p.buffers)[2].shape = kNoText; }},
      {"buffer 1: first_step is 7", [](Piece& p) { (*p.buffers)[1].first_step = 7; }},
      {"buffer 1: first_write is ", [](Piece& p) { (*p.buffers)[1].first_write = kNever; }},
      {"buffer 1: bytes_read is ", [](Piece& p) { (*p.buffers)[1].bytes_read = 1u << 30; }},
      {"life 9: id is 9, expected at most 4", [](Piece& p) { p.lives[4].id = 9; }},
      {"life 3: kind is 10, expected at most 9",
       [](Piece& p) { p.lives[3].kind = static_cast<LifeKind>(10); }},
      {"life 3: flags is 4, expected at most 3", [](Piece& p) { p.lives[3].flags = 4; }},
      {"life 3: region is 3, expected below 3", [](Piece& p) { p.lives[3].region = 3; }},
      {"expected inside region 2, 0x20010000 to 0x20050000",
       [](Piece& p) { p.lives[3].region = 2, p.lives[3].address = 0x2000ffff; }},
      {"expected inside region 2",
       [](Piece& p) { p.lives[3].region = 2, p.lives[3].address = 0x20010000, p.lives[3].bytes = 0x40001; }},
      {"life 3: touched is ", [](Piece& p) { p.lives[3].touched = p.lives[3].bytes + 1; }},
      {"life 3: bytes is 0, expected at least 1",
       [](Piece& p) { p.lives[3].bytes = p.lives[3].touched = 0; }},
      {"life 3: born is ", [](Piece& p) { p.lives[3].born = p.lives[3].last_write + 1; }},
      {"life 3: first_read is ", [](Piece& p) { p.lives[3].first_read = kNever; }},
      {"life 3: last_read is ", [](Piece& p) { p.lives[3].last_read = kNever; }},
      {"life 3: first_read is 9, expected at most 8",
       [](Piece& p) { p.lives[3].first_read = 9, p.lives[3].last_read = 8; }},
      {"life 3: born is ",
       [](Piece& p) { p.lives[3].born = p.lives[3].last_write = 7, p.lives[3].released = 6; }},
      {"life 3: a name is text 9999", [=](Piece& p) { p.lives[3].reader_line = kNoText; }},
      {"life 3: born_step is 3, expected -1 to 2", [](Piece& p) { p.lives[3].born_step = 3; }},
      {"life 3: died_step is -2, expected -1 to 2", [](Piece& p) { p.lives[3].died_step = -2; }},
      {"life 3: buffer is 4, expected -1 to 3", [](Piece& p) { p.lives[3].buffer = 4; }},
      {"sample 2: begin is ",
       [](Piece& p) {
         p.samples.erase(p.samples.begin() + 1);
         p.samples.insert(p.samples.begin() + 1, p.samples[0]);
         p.samples[1].begin = p.samples[1].end;
         p.samples[1].end += 1;
       }},
      {"sample 0: begin is 8, expected at most 7",
       [](Piece& p) { p.samples[0].begin = 8, p.samples[0].end = 7; }},
      {"heat 0: region is 9", [](Piece& p) { p.heat[0].region = 9; }},
      {"heat 0: row_bytes is 0", [](Piece& p) { p.heat[0].row_bytes = 0; }},
      {"heat 0: column_cycles is 0", [](Piece& p) { p.heat[0].column_cycles = 0; }},
      {"heat 0: rows x columns is 18446744065119617025, expected at most 16777216",
       [](Piece& p) { p.heat[0].rows = p.heat[0].columns = 0xffffffff; }},
      {"heat 0: reads is 512, expected 1024 levels", [](Piece& p) { p.heat[0].columns = 4; }},
      {"heat 0: writes is 1, expected 512 levels", [](Piece& p) { p.heat[0].writes.resize(1); }},
      {"heat 0: extent is ", [](Piece& p) { p.heat[0].base += p.heat[0].row_bytes; }},
      {"heat 0: columns is 2, expected an end of at most",
       [](Piece& p) { p.heat[0].column_cycles = std::uint64_t{1} << 60; }},
      {"finding 1: kind is 10", [](Piece& p) { (*p.findings)[1].kind = static_cast<FindingKind>(10); }},
      {"finding 1: a text is text 9999", [=](Piece& p) { (*p.findings)[1].owner = kNoText; }},
      {"finding 1: step is 3, expected -1 to 2", [](Piece& p) { (*p.findings)[1].step = 3; }},
      {"finding 1: count is 0", [](Piece& p) { (*p.findings)[1].count = 0; }},
      {"finding 1: saves_bytes is -1", [](Piece& p) { (*p.findings)[1].saves_bytes = -1; }},
      {"function 1: file is text 9999", [=](Piece& p) { p.functions[1].file = kNoText; }},
      {"line 1: line is -1", [](Piece& p) { p.lines[1].line = -1; }},
      {"call 0: parent is 1, expected below 1", [](Piece& p) { p.calls[0].parent = 1; }},
      {"call 2: parent is 2, expected below 2", [](Piece& p) { p.calls[2].parent = 2; }},
      {"listing 1: an instruction is text 9999", [=](Piece& p) { p.listings[1].rows[2].text = kNoText; }},
      {"source 0: first_line is 0", [](Piece& p) { p.sources[0].first_line = 0; }},
      {"source 0: first_line is 2147483647",
       [](Piece& p) { p.sources[0].first_line = std::numeric_limits<int>::max(); }},
      {"source 0: a line is text 9999", [=](Piece& p) { p.sources[0].lines[3] = kNoText; }},
      {"reaches cycle 2305843009213693952", [=](Piece& p) { p.reached = kLate; }},
      {"the last cycle of its content is ", [](Piece& p) { p.end->cycles = 3, p.end->stack_cycle = 0; }},
      {"stack_cycle is ", [](Piece& p) { p.end->stack_cycle = p.end->cycles + 1; }},
      {"seconds is nan", [](Piece& p) { p.end->seconds = NAN; }},
      {"stack_path is text 9999", [=](Piece& p) { p.end->stack_path = kNoText; }},
      {"a note is no clean text", [](Piece& p) { p.end->notes = {"a\nb"}; }},
  };
  for (const Spoiled& c : cases) {
    Piece piece = whole_piece();
    c.spoil(piece);
    const std::string prefix = fmt::format("a.m7t: chunk 1 at byte {}: ", header().size());
    EXPECT_THAT(error_of(header() + chunk(piece)), testing::AllOf(StartsWith(prefix), HasSubstr(c.expected)));
  }
}

TEST(TraceRefusal, OfANumberInTheHeader) {
  EXPECT_THAT(error_of(header_with([](About& a) { a.core_hz = NAN; })),
              HasSubstr("chunk 0 at byte 0: header of format 1: core_hz is nan"));
  EXPECT_THAT(error_of(header_with([](About& a) { a.macs_per_cycle = 0; })),
              HasSubstr("macs_per_cycle is 0, expected a number above 0"));
  EXPECT_THAT(error_of(header_with([](About& a) { a.arena_bytes = -1; })),
              HasSubstr("arena_bytes is -1, expected 0 to 4294967296"));
  EXPECT_THAT(error_of(header_with([](About& a) { a.board = "\x1b[31m"; })),
              HasSubstr("board is no clean text"));
}

TEST(TraceRefusal, OfPiecesThatDoNotFollowEachOther) {
  Piece begin = whole_piece(), more;
  begin.end.reset();
  const Bytes file = header() + chunk(begin);
  more.samples.resize(1);
  more.samples[0].begin = 3;
  more.samples[0].end = 9;
  EXPECT_THAT(error_of(file + chunk(more)), HasSubstr("chunk 2 at byte"));
  EXPECT_THAT(error_of(file + chunk(more)), HasSubstr("sample 0: begin is 3, expected"));
  Piece fewer;
  fewer.buffers.emplace();
  EXPECT_THAT(error_of(file + chunk(fewer)), HasSubstr("has 0 buffers, expected at least the 4 of before"));
  EXPECT_THAT(error_of(header() + chunk(whole_piece()) + chunk({})),
              HasSubstr("comes after the end of the run"));
  EXPECT_THAT(error_of(header() + header()), HasSubstr("is a second header"));
  EXPECT_THAT(error_of(chunk(begin)), HasSubstr("chunk 0 at byte 0: is no header"));
  EXPECT_THAT(error_of(header() + chunk(whole_piece()) + Bytes(5)),
              HasSubstr("5 bytes after the end of the run"));
}

TEST(TraceRefusal, OfForeignFiles) {
  const Bytes elf = {0x7f, 'E', 'L', 'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(error_of(elf),
            "a.m7t: is no m7scope trace: begins with 7f454c460101010000000000, expected \"M7TR\" at byte 8");
}

TEST(TraceRefusal, OfANewerFormat) {
  flatbuffers::FlatBufferBuilder out;
  fb::HeaderBuilder header(out);
  header.add_format(2);
  out.FinishSizePrefixed(fb::CreateChunk(out, fb::Body::Header, header.Finish().Union()),
                         fb::ChunkIdentifier());
  const Bytes file(out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize());
  EXPECT_EQ(error_of(file), "a.m7t: was written by a newer m7scope (format 2), this one reads 1");
}

TEST(TraceRefusal, IsNotForAChunkOfAnUnknownKind) {
  flatbuffers::FlatBufferBuilder out;
  const auto unknown = fb::CreateListing(out, 7).Union();
  out.FinishSizePrefixed(fb::CreateChunk(out, static_cast<fb::Body>(77), unknown), fb::ChunkIdentifier());
  const Bytes other(out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize());
  const Bytes file = header() + other + chunk(whole_piece());
  EXPECT_EQ(error_of(file), "");
  EXPECT_EQ(parse_trace(file, "a.m7t").lives.size(), 9U);
}

TEST(TraceRefusal, OfSizesThatCannotBe) {
  Bytes file = header();
  const auto begin = file.size();
  file = file + chunk(whole_piece());
  Bytes tiny = file, huge = file;
  std::fill_n(tiny.begin() + static_cast<std::ptrdiff_t>(begin), 4, std::uint8_t{0});
  EXPECT_THAT(error_of(tiny), HasSubstr("has 4 bytes, expected 12 to 67108864"));
  std::fill_n(huge.begin() + static_cast<std::ptrdiff_t>(begin), 4, std::uint8_t{0xff});
  EXPECT_THAT(error_of(huge), HasSubstr("has 4294967299 bytes, expected 12 to 67108864"));
}

/// A packed chunk that says it unpacks to `bytes`.
Bytes packed(std::uint32_t bytes, const Bytes& data) {
  flatbuffers::FlatBufferBuilder out;
  out.FinishSizePrefixed(
      fb::CreateChunk(out, fb::Body::Packed, fb::CreatePacked(out, bytes, out.CreateVector(data)).Union()),
      fb::ChunkIdentifier());
  return {out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize()};
}

TEST(TraceRefusal, OfChunksThatUnpackToAnotherSize) {
  const Bytes whole = chunk(whole_piece());
  const fb::Packed& body = *fb::GetSizePrefixedChunk(whole.data())->body_as_Packed();
  const Bytes data(body.data()->begin(), body.data()->end());
  EXPECT_EQ(error_of(header() + packed(body.bytes(), data)), "");
  EXPECT_THAT(error_of(header() + packed(body.bytes() - 1, data)), HasSubstr("cannot be unpacked"));
  EXPECT_THAT(error_of(header() + packed(body.bytes() + 1, data)),
              HasSubstr(fmt::format("unpacks to {} bytes, expected {}", body.bytes(), body.bytes() + 1)));
  EXPECT_THAT(error_of(header() + packed(0xffffffff, data)),
              HasSubstr("unpacks to 4294967295 bytes, expected at most 67108864"));
  EXPECT_THAT(error_of(header() + packed(100, {1, 2, 3})), HasSubstr("cannot be unpacked"));
  EXPECT_THAT(error_of(header() + packed(0, {})), HasSubstr("is damaged: unpacks to no FlatBuffer"));
}

TEST(TraceRefusal, OfAFileThatUnpacksToTooMuch) {
  Piece piece;
  piece.strings.assign(100, std::string(60000, 'x'));
  const Bytes one = chunk(piece);
  EXPECT_LT(one.size(), 10000U);
  const Bytes file = header() + one + one + one;
  EXPECT_EQ(error_of(file, 3 * 6100000), "");
  EXPECT_THAT(error_of(file, 2 * 6100000), HasSubstr("chunk 3 at byte"));
  EXPECT_THAT(error_of(file, 2 * 6100000), HasSubstr("expected at most"));
}

TEST(TraceRefusal, OfABufferWhoseOffsetsAllLeadToTheSameBytes) {
  flatbuffers::FlatBufferBuilder out;
  const std::vector<flatbuffers::Offset<flatbuffers::String>> texts(
      10000, out.CreateString(std::string(60000, 'x')));
  const auto strings = out.CreateVector(texts);
  fb::PieceBuilder piece(out);
  piece.add_strings(strings);
  out.FinishSizePrefixed(fb::CreateChunk(out, fb::Body::Piece, piece.Finish().Union()),
                         fb::ChunkIdentifier());
  const Bytes bomb(out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize());
  EXPECT_THAT(error_of(header() + bomb), HasSubstr("holds 600040000 bytes of content in"));
}

/// A clock that begins `words` times four bytes further on than it would.
Bytes moved_clock(int words) {
  flatbuffers::FlatBufferBuilder out;
  out.CreateVector(std::vector<std::uint64_t>(4));  // what the clock reads as its numbers
  for (int i = 0; i < words; ++i) out.PushElement(std::uint32_t{0});
  const auto clocks = out.CreateVector(std::vector<std::uint32_t>{0});
  fb::PieceBuilder piece(out);
  piece.add_clocks(clocks.o);
  out.FinishSizePrefixed(fb::CreateChunk(out, fb::Body::Piece, piece.Finish().Union()),
                         fb::ChunkIdentifier());
  return {out.GetBufferPointer(), out.GetBufferPointer() + out.GetSize()};
}

TEST(TraceRefusal, OfRowsThatAreNotAligned) {
  const std::vector<std::string> errors = {error_of(header() + moved_clock(0)),
                                           error_of(header() + moved_clock(1))};
  EXPECT_THAT(errors, testing::UnorderedElementsAre(HasSubstr("is damaged: rows that are not aligned"),
                                                    HasSubstr("clock 0: core_hz is 0")));
}

TEST(TraceRefusal, NeverCrashesOverASpoiledByte) {
  Piece small = whole_piece();
  const Bytes file = header() + encode_piece(small, false).chunk;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < file.size(); ++i) {
    for (const std::uint8_t flip : {0x01, 0x80, 0xff}) {
      Bytes spoiled = file;
      spoiled[i] ^= flip;
      refused += error_of(spoiled).empty() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, file.size() / 4);
}

TEST(TraceRefusal, OfWhatIsNoFile) {
  const TemporaryFolder folder;
  const auto load_error = [](const std::filesystem::path& path) -> std::string {
    try {
      load_trace(path);
    } catch (const TraceError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(load_error(folder / "missing.m7t"),
              HasSubstr("missing.m7t: cannot be read: No such file or directory"));
  EXPECT_THAT(load_error(folder / "."), HasSubstr("is a folder, expected a trace file"));
  EXPECT_EQ(load_error("/dev/zero"), "/dev/zero: is no regular file");
  std::ofstream(folder / "empty.m7t");
  EXPECT_THAT(load_error(folder / "empty.m7t"), HasSubstr("empty.m7t: is empty, expected a trace"));
}

}  // namespace
}  // namespace traces
