// What one chunk of a trace file adds to a trace, and its way into bytes and back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "traces/trace.h"

namespace traces {

/// Vectors add to the trace; buffers and findings, where there are any, replace what was there; a life takes
/// the place of the life with its id.
struct Piece {
  std::uint64_t reached = 0;
  std::vector<std::string> strings;
  std::vector<Region> regions;
  std::vector<Clock> clocks;
  std::vector<Symbol> symbols;
  std::vector<Step> steps;
  std::optional<std::vector<Buffer>> buffers;
  std::vector<Life> lives;
  std::vector<Sample> samples;
  std::vector<Heat> heat;
  std::optional<std::vector<Finding>> findings;
  std::vector<FunctionCost> functions;
  std::vector<LineCost> lines;
  std::vector<CallNode> calls;
  std::vector<Listing> listings;
  std::vector<SourceText> sources;
  std::optional<End> end;
};

/// Bytes that are no chunk, or hold what cannot be: one line without the file's name and the chunk's number.
class PieceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The header of a file that a later version wrote.
class NewerFormat : public PieceError {
 public:
  using PieceError::PieceError;
};

/// The layout that this program reads and writes.
inline constexpr std::uint32_t kFormat = 1;
/// A chunk's size prefix, its root's offset and its identifier.
inline constexpr std::size_t kChunkHeadBytes = 12;
/// What one chunk may hold, packed or not: the reader allocates no more for it.
inline constexpr std::size_t kMaxChunkBytes = 64u << 20;

/// The first chunk of a file, with its size prefix.
std::vector<std::uint8_t> encode_header(const About& about);
struct Encoded {
  std::vector<std::uint8_t> chunk;
  std::size_t unpacked_bytes = 0;  ///< what it unpacks to
};
/// A later chunk, with its size prefix. Equal pieces give equal bytes.
Encoded encode_piece(const Piece& piece, bool pack = true);

/// `chunk` is whole: its size prefix counts all that follows. Throws PieceError, NewerFormat.
About decode_header(std::span<const std::uint8_t> chunk);
struct Decoded {
  Piece piece;
  std::size_t unpacked_bytes = 0;
};
/// `max_bytes`: what it may unpack to. Throws PieceError. A chunk of a kind that this version does not know
/// is an empty piece.
Decoded decode_piece(std::span<const std::uint8_t> chunk, std::size_t max_bytes = kMaxChunkBytes);

}  // namespace traces
