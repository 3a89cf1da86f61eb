// Walks over each memory of a board at growing sizes: what a line costs, and where a cache ends.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "memory_model/board.h"

namespace cli {

enum class WalkKind {
  kChase,  ///< loads of a word a line, each the address of the next
  kLoad,   ///< loads of whole lines
  kStore,  ///< stores of whole lines
  kFetch,  ///< straight-line code
};
const char* to_string(WalkKind kind);

struct WalkPoint {
  int bytes = 0;               ///< walked over and over
  double cycles_per_line = 0;  ///< of 32 bytes, once warm
};

struct Walk {
  std::string region;
  WalkKind kind = WalkKind::kChase;
  std::vector<WalkPoint> points;  ///< by growing size
  std::string failure;            ///< why it could not be walked; then there are no points

  /// The largest size that costs no more a line than the smallest does, within a quarter; none where all do.
  std::optional<int> knee() const;
};

/// Walks all regions of `board` at full speed. `progress` gets how many walks are done, and of how many.
/// Throws InputError where the board has no TCMs to walk from.
std::vector<Walk> walk_memories(const memory_model::Board& board,
                                const std::function<void(std::size_t, std::size_t)>& progress);

/// A plot: size across, cycles a line up, a panel for each kind.
std::string walks_svg(const std::vector<Walk>& walks, const std::string& title);

}  // namespace cli
