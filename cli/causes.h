// What cycles went to, in tables and in JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/table.h"
#include "isa/cause.h"

namespace cli {

/// {"issue": 120, "dependency": 30, ...}: every cause.
nlohmann::ordered_json causes_json(const isa::CauseCycles& cycles);

/// One column a cause: its share of a row's cycles in percent. Causes that took less than a thousandth of
/// `total` have none.
class CauseColumns {
 public:
  explicit CauseColumns(const isa::CauseCycles& total);
  void append_heads(std::vector<Column>& columns) const;
  void append_cells(const isa::CauseCycles& cycles, std::vector<std::string>& cells) const;

 private:
  std::vector<isa::Cause> causes_;
};

/// "dep 1,024 load 300": all but the cycles that issued something, most first; empty where there are
/// none.
std::string stalls(const isa::CauseCycles& cycles);

/// "issue 71 %, dep 12 %, load 9 %": causes of at least one percent, most first.
std::string shares(const isa::CauseCycles& cycles);

/// "12.3": `part` of `whole` in percent; "-" where whole is 0.
std::string percent(isa::Cycles part, isa::Cycles whole);

}  // namespace cli
