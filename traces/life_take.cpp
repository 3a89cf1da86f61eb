// What a LifeTracker has found, as lives; and forgetting what can no longer change.
#include <algorithm>
#include <functional>

#include "traces/life_tracker.h"

namespace traces {
namespace {

/// Groups that may still grow, at most.
constexpr std::size_t kMaxGroups = 1u << 16;
/// A variable below this size that nothing shows to be shared is no arena.
constexpr std::uint32_t kArenaBytes = 1024;

}  // namespace

/// Ends the lives of a word's bytes in `groups`; the word stays as it is.
void LifeTracker::add_word(LifeGroups& groups, const ShadowPage& page, std::uint32_t address,
                           bool open) const {
  const std::uint32_t offset = address % ShadowPage::kBytes;
  const ShadowWord& word = page.words[offset / 4];
  const std::array<std::uint16_t, 4>& writer = page.writer[offset / 4];
  for (std::uint32_t lane = 0; lane != 4;) {
    std::uint32_t alike = lane + 1;
    while (alike != 4 && word.born[alike] == word.born[lane] && word.wrote[alike] == word.wrote[lane] &&
           word.first[alike] == word.first[lane] && word.read[alike] == word.read[lane] &&
           writer[alike] == writer[lane]) {
      ++alike;
    }
    if (word.wrote[lane] != 0) {
      groups.add(page.owner[offset / 4], address + lane, alike - lane,
                 {.born = word.born[lane],
                  .wrote = word.wrote[lane],
                  .first = word.first[lane],
                  .read = word.read[lane],
                  .writer_pc = sites_.pc(writer[lane]),
                  .reader_pc = page.reader_pc[offset / ShadowPage::kLineBytes],
                  .open = open});
    }
    lane = alike;
  }
}

void LifeTracker::add_small(const Place& place, std::vector<Life>& out) const {
  const Container& c = place.container;
  std::uint32_t born = 0, wrote = 0, first = 0, read = 0;
  Life life;
  for (std::uint32_t address = c.address; address != c.address + c.bytes; ++address) {
    const ShadowPage* page = shadow_.find(address);
    if (page == nullptr) continue;
    const std::uint32_t offset = address % ShadowPage::kBytes;
    const ShadowWord& word = page->words[offset / 4];
    const std::uint32_t lane = address % 4;
    if (word.wrote[lane] == 0) continue;
    ++life.touched;
    if (born == 0 || word.born[lane] < born) born = word.born[lane];
    if (word.first[lane] != 0 && (first == 0 || word.first[lane] < first)) first = word.first[lane];
    if (word.wrote[lane] >= wrote) life.writer_pc = sites_.pc(page->writer[offset / 4][lane]);
    if (word.read[lane] != 0 && word.read[lane] >= read) {
      life.reader_pc = page->reader_pc[offset / ShadowPage::kLineBytes];
    }
    wrote = std::max(wrote, word.wrote[lane]);
    read = std::max(read, word.read[lane]);
  }
  if (life.touched == 0) return;
  life.address = c.address;
  life.bytes = c.bytes;
  life.born = tree_.when(born).begin;
  life.last_write = tree_.when(wrote).end;
  life.born_step = tree_.when(born).step;
  life.died_step = tree_.when(std::max(wrote, read)).step;
  life.writer = tree_[tree_.activation_at(wrote)].function;
  if (read != 0) {
    life.first_read = tree_.when(first).begin;
    life.last_read = tree_.when(read).end;
    life.reader = tree_[tree_.activation_at(read)].function;
  }
  if (place.released == kNever) life.flags |= Life::kOpen;
  life.released = place.released;
  life.region = place.region;
  life.owner = c.name;
  life.kind = c.kind;
  out.push_back(life);
}

/// Stretches that were read and that nothing ever wrote.
void LifeTracker::add_never_written(std::uint32_t page_number, std::vector<Life>& out) const {
  const ShadowPage& page = shadow_.page(page_number);
  std::uint32_t last_place = 0;
  for (std::uint32_t offset = 0; offset != ShadowPage::kBytes; ++offset) {
    const ShadowWord& word = page.words[offset / 4];
    const std::uint32_t lane = offset % 4, place = page.owner[offset / 4];
    if (word.read[lane] == 0 || word.wrote[lane] != 0) continue;
    const std::uint32_t address = page_number * ShadowPage::kBytes + offset;
    const Tick &first = tree_.when(word.first[lane]), &last = tree_.when(word.read[lane]);
    const bool goes_on = !out.empty() && (out.back().flags & Life::kNeverWritten) != 0 &&
                         out.back().address + out.back().bytes == address && last_place == place;
    if (!goes_on) {
      Life life;
      life.flags = Life::kNeverWritten | Life::kOpen;
      life.address = address;
      life.born = life.last_write = life.first_read = first.begin;
      life.last_read = last.end;
      life.reader = tree_[last.activation].function;
      life.reader_pc = page.reader_pc[offset / ShadowPage::kLineBytes];
      life.born_step = first.step;
      life.died_step = last.step;
      life.region = places_[place].region;
      life.owner = places_[place].container.name;
      life.kind = places_[place].container.kind;
      out.push_back(life);
    }
    Life& life = out.back();
    ++life.bytes;
    ++life.touched;
    life.born = life.last_write = life.first_read = std::min(life.first_read, first.begin);
    life.last_read = std::max(life.last_read, last.end);
    last_place = place;
  }
}

std::vector<Life> LifeTracker::finished(const LifeGroup& group) const {
  std::vector<Life> lives = lives_of(group, tree_);
  const Place& place = places_[group.key.container];
  for (Life& life : lives) {
    life.region = place.region;
    life.owner = place.container.name;
    life.released = place.released;
    life.kind = place.container.kind;
    if (life.kind == LifeKind::kStatic && place.container.bytes >= kArenaBytes) {
      life.kind = group.key.is_self() || group.key.is_calls() ? LifeKind::kScratch : LifeKind::kActivation;
    }
  }
  return lives;
}

/// `holds`: activations that wrote bytes which still lie there.
void LifeTracker::close_groups(const std::vector<std::uint32_t>& holds) {
  std::vector<LifeGroup>& groups = groups_.groups();
  const auto may_grow = [&](const LifeGroup& group) {
    const std::uint32_t writer = group.key.is_calls() ? group.key.parent : group.key.producer;
    if (places_[group.key.container].released != kNever || group.chunks.empty()) return false;
    return tree_[writer].left == kNever || holds[writer] != 0;
  };
  std::uint32_t oldest = 0;
  if (groups.size() > kMaxGroups) {
    std::vector<std::uint32_t> used;
    for (const LifeGroup& group : groups) used.push_back(group.max_used);
    std::nth_element(used.begin(), used.begin() + static_cast<std::ptrdiff_t>(used.size() / 2), used.end());
    oldest = used[used.size() / 2];
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (may_grow(groups[i]) && groups[i].max_used >= oldest) {
      if (kept != i) groups[kept] = std::move(groups[i]);
      ++kept;
      continue;
    }
    for (const Life& life : finished(groups[i])) done_.push_back(life);
  }
  groups.resize(kept);
}

void LifeTracker::compact() {
  tree_.reach(now_);
  std::vector<std::uint32_t> ticks(tree_.tick() + std::size_t{1}), activations(tree_.activations()),
      holds(tree_.activations());
  for (std::uint32_t number : shadow_.used()) {
    for (const ShadowWord& word : shadow_.page(number).words) {
      for (std::size_t lane = 0; lane != 4; ++lane) {
        ticks[word.born[lane]] = ticks[word.wrote[lane]] = ticks[word.first[lane]] = ticks[word.read[lane]] =
            1;
        holds[tree_.activation_at(word.wrote[lane])] = 1;
      }
    }
  }
  for (std::size_t a = holds.size(); a-- > 1;) {
    if (holds[a] != 0) holds[tree_[static_cast<std::uint32_t>(a)].parent] = 1;
  }
  close_groups(holds);
  for (std::uint32_t number = 1; number < places_.size(); ++number) {
    if (places_[number].released == kNever) continue;
    places_[number] = {};
    places_[number].is_followed = false;
    free_places_.push_back(number);
  }

  for (const LifeGroup& group : groups_.groups()) {
    activations[group.key.parent] = activations[group.writer] = 1;
    if (!group.key.is_calls()) activations[group.key.producer] = 1;
    if (group.reader != LifeGroup::kNobody) activations[group.reader] = 1;
    for (std::uint32_t tick : {group.min_born, group.max_used, group.max_born, group.min_first})
      ticks[tick] = 1;
    for (const LifeChunk& chunk : group.chunks) {
      ticks[chunk.born] = ticks[chunk.wrote] = ticks[chunk.first] = ticks[chunk.read] = 1;
    }
  }
  tree_.keep(ticks, activations);
  for (LifeGroup& group : groups_.groups()) {
    for (std::uint32_t* a : {&group.key.parent, &group.writer}) *a = activations[*a];
    if (!group.key.is_calls()) group.key.producer = activations[group.key.producer];
    if (group.reader != LifeGroup::kNobody) group.reader = activations[group.reader];
    for (std::uint32_t* tick : {&group.min_born, &group.max_used, &group.max_born, &group.min_first}) {
      *tick = ticks[*tick];
    }
    for (LifeChunk& chunk : group.chunks) {
      for (std::uint32_t* tick : {&chunk.born, &chunk.wrote, &chunk.first, &chunk.read}) *tick = ticks[*tick];
    }
  }
  for (std::uint32_t number : shadow_.used()) {
    for (ShadowWord& word : shadow_.page(number).words) {
      for (std::size_t lane = 0; lane != 4; ++lane) {
        word.born[lane] = ticks[word.born[lane]];
        word.wrote[lane] = ticks[word.wrote[lane]];
        word.first[lane] = ticks[word.first[lane]];
        word.read[lane] = ticks[word.read[lane]];
      }
    }
  }
  groups_.index();
  last_rewrite_ = {};
  last_dependency_ = ~std::uint64_t{0};
  tick_ = tree_.tick();
  compact_at_ = std::max(compact_at_, 2 * tree_.size());
}

std::vector<Life> LifeTracker::provisional() const {
  LifeGroups groups = groups_;
  std::vector<std::uint32_t> pages = shadow_.used();
  std::sort(pages.begin(), pages.end());
  std::vector<Life> lives;
  for (std::uint32_t number : pages) {
    const ShadowPage& page = shadow_.page(number);
    for (std::uint32_t i = 0; i != ShadowPage::kWords; ++i) {
      const Place& place = places_[page.owner[i]];
      if (place.is_followed && !place.is_small) {
        add_word(groups, page, number * ShadowPage::kBytes + i * 4, true);
      }
    }
  }
  for (const LifeGroup& group : groups.groups()) {
    for (const Life& life : finished(group)) lives.push_back(life);
  }
  for (const Place& place : places_) {
    if (place.is_small && place.is_followed) add_small(place, lives);
  }
  for (std::uint32_t number : pages) add_never_written(number, lives);
  const std::size_t frames = lives.size();
  frames_.running(now_, lives);
  place_frames(lives, frames);
  return lives;
}

/// The number that it had, where it was shown before.
std::optional<Life> LifeTracker::shown_before(const Life& life, Shown& before) {
  const auto same = before.lower_bound({life.address, life.born, 0});
  if (same == before.end()) return std::nullopt;
  if (std::get<0>(same->first) != life.address || std::get<1>(same->first) != life.born) return std::nullopt;
  const Life found = same->second;
  before.erase(same);
  return found;
}

std::vector<Life> LifeTracker::take(bool last) {
  compact();
  std::vector<Life> lives = std::move(done_);
  done_.clear();
  const std::size_t settled = lives.size();
  for (const Life& life : provisional()) lives.push_back(life);

  // Lives that were shown keep their numbers; the others get those that are free.
  Shown before = std::move(shown_);
  shown_.clear();
  std::vector<std::optional<Life>> earlier(lives.size());
  for (std::size_t i = 0; i < lives.size(); ++i) earlier[i] = shown_before(lives[i], before);
  for (const auto& [place, life] : before) free_ids_.push_back(life.id);
  std::sort(free_ids_.begin(), free_ids_.end(), std::greater<>());

  std::vector<Life> changed;
  for (std::size_t i = 0; i < lives.size(); ++i) {
    Life& life = lives[i];
    if (earlier[i]) {
      life.id = earlier[i]->id;
    } else if (!free_ids_.empty()) {
      life.id = free_ids_.back();
      free_ids_.pop_back();
    } else if (next_id_ < kMaxLives) {
      life.id = next_id_++;
    } else {
      ++dropped_;
      continue;
    }
    if (i >= settled && !last) {
      std::uint32_t others = 0;
      while (!shown_.try_emplace({life.address, life.born, others}, life).second) ++others;
    }
    if (!earlier[i] || *earlier[i] != life) changed.push_back(life);
  }
  for (const auto& [place, life] : before) {
    if (!std::binary_search(free_ids_.begin(), free_ids_.end(), life.id, std::greater<>())) continue;
    Life taken_back = life;
    taken_back.bytes = 1;
    taken_back.touched = 0;
    taken_back.last_write = taken_back.born;
    taken_back.first_read = taken_back.last_read = taken_back.released = kNever;
    changed.push_back(taken_back);
  }
  return changed;
}

}  // namespace traces
