// Functions by number: those of the symbol table, and those that only their callers know.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/firmware.h"

namespace sim {

/// Number 0 is no function. Numbers follow addresses, then the order in which unnamed functions were called.
class FunctionTable {
 public:
  struct Row {
    std::string name;  ///< "0x08000124" where no symbol tells
    std::uint32_t begin = 0;
    std::uint32_t bytes = 0;  ///< 0: unknown
  };

  /// `firmware` must outlive this.
  explicit FunctionTable(const Firmware& firmware);

  /// The function that covers `pc`, as far as symbols tell; else the unnamed one that begins there; else 0.
  std::uint32_t at(std::uint32_t pc) const;
  /// The same, but code that nobody knows becomes a function of its own.
  std::uint32_t enter(std::uint32_t pc);

  /// A function that is none: what stands for the host.
  std::uint32_t add(std::string name);

  const Row& operator[](std::uint32_t number) const { return rows_[number]; }
  std::size_t size() const { return rows_.size(); }

 private:
  /// Code that calls into ever new places does not fill the host's memory.
  static constexpr std::size_t kMaxUnnamed = 1 << 16;

  const Firmware& firmware_;
  std::vector<Row> rows_;
  std::unordered_map<const Symbol*, std::uint32_t> by_symbol_;
  std::unordered_map<std::uint32_t, std::uint32_t> unnamed_;
};

}  // namespace sim
