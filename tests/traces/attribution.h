// How much of what tensors really occupied is found in the lives that were observed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "traces/trace.h"

namespace traces::test {

/// A tensor or scratch buffer as the program knows it: these bytes, from its first write to its last read.
struct TrueLife {
  std::string name;
  std::uint32_t address = 0, bytes = 0;
  std::uint64_t born = 0, died = 0;
};

struct Match {
  std::string name;
  std::optional<Life> life;  ///< the one that fits best; no life fits two
  double share = 0;          ///< of the tensor's bytes x cycles, those that are in it
  double surplus = 0;        ///< bytes x cycles of the life that are not the tensor's, over the tensor's
  double tensor_byte_cycles = 0;
};

struct Attribution {
  double share = 0;            ///< of all tensors' bytes x cycles, those attributed to the right life
  double surplus = 0;          ///< bytes x cycles that these lives claim beyond their tensors, over the same
  double mean_share = 0;       ///< of the tensors, each counting the same
  std::vector<Match> matches;  ///< one a tensor, the worst first

  std::string to_text(std::size_t rows = 10) const;
};

/// Matches lives to tensors, the best fit (shared over united bytes x cycles) first.
Attribution attribute(std::span<const TrueLife> truth, std::span<const Life> lives);

}  // namespace traces::test
