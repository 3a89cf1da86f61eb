// Networks that need no file: published TinyML architectures with seeded weights that keep activations alive.
#pragma once

#include <string>
#include <vector>

#include "reference/graph.h"

namespace reference {

/// Names that zoo_model takes, sorted by family. `mbv2-w<W>-r<R>` stands for more than the one listed:
/// MobileNetV2 of width W (0.1 to 2) at resolution R (32 to 512). `random-<N>` (not listed) is
/// random_graph(N).
std::vector<std::string> zoo_names();

/// The network `name`: int8 in and out, laid out as TFLite exports it. The same name gives the same bytes,
/// always. Throws ModelError for an unknown name, naming the nearest ones.
Graph zoo_model(const std::string& name);

/// The same operators, shapes and weights in a fraction of the time, with uncalibrated quantisation: to count
/// and to plan, not to run.
Graph zoo_structure(const std::string& name);

}  // namespace reference
