// The viewer as a program: a window, or one picture.
#pragma once

#include "gui/options.h"

namespace gui {

/// Returns the exit code. Throws ViewError, GraphicsError, traces::TraceError.
int run(const Options& options);

}  // namespace gui
