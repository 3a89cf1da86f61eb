// The memory plan: order of steps and a place for every buffer.
#pragma once

#include <string>
#include <vector>

#include "engine/step.h"
#include "isa/units.h"
#include "traces/step_table.h"

namespace engine {

/// A placed buffer: a tensor's storage, or a step's scratch. Lives from first_step to last_step, both included.
struct Buffer {
  int tensor = -1;  ///< storage tensor of the graph; -1 for scratch
  std::string name;
  traces::BufferKind kind = traces::BufferKind::kActivation;
  isa::Bytes size, offset;
  int first_step = 0, last_step = 0;
};

struct PlanOptions {
  bool reorder = true;  ///< search for a better order of the steps (exact for small graphs, bounded for large)
  bool in_place = true;  ///< let outputs share bytes with dying inputs where the kernel allows
};

/// Steps in their final order (id = position), buffers with their places, and how good it is.
struct Plan {
  std::string model;
  Program program;
  std::vector<Buffer> buffers;
  std::vector<int> inputs, outputs;  ///< indices into `buffers`
  isa::Bytes arena;
  /// Largest sum of live bytes over the steps of the order used (allowed overlaps deducted, scratch counted):
  /// no placement of this order can be smaller.
  isa::Bytes lower_bound;
  int peak_step = 0;  ///< a step where live bytes reach the bound

  isa::Bytes live_bytes(int step) const;  ///< union of live buffers' bytes in the arena during `step`
  std::string to_text() const;
  std::string to_json() const;
  std::string to_svg() const;  ///< time x address picture
};

Plan plan(const reference::Graph& graph, const Program& program, const PlanOptions& options = {});

/// The table that goes into the ELF.
traces::StepTable step_table(const reference::Graph& graph, const Plan& plan);

}  // namespace engine
