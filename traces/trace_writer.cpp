#include "traces/trace_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "isa/check.h"
#include "traces/format/clean_text.h"
#include "traces/format/piece.h"
#include "traces/format/piece_check.h"
#include "traces/trace_reader.h"

namespace traces {
namespace {

/// One text as it is written, and what of the end is.
constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kMostNotes = 16;
constexpr std::size_t kLongestNote = 1024;
/// What the end of a file takes at most: its notes, its reason, its numbers.
constexpr std::uint64_t kEndRoom = 32u << 10;
/// Findings and buffers come in one chunk: no more of them than this.
constexpr std::size_t kMostInOneChunk = 1u << 17;
/// A chunk is written when it has gathered this much, before packing.
constexpr std::size_t kLargestBatch = 4u << 20;

/// The file: every write reaches the system at once, as chunks are large.
class File {
 public:
  explicit File(const std::filesystem::path& path)
      : path_(path), handle_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (handle_ < 0) fail(std::strerror(errno));
  }
  ~File() {
    if (handle_ >= 0) ::close(handle_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(handle_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(std::strerror(errno));
      size_ += static_cast<std::uint64_t>(written);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }
  /// Some file systems say only now that there is no room.
  void close() {
    if (::close(std::exchange(handle_, -1)) != 0) fail(std::strerror(errno));
  }
  std::uint64_t size() const { return size_; }
  [[noreturn]] void fail(const std::string& why) const {
    throw TraceWriteError(fmt::format("{}: {}", path_.string(), why));
  }

 private:
  std::filesystem::path path_;
  int handle_;
  std::uint64_t size_ = 0;
};

About cleaned(About about) {
  for (std::string* text : {&about.tool, &about.command, &about.board, &about.board_title, &about.firmware,
                            &about.firmware_hash, &about.model})
    *text = clean(*text, kLongestText);
  return about;
}

/// What is left out as the file fills up, in this order.
enum class Leave { kNothing, kDetail, kBulk, kAll };

bool has_detail(const Piece& piece) {
  return !piece.lives.empty() || !piece.samples.empty() || !piece.heat.empty();
}

bool has_anything(const Piece& piece) {
  return has_detail(piece) || piece.buffers || piece.findings || !piece.strings.empty() ||
         !piece.regions.empty() || !piece.clocks.empty() || !piece.symbols.empty() || !piece.steps.empty() ||
         !piece.functions.empty() || !piece.lines.empty() || !piece.calls.empty() ||
         !piece.listings.empty() || !piece.sources.empty();
}

}  // namespace

struct TraceWriter::Impl {
  Impl(const std::filesystem::path& path, std::uint64_t cap_bytes)
      : file(path),
        cap(cap_bytes),
        // A sixteenth of a small cap, so that what a full file leaves out is a small part of it.
        batch(static_cast<std::size_t>(std::min<std::uint64_t>(cap_bytes / 16, kLargestBatch))) {}

  /// Adds `value` of about `bytes` bytes to `to`, which is a part of `piece`; before that writes what was
  /// gathered where that is much. Returns false where the file is too full for it.
  template <class Value>
  bool gather(std::vector<Value>& to, const Value& value, Leave unless, std::size_t bytes = sizeof(Value)) {
    if (gathered + bytes > batch) emit();
    if (leave >= unless) return false;
    gathered += bytes;
    to.push_back(value);
    return true;
  }
  template <class Value>
  void gather_all(std::vector<Value>& to, std::span<const Value> values, Leave unless) {
    for (const Value& value : values) gather(to, value, unless);
  }

  void emit();
  /// Writes `piece` where it leaves `room` bytes for what comes later.
  bool try_to_write(std::uint64_t room);
  void leave_out(Leave what);
  void resolve_steps();

  File file;
  const std::uint64_t cap;
  const std::size_t batch;
  std::uint64_t unpacked = 0;  // bytes of all chunks before packing
  std::unordered_map<std::string, StringId> ids{{"", 0}};
  Piece piece;               // gathered, not written
  std::size_t gathered = 0;  // bytes of it, about
  std::uint64_t reached = 0;
  PieceCheck written;
  std::map<std::uint32_t, Life> waiting;  // by id: name steps that are not there yet
  std::uint64_t lives = 0, samples_dropped = 0, heat_dropped = 0, findings_dropped = 0;
  Leave leave = Leave::kNothing;
  std::uint64_t left_out_from = 0;  // cycle
  bool closed = false;              // nothing more is written: the end is, or a write has failed
};

/// Lives and findings may name the step that still runs; the file names only steps that it holds. A life is
/// written again when its steps are there.
void TraceWriter::Impl::resolve_steps() {
  const auto steps = static_cast<std::int64_t>(written.steps() + piece.steps.size());
  const auto are_there = [&](const Life& life) { return life.born_step < steps && life.died_step < steps; };
  for (Life& life : piece.lives) {
    if (are_there(life)) {
      waiting.erase(life.id);
      continue;
    }
    waiting[life.id] = life;
    if (life.born_step >= steps) life.born_step = -1;
    if (life.died_step >= steps) life.died_step = -1;
  }
  for (auto life = waiting.begin(); life != waiting.end();) {
    if (!are_there(life->second)) {
      ++life;
      continue;
    }
    piece.lives.push_back(life->second);
    life = waiting.erase(life);
  }
  if (!piece.findings) return;
  for (Finding& finding : *piece.findings)
    if (finding.step >= steps) finding.step = -1;
}

void TraceWriter::Impl::leave_out(Leave what) {
  if (leave == Leave::kNothing) left_out_from = written.reached();
  leave = std::max(leave, what);
  for (const Heat& heat : piece.heat) heat_dropped += heat.reads.size();
  samples_dropped += piece.samples.size();
  piece.lives.clear();
  piece.samples.clear();
  piece.heat.clear();
  waiting.clear();
  if (leave < Leave::kBulk) return;
  piece.symbols.clear();
  piece.lines.clear();
  piece.calls.clear();
  piece.listings.clear();
  piece.sources.clear();
  if (leave == Leave::kAll) piece = Piece();
}

bool TraceWriter::Impl::try_to_write(std::uint64_t room) {
  const Encoded encoded = encode_piece(piece);
  if (encoded.unpacked_bytes > kMaxChunkBytes || file.size() + encoded.chunk.size() + room > cap ||
      unpacked + encoded.unpacked_bytes + room > kMaxUnpackedBytes)
    return false;
  try {
    written.add(piece);
  } catch (const PieceError& error) {
    throw std::logic_error(fmt::format("what is added to the trace cannot be: {}", error.what()));
  }
  closed = true;
  file.write(encoded.chunk);
  closed = false;
  unpacked += encoded.unpacked_bytes;
  return true;
}

void TraceWriter::Impl::emit() {
  gathered = 0;
  if (closed || leave == Leave::kAll) return;
  resolve_steps();
  piece.reached = reached;
  if (!has_anything(piece) && reached == written.reached()) return;
  const std::uint64_t room_for_the_rest = cap / 8 + kEndRoom;
  bool done = has_detail(piece) && try_to_write(room_for_the_rest);
  if (!done && has_detail(piece)) leave_out(Leave::kDetail);
  if (!done) done = try_to_write(kEndRoom);
  if (!done) {
    leave_out(Leave::kBulk);
    done = try_to_write(kEndRoom);
  }
  if (!done) leave_out(Leave::kAll);
  piece = Piece();
}

TraceWriter::TraceWriter(const std::filesystem::path& path, const About& about, std::uint64_t cap_bytes) {
  if (cap_bytes < kSmallestCap)
    throw TraceWriteError(
        fmt::format("{}: a cap of {} bytes, expected at least {}", path.string(), cap_bytes, kSmallestCap));
  impl_ = std::make_unique<Impl>(path, cap_bytes);
  impl_->file.write(encode_header(cleaned(about)));
}

TraceWriter::~TraceWriter() {
  if (!impl_) return;
  try {
    impl_->emit();
  } catch (const std::exception&) {
    // The file ends before this chunk, as if the run had been killed there.
  }
}

StringId TraceWriter::intern(std::string_view text) {
  std::string key = clean(text, kLongestText);
  const auto known = impl_->ids.find(key);
  if (known != impl_->ids.end()) return known->second;
  const auto id = static_cast<StringId>(impl_->ids.size());
  impl_->gather(impl_->piece.strings, key, Leave::kAll, key.size() + sizeof(std::uint64_t));
  impl_->ids.emplace(std::move(key), id);
  return id;
}

void TraceWriter::add(std::span<const Region> regions) {
  for (Region region : regions) {
    region.name = clean(region.name, kLongestText);
    region.kind = clean(region.kind, kLongestText);
    impl_->gather(impl_->piece.regions, region, Leave::kAll);
  }
}

void TraceWriter::add(const Clock& clock) {
  impl_->gather(impl_->piece.clocks, clock, Leave::kAll);
}

void TraceWriter::add(std::span<const Symbol> symbols) {
  impl_->gather_all(impl_->piece.symbols, symbols, Leave::kBulk);
}

void TraceWriter::set(std::span<const Buffer> buffers) {
  if (buffers.size() > kMostInOneChunk)
    impl_->file.fail(fmt::format("{} buffers, expected at most {}", buffers.size(), kMostInOneChunk));
  if (impl_->leave < Leave::kAll) impl_->piece.buffers.emplace(buffers.begin(), buffers.end());
}

void TraceWriter::add(const Step& step) {
  impl_->gather(impl_->piece.steps, step, Leave::kAll);
}

void TraceWriter::add(std::span<const Life> lives) {
  for (const Life& life : lives)
    impl_->lives = std::max<std::uint64_t>(impl_->lives, life.id + std::uint64_t{1});
  impl_->gather_all(impl_->piece.lives, lives, Leave::kDetail);
}

void TraceWriter::add(std::span<const Sample> samples) {
  for (const Sample& sample : samples)
    if (!impl_->gather(impl_->piece.samples, sample, Leave::kDetail)) ++impl_->samples_dropped;
}

void TraceWriter::add(const Heat& heat) {
  const std::size_t bytes = heat.reads.size() + heat.writes.size();
  const bool fits = heat.reads.size() <= kMaxHeatCells;
  if (!fits || !impl_->gather(impl_->piece.heat, heat, Leave::kDetail, bytes))
    impl_->heat_dropped += heat.reads.size();
}

void TraceWriter::set(std::span<const Finding> findings) {
  if (impl_->leave == Leave::kAll) return;
  const std::size_t count = std::min(findings.size(), kMostInOneChunk);
  impl_->findings_dropped = findings.size() - count;
  impl_->piece.findings.emplace(findings.begin(), findings.begin() + static_cast<std::ptrdiff_t>(count));
}

void TraceWriter::add(std::span<const FunctionCost> functions) {
  impl_->gather_all(impl_->piece.functions, functions, Leave::kAll);
}

void TraceWriter::add(std::span<const LineCost> lines) {
  impl_->gather_all(impl_->piece.lines, lines, Leave::kBulk);
}

void TraceWriter::add(std::span<const CallNode> calls) {
  impl_->gather_all(impl_->piece.calls, calls, Leave::kBulk);
}

void TraceWriter::add(const Listing& listing) {
  impl_->gather(impl_->piece.listings, listing, Leave::kBulk, listing.rows.size() * sizeof(ListingRow));
}

void TraceWriter::add(const SourceText& source) {
  impl_->gather(impl_->piece.sources, source, Leave::kBulk, source.lines.size() * sizeof(StringId));
}

void TraceWriter::flush(std::uint64_t reached) {
  impl_->reached = std::max(impl_->reached, reached);
  impl_->emit();
}

void TraceWriter::finish(const End& given) {
  impl_->emit();
  if (impl_->closed) return;
  End end = given;
  end.reason = clean(end.reason, kLongestNote);
  if (end.notes.size() > kMostNotes) end.notes.resize(kMostNotes);
  for (std::string& note : end.notes) note = clean(note, kLongestNote);
  end.lives_dropped += impl_->lives - std::min(impl_->lives, impl_->written.lives());
  end.samples_dropped += impl_->samples_dropped;
  end.heat_dropped += impl_->heat_dropped;
  if (end.stack_path >= impl_->written.strings()) end.stack_path = 0;
  if (impl_->findings_dropped > 0)
    end.notes.push_back(fmt::format("{} further findings are left out", impl_->findings_dropped));
  if (impl_->leave != Leave::kNothing)
    end.notes.push_back(fmt::format("the trace's cap of {} bytes: {} from cycle {} on is left out",
                                    impl_->cap, impl_->leave == Leave::kAll ? "all" : "detail",
                                    impl_->left_out_from));
  impl_->piece.end = std::move(end);
  CHECK(impl_->try_to_write(0));
  impl_->closed = true;
  impl_->file.close();
}

std::uint64_t TraceWriter::bytes_written() const {
  return impl_->file.size();
}

}  // namespace traces
