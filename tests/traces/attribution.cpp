#include "attribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace traces::test {
namespace {

double area(std::uint64_t bytes, std::uint64_t cycles) {
  return static_cast<double>(bytes) * static_cast<double>(std::max<std::uint64_t>(cycles, 1));
}

double shared(const TrueLife& tensor, const Life& life) {
  const std::uint64_t begin = std::max(tensor.address, life.address);
  const std::uint64_t end =
      std::min(std::uint64_t{tensor.address} + tensor.bytes, std::uint64_t{life.address} + life.bytes);
  const std::uint64_t from = std::max(tensor.born, life.born), to = std::min(tensor.died, life.died());
  return begin < end && from < to ? area(end - begin, to - from) : 0;
}

struct Pair {
  double fit = 0;
  std::size_t tensor = 0, life = 0;
};

}  // namespace

Attribution attribute(std::span<const TrueLife> truth, std::span<const Life> lives) {
  Attribution result;
  std::vector<Pair> pairs;
  for (std::size_t t = 0; t < truth.size(); ++t) {
    result.matches.push_back({.name = truth[t].name,
                              .life = std::nullopt,
                              .tensor_byte_cycles = area(truth[t].bytes, truth[t].died - truth[t].born)});
    for (std::size_t l = 0; l < lives.size(); ++l) {
      const double both = shared(truth[t], lives[l]);
      const double other = area(lives[l].bytes, lives[l].died() - lives[l].born);
      if (both > 0) pairs.push_back({both / (result.matches[t].tensor_byte_cycles + other - both), t, l});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.fit > b.fit; });
  std::vector<bool> taken(lives.size());
  for (const Pair& pair : pairs) {
    Match& match = result.matches[pair.tensor];
    if (match.life || taken[pair.life]) continue;
    taken[pair.life] = true;
    const Life& life = lives[pair.life];
    const double both = shared(truth[pair.tensor], life);
    match.life = life;
    match.share = both / match.tensor_byte_cycles;
    match.surplus = (area(life.bytes, life.died() - life.born) - both) / match.tensor_byte_cycles;
  }
  double all = 0;
  for (const Match& match : result.matches) {
    all += match.tensor_byte_cycles;
    result.share += match.share * match.tensor_byte_cycles;
    result.surplus += match.surplus * match.tensor_byte_cycles;
    result.mean_share += match.share / static_cast<double>(result.matches.size());
  }
  result.share /= all;
  result.surplus /= all;
  std::stable_sort(result.matches.begin(), result.matches.end(),
                   [](const Match& a, const Match& b) { return a.share - a.surplus < b.share - b.surplus; });
  return result;
}

std::string Attribution::to_text(std::size_t rows) const {
  std::string text =
      fmt::format("{:.2f} % of bytes x cycles are in the right life, {:.2f} % too much; mean {:.2f} %\n",
                  share * 100, surplus * 100, mean_share * 100);
  for (const Match& match : matches) {
    if (rows-- == 0) break;
    text += fmt::format("  {:24} {:6.2f} %  {:+7.2f} %", match.name, match.share * 100, match.surplus * 100);
    if (match.life) {
      text += fmt::format("  0x{:08x} + {} [{}, {}] x{}", match.life->address, match.life->bytes,
                          match.life->born, match.life->died(), match.life->generations);
    }
    text += "\n";
  }
  return text;
}

}  // namespace traces::test
