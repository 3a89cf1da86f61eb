// From the bytes of a group to lives: stretches of memory with their times.
#include <algorithm>
#include <bit>

#include "traces/life_groups.h"

namespace traces {
namespace {

/// Bytes between two parts of one tensor that nobody used: alignment, channels of a neighbour.
constexpr std::uint32_t kSmallGap = 64;
/// More pieces than this are not pieces but a pattern: every other row, some channels of each pixel.
constexpr std::size_t kMaxPieces = 8;

struct Stretch {
  std::uint32_t begin = 0, end = 0;
};

std::vector<Stretch> runs_of(const LifeGroup& group) {
  std::vector<Stretch> runs;
  for (std::size_t c = 0; c < group.chunks.size(); ++c) {
    const std::uint32_t base = (group.first_chunk + static_cast<std::uint32_t>(c)) * 64;
    std::uint64_t left = group.chunks[c].mask;
    while (left != 0) {
      const auto begin = static_cast<std::uint32_t>(std::countr_zero(left));
      const auto length = static_cast<std::uint32_t>(std::countr_one(left >> begin));
      if (!runs.empty() && runs.back().end == base + begin) {
        runs.back().end += length;
      } else {
        runs.push_back({base + begin, base + begin + length});
      }
      left = begin + length == 64 ? 0 : left >> (begin + length) << (begin + length);
    }
  }
  return runs;
}

/// Joins what lies at most `gap` bytes apart.
std::vector<Stretch> join(const std::vector<Stretch>& runs, std::uint32_t gap) {
  std::vector<Stretch> joined;
  for (const Stretch& run : runs) {
    if (!joined.empty() && run.begin - joined.back().end <= gap) {
      joined.back().end = run.end;
    } else {
      joined.push_back(run);
    }
  }
  return joined;
}

std::uint64_t bits_within(std::uint32_t base, const Stretch& stretch) {
  const std::uint32_t begin = std::max(base, stretch.begin) - base;
  const std::uint32_t end = std::min(base + 64, stretch.end) - base;
  const std::uint64_t below_end = end == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << end) - 1;
  return below_end >> begin << begin;
}

Life life_of(const LifeGroup& group, const Stretch& stretch, const CallTree& tree) {
  LifeChunk sum;
  std::uint32_t touched = 0, open = 0;
  std::uint64_t ends = 0;
  for (std::uint32_t number = stretch.begin / 64; number <= (stretch.end - 1) / 64; ++number) {
    const LifeChunk& chunk = group.chunks[number - group.first_chunk];
    const std::uint64_t mine = chunk.mask & bits_within(number * 64, stretch);
    if (mine == 0) continue;
    touched += static_cast<std::uint32_t>(std::popcount(mine));
    ends += std::uint64_t{chunk.ends} * static_cast<std::uint64_t>(std::popcount(mine)) /
            static_cast<std::uint64_t>(std::popcount(chunk.mask));
    open += std::min(chunk.open, static_cast<std::uint32_t>(std::popcount(mine)));
    if (sum.born == 0) sum.writer_pc = chunk.writer_pc;
    if (sum.born == 0 || chunk.born < sum.born) sum.born = chunk.born;
    if (chunk.first != 0 && (sum.first == 0 || chunk.first < sum.first)) sum.first = chunk.first;
    sum.wrote = std::max(sum.wrote, chunk.wrote);
    if (chunk.read >= sum.read) {
      sum.read = chunk.read;
      sum.reader_pc = chunk.reader_pc;
    }
  }
  Life life;
  life.address = stretch.begin;
  life.bytes = stretch.end - stretch.begin;
  life.touched = touched;
  life.generations = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, (ends + touched / 2) / touched));
  life.born = tree.when(sum.born).begin;
  life.last_write = tree.when(sum.wrote).end;
  if (sum.read != 0) {
    life.first_read = tree.when(sum.first).begin;
    life.last_read = tree.when(sum.read).end;
  }
  if (open * 2 > touched) life.flags |= Life::kOpen;
  life.writer_pc = sum.writer_pc;
  life.reader_pc = sum.reader_pc;
  life.born_step = tree.when(sum.born).step;
  life.died_step = tree.when(std::max(sum.wrote, sum.read)).step;
  // A step stands for the function that marked it, which says nothing: the instruction's function does.
  const auto function_of = [&](std::uint32_t a) { return tree[a].is_step ? 0 : tree[a].function; };
  life.writer = function_of(group.writer);
  if (group.reader != LifeGroup::kNobody) {
    const bool one_reader = group.reader > group.key.parent;  // else calls that only the parent unites
    life.reader =
        function_of(one_reader ? group.reader : tree.below(group.key.parent, tree.activation_at(sum.read)));
  }
  return life;
}

}  // namespace

std::vector<Life> lives_of(const LifeGroup& group, const CallTree& tree) {
  const std::vector<Stretch> runs = runs_of(group);
  std::uint32_t gap = kSmallGap;
  std::vector<Stretch> stretches = join(runs, gap);
  while (stretches.size() > kMaxPieces) {
    gap *= 4;
    stretches = join(stretches, gap);
  }
  std::vector<Life> lives;
  for (const Stretch& stretch : stretches) lives.push_back(life_of(group, stretch, tree));
  return lives;
}

}  // namespace traces
