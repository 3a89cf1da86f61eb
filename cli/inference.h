// What one simulated inference gave, and how it is told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/memory_use.h"
#include "cli/profile_view.h"
#include "cli/tensor_check.h"
#include "engine/image.h"
#include "engine/plan.h"
#include "memory_model/board.h"
#include "reference/graph.h"
#include "sim/machine.h"
#include "traces/step_table.h"

namespace cli {

/// What one simulated inference gave.
struct Inference {
  traces::StepTable table;
  sim::RunResult run;
  std::optional<ProfileView> profile;  ///< where it was asked for
  MemoryUse memory;
  std::vector<reference::TensorData> outputs;  ///< one per Program::outputs
  bool checked = false;
  int steps_checked = 0, steps_equal = 0;
  bool all_equal = false;
  std::optional<Divergence> divergence;
};

/// Everything a report speaks of.
struct InferenceReport {
  const InferOptions& options;
  const memory_model::Board& board;
  const reference::Graph& graph;
  const engine::Plan& plan;
  const engine::Image& image;
  const Inference& result;
};

std::string to_text(const InferenceReport& report);
std::string to_json(const InferenceReport& report);

}  // namespace cli
