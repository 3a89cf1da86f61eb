#include "sim/profile.h"

#include <algorithm>
#include <unordered_map>

#include "sim/firmware.h"

namespace sim {
namespace {

/// `key_of(address)` is equal for instructions of one row; `name_of(address)` names the row.
template <class KeyOf, class NameOf>
std::vector<ProfileRow> fold(const Profile& profile, KeyOf key_of, NameOf name_of) {
  std::vector<ProfileRow> rows;
  std::unordered_map<decltype(key_of(isa::Address())), std::size_t> index;
  for (const InstructionProfile& in : profile.instructions) {
    const auto [at, fresh] = index.emplace(key_of(in.address), rows.size());
    if (fresh) rows.push_back({name_of(in.address), in.address, in.executions, 0, 0, {}});
    ProfileRow& row = rows[at->second];
    row.executions += in.executions;
    row.younger += in.younger;
    row.cycles += in.cycles;
  }
  std::stable_sort(rows.begin(), rows.end(), [](const ProfileRow& a, const ProfileRow& b) {
    return a.cycles.total() > b.cycles.total();
  });
  return rows;
}

}  // namespace

isa::CauseCycles Profile::total() const {
  isa::CauseCycles sum = overhead;
  for (const InstructionProfile& in : instructions) sum += in.cycles;
  return sum;
}

std::vector<ProfileRow> by_function(const Profile& profile, const Firmware& firmware) {
  return fold(
      profile, [&](isa::Address pc) { return firmware.function_at(pc); },
      [&](isa::Address pc) {
        const Symbol* function = firmware.function_at(pc);
        return function ? function->name : std::string();
      });
}

std::vector<ProfileRow> by_line(const Profile& profile,
                                const std::function<std::string(isa::Address)>& line_of) {
  return fold(profile, line_of, line_of);
}

}  // namespace sim
