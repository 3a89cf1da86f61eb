#include "sim/function_table.h"

#include <fmt/format.h>

#include <utility>

namespace sim {

FunctionTable::FunctionTable(const Firmware& firmware) : firmware_(firmware) {
  rows_.emplace_back();
  for (const Symbol& symbol : firmware.symbols) {
    if (!symbol.is_function) continue;
    by_symbol_[&symbol] = static_cast<std::uint32_t>(rows_.size());
    rows_.push_back({symbol.name, symbol.address.value, static_cast<std::uint32_t>(symbol.size.value)});
  }
  // Hand-written functions often have no size: they reach to the next one.
  for (std::size_t i = 1; i + 1 < rows_.size(); ++i) {
    if (rows_[i].bytes == 0) rows_[i].bytes = rows_[i + 1].begin - rows_[i].begin;
  }
}

std::uint32_t FunctionTable::at(std::uint32_t pc) const {
  if (const Symbol* symbol = firmware_.function_at(isa::Address(pc))) return by_symbol_.at(symbol);
  auto found = unnamed_.find(pc);
  return found == unnamed_.end() ? 0 : found->second;
}

std::uint32_t FunctionTable::enter(std::uint32_t pc) {
  if (std::uint32_t known = at(pc)) return known;
  if (unnamed_.size() >= kMaxUnnamed) return 0;
  auto number = static_cast<std::uint32_t>(rows_.size());
  unnamed_[pc] = number;
  rows_.push_back({fmt::format("0x{:08x}", pc), pc, 0});
  return number;
}

std::uint32_t FunctionTable::add(std::string name) {
  rows_.push_back({std::move(name), 0, 0});
  return static_cast<std::uint32_t>(rows_.size() - 1);
}

}  // namespace sim
