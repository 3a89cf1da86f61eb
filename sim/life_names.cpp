#include "sim/life_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace sim {

using traces::Buffer;
using traces::Life;
using traces::LifeKind;
using traces::StringId;

LifeNames::LifeNames(traces::TraceWriter& writer, const FunctionTable& functions, const Firmware& firmware,
                     std::span<const traces::Region> regions, std::vector<Buffer> buffers)
    : writer_(writer),
      functions_(functions),
      regions_(regions),
      lines_(firmware.path),
      buffers_(std::move(buffers)) {
  for (std::size_t i = 0; i < traces::kLifeKinds; ++i) {
    const auto kind = static_cast<LifeKind>(i);
    kinds_[writer.intern(traces::to_string(kind))] = kind;
  }
}

StringId LifeNames::function(std::uint32_t number) {
  if (number == 0) return 0;
  auto [text, fresh] = function_texts_.try_emplace(number);
  if (fresh) text->second = writer_.intern(functions_[number].name);
  return text->second;
}

StringId LifeNames::line(std::uint32_t pc) {
  if (pc == 0) return 0;
  auto [text, fresh] = line_texts_.try_emplace(pc);
  if (fresh) text->second = writer_.intern(lines_.at(isa::Address(pc)).to_text());
  return text->second;
}

/// The planned buffer whose bytes these are: it is in its life when the first of them is written, and of
/// several that share them (an output that is written over an input) the one that begins last.
std::int32_t LifeNames::buffer_of(const Life& life) const {
  // What comes before the first step (the input) is there for it.
  const std::int32_t step = life.born_step < 0 ? 0 : step_ids_[static_cast<std::size_t>(life.born_step)];
  std::int32_t best = -1;
  std::tuple<std::int32_t, std::int64_t> best_rank;
  for (std::size_t i = 0; i < buffers_.size(); ++i) {
    const Buffer& b = buffers_[i];
    if (step < b.first_step || step > b.last_step) continue;
    const std::uint64_t begin = std::max(b.address, life.address);
    const std::uint64_t end =
        std::min(std::uint64_t{b.address} + b.bytes, std::uint64_t{life.address} + life.bytes);
    if (begin >= end) continue;
    const std::tuple rank(b.first_step, static_cast<std::int64_t>(end - begin));
    if (best >= 0 && rank <= best_rank) continue;
    best = static_cast<std::int32_t>(i);
    best_rank = rank;
  }
  return best;
}

/// "conv_1x1 > depthwise_3x3", or the one that is known.
std::string LifeNames::passage(std::uint32_t writer, std::uint32_t reader) const {
  if (writer == 0 || reader == 0 || writer == reader) return functions_[writer ? writer : reader].name;
  return fmt::format("{} > {}", functions_[writer].name, functions_[reader].name);
}

void LifeNames::resolve(Life& life) {
  // What lies in may begin in another region.
  auto holds = [&](const traces::Region& r) { return life.address - r.base < r.bytes; };
  life.region = static_cast<std::uint16_t>(std::ranges::find_if(regions_, holds) - regions_.begin());
  life.buffer = buffer_of(life);
  if (life.buffer >= 0) {
    const Buffer& buffer = buffers_[static_cast<std::size_t>(life.buffer)];
    life.name = buffer.name;
    if (auto kind = kinds_.find(buffer.kind); kind != kinds_.end()) life.kind = kind->second;
  }
  // A step has no function; the instruction tells.
  if (life.writer == 0) life.writer = functions_.at(life.writer_pc);
  if (life.reader == 0) life.reader = functions_.at(life.reader_pc);
  writers_.insert(life.writer);
  if (life.name == 0) life.name = writer_.intern(passage(life.writer, life.reader));
  life.writer = function(life.writer);
  life.reader = function(life.reader);
  life.writer_line = line(life.writer_pc);
  life.reader_line = line(life.reader_pc);
}

}  // namespace sim
