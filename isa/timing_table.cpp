// The rows of timing_*.inc, and their lookup.
#include "isa/timing_table.h"

#include <bit>
#include <cstring>
#include <vector>

#include "isa/check.h"

namespace isa::timing {
namespace {

constexpr Mark kMeasured = Mark::kMeasured;
[[maybe_unused]] constexpr Mark kManual = Mark::kManual;
constexpr Mark kEstimated = Mark::kEstimated;

constexpr ClassRow kClasses[] = {
#define CLASS(name, units, slots, early_role, produces, cycles, mark, source) \
  {#name, units, Slots::slots, Role::early_role, Kind::produces, cycles, mark, source},
#include "isa/timing_classes.inc"
#undef CLASS
};

constexpr DoubleRow kDoubles[] = {
#define DOUBLE(name, same, different, denormal, zero, mark, source) \
  {#name, {same, different, denormal, zero}, mark, source},
#include "isa/timing_doubles.inc"
#undef DOUBLE
};

constexpr ForbidRow kForbidden[] = {
#define FORBID(older, younger, when, mark, source) {older, younger, When::when, mark, source},
#include "isa/timing_pairs.inc"
#undef FORBID
};

constexpr GapRow kGapRows[] = {
#define GAP(after, unit, cycles, slots, mark, source) {after, unit, cycles, GapSlots::slots, mark, source},
#include "isa/timing_pairs.inc"
#undef GAP
};
static_assert(std::size(kGapRows) == kGaps);

namespace role {
constexpr std::uint32_t bit(Role r) {
  return 1u << static_cast<int>(r);
}
constexpr std::uint32_t kLate = bit(Role::Late), kEarlyAdd = bit(Role::EarlyAdd), kShift = bit(Role::Shift),
                        kBeside = bit(Role::Beside), kShifted = bit(Role::Shifted),
                        kBitfield = bit(Role::Bitfield), kReverse = bit(Role::Reverse),
                        kAddress = bit(Role::Address), kMultiplicand = bit(Role::Multiplicand),
                        kAccumulator = bit(Role::Accumulator), kStoreData = bit(Role::StoreData),
                        kToFpu = bit(Role::ToFpu), kFlags = bit(Role::Flags),
                        kFpOperand = bit(Role::FpOperand), kFmaAccumulator = bit(Role::FmaAccumulator),
                        kMlaAccumulator = bit(Role::MlaAccumulator), kFpStoreData = bit(Role::FpStoreData),
                        kFpToCore = bit(Role::FpToCore), kFpMoveOperand = bit(Role::FpMoveOperand),
                        kFpFlags = bit(Role::FpFlags);
constexpr LatencyRow kLatencies[] = {
#define LATENCY(producer, roles, cycles, mark, source) {Kind::producer, roles, cycles, mark, source},
#include "isa/timing_latencies.inc"
#undef LATENCY
};
}  // namespace role
using role::kLatencies;

/// Core results meet the roles of the core, results of the FPU those of the FPU.
constexpr std::uint32_t roles_of(Kind kind) {
  constexpr std::uint32_t core = (role::bit(Role::FpOperand) - 1) & ~role::bit(Role::None);
  constexpr std::uint32_t all = (1u << kRoles) - 2;
  if (kind == Kind::None) return 0;
  return kind >= Kind::FpAlu ? all & ~core : core;
}

constexpr bool every_role_has_one_row() {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    std::uint32_t seen = 0;
    for (const LatencyRow& row : kLatencies) {
      if (static_cast<std::size_t>(row.producer) != kind) continue;
      if (seen & row.roles) return false;
      seen |= row.roles;
    }
    if (seen != roles_of(static_cast<Kind>(kind))) return false;
  }
  return true;
}
static_assert(every_role_has_one_row(), "timing_latencies.inc: a role is missing or twice");

constexpr LatencyTable make_latencies() {
  LatencyTable table{};
  for (const LatencyRow& row : kLatencies) {
    for (std::size_t r = 0; r < kRoles; ++r) {
      if (row.roles >> r & 1) table[static_cast<std::size_t>(row.producer)][r] = row.cycles;
    }
  }
  return table;
}
constexpr LatencyTable kLatencyTable = make_latencies();

constexpr PatternRow kPatterns[] = {
#define PATTERN(name, bits, unless, timing, operands) {name, bits, unless, Class::timing, operands},
#include "isa/timing_patterns_16.inc"
#include "isa/timing_patterns_32.inc"
#include "isa/timing_patterns_fp.inc"
#undef PATTERN
};

constexpr Fixed fixed_of(const char* bits) {
  Fixed fixed;
  int n = 0;
  for (; bits[n]; ++n) {
    fixed.mask = fixed.mask << 1 | (bits[n] == '0' || bits[n] == '1');
    fixed.value = fixed.value << 1 | (bits[n] == '1');
  }
  fixed.wide = n == 32;
  return fixed;
}

constexpr std::size_t kRows = std::size(kPatterns);
constexpr auto kFixed = [] {
  std::array<Fixed, kRows> all{};
  for (std::size_t i = 0; i < kRows; ++i) all[i] = fixed_of(kPatterns[i].bits);
  return all;
}();

/// A guard reads "n=15": the row is excluded where field n has that value.
constexpr char guard_letter(const PatternRow& row) {
  return row.unless[0];
}
constexpr std::uint32_t guard_value(const PatternRow& row) {
  std::uint32_t value = 0;
  for (const char* p = row.unless + 2; *p; ++p) value = value * 10 + static_cast<std::uint32_t>(*p - '0');
  return value;
}

constexpr std::uint32_t field_of(const char* bits, char letter, std::uint32_t code) {
  std::uint32_t value = 0;
  int n = 0;
  while (bits[n]) ++n;
  for (int i = 0; i < n; ++i) {
    if (bits[i] == letter) value = value << 1 | (code >> (n - 1 - i) & 1);
  }
  return value;
}

constexpr bool excluded(const PatternRow& row, std::uint32_t code) {
  return guard_letter(row) && field_of(row.bits, guard_letter(row), code) == guard_value(row);
}

/// Whether the guard of `row` excludes every code with these fixed bits.
constexpr bool excludes(const PatternRow& row, std::uint32_t mask, std::uint32_t value) {
  char letter = guard_letter(row);
  if (!letter) return false;
  return field_of(row.bits, letter, mask) == field_of(row.bits, letter, ~0u) &&
         field_of(row.bits, letter, value) == guard_value(row);
}

/// Of two rows that some code matches, one nests in the other, or a guard parts them, or a third row is
/// just what they share: then every code has one most special row.
constexpr bool one_row_for_every_code() {
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = i + 1; j < kRows; ++j) {
      const Fixed &a = kFixed[i], &b = kFixed[j];
      std::uint32_t both = a.mask & b.mask;
      if (a.wide != b.wide || (a.value & both) != (b.value & both)) continue;
      bool nested = both == a.mask || both == b.mask;
      if (nested && a.mask != b.mask) continue;
      std::uint32_t mask = a.mask | b.mask, value = a.value | b.value;
      if (excludes(kPatterns[i], mask, value) || excludes(kPatterns[j], mask, value)) continue;
      bool third = false;
      for (std::size_t k = 0; k < kRows && !third; ++k) {
        third = k != i && k != j && kFixed[k].wide == a.wide && kFixed[k].mask == mask &&
                kFixed[k].value == value;
      }
      if (!third) return false;
    }
  }
  return true;
}
static_assert(one_row_for_every_code(), "timing_patterns_*.inc: two rows cross");

}  // namespace

std::span<const ClassRow> classes() {
  return kClasses;
}

const ClassRow& row_of(Class c) {
  return kClasses[static_cast<std::size_t>(c)];
}

std::span<const LatencyRow> latencies() {
  return kLatencies;
}

const LatencyTable& latency_table() {
  return kLatencyTable;
}

std::span<const ForbidRow> forbidden_pairs() {
  return kForbidden;
}

std::span<const GapRow, kGaps> gaps() {
  return kGapRows;
}

const DoubleRow& row_of(DoubleClass c) {
  return kDoubles[static_cast<std::size_t>(c)];
}

std::span<const PatternRow> patterns() {
  return kPatterns;
}

Fixed fixed_bits(const PatternRow& row) {
  return fixed_of(row.bits);
}

std::uint32_t field(const PatternRow& row, char letter, std::uint32_t code) {
  return field_of(row.bits, letter, code);
}

const PatternRow* match(std::uint32_t code, bool wide) {
  const PatternRow* best = nullptr;
  int most = -1;
  for (std::size_t i = 0; i < kRows; ++i) {
    const Fixed& fixed = kFixed[i];
    if (fixed.wide != wide || (code & fixed.mask) != fixed.value) continue;
    if (excluded(kPatterns[i], code)) continue;
    int bits = std::popcount(fixed.mask);
    if (bits > most) {
      most = bits;
      best = &kPatterns[i];
    }
  }
  return best;
}

}  // namespace isa::timing
