// Bytes in use over time at any zoom, and what kinds they are of.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gui/fold/sample_fold.h"
#include "traces/peak.h"
#include "traces/trace.h"

namespace gui {

/// As traces/peak.h counts: each byte once.
class LiveCurve {
 public:
  LiveCurve() = default;
  explicit LiveCurve(const std::vector<traces::LivePoint>& points);

  std::uint64_t at(std::uint64_t cycle) const;
  /// The most from `begin` to `end`, which is not part of it, and the first cycle at which it was.
  traces::Peak between(std::uint64_t begin, std::uint64_t end) const;
  traces::Peak peak() const { return peak_; }

 private:
  std::size_t point_at(std::uint64_t cycle) const;

  std::vector<std::uint64_t> cycles_;
  Maxima bytes_;
  traces::Peak peak_;
};

/// Bytes by LifeKind.
using KindBytes = std::array<std::uint64_t, traces::kLifeKinds>;

/// Bytes of `occupants` by their kind. Of two that share a byte, the younger has it.
KindBytes bytes_by_kind(const traces::Trace& trace, std::vector<traces::Occupant> occupants);

}  // namespace gui
