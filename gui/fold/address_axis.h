// From addresses of a region to places on the y axis and back, with empty stretches folded away.
#pragma once

#include <cstdint>
#include <vector>

namespace gui {

/// Addresses from `begin` to `end`, which is not part of it.
struct Stretch {
  std::uint64_t begin = 0, end = 0;

  std::uint64_t bytes() const { return end - begin; }
  bool operator==(const Stretch&) const = default;
};

/// Places are bytes from the region's first. A byte in use is one wide; a long stretch that nothing uses is
/// as wide as a small share of those in use.
class AddressAxis {
 public:
  AddressAxis() = default;
  /// `used` in any order; parts outside of `region` do not count.
  AddressAxis(Stretch region, std::vector<Stretch> used);

  double place(double address) const;
  double address(double place) const;
  double length() const { return pieces_.empty() ? 0 : pieces_.back().place + pieces_.back().width; }
  Stretch region() const { return region_; }
  /// In use, or too short to fold away; in order.
  std::vector<Stretch> shown() const;
  /// Folded away; in order.
  std::vector<Stretch> folded() const;

 private:
  struct Piece {
    Stretch stretch;
    double place = 0, width = 0;
    bool folded = false;
  };
  std::vector<Stretch> stretches(bool folded) const;

  Stretch region_;
  std::vector<Piece> pieces_;  ///< cover the region
};

/// A part of an axis on `height` pixels below `y`; low addresses are at the bottom.
class AddressView {
 public:
  AddressView(const AddressAxis& axis, double begin, double end, double y, double height);

  double y(double address) const { return bottom_ - (axis_->place(address) - begin_) * pixels_; }
  double address(double y) const { return axis_->address(begin_ + (bottom_ - y) / pixels_); }
  double top() const { return bottom_ - height_; }
  double bottom() const { return bottom_; }
  double height() const { return height_; }
  double pixels_per_byte() const { return pixels_; }
  const AddressAxis& axis() const { return *axis_; }

 private:
  const AddressAxis* axis_;
  double begin_, bottom_, height_, pixels_;
};

}  // namespace gui
