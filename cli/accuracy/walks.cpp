#include "cli/accuracy/walks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/accuracy/guest_machine.h"
#include "cli/embedded.h"
#include "cli/guest_program.h"

namespace cli {
namespace {

using memory_model::Board;
using memory_model::Region;
using memory_model::RegionKind;

constexpr int kLine = 32, kSmallest = 1 << 10, kLargest = 64 << 10;
constexpr isa::Bytes kWalker(0x800);  ///< ITCM for the code that walks
constexpr isa::Bytes kStack(0x400);   ///< at the end of the DTCM
constexpr std::uint32_t kWarmRounds = 2;
constexpr std::uint64_t kMostCycles = 20'000'000;

void append(std::vector<std::uint8_t>& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

/// A ring of addresses, one a line.
std::vector<std::uint8_t> ring(isa::Address base, int bytes) {
  std::vector<std::uint8_t> out;
  for (int at = 0; at < bytes; at += kLine) {
    append(out, base.value + static_cast<std::uint32_t>((at + kLine) % bytes), 4);
    out.resize(out.size() + kLine - 4);
  }
  return out;
}

/// Lines of NOP.W, then BX LR.
std::vector<std::uint8_t> straight_code(int bytes) {
  std::vector<std::uint8_t> out;
  for (int at = 0; at < bytes; at += 4) append(out, 0x8000f3af, 4);
  append(out, 0x4770, 2);
  return out;
}

class Walker {
 public:
  explicit Walker(const Board& board) : board_(board), program_(board) {
    program_.add("start.S", embedded("start.S"));
    program_.add("walks.S", embedded("walks.S"));
    const Region itcm = region_of(board, RegionKind::kItcm), dtcm = region_of(board, RegionKind::kDtcm);
    constexpr isa::Bytes kStart(0x400);
    const isa::Bytes rest = kWalker - kStart;
    firmware_ = program_.link({part(itcm, isa::Bytes(0), kStart), part(itcm, kStart, rest), dtcm, dtcm});
  }

  Walk walk(const Region& region, WalkKind kind) const {
    Walk walk{region.name, kind, {}, {}};
    Region room = region;
    if (region.kind == RegionKind::kItcm) room = part(region, kWalker, region.size - kWalker);
    if (region.kind == RegionKind::kDtcm) room = part(region, isa::Bytes(0), region.size - kStack);
    for (int bytes = kSmallest; bytes <= kLargest && isa::Bytes(bytes + kLine) <= room.size; bytes *= 2) {
      const std::optional<double> cycles = round(room.base, kind, bytes, &walk.failure);
      if (!cycles) {
        walk.points.clear();
        break;
      }
      walk.points.push_back({bytes, *cycles / (bytes / kLine)});
    }
    return walk;
  }

 private:
  /// Cycles of one warm round.
  std::optional<double> round(isa::Address base, WalkKind kind, int bytes, std::string* failure) const {
    const auto cycles = [&](std::uint32_t rounds) {
      GuestMachine machine(board_, firmware_);
      machine.write(base, kind == WalkKind::kFetch ? straight_code(bytes) : ring(base, bytes));
      machine.control(
          {rounds, entry(kind, base) | 1U, base.value, static_cast<std::uint32_t>(bytes / kLine)});
      return machine.run(board_.full_speed_point, kMostCycles, failure);
    };
    const std::optional<std::uint64_t> shorter = cycles(kWarmRounds);
    const std::optional<std::uint64_t> longer = shorter ? cycles(kWarmRounds + 1) : shorter;
    if (!longer) return std::nullopt;
    return static_cast<double>(*longer - *shorter);
  }

  std::uint32_t entry(WalkKind kind, isa::Address base) const {
    if (kind == WalkKind::kFetch) return base.value;
    return firmware_.symbol(fmt::format("walk_{}", to_string(kind)))->address.value;
  }

  const Board& board_;
  GuestProgram program_;
  sim::Firmware firmware_;
};

}  // namespace

const char* to_string(WalkKind kind) {
  constexpr std::array<const char*, 4> kNames = {"chase", "load", "store", "fetch"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<int> Walk::knee() const {
  if (points.empty()) return std::nullopt;
  const double most = points.front().cycles_per_line * 1.25;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].cycles_per_line > most) return points[i - 1].bytes;
  }
  return std::nullopt;
}

std::vector<Walk> walk_memories(const Board& board,
                                const std::function<void(std::size_t, std::size_t)>& progress) {
  constexpr std::array kKinds = {WalkKind::kChase, WalkKind::kLoad, WalkKind::kStore, WalkKind::kFetch};
  const Walker walker(board);
  std::vector<Walk> walks;
  std::size_t done = 0;
  for (const WalkKind kind : kKinds) {
    for (const Region& region : board.regions) {
      progress(done++, kKinds.size() * board.regions.size());
      if (kind == WalkKind::kStore && !region.writable()) continue;
      walks.push_back(walker.walk(region, kind));
    }
  }
  return walks;
}

}  // namespace cli
