// Functions, their source lines and their calls, each function once.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/trace.h"

namespace traces {

struct Cost {
  std::uint64_t cycles = 0, instructions = 0;
  isa::CauseCycles causes;  ///< sum to the cycles, or are all 0: not known

  Cost& operator+=(const Cost& o);
};

struct LineOfFunction {
  StringId file = 0;
  std::int32_t line = 0;  ///< 0: not known
  Cost cost;
};

struct CallEdge {
  std::size_t callee = 0;  ///< index into CallGraph::functions
  std::uint64_t calls = 0;
  /// Of the callee and all below it; where the call is made again below itself, of the outermost only.
  std::uint64_t cycles = 0, instructions = 0;
};

struct FunctionNode {
  StringId name = 0, file = 0;
  std::int32_t first_line = 0;        ///< the first that took cycles in its own file; 0: none is known
  std::vector<LineOfFunction> lines;  ///< sum to what the function took; by file, its own first, then by line
  std::vector<CallEdge> edges;        ///< in order of the callee
};

struct CallGraph {
  std::vector<FunctionNode> functions;
  Cost other;  ///< what the run took and no function did
  Cost total;  ///< of all functions and the rest: the run's (total_counts)
};

/// Functions in the order of Trace::functions, then those that only the calling-context tree knows: what they
/// took is what it says, without causes. Functions of equal names are one: the tree does not tell them apart.
CallGraph call_graph(const Trace& trace);

}  // namespace traces
