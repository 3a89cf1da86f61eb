// Colours of pictures and pages, light and dark.
#pragma once

#include <string>

namespace traces {

/// CSS rules for what timeline_svg() draws, in one theme. Classes begin with "tl-".
std::string timeline_css(bool dark);

/// "#72c7a6": of a life's kind (index of LifeKind), or of a cause of cycles (index of isa::Cause).
const char* kind_colour(std::size_t kind, bool dark);
const char* cause_colour(std::size_t cause, bool dark);

}  // namespace traces
