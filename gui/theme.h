// Colours of the two themes. 32-bit values with red in the lowest byte, as ImDrawList takes them.
#pragma once

#include <array>
#include <cstdint>

#include "gui/view_state.h"
#include "isa/cause.h"
#include "traces/trace.h"

namespace gui {

using Colour = std::uint32_t;

/// 0xRRGGBB, as written in style sheets, and how opaque (0..1).
constexpr Colour rgb(std::uint32_t hex, double opacity = 1) {
  return (hex >> 16 & 0xff) | (hex & 0xff00) | (hex & 0xff) << 16 |
         static_cast<std::uint32_t>(opacity * 255 + 0.5) << 24;
}
/// The same colour with another opacity (0..1).
constexpr Colour faded(Colour colour, double opacity) {
  return (colour & 0xffffff) | static_cast<std::uint32_t>(opacity * 255 + 0.5) << 24;
}
/// Between `a` (0) and `b` (1).
Colour mixed(Colour a, Colour b, double share);

struct Palette {
  Colour window, canvas, panel, raised, border, grid;
  Colour text, dim_text, inverse_text;  ///< inverse: on coloured rectangles
  Colour accent, selection, cursor;
  Colour peak, capacity, problem, good, worse;
  Colour planned;  ///< outline of a planned life
  Colour heat_read, heat_write;
  std::array<Colour, traces::kLifeKinds> kinds;
  std::array<Colour, isa::kCauses> causes;

  Colour of(traces::LifeKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
  Colour of(isa::Cause cause) const { return causes[static_cast<std::size_t>(cause)]; }
};

const Palette& palette(Theme theme);

}  // namespace gui
