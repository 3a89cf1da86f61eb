#include "gui/panels/panels.h"
#include "gui/widgets.h"

namespace gui {

void draw_compare(Session& session) {
  if (!session.second) return nothing_here(session, "Open a second trace: press C, or `m7scope view A B`.");
}

}  // namespace gui
