#include "traces/bounds_watch.h"

#include <fmt/format.h>

#include <algorithm>

namespace traces {
namespace {

std::uint32_t end_of(const BoundsWatch::Object& object) {
  return object.address + object.bytes;
}

/// Overlapping objects become one.
std::vector<BoundsWatch::Object> joined(std::vector<BoundsWatch::Object> objects) {
  std::erase_if(objects, [](const auto& o) { return o.bytes == 0 || end_of(o) < o.address; });
  std::ranges::stable_sort(objects, {}, &BoundsWatch::Object::address);
  std::vector<BoundsWatch::Object> result;
  std::uint32_t largest = 0;
  for (BoundsWatch::Object& object : objects) {
    if (result.empty() || object.address >= end_of(result.back())) {
      largest = object.bytes;
      result.push_back(std::move(object));
      continue;
    }
    BoundsWatch::Object& whole = result.back();
    if (object.bytes > largest) {
      largest = object.bytes;
      whole.name = object.name;
    }
    whole.bytes = std::max(end_of(whole), end_of(object)) - whole.address;
  }
  return result;
}

}  // namespace

BoundsWatch::BoundsWatch(std::vector<Object> objects, std::vector<std::uint32_t> bounds)
    : bounds_(std::move(bounds)), walks_(kWalks) {
  for (Object& object : joined(std::move(objects))) {
    const std::uint32_t address = object.address;
    places_.emplace(address, Place{std::move(object)});
  }
  std::ranges::sort(bounds_);
}

/// The object that has this address, or end().
BoundsWatch::Places::iterator BoundsWatch::place_at(std::uint32_t address) {
  auto after = places_.upper_bound(address);
  if (after == places_.begin()) return places_.end();
  auto place = std::prev(after);
  return address < end_of(place->second.object) ? place : places_.end();
}

/// Whether the next access belongs to the same walk.
bool BoundsWatch::goes_on(const Walk& walk, std::uint32_t address) const {
  return address - walk.last == walk.stride && blocks_ - walk.block <= walk.pause;
}

void BoundsWatch::elsewhere(Walk& walk, std::uint64_t who, std::uint32_t address, std::uint32_t bytes,
                            bool store) {
  if (walk.who == who && walk.past >= 0 && goes_on(walk, address)) {
    Pass& pass = passes_[static_cast<std::size_t>(walk.past)];
    pass.to = std::max(pass.to, address + bytes);
    ++pass.seen.count;
    walk.last = address;
    walk.block = blocks_;
    return;
  }
  if (walk.who == who && walk.past < 0 && walk.steps >= kLeastSteps && walk.stride < 0x80000000 &&
      goes_on(walk, address)) {
    leave(walk, address, bytes, store);
    if (walk.past >= 0) return;
  }
  walk.who = who;
  if (walk.past >= 0 || address - walk.begin >= walk.size) {
    const auto place = place_at(address);
    if (place != places_.end()) {
      walk.begin = place->first;
      walk.size = place->second.object.bytes;
    } else {
      const auto after = places_.upper_bound(address);
      walk.begin = after == places_.begin() ? 0 : end_of(std::prev(after)->second.object);
      walk.size = (after == places_.end() ? 0 : after->first) - walk.begin;
    }
  }
  if (const auto place = places_.find(walk.begin); place != places_.end()) {
    if (place->second.first_call == kUntouched) place->second.first_call = call_;
  }
  walk.past = -1;
  walk.last = address;
  walk.stride = walk.steps = 0;
  walk.block = blocks_;
  walk.pause = 0;
}

/// The walk has left what it was in.
void BoundsWatch::leave(Walk& walk, std::uint32_t address, std::uint32_t bytes, bool store) {
  const auto place = places_.find(walk.begin);
  if (place == places_.end()) return;  // a gap has no end to run past
  const Object& object = place->second.object;
  const auto pc = static_cast<std::uint32_t>(walk.who);
  const std::uint32_t from = walk.last - walk.steps * walk.stride;
  auto pass = std::ranges::find_if(passes_, [&](const Pass& p) {
    return p.seen.pc == pc && p.seen.owner == object.name && p.end == end_of(object);
  });
  if (pass == passes_.end()) {
    if (passes_.size() == kMaxProblems) return;
    Pass made;
    made.seen.kind = FindingKind::kPastEnd;
    made.seen.owner = object.name;
    made.seen.text = store ? "writes" : "reads";
    made.seen.pc = pc;
    made.seen.address = address;
    made.seen.step = step_;
    made.seen.cycle = now_;
    made.seen.count = 0;
    made.from = from;
    made.end = end_of(object);
    made.stride = walk.stride;
    made.fresh = place->second.first_call == call_;
    if (const auto into = place_at(address); into != places_.end()) made.into = into->second.object.name;
    passes_.push_back(std::move(made));
    pass = passes_.end() - 1;
  }
  // Of several walks the one that looks least like a whole section counts.
  pass->from = std::max(pass->from, from);
  pass->fresh = pass->fresh && place->second.first_call == call_;
  pass->to = std::max(pass->to, address + bytes);
  ++pass->seen.count;
  walk.past = static_cast<std::int32_t>(pass - passes_.begin());
  walk.size = 0;
  walk.last = address;
  walk.block = blocks_;
}

void BoundsWatch::forget(std::uint32_t address, std::uint32_t bytes) {
  for (Walk& walk : walks_) {
    if (walk.begin < address + bytes && address < walk.begin + walk.size) walk = {};
  }
}

void BoundsWatch::allocate(const Object& block) {
  if (block.bytes == 0 || end_of(block) < block.address) return;
  auto place = places_.upper_bound(block.address);
  if (place != places_.begin() && end_of(std::prev(place)->second.object) > block.address) --place;
  while (place != places_.end() && place->first < end_of(block)) {
    forget(place->first, place->second.object.bytes);
    place = places_.erase(place);
  }
  // The gap it lies in is no longer one.
  forget(block.address, block.bytes);
  places_.emplace(block.address, Place{block});
}

void BoundsWatch::release(std::uint32_t address) {
  const auto place = places_.find(address);
  if (place == places_.end()) return;
  forget(address, place->second.object.bytes);
  places_.erase(place);
}

bool BoundsWatch::near_bound(std::uint32_t address, std::uint32_t tolerance) const {
  const std::uint32_t low = address < tolerance ? 0 : address - tolerance;
  const auto bound = std::ranges::lower_bound(bounds_, low);
  return bound != bounds_.end() && *bound - low <= 2 * tolerance;
}

bool BoundsWatch::over_a_section(const Pass& pass) const {
  // Unrolled loops begin and end a stride off, and words reach a little over the end.
  const std::uint32_t tolerance = pass.stride + 8;
  if (!near_bound(pass.from, tolerance)) return false;
  if (pass.fresh && near_bound(pass.to, tolerance)) return true;
  std::uint32_t whole = 0;
  for (auto at = places_.lower_bound(pass.end);
       at != places_.end() && end_of(at->second.object) <= pass.to + tolerance; ++at) {
    ++whole;
  }
  return whole >= kManyObjects;
}

std::vector<Observation> BoundsWatch::problems() const {
  std::vector<Observation> all;
  for (const Pass& pass : passes_) {
    if (over_a_section(pass)) continue;
    Observation one = pass.seen;
    one.bytes = pass.to - pass.end;
    one.text =
        fmt::format("a loop {} past the end of {}: {} byte{} behind it{}", one.text, one.owner, one.bytes,
                    one.bytes == 1 ? "" : "s", pass.into.empty() ? "" : fmt::format(", into {}", pass.into));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace traces
