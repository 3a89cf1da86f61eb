#include "gui/fold/address_axis.h"

#include <algorithm>

namespace gui {

namespace {

constexpr std::uint64_t kShortestFold =
    256;                                  // bytes: shorter stretches stay, so that structures keep their look
constexpr std::uint64_t kFoldShare = 24;  // stretches over 1/24 of the bytes in use are folded away ...
constexpr double kFoldedWidth = 0.02;     // ... to this share of them
constexpr double kLeastShown = 1e-3;      // bytes: no division by zero

/// Sorted, cut to `region`, touching ones joined.
std::vector<Stretch> tidied(Stretch region, std::vector<Stretch> used) {
  std::sort(used.begin(), used.end(), [](Stretch a, Stretch b) { return a.begin < b.begin; });
  std::vector<Stretch> joined;
  for (Stretch stretch : used) {
    stretch = {std::max(stretch.begin, region.begin), std::min(stretch.end, region.end)};
    if (stretch.begin >= stretch.end) continue;
    if (!joined.empty() && stretch.begin <= joined.back().end)
      joined.back().end = std::max(joined.back().end, stretch.end);
    else
      joined.push_back(stretch);
  }
  return joined;
}

}  // namespace

AddressAxis::AddressAxis(Stretch region, std::vector<Stretch> used) : region_(region) {
  const std::vector<Stretch> stretches = tidied(region, std::move(used));
  std::uint64_t in_use = 0;
  for (const Stretch& stretch : stretches) in_use += stretch.bytes();
  if (in_use == 0) {
    pieces_.push_back({region, 0, static_cast<double>(region.bytes()), false});
    return;
  }

  const std::uint64_t longest_shown = std::max(kShortestFold, in_use / kFoldShare);
  const auto append = [&](Stretch stretch, bool folded) {
    if (stretch.bytes() == 0) return;
    if (!folded && !pieces_.empty() && !pieces_.back().folded) {
      pieces_.back().stretch.end = stretch.end;
      pieces_.back().width += static_cast<double>(stretch.bytes());
      return;
    }
    const double width =
        folded ? kFoldedWidth * static_cast<double>(in_use) : static_cast<double>(stretch.bytes());
    pieces_.push_back({stretch, length(), width, folded});
  };
  std::uint64_t at = region.begin;
  for (const Stretch& stretch : stretches) {
    append({at, stretch.begin}, stretch.begin - at > longest_shown);
    append(stretch, false);
    at = stretch.end;
  }
  append({at, region.end}, region.end - at > longest_shown);
}

double AddressAxis::place(double address) const {
  if (pieces_.empty()) return 0;
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), address, [](double value, const Piece& p) {
    return value < static_cast<double>(p.stretch.begin);
  });
  if (piece != pieces_.begin()) --piece;
  const double into =
      (address - static_cast<double>(piece->stretch.begin)) / static_cast<double>(piece->stretch.bytes());
  return piece->place + into * piece->width;
}

double AddressAxis::address(double place) const {
  if (pieces_.empty()) return 0;
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), place,
                                [](double value, const Piece& p) { return value < p.place; });
  if (piece != pieces_.begin()) --piece;
  const double into = (place - piece->place) / piece->width;
  return static_cast<double>(piece->stretch.begin) + into * static_cast<double>(piece->stretch.bytes());
}

std::vector<Stretch> AddressAxis::stretches(bool folded) const {
  std::vector<Stretch> result;
  for (const Piece& piece : pieces_)
    if (piece.folded == folded) result.push_back(piece.stretch);
  return result;
}

std::vector<Stretch> AddressAxis::shown() const {
  return stretches(false);
}
std::vector<Stretch> AddressAxis::folded() const {
  return stretches(true);
}

AddressView::AddressView(const AddressAxis& axis, double begin, double end, double y, double height)
    : axis_(&axis), begin_(begin), bottom_(y + height), height_(std::max(height, 1.0)) {
  if (end <= begin) begin_ = 0, end = axis.length();
  pixels_ = height_ / std::max(end - begin_, kLeastShown);
}

}  // namespace gui
