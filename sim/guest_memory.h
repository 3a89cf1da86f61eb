// The guest's memory: one host buffer for each real region, shown again where the board has aliases.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "isa/units.h"
#include "memory_model/board.h"

namespace sim {

class GuestMemory {
 public:
  /// A region as it is mapped. Regions hold whole pages of 1 KiB.
  struct Mapping {
    const memory_model::Region* region = nullptr;
    std::uint8_t* host = nullptr;
  };

  /// `board` must outlive this.
  explicit GuestMemory(const memory_model::Board& board);
  ~GuestMemory();
  GuestMemory(const GuestMemory&) = delete;
  GuestMemory& operator=(const GuestMemory&) = delete;

  const std::vector<Mapping>& mappings() const { return mappings_; }
  const Mapping* find(isa::Address address) const;

  /// The bytes from `address` to the end of its region, or empty outside every region.
  std::span<std::uint8_t> from(isa::Address address) const;
  /// Copies; false, with nothing done, where a byte lies outside every region.
  bool read(isa::Address address, std::span<std::uint8_t> out) const;
  bool write(isa::Address address, std::span<const std::uint8_t> in);
  /// As `write`, but false as well where a byte lies in memory that the guest may not write.
  bool write_as_guest(isa::Address address, std::span<const std::uint8_t> in);
  /// A little-endian word.
  bool read_word(isa::Address address, std::uint32_t& out) const;

  /// Called after each write from the host's side: translated code may be stale.
  std::function<void(isa::Address, isa::Bytes)> on_host_write;

 private:
  bool covered(isa::Address address, std::size_t size, bool writable) const;

  std::vector<Mapping> mappings_;
  std::vector<std::pair<void*, std::size_t>> owned_;
};

}  // namespace sim
