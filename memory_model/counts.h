// What the memory system counts.
#pragma once

#include <cstdint>

namespace memory_model {

struct CacheCounts {
  std::uint64_t line_fills = 0, write_backs = 0;
  bool operator==(const CacheCounts&) const = default;
};

struct Counts {
  CacheCounts icache, dcache;
  std::uint64_t bus_transactions = 0, device_accesses = 0;
  bool operator==(const Counts&) const = default;
};

}  // namespace memory_model
