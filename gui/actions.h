// What can be done with a key or a button, and which keys do it. One table: the key sheet and the keyboard
// read the same rows.
#pragma once

#include <span>

#include "gui/session.h"

namespace gui {

enum class Action {
  kPanLeft,
  kPanRight,
  kZoomIn,
  kZoomOut,
  kWhole,
  kFit,
  kPrevious,
  kNext,
  kPeak,
  kSelectPinned,
  kEscape,
  kSearch,
  kNextHit,
  kPreviousHit,
  kMode,
  kAxis,
  kHeat,
  kPlanned,
  kMinimap,
  kCompare,
  kSide,
  kDrawer,
  kTheme,
  kBookmark,
  kCopy,
  kOpen,
  kSavePicture,
  kKeySheet,
  kQuit,
};

struct KeyRow {
  Action action;
  char32_t letter;    ///< as typed, on whatever keyboard; 0: a key without a letter, or with Ctrl
  const char* key;    ///< "W", "Ctrl+F"
  const char* what;   ///< "zoom in"
  const char* group;  ///< heading in the key sheet
};
std::span<const KeyRow> key_rows();

/// Changes the session as the key sheet says.
void carry_out(Action action, Session& session);

/// Puts the cursor at the moment when `Document::fullest()[index]` is, lists what is live then, and brings it
/// into sight.
void jump_to_peak(Session& session, std::size_t index);
void pin(Session& session, std::uint32_t life);
/// Puts the cursor there and brings it into sight.
void jump_to(Session& session, double cycle);
/// At the cursor; kept in the file of notes beside the trace.
void add_bookmark(Session& session, const std::string& text);
void remove_bookmark(Session& session, std::size_t index);
void pin_function(Session& session, traces::StringId function);
void jump_to_finding(Session& session, std::size_t finding);
/// Shows a step and what is live in it.
void zoom_to_step(Session& session, std::size_t step);

}  // namespace gui
