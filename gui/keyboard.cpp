#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/actions.h"
#include "gui/navigation.h"
#include "gui/viewer.h"

namespace gui {

namespace {

/// Keys that go on while they are held. ImGui 1.86 numbers keys as GLFW does.
constexpr std::pair<int, Action> kHeld[] = {
    {GLFW_KEY_W, Action::kZoomIn},     {GLFW_KEY_S, Action::kZoomOut},      {GLFW_KEY_A, Action::kPanLeft},
    {GLFW_KEY_D, Action::kPanRight},   {GLFW_KEY_UP, Action::kZoomIn},      {GLFW_KEY_DOWN, Action::kZoomOut},
    {GLFW_KEY_LEFT, Action::kPanLeft}, {GLFW_KEY_RIGHT, Action::kPanRight},
};
constexpr std::pair<int, Action> kWithCtrl[] = {
    {GLFW_KEY_F, Action::kSearch},      {GLFW_KEY_C, Action::kCopy}, {GLFW_KEY_O, Action::kOpen},
    {GLFW_KEY_S, Action::kSavePicture}, {GLFW_KEY_Q, Action::kQuit},
};
constexpr float kHeldAfter = 0.25f;  // seconds
constexpr double kPanASecond = 0.9, kZoomASecond = 3.0;
constexpr double kLongestFrame = 0.05;  // seconds: a slow frame must not throw the view far away

bool is_held_key(char32_t letter) {
  const char32_t small = letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
  return small == 'w' || small == 'a' || small == 's' || small == 'd';
}

/// A menu or a list that is open closes first. Out of a text field, ImGui itself lets go of the keyboard.
void escape(Session& session) {
  if (session.ask == Ask::kNothing && ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup))
    session.close_popups = true;
  else if (session.ask != Ask::kNothing || !ImGui::GetIO().WantTextInput)
    carry_out(Action::kEscape, session);
}

void go_on(Action action, double seconds, Session& session) {
  ViewState& state = session.state;
  const TimeRange whole = session.whole();
  const double about = state.mouse_cycle.value_or((state.time.begin + state.time.end) / 2);
  if (action == Action::kPanLeft) state.time = panned(state.time, -kPanASecond * seconds, whole);
  if (action == Action::kPanRight) state.time = panned(state.time, kPanASecond * seconds, whole);
  if (action == Action::kZoomIn)
    state.time = zoomed(state.time, std::pow(kZoomASecond, -seconds), about, whole);
  if (action == Action::kZoomOut)
    state.time = zoomed(state.time, std::pow(kZoomASecond, seconds), about, whole);
}

}  // namespace

void handle_keys(Session& session) {
  const ImGuiIO& io = ImGui::GetIO();
  const std::vector<KeyPress> pressed = std::exchange(session.pressed, {});
  const bool types = io.WantTextInput || session.ask != Ask::kNothing;
  for (const KeyPress& press : pressed) {
    if (press.key == GLFW_KEY_ESCAPE) escape(session);
    if (press.ctrl) {
      for (const auto& [key, action] : kWithCtrl) {
        // In a text field, Ctrl+C is the field's.
        if (key == press.key && !(types && action == Action::kCopy)) carry_out(action, session);
      }
    } else if (!types && session.document) {
      for (const auto& [key, action] : kHeld)
        if (key == press.key) carry_out(action, session);
    }
  }
  if (types || io.KeyCtrl) return;

  if (session.document) {
    for (const auto& [key, action] : kHeld)
      if (ImGui::IsKeyDown(key) && io.KeysDownDuration[key] > kHeldAfter)
        go_on(action, std::min<double>(io.DeltaTime, kLongestFrame), session);
  }
  for (const ImWchar letter : io.InputQueueCharacters) {
    if (is_held_key(letter)) continue;
    for (const KeyRow& row : key_rows())
      if (row.letter != 0 && row.letter == letter) carry_out(row.action, session);
  }
}

}  // namespace gui
