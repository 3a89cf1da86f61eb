// The guest's memory on the host.
#include "sim/guest_memory.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace sim {

GuestMemory::GuestMemory(const memory_model::Board& board) {
  std::vector<const memory_model::Region*> real;
  for (const memory_model::Region& region : board.regions) {
    if (region.alias_of.empty()) real.push_back(&region);
  }
  std::ranges::sort(real, {}, &memory_model::Region::base);
  for (std::size_t first = 0, next = 0; first < real.size(); first = next) {
    // Neighbours share a buffer, so that they can be mapped as one.
    auto follows = [&](std::size_t i) { return real[i]->base.value == real[i - 1]->end().value; };
    for (next = first + 1; next < real.size() && follows(next); ++next) {
    }
    const isa::Address base = real[first]->base;
    auto size = static_cast<std::size_t>((real[next - 1]->base - base + real[next - 1]->size).value);
    // Untouched pages cost nothing, so a board with a large SDRAM is no burden.
    void* host =
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (host == MAP_FAILED) throw std::bad_alloc();
    owned_.emplace_back(host, size);
    for (std::size_t i = first; i < next; ++i) {
      std::uint8_t* bytes = static_cast<std::uint8_t*>(host) + (real[i]->base - base).value;
      mappings_.push_back({real[i], bytes});
      // Erased flash reads as ones.
      if (real[i]->kind == memory_model::RegionKind::kFlash) {
        std::memset(bytes, 0xff, static_cast<std::size_t>(real[i]->size.value));
      }
    }
  }
  for (const memory_model::Region& region : board.regions) {
    if (region.alias_of.empty()) continue;
    const memory_model::Region* target = board.region(region.alias_of);
    auto real = std::find_if(mappings_.begin(), mappings_.end(),
                             [&](const Mapping& m) { return m.region == target; });
    std::uint8_t* host = real->host;
    mappings_.push_back({&region, host});
  }
}

GuestMemory::~GuestMemory() {
  for (auto [host, size] : owned_) munmap(host, size);
}

const GuestMemory::Mapping* GuestMemory::find(isa::Address address) const {
  for (const Mapping& mapping : mappings_) {
    if (mapping.region->contains(address)) return &mapping;
  }
  return nullptr;
}

std::span<std::uint8_t> GuestMemory::from(isa::Address address) const {
  const Mapping* mapping = find(address);
  if (!mapping) return {};
  std::int64_t offset = (address - mapping->region->base).value;
  return {mapping->host + offset, static_cast<std::size_t>(mapping->region->size.value - offset)};
}

bool GuestMemory::covered(isa::Address address, std::size_t size, bool writable) const {
  std::uint64_t at = address.value, end = at + size;
  if (end > std::uint64_t{1} << 32) return false;
  while (at < end) {
    const Mapping* mapping = find(isa::Address(static_cast<std::uint32_t>(at)));
    if (!mapping || (writable && !mapping->region->writable())) return false;
    at = mapping->region->base.value + static_cast<std::uint64_t>(mapping->region->size.value);
  }
  return true;
}

bool GuestMemory::read(isa::Address address, std::span<std::uint8_t> out) const {
  if (!covered(address, out.size(), false)) return false;
  while (!out.empty()) {
    std::span<std::uint8_t> there = from(address);
    std::size_t n = std::min(there.size(), out.size());
    std::memcpy(out.data(), there.data(), n);
    out = out.subspan(n);
    address = address + isa::Bytes(static_cast<std::int64_t>(n));
  }
  return true;
}

bool GuestMemory::write(isa::Address address, std::span<const std::uint8_t> in) {
  if (!covered(address, in.size(), false)) return false;
  while (!in.empty()) {
    std::span<std::uint8_t> there = from(address);
    std::size_t n = std::min(there.size(), in.size());
    std::memcpy(there.data(), in.data(), n);
    isa::Bytes written(static_cast<std::int64_t>(n));
    if (on_host_write) on_host_write(address, written);
    in = in.subspan(n);
    address = address + written;
  }
  return true;
}

bool GuestMemory::write_as_guest(isa::Address address, std::span<const std::uint8_t> in) {
  return covered(address, in.size(), true) && write(address, in);
}

bool GuestMemory::read_word(isa::Address address, std::uint32_t& out) const {
  std::uint8_t bytes[4];
  if (!read(address, bytes)) return false;
  out = static_cast<std::uint32_t>(bytes[0] | bytes[1] << 8 | bytes[2] << 16) |
        static_cast<std::uint32_t>(bytes[3]) << 24;
  return true;
}

}  // namespace sim
