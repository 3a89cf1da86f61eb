// Names of lives, where they can be read.
#pragma once

#include <vector>

#include "gui/canvas/frame.h"

namespace gui {

/// Collects lives as they are drawn, then writes their names: each in a part of its rectangle that no later
/// one hides.
class Labels {
 public:
  void add(const Rect& rect, const traces::Life& life) { lives_.push_back({rect, &life}); }
  void draw(Frame& frame, const Rect& body) const;

 private:
  struct Labelled {
    Rect rect;
    const traces::Life* life;
  };
  std::vector<Labelled> lives_;
};

/// The largest part of `rect`, from top to bottom as high as it, that none of `covers` touches; empty where
/// there is none.
Rect uncovered(Rect rect, const std::vector<Rect>& covers);

}  // namespace gui
