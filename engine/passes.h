// Graph -> Program: fold pads and activations, drop reshapes, quantise the edges.
#pragma once

#include <stdexcept>

#include "engine/step.h"
#include "reference/graph.h"

namespace engine {

/// A network that is valid but that the engine cannot take; the text names operator, what was found and expected.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Lowers a valid graph. Throws Unsupported. The steps keep the graph's order.
Program lower(const reference::Graph& graph);

}  // namespace engine
