#include "cli/annotate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/causes.h"
#include "cli/errors.h"
#include "cli/table.h"
#include "isa/disassemble.h"

namespace cli {
namespace {

using nlohmann::ordered_json;

const sim::Symbol& find_function(const std::string& name, const sim::Firmware& firmware) {
  std::vector<std::string> similar;
  for (const sim::Symbol& symbol : firmware.symbols) {
    if (!symbol.is_function) continue;
    if (symbol.name == name) return symbol;
    constexpr std::size_t kMostOffers = 5;
    if (symbol.name.find(name) != std::string::npos && similar.size() < kMostOffers) {
      similar.push_back(symbol.name);
    }
  }
  throw InputError(fmt::format("--annotate {}: {} has no such function; {}", name, firmware.path.string(),
                               similar.empty() ? "--profile lists those that ran"
                                               : fmt::format("it has {}", fmt::join(similar, ", "))));
}

/// Source files, each read once.
class SourceText {
 public:
  /// Empty where the file or the line is not there.
  std::string line(const sim::SourcePlace& place) {
    const auto [at, fresh] = files_.try_emplace(place.file.string());
    if (fresh) {
      std::ifstream in(place.file);
      for (std::string text; std::getline(in, text);) at->second.push_back(text);
    }
    const auto index = static_cast<std::size_t>(place.line - 1);
    return place.line > 0 && index < at->second.size() ? at->second[index] : "";
  }

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

/// Share of the executions that went along with the instruction before.
std::string paired(const sim::InstructionProfile& in) {
  if (in.executions == 0) return "-";
  return fmt::format("{:.0f}", 100.0 * static_cast<double>(in.younger) / static_cast<double>(in.executions));
}

std::string number(std::uint64_t n) {
  return grouped(static_cast<std::int64_t>(n));
}

}  // namespace

void require_function(const std::string& name, const sim::Firmware& firmware) {
  find_function(name, firmware);
}

Annotation annotate(const std::string& name, const sim::Profile& profile, const sim::Firmware& firmware,
                    const sim::SourceLines& lines,
                    const std::function<void(isa::Address, std::span<std::uint8_t>)>& read) {
  const sim::Symbol& function = find_function(name, firmware);
  Annotation out{function.name, function.address, {}, profile.total(), {}};
  const auto in_function = [&](const sim::InstructionProfile& in) {
    return firmware.function_at(in.address) == &function;
  };
  isa::Address next = function.address;
  for (const sim::InstructionProfile& in : profile.instructions) {
    if (!in_function(in)) continue;
    // What lies between two instructions that ran was jumped over.
    while (next <= in.address) {
      std::array<std::uint8_t, 4> code{};
      read(next, std::span(code).first(2));
      const bool wide = isa::is_32_bit(static_cast<std::uint16_t>(code[0] | code[1] << 8));
      if (wide) read(next, code);
      AnnotatedInstruction row{
          isa::disassemble(std::span(code).first(wide ? 4 : 2), next), lines.at(next), {}};
      row.profile.address = next;
      row.profile.bytes = wide ? 4 : 2;
      const bool ran = next == in.address;
      if (ran) row.profile = in;
      next = next + isa::Bytes(row.profile.bytes);
      // Data between instructions may read as an instruction that reaches into the next one.
      if (next > in.address && !ran) next = in.address;
      out.instructions.push_back(std::move(row));
    }
    out.cycles += in.cycles;
  }
  return out;
}

std::string to_text(const Annotation& annotation) {
  const isa::Cycles cycles = annotation.cycles.total();
  std::string text =
      fmt::format("{} at {}: {} cycles, {} % of the run\n", annotation.function, annotation.address,
                  number(cycles.value), percent(cycles, annotation.run.total()));
  if (annotation.instructions.empty()) return text + "it never ran\n";
  text += fmt::format("\n{:>12} {:>5} {:>12} {:>6}  {:8}  {:30}  {}\n", "cycles", "%", "executed", "pair %",
                      "address", "instruction", "stalls");
  SourceText source;
  const sim::SourcePlace* last = nullptr;
  for (const AnnotatedInstruction& in : annotation.instructions) {
    if (!in.source.file.empty() && (last == nullptr || !(*last == in.source))) {
      std::string line = fmt::format("{}  {}", in.source.to_text(), source.line(in.source));
      text += line.substr(0, line.find_last_not_of(" \t\r") + 1) + "\n";
      last = &in.source;
    }
    const sim::InstructionProfile& p = in.profile;
    std::string row =
        p.executions == 0
            ? fmt::format("{:>12} {:>5} {:>12} {:>6}  {:08x}  {}", "-", "", "", "", p.address.value, in.text)
            : fmt::format("{:>12} {:>5} {:>12} {:>6}  {:08x}  {:30}  {}", number(p.cycles.total().value),
                          percent(p.cycles.total(), cycles), number(p.executions), paired(p), p.address.value,
                          in.text, stalls(p.cycles));
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

ordered_json to_json(const Annotation& annotation) {
  ordered_json out = {{"function", annotation.function},
                      {"address", fmt::format("{}", annotation.address)},
                      {"cycles", annotation.cycles.total().value},
                      {"causes", causes_json(annotation.cycles)},
                      {"instructions", ordered_json::array()}};
  for (const AnnotatedInstruction& in : annotation.instructions) {
    const sim::InstructionProfile& p = in.profile;
    out["instructions"].push_back({{"address", fmt::format("{}", p.address)},
                                   {"instruction", in.text},
                                   {"source", in.source.to_text()},
                                   {"cycles", p.cycles.total().value},
                                   {"executions", p.executions},
                                   {"paired", p.younger},
                                   {"causes", causes_json(p.cycles)}});
  }
  return out;
}

}  // namespace cli
