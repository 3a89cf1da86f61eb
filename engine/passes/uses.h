// Who writes and who reads each tensor of a graph, counting only operators that some output depends on.
#pragma once

#include <string>
#include <vector>

#include "reference/graph.h"

namespace engine {

struct Uses {
  std::vector<int> writer;                ///< per tensor: operator that writes it; -1 if none
  std::vector<std::vector<int>> readers;  ///< per tensor: operators that read it, each once, ascending
  std::vector<bool> is_output;            ///< per tensor: it is an output of the graph
  std::vector<bool> needed;               ///< per operator: an output depends on it
};

Uses uses_of(const reference::Graph& graph);

/// "kws: op 7 (CONV_2D)", for messages.
std::string place_of(const reference::Graph& graph, int op);

/// One scale and one zero point, equal in both.
bool same_quantization(const reference::Tensor& a, const reference::Tensor& b);

}  // namespace engine
