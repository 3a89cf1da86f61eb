#include "gui/navigation.h"

#include <algorithm>

namespace gui {

TimeRange whole_run(double cycles) {
  return {0, std::max(cycles, kShortestView)};
}

TimeRange clamped(TimeRange range, TimeRange whole) {
  const double length = std::clamp(range.length(), std::min(kShortestView, whole.length()), whole.length());
  if (length != range.length()) {
    const double middle = (range.begin + range.end) / 2;
    range = {middle - length / 2, middle + length / 2};
  }
  if (range.begin < whole.begin) return {whole.begin, whole.begin + length};
  if (range.end > whole.end) return {whole.end - length, whole.end};
  return range;
}

TimeRange panned(TimeRange range, double share, TimeRange whole) {
  const double by = range.length() * share;
  return clamped({range.begin + by, range.end + by}, whole);
}

TimeRange zoomed(TimeRange range, double factor, double about, TimeRange whole) {
  const double shortest = std::min(kShortestView, whole.length());
  const double length = std::clamp(range.length() * factor, shortest, whole.length());
  const double place = range.length() > 0 ? (about - range.begin) / range.length() : 0.5;
  const double begin = about - place * length;
  return clamped({begin, begin + length}, whole);
}

TimeRange fitted(TimeRange wanted, double margin, TimeRange whole) {
  const double extra = std::max(wanted.length(), kShortestView) * margin;
  return clamped({wanted.begin - extra, wanted.end + extra}, whole);
}

TimeRange centred(TimeRange range, double cycle, TimeRange whole) {
  return clamped({cycle - range.length() / 2, cycle + range.length() / 2}, whole);
}

}  // namespace gui
