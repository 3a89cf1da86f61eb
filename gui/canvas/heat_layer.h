// Reads and writes of each address over time, laid over the lives.
#pragma once

#include "gui/canvas/frame.h"
#include "gui/fold/address_axis.h"

namespace gui {

void draw_heat(Frame& frame, const FoldedRegion& region, const AddressView& addresses);

}  // namespace gui
