#include "gui/canvas/labels.h"

#include <algorithm>

#include "gui/format.h"
#include "traces/peak.h"

namespace gui {

namespace {

constexpr std::size_t kMost = 400;  // names in one picture
constexpr double kNarrowest = 26;   // points: less holds no name

}  // namespace

Rect uncovered(Rect rect, const std::vector<Rect>& covers) {
  for (const Rect& cover : covers) {
    const Rect shared = rect.cut(cover);
    if (shared.width() <= 0 || shared.height() <= 0) continue;
    // What is left or right of it, whichever is wider.
    if (shared.left - rect.left >= rect.right - shared.right)
      rect.right = shared.left;
    else
      rect.left = shared.right;
  }
  return rect;
}

void Labels::draw(Frame& frame, const Rect& body) const {
  const double pad = 4 * frame.point, line = Pen::text_height();
  // The heat overlay darkens or pales what lies under it, as the canvas is.
  const Colour ink = frame.state.heat ? frame.colours.text : frame.colours.inverse_text;
  std::vector<Rect> covers;  // by lives that are drawn later
  for (auto it = lives_.rbegin(); it != lives_.rend() && covers.size() < kMost; ++it) {
    Rect inside = it->rect.cut(body);
    const Rect whole = inside;
    inside.left += pad;
    inside.right -= pad;
    if (inside.height() < line || inside.width() < kNarrowest * frame.point) continue;

    const bool two_lines = inside.height() >= 2.2 * line;
    const double height = two_lines ? 2 * line : line;
    // In the middle, else at the top, else at the bottom.
    Rect best;
    for (const double at :
         {(inside.top + inside.bottom - height) / 2, inside.top + 1, inside.bottom - height - 1}) {
      const Rect place = uncovered({inside.left, at, inside.right, at + height}, covers);
      if (place.width() > best.width() + line) best = place;
    }
    covers.push_back(whole);
    const std::string name = traces::name_of(frame.trace(), *it->life);
    if (!frame.pen.text_within({best.left, best.top, best.right, best.top + line}, ink, name) || !two_lines)
      continue;
    frame.pen.text_within({best.left, best.top + line, best.right, best.bottom}, faded(ink, 0.7),
                          bytes_text(it->life->bytes));
  }
}

}  // namespace gui
