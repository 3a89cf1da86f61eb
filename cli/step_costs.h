// What the steps of a run cost, as rows of a table.
#pragma once

#include <string>
#include <vector>

#include "sim/machine.h"
#include "traces/step_table.h"

namespace cli {

/// One step, named as far as the firmware says.
struct StepCost {
  int id = 0;
  std::string op, output;
  std::int64_t macs = 0;  ///< 0: not known
  double seconds = 0;
  sim::Counts counts;
};

/// "…twise_3/BiasAdd": the end of a name, which tells more than its beginning.
std::string shortened(const std::string& name, std::size_t most);

/// A step per row: cycles and what they went to, in percent, and loads and stores.
std::string step_causes(const std::vector<StepCost>& steps);

}  // namespace cli
