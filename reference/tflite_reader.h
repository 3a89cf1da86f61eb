// Reads .tflite files (TFLite schema version 3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "reference/graph.h"

namespace reference {

/// Largest file that is read.
inline constexpr std::size_t kMaxModelBytes = std::size_t{1} << 28;

/// The network in `file`: subgraph 0, tensor and operator indices as in the file, validated. `where` names
/// the file in errors and, without ".tflite", the graph. Throws ModelError; memory use is bounded by a small
/// multiple of the file's size.
Graph read_tflite(std::span<const std::uint8_t> file, const std::string& where);

/// Reads the file at `path`. Throws ModelError, also where it cannot be read.
Graph load_tflite(const std::filesystem::path& path);

}  // namespace reference
