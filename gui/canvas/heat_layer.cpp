#include "gui/canvas/heat_layer.h"

#include <algorithm>
#include <array>

namespace gui {

namespace {

constexpr double kCell = 2;  // points
constexpr double kMostOpaque = 0.95, kLeastOpaque = 0.35;

/// Colours and opacity for each pair of levels; 16 levels of each are enough for the eye.
class HeatScale {
 public:
  HeatScale(const Palette& colours, std::uint8_t hottest) {
    const double full = std::max<double>(hottest, 1);
    for (unsigned r = 0; r < kSteps; ++r) {
      for (unsigned w = 0; w < kSteps; ++w) {
        const double reads = r << kShift, writes = w << kShift, most = std::max(reads, writes);
        const double share = reads + writes > 0 ? writes / (reads + writes) : 0;
        const double opacity = kLeastOpaque + (kMostOpaque - kLeastOpaque) * std::min(1.0, most / full);
        colours_[r * kSteps + w] =
            most > 0 ? faded(mixed(colours.heat_read, colours.heat_write, share), opacity) : 0;
      }
    }
  }
  Colour operator()(std::uint8_t reads, std::uint8_t writes) const {
    return colours_[step(reads) * kSteps + step(writes)];
  }

 private:
  static constexpr unsigned kShift = 4, kSteps = 256 >> kShift;
  /// Levels under a step are not nothing.
  static unsigned step(std::uint8_t level) {
    return level == 0 ? 0 : std::max(1u, unsigned{level} >> kShift);
  }

  std::array<Colour, kSteps * kSteps> colours_{};
};

}  // namespace

void draw_heat(Frame& frame, const FoldedRegion& region, const AddressView& addresses) {
  if (region.heat.empty() || !frame.pen.raster()) return;
  const Rect body = {frame.plot.left, addresses.top(), frame.plot.right, addresses.bottom()};
  const HeatImage image = region.heat.image(frame.time, addresses, kCell * frame.point);
  const HeatScale scale(frame.colours, region.heat.hottest());
  std::vector<Colour> cells(image.width * image.height);
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = scale(image.reads[i], image.writes[i]);
  frame.pen.fill(body, faded(frame.colours.canvas, 0.6));  // lives stay in sight, behind
  frame.pen.raster()->cells(body, cells, image.width, image.height);
}

}  // namespace gui
