#include "gui/fold/relations.h"

#include <algorithm>

namespace gui {

namespace {

constexpr std::size_t kMost = 16;  // more would hide what they are to show

bool reads_into(const traces::Life& from, const traces::Life& to) {
  if (from.id == to.id || from.last_read == traces::kNever) return false;
  if (to.born < from.born || to.born > from.last_read) return false;
  if (from.died_step >= 0 || to.born_step >= 0) return from.died_step == to.born_step;
  return from.reader != 0 && from.reader == to.writer;
}

/// Of the lives that are there at `cycle`, those that `is_one` names.
template <class IsOne>
std::vector<std::uint32_t> select(const Folded& folded, std::uint64_t cycle, IsOne is_one) {
  std::vector<std::uint32_t> found;
  const std::vector<traces::Life>& lives = folded.trace->lives;
  for (const std::uint32_t id : folded.live_at(cycle))
    if (is_one(lives[id])) found.push_back(id);
  std::stable_sort(found.begin(), found.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return lives[a].bytes > lives[b].bytes; });
  if (found.size() > kMost) found.resize(kMost);
  return found;
}

}  // namespace

std::vector<std::uint32_t> consumers_of(const Folded& folded, const traces::Life& life) {
  if (life.last_read == traces::kNever) return {};
  return select(folded, life.last_read, [&](const traces::Life& other) { return reads_into(life, other); });
}

std::vector<std::uint32_t> producers_of(const Folded& folded, const traces::Life& life) {
  return select(folded, life.born, [&](const traces::Life& other) { return reads_into(other, life); });
}

}  // namespace gui
