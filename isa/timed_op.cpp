// Operands of timing_patterns_*.inc, read off the bits of an instruction.
#include "isa/timed_op.h"

#include <algorithm>
#include <string_view>

#include "isa/check.h"
#include "isa/double_operands.h"

namespace isa::timing {
namespace {

constexpr const char* kRoleNames[kRoles] = {
    "",          "Late",           "EarlyAdd",       "Shift",       "Beside",    "Shifted",       "Bitfield",
    "Reverse",   "Address",        "Multiplicand",   "Accumulator", "StoreData", "ToFpu",         "Flags",
    "FpOperand", "FmaAccumulator", "MlaAccumulator", "FpStoreData", "FpToCore",  "FpMoveOperand", "FpFlags"};
constexpr const char* kKindNames[kKinds] = {
    "",        "EarlyAlu", "LateAlu", "Reversed", "BaseUpdate", "Mac",    "LoadWord",   "LoadPart",
    "FromFpu", "Long",     "FpAlu",   "Fma",      "Mla",        "FpLoad", "FpLoadWide", "FpSlow"};

template <class Enum, std::size_t n>
Enum named(const char* const (&names)[n], std::string_view name) {
  for (std::size_t i = 0; i < n; ++i) {
    if (name == names[i]) return static_cast<Enum>(i);
  }
  CHECK(!"a known role or kind in timing_patterns_*.inc");
  return Enum{};
}

/// What is before the first of `mark` in `text`, which loses it and the mark.
std::string_view take(std::string_view& text, char mark) {
  std::size_t at = text.find(mark);
  std::string_view head = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return head;
}

class Operands {
 public:
  Operands(const PatternRow& row, std::uint32_t code, const Instruction& in)
      : row_(row), code_(code), in_(in) {}

  /// The resources that `name` means, in order.
  std::vector<Resource> resources(std::string_view name) const {
    if (name == "sp") return {13};
    if (name == "lr") return {14};
    if (name == "flags") return {kFlagsResource};
    if (name == "nzcv") {
      if (in_.it) return {};
      return {kFlagsResource};
    }
    if (name == "ge") return {kGeResource};
    if (name == "fpscr") return {kFpscrResource};
    if (name == "list") return list();
    if (name == "fplist") return singles(first_of_list(), field(row_, 'i', code_));
    CHECK(name.size() >= 2);
    char letter = name[1];
    std::uint32_t number = field(row_, letter, code_);
    if (name[0] == 'r') {
      if (number == kPc) return {};
      return {static_cast<Resource>(number)};
    }
    std::uint32_t fifth = field(row_, static_cast<char>(letter - 'a' + 'A'), code_);
    if (name[0] == 's') return singles((number << 1 | fifth) + (name.size() == 3 ? 1 : 0), 1);
    CHECK(name[0] == 'd');
    return singles(2 * (number | fifth << 4), 2);
  }

 private:
  std::vector<Resource> list() const {
    std::vector<Resource> all;
    std::uint32_t bits = field(row_, 'l', code_);
    for (Resource r = 0; r < kPc; ++r) {
      if (bits >> r & 1) all.push_back(r);
    }
    return all;
  }

  std::uint32_t first_of_list() const {
    std::uint32_t number = field(row_, 'd', code_), fifth = field(row_, 'D', code_);
    bool wide = code_ >> 8 & 1;
    return wide ? 2 * (number | fifth << 4) : number << 1 | fifth;
  }

  /// Registers that do not exist (d16 and up) are left out: they are undefined.
  static std::vector<Resource> singles(std::uint32_t first, std::uint32_t count) {
    std::vector<Resource> all;
    for (std::uint32_t s = first; s < first + count && s < 32; ++s) {
      all.push_back(static_cast<Resource>(kFirstSingle + s));
    }
    return all;
  }

  const PatternRow& row_;
  std::uint32_t code_;
  const Instruction& in_;
};

Role role_of(Resource resource, std::string_view name) {
  if (!name.empty()) return named<Role>(kRoleNames, name);
  CHECK(resource == kFlagsResource || resource == kGeResource);
  return Role::Flags;
}

void read_operands(TimedOp& op, const PatternRow& row, std::uint32_t code, const Instruction& in) {
  Operands operands(row, code, in);
  std::string_view written = row.operands;
  std::string_view reads = take(written, '>');
  while (!reads.empty()) {
    std::string_view role = take(reads, ' ');
    std::string_view name = take(role, '.');
    if (name.empty()) continue;
    for (Resource resource : operands.resources(name)) {
      op.reads.push_back({resource, role_of(resource, role)});
    }
  }
  while (!written.empty()) {
    std::string_view condition = take(written, ' ');
    std::string_view kind = take(condition, '?');
    std::string_view name = take(kind, '=');
    if (name.empty()) continue;
    if (!condition.empty() && field(row, condition[0], code) == 0) continue;
    bool list = name == "list" || name == "fplist";
    std::size_t n = 0;
    for (Resource resource : operands.resources(name)) {
      auto delay = static_cast<std::uint8_t>(list ? n++ / 2 : 0);
      op.writes.push_back({resource, named<Kind>(kKindNames, kind), delay});
      if (resource == kFlagsResource) op.sets_flags = true;
    }
  }
}

std::optional<DoubleClass> doubles_of(Class timing) {
  switch (timing) {
    case Class::DoubleAdd:
      return DoubleClass::DoubleAdd;
    case Class::DoubleMul:
      return DoubleClass::DoubleMul;
    case Class::DoubleDiv:
      return DoubleClass::DoubleDiv;
    case Class::DoubleSqrt:
      return DoubleClass::DoubleSqrt;
    case Class::DoubleFma:
      return DoubleClass::DoubleFma;
    case Class::DoubleMla:
      return DoubleClass::DoubleMla;
    default:
      return std::nullopt;
  }
}

}  // namespace

TimedOp timed_op(const Instruction& in) {
  bool wide = in.bytes == 4;
  std::uint32_t code = wide ? static_cast<std::uint32_t>(in.first) << 16 | in.second : in.first;
  TimedOp op;
  op.address = in.address;
  op.bytes = in.bytes;
  op.takes_doubles = wide && double_operands(in.first, in.second);
  op.pattern = match(code, wide);
  if (op.pattern) {
    op.timing = op.pattern->timing;
    read_operands(op, *op.pattern, code, in);
  }
  if (in.condition != kAlways) op.reads.push_back({kFlagsResource, Role::Flags});
  const ClassRow& row = row_of(op.timing);
  op.units = row.units;
  op.single = row.slots == Slots::Single;
  op.early_role = row.early_role;
  op.produces = row.produces;
  op.cycles = row.cycles;
  op.doubles = doubles_of(op.timing);
  if (op.doubles == DoubleClass::DoubleFma) op.doubles_chained = DoubleClass::DoubleFmaChained;
  if (op.doubles == DoubleClass::DoubleMla) op.doubles_chained = DoubleClass::DoubleMlaChained;
  op.access = memory_access(in.first, in.second);
  op.list = op.timing == Class::Multiple || op.timing == Class::FpMultiple;
  if (op.list && op.access) {
    int words = op.access->count * op.access->unit / 4;
    op.cycles = static_cast<std::uint8_t>((words + 1) / 2);
  }
  // Lists that the manual calls unpredictable may write more registers than they load.
  for (const Write& write : op.writes) {
    op.cycles = std::max(op.cycles, static_cast<std::uint8_t>(write.delay + 1));
  }
  op.cycles_from_odd_word = op.cycles;
  if (op.timing == Class::Multiple && op.access && op.access->store && op.access->count % 2 == 0) {
    op.cycles_from_odd_word += kEvenStoreListFromOddWord;
  }
  return op;
}

}  // namespace isa::timing
