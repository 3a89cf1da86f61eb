#include "traces/life_groups.h"

#include <algorithm>
#include <bit>

namespace traces {
namespace {

/// How many groups of one key are looked at: what is older is history.
constexpr std::size_t kLookBack = 16;
/// A loop's loads and stores lie this close together, unrolled and with what is around them.
constexpr std::uint32_t kLoopNestBytes = 192;
constexpr std::size_t kMaxOwnReads = 1u << 16;
/// What a function rewrites after a pause of this many cycles is still the same scratch.
constexpr std::uint64_t kPause = 1000;

std::uint32_t earlier(std::uint32_t tick, std::uint32_t other) {
  return tick == 0 || (other != 0 && other < tick) ? other : tick;
}

bool is_beside(const LifeGroup& group, std::uint32_t address) {
  return group.at(address) != nullptr || group.at(address - 64) != nullptr ||
         group.at(address + 64) != nullptr;
}

/// The same when the byte lived.
bool was_beside(const LifeGroup& group, std::uint32_t address, const ByteLife& life) {
  return is_beside(group, address) && group.max_used >= life.born && group.min_born <= life.wrote;
}

}  // namespace

std::size_t LifeGroups::KeyHash::operator()(const LifeKey& key) const {
  std::uint64_t hash = key.container;
  for (std::uint32_t part :
       {key.parent, key.producer, key.function, key.level * 2 + (key.is_source ? 1 : 0)}) {
    hash = (std::rotl(hash, 23) ^ part) * 0x9e3779b97f4a7c15ULL;
  }
  return hash ^ hash >> 32;
}

LifeKey LifeGroups::key_of(std::uint32_t container, std::uint32_t writer, std::uint32_t reader) const {
  const CallTree& tree = *tree_;
  std::uint32_t parent = tree.common(writer, reader);
  std::uint32_t producer = tree.below(parent, writer);
  // What happens within a helper is its caller's.
  while (parent != 0 && tree.is_short(parent)) {
    producer = parent;
    parent = tree[parent].parent;
  }
  if (producer == parent || !tree.is_short(producer)) return {container, parent, producer};
  return calls_key(container, producer);
}

LifeKey LifeGroups::calls_key(std::uint32_t container, std::uint32_t call) const {
  const Activation& a = (*tree_)[call];
  return {container, a.parent, LifeKey::kAnyCall, a.function, a.level};
}

void LifeGroups::note_own_read(std::uint32_t pc) {
  if (pc == last_own_read_) return;
  last_own_read_ = pc;
  if (own_reads_.size() < kMaxOwnReads) own_reads_.insert(pc);
}

bool LifeGroups::is_source(std::uint32_t writer_pc) const {
  const auto near = own_reads_.lower_bound(writer_pc - std::min(writer_pc, kLoopNestBytes));
  return near == own_reads_.end() || *near > writer_pc + kLoopNestBytes;
}

/// Does it begin when the bytes that were last used at `used` are hardly cold?
bool LifeGroups::follows_closely(std::uint32_t used, const ByteLife& life) const {
  const std::uint64_t free_since = tree_->when(used).end, born = tree_->when(life.born).begin;
  if (born <= free_since) return true;
  const std::uint64_t lasts = tree_->when(life.used()).end - born;
  return born - free_since <= std::max(lasts, kPause);
}

bool LifeGroups::fits(const LifeGroup& group, std::uint32_t address, const ByteLife& life) const {
  if (group.key.is_calls()) {
    return follows_closely(group.max_used, life) &&
           tree_->when(life.used()).end + CallTree::kShortCall >= tree_->when(group.min_born).begin;
  }
  return !group.key.is_self() || fits_loop(group, address, life);
}

/// For what a function wrote for itself.
bool LifeGroups::fits_loop(const LifeGroup& group, std::uint32_t address, const ByteLife& life) const {
  if (group.key.is_source) return is_beside(group, address) && follows_closely(group.max_used, life);
  if (!is_same_loop(group.writer_pc, life.writer_pc)) return false;
  if (group.has(address)) return !group.chained && follows_closely(group.max_used, life);
  // Other instructions of the loop write in between.
  if (group.writer_pc != life.writer_pc && !is_beside(group, address)) return false;
  // What is written and read in one slice of time tells no order.
  const bool at_once = life.born == life.first;
  const bool written_before_its_reads =
      group.min_first == 0 || life.born < group.min_first || (at_once && life.born == group.min_first);
  const bool read_after_its_writes =
      life.first == 0 || group.max_born < life.first || (at_once && life.first == group.max_born);
  return written_before_its_reads && read_after_its_writes;
}

std::uint32_t LifeGroups::find(const LifeKey& key, std::uint32_t address, const ByteLife& life) {
  std::vector<std::uint32_t>& known = by_key_[key];
  const std::size_t oldest = known.size() > kLookBack ? known.size() - kLookBack : 0;
  for (std::size_t i = known.size(); i-- > oldest;) {
    if (fits(groups_[known[i]], address, life)) return known[i];
  }
  LifeGroup fresh;
  fresh.key = key;
  fresh.writer = tree_->activation_at(life.wrote);
  fresh.first_chunk = address / 64;
  fresh.writer_pc = life.writer_pc;
  for (std::size_t i = known.size(); key.is_self() && !key.is_source && i-- > oldest;) {
    // The loop that wrote a group before now writes elsewhere: layers, not generations.
    LifeGroup& before = groups_[known[i]];
    if (before.writer_pc == life.writer_pc && before.at(address) == nullptr)
      before.chained = fresh.chained = true;
  }
  if (!known.empty()) groups_[known.back()].is_newest = false;
  known.push_back(static_cast<std::uint32_t>(groups_.size()));
  groups_.push_back(std::move(fresh));
  return known.back();
}

/// Bytes that nothing read belong to what their writer wrote beside them at the time.
std::optional<std::uint32_t> LifeGroups::find_near(std::uint32_t container, std::uint32_t address,
                                                   const ByteLife& life) {
  const CallTree& tree = *tree_;
  for (std::uint32_t a = tree.activation_at(life.wrote); a != 0; a = tree[a].parent) {
    const std::uint32_t parent = tree[a].parent;
    const LifeKey passed_on =
        tree.is_short(a) ? LifeKey{container, parent, LifeKey::kAnyCall, tree[a].function, tree[a].level}
                         : LifeKey{container, parent, a};
    for (const LifeKey& key : {passed_on, LifeKey{container, a, a}, LifeKey{container, a, a, 0, 0, true}}) {
      const auto known = by_key_.find(key);
      if (known == by_key_.end()) continue;
      const std::vector<std::uint32_t>& groups = known->second;
      for (std::size_t i = groups.size(); i-- > 0 && groups.size() - i <= kLookBack;) {
        if (was_beside(groups_[groups[i]], address, life)) return groups[i];
      }
    }
  }
  return std::nullopt;
}

std::uint32_t LifeGroups::find_unread(std::uint32_t container, std::uint32_t address, const ByteLife& life) {
  if (const auto near = find_near(container, address, life)) return *near;
  std::uint32_t producer = tree_->activation_at(life.wrote);
  while (producer != 0 && tree_->is_short(producer)) producer = (*tree_)[producer].parent;
  return find({container, (*tree_)[producer].parent, producer}, address, life);
}

std::uint32_t LifeGroups::find(std::uint32_t container, std::uint32_t address, const ByteLife& life) {
  const std::uint32_t writer = tree_->activation_at(life.wrote);
  if (life.read == 0) return find_unread(container, address, life);
  const std::uint32_t reader = tree_->activation_at(life.read);
  Recent& recent = recent_[(writer * 7 + reader * 3 + container + life.writer_pc / 2) % recent_.size()];
  if (recent.used && recent.writer == writer && recent.reader == reader && recent.container == container &&
      recent.writer_pc == life.writer_pc && groups_[recent.group].is_newest &&
      fits(groups_[recent.group], address, life)) {
    return recent.group;
  }
  LifeKey key = key_of(container, writer, reader);
  key.is_source = key.is_self() && is_source(life.writer_pc);
  const std::uint32_t group = find(key, address, life);
  recent = {container, writer, reader, life.writer_pc, group, true};
  return group;
}

void LifeGroups::add(std::uint32_t container, std::uint32_t address, std::uint32_t count,
                     const ByteLife& life) {
  LifeGroup& group = groups_[find(container, address, life)];
  const std::uint32_t number = address / 64;
  if (number < group.first_chunk) {
    group.chunks.insert(group.chunks.begin(), group.first_chunk - number, {});
    group.first_chunk = number;
  }
  if (number - group.first_chunk >= group.chunks.size()) group.chunks.resize(number - group.first_chunk + 1);

  if (group.has(address) && group.min_first != 0 && life.born > group.min_first) {
    group.max_born = group.min_first = 0;  // the next generation
  }
  group.max_born = std::max(group.max_born, life.born);
  group.min_first = earlier(group.min_first, life.first);

  LifeChunk& chunk = group.chunks[number - group.first_chunk];
  if (chunk.mask == 0) chunk.writer_pc = life.writer_pc;
  chunk.mask |= ((std::uint64_t{1} << count) - 1) << address % 64;
  chunk.born = earlier(chunk.born, life.born);
  chunk.wrote = std::max(chunk.wrote, life.wrote);
  chunk.first = earlier(chunk.first, life.first);
  if (life.read >= chunk.read) {
    chunk.read = life.read;
    if (life.read != 0) chunk.reader_pc = life.reader_pc;
  }
  chunk.ends += count;
  if (life.open) chunk.open += count;

  group.min_born = earlier(group.min_born, life.born);
  group.max_used = std::max(group.max_used, life.used());
  const std::uint32_t writer = tree_->activation_at(life.wrote);
  if (writer != group.writer) group.writer = tree_->common(group.writer, writer);
  if (life.read != 0) {
    const std::uint32_t reader = tree_->activation_at(life.read);
    group.reader = group.reader == LifeGroup::kNobody ? reader : tree_->common(group.reader, reader);
  }
}

void LifeGroups::give_to_caller(std::uint32_t call) {
  for (std::size_t i = (*tree_)[call].note; i < groups_.size(); ++i) {
    if (groups_[i].key.parent != call || groups_[i].chunks.empty()) continue;
    by_key_.erase(groups_[i].key);
    recent_ = {};
    groups_[i].key = calls_key(groups_[i].key.container, call);
    const ByteLife whole{.born = groups_[i].min_born, .wrote = groups_[i].max_used};
    std::vector<std::uint32_t>& known = by_key_[groups_[i].key];
    const auto same = std::find_if(known.rbegin(), known.rend(), [&](std::uint32_t group) {
      return fits(groups_[group], groups_[i].first_chunk * 64, whole);
    });
    if (same == known.rend()) {
      if (!known.empty()) groups_[known.back()].is_newest = false;
      known.push_back(static_cast<std::uint32_t>(i));
    } else {
      take_over(groups_[*same], std::move(groups_[i]));
      groups_[i].chunks.clear();  // nothing finds it any more
    }
  }
}

/// The part's bytes become the group's.
void LifeGroups::take_over(LifeGroup& group, LifeGroup&& part) const {
  const std::uint32_t begin = std::min(group.first_chunk, part.first_chunk);
  const std::size_t end =
      std::max(group.first_chunk + group.chunks.size(), part.first_chunk + part.chunks.size());
  group.chunks.insert(group.chunks.begin(), group.first_chunk - begin, {});
  group.first_chunk = begin;
  group.chunks.resize(end - begin);
  for (std::size_t c = 0; c < part.chunks.size(); ++c) {
    const LifeChunk& from = part.chunks[c];
    if (from.mask == 0) continue;
    LifeChunk& to = group.chunks[part.first_chunk - begin + c];
    if (to.mask == 0) to.writer_pc = from.writer_pc;
    if (from.read >= to.read) to.reader_pc = from.reader_pc;
    to.mask |= from.mask;
    to.born = earlier(to.born, from.born);
    to.wrote = std::max(to.wrote, from.wrote);
    to.first = earlier(to.first, from.first);
    to.read = std::max(to.read, from.read);
    to.ends += from.ends;
    to.open += from.open;
  }
  group.min_born = earlier(group.min_born, part.min_born);
  group.max_used = std::max(group.max_used, part.max_used);
  group.writer = tree_->common(group.writer, part.writer);
  if (part.reader == LifeGroup::kNobody) return;
  group.reader = group.reader == LifeGroup::kNobody ? part.reader : tree_->common(group.reader, part.reader);
}

void LifeGroups::index() {
  by_key_.clear();
  recent_ = {};
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    std::vector<std::uint32_t>& known = by_key_[groups_[i].key];
    if (!known.empty()) groups_[known.back()].is_newest = false;
    groups_[i].is_newest = true;
    known.push_back(static_cast<std::uint32_t>(i));
  }
}

}  // namespace traces
