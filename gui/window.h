// The viewer in a window.
#pragma once

#include "gui/options.h"
#include "gui/session.h"

namespace gui {

/// Until the window is closed. Throws GraphicsError where none can be opened.
void run_window(Session& session, const Options& options);

}  // namespace gui
