// Small networks that no exporter would make, to test whatever takes a Graph.
#pragma once

#include <cstdint>

#include "reference/graph.h"

namespace reference {

/// A small valid network: int8 operators of every kind with odd shapes, quantised so that values stay alive.
/// The same seed gives the same network, always; its name is "random-<seed>".
Graph random_graph(std::uint32_t seed);

/// Handmade network 1, 2 or 3 (zoo:odd-1 ...): 1xN kernels, depth multiplier 2, odd channels, stride 3,
/// asymmetric padding, zero points at -128 and 127. Throws ModelError for another number.
Graph odd_network(int which);

}  // namespace reference
