#include "gui/view_state.h"

#include <gtest/gtest.h>

namespace gui {
namespace {

TEST(ViewState, EveryPanelIsFoundByItsName) {
  for (std::size_t i = 0; i < kPanels; ++i) {
    const Panel panel = static_cast<Panel>(i);
    EXPECT_EQ(panel_named(to_string(panel)), panel);
  }
  EXPECT_EQ(panel_named("memory"), std::nullopt);
}

}  // namespace
}  // namespace gui
