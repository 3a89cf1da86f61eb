// The generated files of a source tree, one function each.
#pragma once

#include <string>
#include <vector>

#include "engine/image.h"

namespace engine {

/// Bytes kept for the main stack: runner, kernels (the deepest measured uses less than a kilobyte) and one
/// exception frame with FPU state (108 bytes), rounded up generously; the simulator reports what was really
/// used.
inline constexpr std::int64_t kStackBytes = 4096;

/// Text from outside inside a C comment or string: at most 120 characters of printable ASCII, no way out of
/// either.
std::string harmless(const std::string& text);

/// Adds model.h, model.c, weights.h, weights.c and the kernels' headers that they include.
void add_model(SourceTree& tree, const reference::Graph& graph, const Plan& plan);

/// link.ld: sections of the engine in the board's memories.
std::string linker_script(const Plan& plan, const memory_model::Board& board);

/// Flags for every compilation, and for the link beyond them.
std::vector<std::string> compiler_flags(const memory_model::Board& board);
std::vector<std::string> linker_flags();

/// Makefile: `make` builds model.elf, model.map and model.bin.
std::string makefile(const SourceTree& tree, const memory_model::Board& board);

}  // namespace engine
