#include "traces/life_tracker.h"

#include <algorithm>

namespace traces {
namespace {

/// The place of what lies outside the spans.
constexpr std::uint32_t kOutside = 0;
/// A byte that was read this short a time ago and is written now is a sum being added to.
constexpr std::uint64_t kReadJustNow = 256;
/// Ticks and activations kept before the first clean-up.
constexpr std::size_t kFirstCompaction = 1u << 19;

}  // namespace

LifeTracker::LifeTracker(std::vector<Span> memory, std::vector<Container> containers)
    : frames_(0), compact_at_(kFirstCompaction) {
  places_.emplace_back().is_followed = false;
  for (const Span& span : memory) {
    by_address_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.push_back({.container = {span.base, span.bytes, 0, LifeKind::kUnknown}, .region = span.region});
  }
  spans_ = by_address_.size();
  for (const Container& container : containers) {
    if (container.bytes == 0) continue;
    Place place{.container = container};
    const auto span = std::find_if(memory.begin(), memory.end(),
                                   [&](const Span& s) { return container.address - s.base < s.bytes; });
    if (span == memory.end()) continue;
    place.region = span->region;
    place.is_small = container.bytes <= kSmallBytes;
    place.is_followed = container.kind != LifeKind::kStack;
    if (container.kind == LifeKind::kStack && stack_bytes_ == 0) {
      stack_base_ = container.address;
      stack_bytes_ = container.bytes;
      stack_place_ = static_cast<std::uint32_t>(places_.size());
      frames_ = FrameLives(stack_base_ + stack_bytes_);
    }
    by_address_.push_back(static_cast<std::uint32_t>(places_.size()));
    places_.push_back(place);
  }
  // Spans first, so that containers are painted over them.
  std::stable_sort(by_address_.begin() + static_cast<std::ptrdiff_t>(spans_), by_address_.end(),
                   [&](std::uint32_t a, std::uint32_t b) {
                     return places_[a].container.address < places_[b].container.address;
                   });
}

void LifeTracker::begin_slice() {
  tree_.begin_tick(now_, std::min(now_, slice_end_));
  changed_call();
}

void LifeTracker::changed_call() {
  slice_end_ = now_ + kSliceCycles;
  if (tree_.size() > compact_at_) compact();
  tick_ = tree_.tick();
}

void LifeTracker::call(Function function) {
  tree_.call(function, now_, static_cast<std::uint32_t>(groups_.groups().size()));
  frames_.call(function, now_);
  changed_call();
}

void LifeTracker::leave() {
  const std::uint32_t left = tree_.current();
  tree_.leave(now_);
  if (tree_.is_short(left)) groups_.give_to_caller(left);
  const std::size_t frames = done_.size();
  frames_.leave(now_, done_);
  place_frames(done_, frames);
  changed_call();
}

/// Frames know only their addresses.
void LifeTracker::place_frames(std::vector<Life>& lives, std::size_t from) const {
  for (std::size_t i = from; i < lives.size(); ++i) {
    lives[i].region = places_[stack_place_].region;
    lives[i].owner = places_[stack_place_].container.name;
  }
}

void LifeTracker::step(std::int32_t index) {
  tree_.step(index, now_);
  changed_call();
}

ShadowPage* LifeTracker::make_page(std::uint32_t address) {
  const std::uint32_t base = address / ShadowPage::kBytes * ShadowPage::kBytes;
  std::vector<std::uint32_t> owner(ShadowPage::kWords, kOutside);
  for (std::uint32_t place : by_address_) {
    const Container& c = places_[place].container;
    const std::uint64_t begin = std::max<std::uint64_t>(base, c.address);
    const std::uint64_t end =
        std::min(std::uint64_t{base} + ShadowPage::kBytes, std::uint64_t{c.address} + c.bytes);
    if (begin >= end) continue;
    // A word that two share goes to the one that has more of it.
    const std::uint64_t first_word = (begin - base + 1) / 4, last_word = (end - base + 2) / 4;
    for (std::uint64_t word = first_word; word < std::max(last_word, first_word + 1); ++word) {
      if (word < ShadowPage::kWords) owner[word] = place;
    }
  }
  ShadowPage& page = shadow_.make(address);
  std::copy(owner.begin(), owner.end(), page.owner.begin());
  return &page;
}

void LifeTracker::load_bytes(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc) {
  bool begins_unwritten = true;
  while (bytes != 0) {
    const std::uint32_t count = std::min(bytes, 4 - address % 4);
    ShadowPage* page = page_of(address);
    if (page == nullptr) return;
    load_word(*page, address, count, pc, begins_unwritten);
    address += count;
    bytes -= count;
  }
}

void LifeTracker::load_word(ShadowPage& page, std::uint32_t address, std::uint32_t count, std::uint32_t pc,
                            bool& begins_unwritten) {
  const std::uint32_t offset = address % ShadowPage::kBytes;
  const std::uint32_t place = page.owner[offset / 4];
  if (!places_[place].is_followed) return;
  ShadowWord& word = page.words[offset / 4];
  page.reader_pc[offset / ShadowPage::kLineBytes] = pc;
  const std::uint32_t end = address % 4 + count;
  std::uint32_t told = 0;  // bytes that were born together are read together
  for (std::uint32_t lane = address % 4; lane != end; ++lane) {
    const bool is_unwritten = word.wrote[lane] == 0;
    if (word.read[lane] == 0) {
      if (!is_unwritten) {
        if (word.born[lane] != told) first_read(told = word.born[lane], pc);
      } else if (begins_unwritten) {
        note_unwritten(address - address % 4 + lane, pc, place);
      }
      word.first[lane] = tick_;
    }
    begins_unwritten = begins_unwritten && is_unwritten;
    word.read[lane] = tick_;
  }
}

void LifeTracker::first_read(std::uint32_t born, std::uint32_t pc) {
  if (tree_.passes_on(born, now_)) begin_slice();
  const std::uint32_t writer = tree_.activation_at(born);
  if (writer == tree_.current()) return groups_.note_own_read(pc);
  const std::uint64_t dependency = std::uint64_t{writer} << 32 | tree_.current();
  if (dependency != last_dependency_) tree_.depends(writer, tree_.current());
  last_dependency_ = dependency;
}

void LifeTracker::store_bytes(std::uint32_t address, std::uint32_t bytes, std::uint32_t pc) {
  const std::uint16_t site = sites_.number(pc);
  while (bytes != 0) {
    const std::uint32_t count = std::min(bytes, 4 - address % 4);
    ShadowPage* page = shadow_.find(address);
    if (page == nullptr) page = page_of(address);
    if (page == nullptr) return;
    store_word(*page, address, count, site);
    address += count;
    bytes -= count;
  }
}

void LifeTracker::store_word(ShadowPage& page, std::uint32_t address, std::uint32_t count,
                             std::uint16_t site) {
  const std::uint32_t offset = address % ShadowPage::kBytes;
  const std::uint32_t place = page.owner[offset / 4];
  if (!places_[place].is_followed) return;
  const bool is_small = places_[place].is_small;
  ShadowWord& word = page.words[offset / 4];
  std::array<std::uint16_t, 4>& writer = page.writer[offset / 4];
  const std::uint32_t end = address % 4 + count;
  for (std::uint32_t lane = address % 4; lane != end;) {
    const ByteLife life{.born = word.born[lane],
                        .wrote = word.wrote[lane],
                        .first = word.first[lane],
                        .read = word.read[lane],
                        .writer_pc = sites_.pc(writer[lane]),
                        .reader_pc = page.reader_pc[offset / ShadowPage::kLineBytes]};
    // Bytes that were written and read together end together.
    std::uint32_t alike = lane + 1;
    while (alike != end && word.born[alike] == life.born && word.wrote[alike] == life.wrote &&
           word.first[alike] == life.first && word.read[alike] == life.read &&
           writer[alike] == writer[lane]) {
      ++alike;
    }
    const bool is_first = life.wrote == 0;
    if (is_first || (!is_small && begins_anew(life, site))) {
      if (!is_first) groups_.add(place, address - address % 4 + lane, alike - lane, life);
      for (std::uint32_t i = lane; i != alike; ++i) {
        word.born[i] = word.wrote[i] = tick_;
        word.first[i] = word.read[i] = 0;
      }
    } else {
      for (std::uint32_t i = lane; i != alike; ++i) word.wrote[i] = tick_;
    }
    for (; lane != alike; ++lane) writer[lane] = site;
  }
}

/// Is what this instruction stores over it something new?
bool LifeTracker::begins_anew(const ByteLife& life, std::uint16_t site) {
  const Rewrite& last = last_rewrite_;
  if (last.wrote != life.wrote || last.read != life.read || last.tick != tick_ || last.site != site ||
      last.writer_pc != life.writer_pc || last.reader_pc != life.reader_pc) {
    const bool anew = compute_begins_anew(life, sites_.pc(site));
    last_rewrite_ = {life.wrote, life.read, tick_, life.writer_pc, life.reader_pc, site, anew};
  }
  return last_rewrite_.anew;
}

bool LifeTracker::compute_begins_anew(const ByteLife& life, std::uint32_t pc) const {
  const std::uint32_t wrote = life.wrote, read = life.read;
  const std::uint32_t now = tree_.current(), writer = tree_.activation_at(wrote);
  const bool is_unread = read < wrote;
  if (writer == now) {
    if (!is_same_loop(life.writer_pc, pc)) return true;
    if (is_unread) return false;
    if (!is_same_loop(life.reader_pc, pc) || tree_.activation_at(read) != now) return true;
    return read != tick_ && tree_.when(read).end + kReadJustNow < tree_.when(tick_).begin;
  }
  // What a helper cleared and its caller fills is the caller's.
  if (is_unread && tree_.common(writer, now) == now) return false;
  // A sum that is passed from one call of a helper to the next.
  const Activation &before = tree_[writer], &running = tree_[now];
  const bool same_helper = before.parent == running.parent && before.function == running.function &&
                           !running.is_step && tree_.is_short(writer);
  return !(same_helper && read != 0 && tree_.activation_at(read) == now);
}

void LifeTracker::note_unwritten(std::uint32_t address, std::uint32_t pc, std::uint32_t owner) {
  const bool is_new = unwritten_.size() < kMaxUnwrittenReads && unwritten_known_.insert({pc, owner}).second;
  if (is_new) {
    unwritten_.push_back({.pc = pc,
                          .address = address,
                          .bytes = 1,
                          .owner = places_[owner].container.name,
                          .function = tree_[tree_.current()].function,
                          .step = tree_.when(tick_).step,
                          .cycle = now_});
    return;
  }
  const auto known = std::find_if(unwritten_.rbegin(), unwritten_.rend(), [&](const UnwrittenRead& read) {
    return read.pc == pc && read.owner == places_[owner].container.name;
  });
  if (known == unwritten_.rend()) return;
  ++known->count;
  if (known->cycle == now_ && known->address + known->bytes == address) ++known->bytes;
}

void LifeTracker::arrive(std::uint32_t address, std::uint32_t bytes, Function by) {
  tree_.call(by, now_);
  changed_call();
  store_bytes(address, bytes, 0);
  tree_.leave(now_);
  changed_call();
}

void LifeTracker::allocate(const Container& block) {
  if (block.bytes == 0) return;
  release(block.address);
  const ShadowPage* page = page_of(block.address);
  if (page == nullptr) return;
  const std::uint32_t around = page->owner[block.address % ShadowPage::kBytes / 4];
  std::uint32_t number = static_cast<std::uint32_t>(places_.size());
  if (free_places_.empty()) {
    places_.emplace_back();
  } else {
    number = free_places_.back();
    free_places_.pop_back();
  }
  places_[number] = {
      .container = block, .region = places_[around].region, .is_small = block.bytes <= kSmallBytes};
  blocks_[block.address] = number;
  const std::uint64_t end = std::uint64_t{block.address} + block.bytes;
  for (std::uint64_t word = block.address / 4 * 4; word < end; word += 4) {
    ShadowPage* here = page_of(static_cast<std::uint32_t>(word));
    if (here == nullptr) break;
    here->owner[word % ShadowPage::kBytes / 4] = number;
    here->words[word % ShadowPage::kBytes / 4] = {};
  }
}

void LifeTracker::release(std::uint32_t address) {
  const auto block = blocks_.find(address);
  if (block == blocks_.end()) return;
  const std::uint32_t number = block->second;
  Place& place = places_[number];
  blocks_.erase(block);
  place.released = now_;
  if (place.is_small) add_small(place, done_);
  std::uint32_t around = kOutside;
  for (std::uint32_t p = 1; p <= by_address_.size(); ++p) {
    const Container& c = places_[p].container;
    if (c.kind == LifeKind::kUnknown && address - c.address < c.bytes) around = p;
  }
  const std::uint64_t end = std::uint64_t{address} + place.container.bytes;
  for (std::uint64_t word = address / 4 * 4; word < end; word += 4) {
    ShadowPage* page = shadow_.find(static_cast<std::uint32_t>(word));
    if (page == nullptr) break;
    const std::uint32_t index = word % ShadowPage::kBytes / 4;
    if (!place.is_small) add_word(groups_, *page, static_cast<std::uint32_t>(word), false);
    page->owner[index] = around;
    page->words[index] = {};
  }
}

}  // namespace traces
