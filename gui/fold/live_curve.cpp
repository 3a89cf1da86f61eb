#include "gui/fold/live_curve.h"

#include <algorithm>
#include <set>

namespace gui {

LiveCurve::LiveCurve(const std::vector<traces::LivePoint>& points) : peak_(traces::peak_of(points)) {
  std::vector<std::uint64_t> bytes;
  bytes.reserve(points.size());
  cycles_.reserve(points.size());
  for (const traces::LivePoint& point : points) {
    cycles_.push_back(point.cycle);
    bytes.push_back(point.bytes);
  }
  bytes_ = Maxima(std::move(bytes));
}

/// The last point at `cycle` or before it; 0 where there is none.
std::size_t LiveCurve::point_at(std::uint64_t cycle) const {
  const auto after = std::upper_bound(cycles_.begin(), cycles_.end(), cycle);
  return after == cycles_.begin() ? 0 : static_cast<std::size_t>(after - cycles_.begin()) - 1;
}

std::uint64_t LiveCurve::at(std::uint64_t cycle) const {
  if (cycles_.empty() || cycle < cycles_.front()) return 0;
  return bytes_[point_at(cycle)];
}

traces::Peak LiveCurve::between(std::uint64_t begin, std::uint64_t end) const {
  if (cycles_.empty() || end <= begin || end <= cycles_.front()) return {};
  const std::size_t first = point_at(begin);
  const auto after = std::lower_bound(cycles_.begin(), cycles_.end(), end);
  const std::size_t last = std::max(static_cast<std::size_t>(after - cycles_.begin()), first + 1);
  const std::size_t largest = bytes_.largest(first, last);
  return {bytes_[largest], std::max(begin, cycles_[largest])};
}

namespace {

traces::LifeKind kind_of(const traces::Trace& trace, const traces::Occupant& occupant) {
  if (occupant.life < 0) return traces::LifeKind::kStack;
  return trace.lives[static_cast<std::size_t>(occupant.life)].kind;
}

/// Of occupants that share bytes: from low to high addresses, the youngest of those that cover a stretch has
/// it.
KindBytes shared_by_kind(const traces::Trace& trace, const std::vector<traces::Occupant>& occupants) {
  struct Edge {
    std::uint64_t address;
    std::size_t occupant;
    bool begins;
  };
  std::vector<Edge> edges;
  edges.reserve(2 * occupants.size());
  for (std::size_t i = 0; i < occupants.size(); ++i) {
    edges.push_back({occupants[i].begin, i, true});
    edges.push_back({occupants[i].end, i, false});
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.address < b.address; });

  KindBytes bytes{};
  std::set<std::pair<std::uint64_t, std::size_t>> covering;  // {born, occupant}: the last is the youngest
  std::uint64_t at = 0;
  for (const Edge& edge : edges) {
    if (!covering.empty()) {
      const traces::Occupant& youngest = occupants[covering.rbegin()->second];
      bytes[static_cast<std::size_t>(kind_of(trace, youngest))] += edge.address - at;
    }
    at = edge.address;
    const std::pair key{occupants[edge.occupant].born, edge.occupant};
    if (edge.begins)
      covering.insert(key);
    else
      covering.erase(key);
  }
  return bytes;
}

}  // namespace

KindBytes bytes_by_kind(const traces::Trace& trace, std::vector<traces::Occupant> occupants) {
  std::erase_if(occupants, [](const traces::Occupant& o) { return o.begin >= o.end; });
  std::sort(occupants.begin(), occupants.end(),
            [](const traces::Occupant& a, const traces::Occupant& b) { return a.begin < b.begin; });
  KindBytes bytes{};
  std::uint64_t end = 0;
  for (const traces::Occupant& occupant : occupants) {
    if (occupant.begin < end) return shared_by_kind(trace, occupants);
    bytes[static_cast<std::size_t>(kind_of(trace, occupant))] += occupant.end - occupant.begin;
    end = occupant.end;
  }
  return bytes;
}

}  // namespace gui
