// Makes ImGui look like a Theme: colours, spacing and fonts at a scale.
#pragma once

#include <imgui.h>

#include "gui/theme.h"

namespace gui {

struct Fonts {
  ImFont* text = nullptr;
  ImFont* bold = nullptr;
  ImFont* code = nullptr;   ///< all letters equally wide
  ImFont* large = nullptr;  ///< numbers of the summary
};

/// Loads DejaVu where Debian's package is installed, else ImGui's own font. Once per context and scale,
/// before the first frame.
Fonts load_fonts(double scale);
/// Sets ImGui's colours and spacing.
void apply_style(Theme theme, double scale);

}  // namespace gui
