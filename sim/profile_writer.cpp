#include "sim/profile_writer.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "isa/disassemble.h"

namespace sim {

ProfileWriter::ProfileWriter(traces::TraceWriter& writer, const FunctionTable& functions, LifeNames& names,
                             const Profile& profile, Sources sources)
    : writer_(writer), functions_(functions), names_(names), profile_(profile), sources_(std::move(sources)) {
  for (const InstructionProfile& in : profile_.instructions) {
    Taken& taken = by_function_[functions_.at(in.address.value)];
    taken.instructions += in.executions;
    taken.causes += in.cycles;
  }
}

const SourcePlace& ProfileWriter::place_of(isa::Address pc) {
  auto [place, fresh] = places_.try_emplace(pc.value);
  if (fresh) place->second = names_.lines().at(pc);
  return place->second;
}

traces::StringId ProfileWriter::file(const SourcePlace& place) {
  return writer_.intern(place.file.lexically_normal().string());
}

void ProfileWriter::write_calls(const CallTree& tree) {
  std::vector<traces::CallNode> nodes;
  for (const CallTree::Node& node : tree.nodes()) {
    nodes.push_back(
        {node.parent, names_.function(node.function), node.calls, node.cycles, node.instructions});
  }
  writer_.add(std::span<const traces::CallNode>(nodes));
}

/// What no function covers, and exception entries and sleep, are rows of their own: rows sum to the run.
void ProfileWriter::write_functions(const CallTree& tree) {
  std::map<std::uint32_t, std::uint64_t> calls;
  for (const CallTree::Node& node : tree.nodes()) calls[node.function] += node.calls;
  std::vector<traces::FunctionCost> rows;
  for (const auto& [function, taken] : by_function_) {
    const std::uint32_t begin = functions_[function].begin;
    const traces::StringId name =
        function == 0 ? writer_.intern("(unknown code)") : names_.function(function);
    rows.push_back({name, file(place_of(isa::Address(begin))), begin, calls[function], taken.instructions,
                    taken.causes});
  }
  if (profile_.overhead.total().value > 0) {
    rows.push_back({writer_.intern("(exceptions and sleep)"), 0, 0, 0, 0, profile_.overhead});
  }
  writer_.add(std::span<const traces::FunctionCost>(rows));
}

void ProfileWriter::write_lines() {
  std::map<std::pair<std::uint32_t, std::pair<std::filesystem::path, int>>, Taken> by_line;
  for (const InstructionProfile& in : profile_.instructions) {
    const SourcePlace& place = place_of(in.address);
    if (place.file.empty()) continue;
    Taken& taken = by_line[{functions_.at(in.address.value), {place.file, place.line}}];
    taken.instructions += in.executions;
    taken.causes += in.cycles;
  }
  std::vector<traces::LineCost> rows;
  for (const auto& [key, taken] : by_line) {
    const auto& [function, place] = key;
    rows.push_back({names_.function(function), file({place.first, place.second}), place.second,
                    taken.instructions, taken.causes});
  }
  writer_.add(std::span<const traces::LineCost>(rows));
}

/// Functions that took cycles, the most first, then the others that wrote lives.
std::vector<std::uint32_t> ProfileWriter::most_first() const {
  std::vector<std::uint32_t> order;
  for (const auto& [function, taken] : by_function_) {
    if (function != 0) order.push_back(function);
  }
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    return by_function_.at(a).causes.total() > by_function_.at(b).causes.total();
  });
  const std::uint64_t least = profile_.total().total().value / kLeastShare;
  std::erase_if(order, [&](std::uint32_t f) {
    return by_function_.at(f).causes.total().value < least && !names_.writers().contains(f);
  });
  // One that wrote a life is not cut off by those that only took a few cycles more.
  constexpr std::size_t kMost = 64;
  const auto is_writer = [&](std::uint32_t f) { return names_.writers().contains(f); };
  if (order.size() > kMost) std::stable_partition(order.begin() + kMost, order.end(), is_writer);
  return order;
}

traces::Listing ProfileWriter::listing(std::uint32_t function) {
  traces::Listing listing{names_.function(function), {}};
  isa::Address next(functions_[function].begin);
  auto in = std::ranges::lower_bound(profile_.instructions, next, {}, &InstructionProfile::address);
  for (; in != profile_.instructions.end() && functions_.at(in->address.value) == function; ++in) {
    // What lies between two instructions that ran was jumped over.
    while (next <= in->address && listing.rows.size() < kMaxRows) {
      std::array<std::uint8_t, 4> code{};
      if (!sources_.memory(next, std::span(code).first(2))) return listing;
      const bool wide = isa::is_32_bit(static_cast<std::uint16_t>(code[0] | code[1] << 8));
      if (wide && !sources_.memory(next, code)) return listing;
      const bool ran = next == in->address;
      const SourcePlace& place = place_of(next);
      traces::ListingRow row;
      row.address = next.value;
      row.text = writer_.intern(isa::disassemble(std::span(code).first(wide ? 4 : 2), next));
      row.file = file(place);
      row.line = place.line;
      row.executions = ran ? in->executions : 0;
      row.cycles = ran ? in->cycles.total().value : 0;
      if (!place.file.empty()) listed_[place.file].insert(place.line);
      next = next + isa::Bytes(wide ? 4 : 2);
      // Data between instructions may read as an instruction that reaches into the next one.
      if (next > in->address && !ran) next = in->address;
      listing.rows.push_back(row);
    }
  }
  return listing;
}

void ProfileWriter::write_listings() {
  std::size_t rows = 0;
  for (std::uint32_t function : most_first()) {
    const traces::Listing code = listing(function);
    if (rows + code.rows.size() > kMaxRows) continue;
    rows += code.rows.size();
    if (!code.rows.empty()) writer_.add(code);
  }
  write_sources();
}

/// The lines that listings refer to, each with a few around it; stretches that touch are one.
void ProfileWriter::write_sources() {
  std::size_t written = 0;
  for (const auto& [path, lines] : listed_) {
    const std::optional<std::string> text = sources_.text ? sources_.text(path) : std::nullopt;
    if (!text) continue;
    std::vector<std::string> all;
    std::istringstream in(*text);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    const auto last_line = static_cast<int>(all.size());
    for (auto it = lines.begin(); it != lines.end();) {
      traces::SourceText stretch;
      stretch.file = file({path, 0});
      stretch.first_line = std::max(1, *it - kContextLines);
      int end = *it + kContextLines;
      for (++it; it != lines.end() && *it - kContextLines <= end + 1; ++it) end = *it + kContextLines;
      for (int n = stretch.first_line; n <= std::min(end, last_line); ++n) {
        const std::string& line = all[static_cast<std::size_t>(n - 1)];
        written += line.size() + 1;
        stretch.lines.push_back(writer_.intern(line));
      }
      if (written > kMaxSourceBytes) return;
      if (!stretch.lines.empty()) writer_.add(stretch);
    }
  }
}

}  // namespace sim
