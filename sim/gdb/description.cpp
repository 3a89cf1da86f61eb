#include "sim/gdb/description.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace sim::gdb {
namespace {

constexpr const char* kCore = "org.gnu.gdb.arm.m-profile";
constexpr const char* kSystem = "org.gnu.gdb.arm.m-system";
constexpr const char* kVfp = "org.gnu.gdb.arm.vfp";
constexpr std::size_t kFpuRegisters = 17;

constexpr Register r(unsigned n) {
  return static_cast<Register>(n);
}
constexpr Register d(unsigned n) {
  return static_cast<Register>(static_cast<unsigned>(Register::kD0) + n);
}

constexpr RegisterRow kRows[] = {
    {"r0", r(0), 32, "uint32", kCore},
    {"r1", r(1), 32, "uint32", kCore},
    {"r2", r(2), 32, "uint32", kCore},
    {"r3", r(3), 32, "uint32", kCore},
    {"r4", r(4), 32, "uint32", kCore},
    {"r5", r(5), 32, "uint32", kCore},
    {"r6", r(6), 32, "uint32", kCore},
    {"r7", r(7), 32, "uint32", kCore},
    {"r8", r(8), 32, "uint32", kCore},
    {"r9", r(9), 32, "uint32", kCore},
    {"r10", r(10), 32, "uint32", kCore},
    {"r11", r(11), 32, "uint32", kCore},
    {"r12", r(12), 32, "uint32", kCore},
    {"sp", Register::kSp, 32, "data_ptr", kCore},
    {"lr", Register::kLr, 32, "uint32", kCore},
    {"pc", Register::kPc, 32, "code_ptr", kCore},
    {"xpsr", Register::kXpsr, 32, "uint32", kCore},
    {"msp", Register::kMsp, 32, "data_ptr", kSystem},
    {"psp", Register::kPsp, 32, "data_ptr", kSystem},
    {"primask", Register::kPrimask, 32, "uint32", kSystem},
    {"basepri", Register::kBasepri, 32, "uint32", kSystem},
    {"faultmask", Register::kFaultmask, 32, "uint32", kSystem},
    {"control", Register::kControl, 32, "uint32", kSystem},
    {"d0", d(0), 64, "ieee_double", kVfp},
    {"d1", d(1), 64, "ieee_double", kVfp},
    {"d2", d(2), 64, "ieee_double", kVfp},
    {"d3", d(3), 64, "ieee_double", kVfp},
    {"d4", d(4), 64, "ieee_double", kVfp},
    {"d5", d(5), 64, "ieee_double", kVfp},
    {"d6", d(6), 64, "ieee_double", kVfp},
    {"d7", d(7), 64, "ieee_double", kVfp},
    {"d8", d(8), 64, "ieee_double", kVfp},
    {"d9", d(9), 64, "ieee_double", kVfp},
    {"d10", d(10), 64, "ieee_double", kVfp},
    {"d11", d(11), 64, "ieee_double", kVfp},
    {"d12", d(12), 64, "ieee_double", kVfp},
    {"d13", d(13), 64, "ieee_double", kVfp},
    {"d14", d(14), 64, "ieee_double", kVfp},
    {"d15", d(15), 64, "ieee_double", kVfp},
    {"fpscr", Register::kFpscr, 32, "uint32", kVfp},
};

/// A stretch of the memory map; `flash` is what only `load` writes.
struct Stretch {
  std::uint64_t begin, end;
  bool flash;
};

}  // namespace

std::span<const RegisterRow> registers_of(const memory_model::Board& board) {
  std::span<const RegisterRow> all(kRows);
  bool fpu = board.fpu != memory_model::FpuPrecision::kNone;
  return fpu ? all : all.first(all.size() - kFpuRegisters);
}

std::string target_description(const memory_model::Board& board) {
  std::string xml =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
      "<target version=\"1.0\">\n  <architecture>arm</architecture>\n";
  std::string_view feature;
  for (const RegisterRow& row : registers_of(board)) {
    if (feature != row.feature) {
      xml += fmt::format("{}  <feature name=\"{}\">\n", feature.empty() ? "" : "  </feature>\n", row.feature);
      feature = row.feature;
    }
    xml += fmt::format("    <reg name=\"{}\" bitsize=\"{}\" type=\"{}\"/>\n", row.name, row.bits, row.type);
  }
  return xml + "  </feature>\n</target>\n";
}

std::string memory_map(const memory_model::Board& board) {
  // Peripherals and the core's system space (Armv7-M ARM B3.1), which are no regions of a board.
  std::vector<Stretch> stretches = {{0x40000000, 0x60000000, false}, {0xe0000000, 0xe0100000, false}};
  for (const memory_model::Region& region : board.regions) {
    std::uint64_t end = region.base.value + static_cast<std::uint64_t>(region.size.value);
    stretches.push_back({region.base.value, end, !region.writable()});
  }
  std::sort(stretches.begin(), stretches.end(),
            [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  std::string xml =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\"\n"
      "  \"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n<memory-map>\n";
  std::uint64_t described = 0;
  for (Stretch s : stretches) {
    s.begin = std::max(s.begin, described);  // gdb takes no map whose stretches overlap
    if (s.begin >= s.end) continue;
    described = s.end;
    std::string where = fmt::format("start=\"0x{:x}\" length=\"0x{:x}\"", s.begin, s.end - s.begin);
    // A debugger may erase any KiB: regions hold whole ones, and nothing here depends on the part's sectors.
    xml += s.flash ? fmt::format(
                         "  <memory type=\"flash\" {}><property name=\"blocksize\">0x400</property>"
                         "</memory>\n",
                         where)
                   : fmt::format("  <memory type=\"ram\" {}/>\n", where);
  }
  return xml + "</memory-map>\n";
}

}  // namespace sim::gdb
