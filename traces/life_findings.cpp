#include "traces/life_findings.h"

#include <fmt/format.h>

#include <utility>

namespace traces {

ArrayWatch::ArrayWatch(std::span<const LifeTracker::Container> containers, Arena planned,
                       std::function<std::string(StringId)> text)
    : planned_(planned), text_(std::move(text)) {
  for (const LifeTracker::Container& container : containers) {
    if (container.kind != LifeKind::kStatic || container.bytes <= kLargestScalar) continue;
    if (container.address - planned_.address < planned_.bytes) continue;
    variables_[container.address] = {
        text_(container.name), container.address, container.bytes, false, false, {}};
  }
}

ArrayWatch::Array* ArrayWatch::variable_at(std::uint32_t address) {
  auto after = variables_.upper_bound(address);
  if (after == variables_.begin()) return nullptr;
  Array& array = std::prev(after)->second;
  return address - array.address < array.bytes ? &array : nullptr;
}

const ArrayWatch::Array* ArrayWatch::variable_at(std::uint32_t address) const {
  return const_cast<ArrayWatch*>(this)->variable_at(address);
}

ArrayWatch::Array* ArrayWatch::array_of(const Life& life) {
  if (life.kind != LifeKind::kHeap) return variable_at(life.address);
  if (life.bytes <= kLargestScalar) return nullptr;
  Array& block = blocks_[life.owner];
  if (block.name.empty()) block.name = text_(life.owner);
  return &block;
}

void ArrayWatch::see(const Life& life) {
  if (life.bytes == 0) return;
  Array* array = array_of(life);
  if (array == nullptr) return;
  array->is_read |= life.last_read != kNever;
  if ((life.flags & Life::kNeverWritten) || life.writer_pc == 0 || life.born < begins_) return;
  if (!array->is_written || life.born < array->first.born) array->first = life;
  array->is_written = true;
}

std::vector<Observation> ArrayWatch::observations(std::span<const LifeTracker::UnwrittenRead> reads,
                                                  bool cut_short) const {
  std::vector<Observation> all;
  for (const LifeTracker::UnwrittenRead& read : reads) {
    const bool heap = blocks_.contains(read.owner);
    const Array* array = variable_at(read.address);
    if (!heap && array == nullptr) continue;
    Observation one;
    one.kind = FindingKind::kReadBeforeWrite;
    one.owner = heap ? text_(read.owner) : array->name;
    one.text = fmt::format("{} is read where nothing has written it: {} byte{} at 0x{:08x}", one.owner,
                           read.count, read.count == 1 ? "" : "s", read.address);
    one.pc = read.pc;
    one.address = read.address;
    one.bytes = static_cast<std::uint32_t>(read.count);
    one.step = read.step;
    one.cycle = read.cycle;
    all.push_back(std::move(one));
  }
  if (cut_short) return all;
  const auto never_read = [&](const Array& array) {
    if (!array.is_written || array.is_read) return;
    Observation one;
    one.kind = FindingKind::kWriteNeverRead;
    one.is_problem = false;
    one.owner = array.name;
    one.text = fmt::format("{} is written and never read", array.name);
    one.pc = array.first.writer_pc;
    one.address = array.first.address;
    one.bytes = array.first.bytes;
    one.step = array.first.born_step;
    one.cycle = array.first.born;
    all.push_back(std::move(one));
  };
  for (const auto& [address, array] : variables_) never_read(array);
  for (const auto& [owner, block] : blocks_) never_read(block);
  return all;
}

}  // namespace traces
