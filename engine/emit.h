// What each kernel needs, and the C that calls it. One table (emit.cpp) declares every kernel.
#pragma once

#include <string>
#include <vector>

#include "engine/step.h"

namespace engine {

/// What a step's kernel asks of the planner.
struct KernelNeeds {
  isa::Bytes scratch;             ///< bytes of arena scratch, 8-byte aligned, live during the step only
  std::vector<Overlap> overlaps;  ///< at most one entry per input; no entry: that input and the output are disjoint
};

/// Throws Unsupported where no kernel takes the step.
KernelNeeds kernel_needs(const reference::Graph& graph, const Step& step);

/// The Step::tile that reads the weights least often with at most `room` of scratch.
int best_tile(const reference::Graph& graph, const Step& step, isa::Bytes room);

/// Where a step finds its data: C expressions of type `int8_t *` (cast as needed), e.g. "m7_arena + 1024".
struct StepAddresses {
  std::vector<std::string> inputs;  ///< one per Step::inputs; empty for constants and absent inputs
  std::string output;
  std::string scratch;  ///< empty if KernelNeeds::scratch is 0
};

/// C for one step. `constants` and `functions` are keyed by content so that equal ones are emitted once.
struct StepCode {
  struct Definition {
    std::string symbol;  ///< unique name, derived from the content
    std::string text;    ///< the full C definition ("static const int8_t ...[] = {...};" or a specialised function)
  };
  std::vector<std::string> includes;  ///< headers of engine/target that it uses: "m7_conv.h"
  std::vector<Definition> constants;  ///< weights, bias, requantisation tables: const, so they stay in flash
  std::vector<Definition> functions;  ///< specialised instances of kernels
  std::string call;                   ///< statements that run the step
};

StepCode emit_step(const reference::Graph& graph, const Step& step, const StepAddresses& addresses);

}  // namespace engine
