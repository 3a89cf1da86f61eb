// A target of registers and one stretch of RAM and one of flash, for tests of the protocol.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "sim/gdb/target.h"

namespace sim::gdb::test {

inline memory_model::Board two_memories() {
  memory_model::Board board;
  board.name = "toy";
  board.fpu = memory_model::FpuPrecision::kDouble;
  memory_model::Region flash, ram;
  flash.name = "flash";
  flash.kind = memory_model::RegionKind::kFlash;
  flash.base = isa::Address(0x08000000);
  flash.size = isa::Bytes(0x1000);
  ram.name = "RAM";
  ram.base = isa::Address(0x20000000);
  ram.size = isa::Bytes(0x800);
  board.regions = {flash, ram};
  return board;
}

class FakeTarget : public DebugTarget {
 public:
  const memory_model::Board& board() const override { return board_; }
  std::uint64_t read_register(Register which) const override {
    return registers[static_cast<std::size_t>(which)];
  }
  void write_register(Register which, std::uint64_t value) override {
    registers[static_cast<std::size_t>(which)] = value;
  }
  std::size_t read_memory(isa::Address address, std::span<std::uint8_t> out) override {
    std::span<std::uint8_t> there = from(address);
    std::size_t n = std::min(there.size(), out.size());
    std::copy_n(there.begin(), n, out.begin());
    return n;
  }
  bool write_memory(isa::Address address, std::span<const std::uint8_t> in) override {
    std::span<std::uint8_t> there = from(address);
    if (there.size() < in.size()) return false;
    std::copy(in.begin(), in.end(), there.begin());
    return true;
  }
  bool insert(const Point& point) override {
    if (points.size() == most_points) return false;
    points.push_back(point);
    return true;
  }
  bool remove(const Point& point) override {
    std::erase(points, point);
    return true;
  }
  isa::CauseCycles cycles() const override { return causes; }
  std::uint64_t instructions() const override { return 40; }
  void reset() override { ++resets; }

  std::array<std::uint64_t, 64> registers{};
  std::vector<std::uint8_t> flash = std::vector<std::uint8_t>(0x1000), ram = std::vector<std::uint8_t>(0x800);
  std::vector<Point> points;
  std::size_t most_points = 8;
  isa::CauseCycles causes;
  int resets = 0;

 private:
  std::span<std::uint8_t> from(isa::Address address) {
    const memory_model::Region* region = board_.region_at(address);
    if (!region) return {};
    std::vector<std::uint8_t>& bytes = region->writable() ? ram : flash;
    return std::span(bytes).subspan(static_cast<std::size_t>((address - region->base).value));
  }

  memory_model::Board board_ = two_memories();
};

}  // namespace sim::gdb::test
