#include "traces/trace_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "traces/format/piece.h"
#include "traces/format/piece_check.h"

namespace traces {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t kPrefixBytes = 4;
constexpr std::size_t kIdentifierAt = 8;
constexpr std::string_view kIdentifier = "M7TR";
/// A file larger than this is none of ours: the writer's cap is far below.
constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{4} << 30;

template <class Value>
void append(std::vector<Value>& to, std::vector<Value>&& values) {
  if (to.empty()) {
    to = std::move(values);
  } else {
    to.insert(to.end(), std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
  }
}

void append(Trace& trace, Piece&& piece) {
  append(trace.strings, std::move(piece.strings));
  append(trace.regions, std::move(piece.regions));
  append(trace.clocks, std::move(piece.clocks));
  append(trace.symbols, std::move(piece.symbols));
  append(trace.steps, std::move(piece.steps));
  if (piece.buffers) trace.buffers = std::move(*piece.buffers);
  for (const Life& life : piece.lives) {
    if (life.id == trace.lives.size()) {
      trace.lives.push_back(life);
    } else {
      trace.lives[life.id] = life;
    }
  }
  append(trace.samples, std::move(piece.samples));
  append(trace.heat, std::move(piece.heat));
  if (piece.findings) trace.findings = std::move(*piece.findings);
  append(trace.functions, std::move(piece.functions));
  append(trace.lines, std::move(piece.lines));
  append(trace.calls, std::move(piece.calls));
  append(trace.listings, std::move(piece.listings));
  append(trace.sources, std::move(piece.sources));
  if (piece.end) trace.end = std::move(piece.end);
}

std::uint32_t little_endian(Bytes bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{bytes[i]} << (8 * i);
  return value;
}

/// A trace as it is put together chunk by chunk.
class Assembly {
 public:
  Assembly(std::string where, std::uint64_t max_unpacked_bytes)
      : where_(std::move(where)), left_(max_unpacked_bytes) {}

  /// Takes all whole chunks at the front of `bytes`; returns how many bytes they have. Throws TraceError.
  std::size_t take(Bytes bytes) {
    const std::size_t all = bytes.size();
    while (!bytes.empty()) {
      if (chunks_ == 0) check_identifier(bytes);
      if (bytes.size() < kChunkHeadBytes) break;
      const std::uint64_t size = little_endian(bytes) + std::uint64_t{kPrefixBytes};
      if (size < kChunkHeadBytes || size > kMaxChunkBytes)
        fail(fmt::format("has {} bytes, expected {} to {}", size, kChunkHeadBytes, kMaxChunkBytes));
      if (size > bytes.size()) break;
      take_chunk(bytes.first(size));
      bytes = bytes.subspan(size);
      offset_ += size;
      ++chunks_;
    }
    return all - bytes.size();
  }

  std::uint64_t chunks() const { return chunks_; }
  Trace& trace() { return trace_; }

 private:
  void take_chunk(Bytes chunk) try {
    if (chunks_ == 0) {
      trace_.about = decode_header(chunk);
      check(trace_.about);
      return;
    }
    Decoded decoded = decode_piece(chunk, std::min<std::uint64_t>(left_, kMaxChunkBytes));
    check_.add(decoded.piece);
    left_ -= decoded.unpacked_bytes;
    append(trace_, std::move(decoded.piece));
    trace_.reached = check_.reached();
  } catch (const NewerFormat& error) {
    throw TraceError(fmt::format("{}: {}", where_, error.what()));
  } catch (const PieceError& error) {
    fail(error.what());
  }

  /// The first bytes tell whether the file is a trace at all, even where there are few of them.
  void check_identifier(Bytes bytes) const {
    const Bytes found = bytes.first(std::min(bytes.size(), kChunkHeadBytes));
    const std::string_view text(reinterpret_cast<const char*>(found.data()), found.size());
    if (text.size() <= kIdentifierAt || kIdentifier.starts_with(text.substr(kIdentifierAt))) return;
    throw TraceError(fmt::format("{}: is no m7scope trace: begins with {:02x}, expected \"{}\" at byte {}",
                                 where_, fmt::join(found, ""), kIdentifier, kIdentifierAt));
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw TraceError(fmt::format("{}: chunk {} at byte {}: {}", where_, chunks_, offset_, what));
  }

  std::string where_;
  Trace trace_;
  PieceCheck check_;
  std::uint64_t left_;  // bytes that the file may still unpack to
  std::uint64_t chunks_ = 0, offset_ = 0;
};

[[noreturn]] void fail_to_read(const std::filesystem::path& path, const std::string& reason) {
  throw TraceError(fmt::format("{}: cannot be read: {}", path.string(), reason));
}

/// Appends the file from `offset` on to `bytes`.
void read_from(const std::filesystem::path& path, std::uint64_t offset, std::vector<std::uint8_t>& bytes) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (error) fail_to_read(path, error.message());
  if (std::filesystem::is_directory(status))
    throw TraceError(fmt::format("{}: is a folder, expected a trace file", path.string()));
  if (!std::filesystem::is_regular_file(status))
    throw TraceError(fmt::format("{}: is no regular file", path.string()));
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) fail_to_read(path, error.message());
  if (size > kMaxFileBytes)
    throw TraceError(fmt::format("{}: {} bytes, expected at most {}", path.string(), size, kMaxFileBytes));
  if (size < offset)
    throw TraceError(
        fmt::format("{}: has shrunk from {} to {} bytes while it was followed", path.string(), offset, size));
  if (size == offset) return;
  std::ifstream in(path, std::ios::binary);
  if (!in) fail_to_read(path, std::strerror(errno));
  in.seekg(static_cast<std::streamoff>(offset));
  const std::size_t had = bytes.size();
  bytes.resize(had + (size - offset));
  in.read(reinterpret_cast<char*>(bytes.data() + had), static_cast<std::streamsize>(size - offset));
  // Shorter than it was a moment ago: what came is what there is.
  bytes.resize(had + static_cast<std::size_t>(in.gcount()));
}

/// Lives that turned out to be parts of others have no bytes left.
void drop_taken_back(std::vector<Life>& lives) {
  std::erase_if(lives, [](const Life& life) { return life.touched == 0; });
  for (std::size_t i = 0; i < lives.size(); ++i) lives[i].id = static_cast<std::uint32_t>(i);
}

}  // namespace

Trace parse_trace(Bytes bytes, const std::string& where, std::uint64_t max_unpacked_bytes) {
  if (bytes.empty()) throw TraceError(fmt::format("{}: is empty, expected a trace", where));
  Assembly assembly(where, max_unpacked_bytes);
  const std::size_t taken = assembly.take(bytes);
  if (assembly.chunks() == 0)
    throw TraceError(fmt::format("{}: ends inside its first chunk, after {} bytes", where, bytes.size()));
  Trace trace = std::move(assembly.trace());
  if (taken < bytes.size() && trace.end)
    throw TraceError(
        fmt::format("{}: {} bytes after the end of the run, expected none", where, bytes.size() - taken));
  drop_taken_back(trace.lives);
  if (!trace.end) trace.cut = fmt::format("ends after cycle {}: the run was cut short", trace.reached);
  return trace;
}

Trace load_trace(const std::filesystem::path& path) {
  std::vector<std::uint8_t> bytes;
  read_from(path, 0, bytes);
  return parse_trace(bytes, path.string());
}

struct TraceFollower::Impl {
  explicit Impl(const std::filesystem::path& file) : path(file), assembly(file.string(), kMaxUnpackedBytes) {}

  std::filesystem::path path;
  Assembly assembly;
  std::uint64_t read = 0;                // bytes of the file that were read
  std::vector<std::uint8_t> unfinished;  // of them, those of a chunk that is not whole yet
};

TraceFollower::TraceFollower(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {
  poll();
}

TraceFollower::~TraceFollower() = default;

bool TraceFollower::poll() {
  Impl& x = *impl_;
  const std::size_t had = x.unfinished.size();
  read_from(x.path, x.read, x.unfinished);
  x.read += x.unfinished.size() - had;
  const std::size_t taken = x.assembly.take(x.unfinished);
  x.unfinished.erase(x.unfinished.begin(), x.unfinished.begin() + static_cast<std::ptrdiff_t>(taken));
  return taken > 0;
}

const Trace& TraceFollower::trace() const {
  return impl_->assembly.trace();
}

bool TraceFollower::ended() const {
  return impl_->assembly.trace().end.has_value();
}

}  // namespace traces
