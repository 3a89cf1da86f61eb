#include "gui/input_queue.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <imgui.h>

#include <algorithm>

namespace gui {

namespace {

/// What a key or a click opens has the keyboard this many frames later.
constexpr int kPause = 3;

}  // namespace

void InputQueue::mouse(double x, double y) {
  mouse_x_ = x;
  mouse_y_ = y;
}

void InputQueue::button(int button, bool down) {
  if (button < 0 || button >= static_cast<int>(down_.size())) return;
  events_.push_back({.kind = Kind::kButton, .number = button, .action = down, .x = mouse_x_, .y = mouse_y_});
}

void InputQueue::key(int key, int code, int action, int mods) {
  events_.push_back({.kind = Kind::kKey, .number = key, .code = code, .action = action, .mods = mods});
}

void InputQueue::letter(unsigned letter) {
  events_.push_back({.kind = Kind::kLetter, .letter = letter});
}

void InputQueue::wheel(double x, double y) {
  events_.push_back({.kind = Kind::kWheel, .x = x, .y = y});
}

void InputQueue::deliver(GLFWwindow* window, Session& session) {
  ImGuiIO& io = ImGui::GetIO();
  bool at_event = false;  // the mouse is where it was when a button moved
  bool full = false;
  std::vector<int> went_down;
  if (pause_ > 0) {
    --pause_;
    full = true;
  }
  while (!full && !events_.empty()) {
    const Event event = events_.front();
    if (event.kind == Kind::kKey && event.action == GLFW_RELEASE &&
        std::find(went_down.begin(), went_down.end(), event.number) != went_down.end())
      break;
    // What is dragged follows the mouse while the button is down: the last of its way is a frame of its own.
    if (event.kind == Kind::kButton && event.action == 0 && !arrived_) {
      x_ = event.x;
      y_ = event.y;
      at_event = full = arrived_ = true;
      break;
    }
    arrived_ = false;
    events_.pop_front();
    switch (event.kind) {
      case Kind::kButton:
        down_[static_cast<std::size_t>(event.number)] = event.action != 0;
        x_ = event.x;
        y_ = event.y;
        at_event = full = true;
        if (event.action == 0) pause_ = kPause;
        break;
      case Kind::kKey:
        ImGui_ImplGlfw_KeyCallback(window, event.number, event.code, event.action, event.mods);
        if (event.action != GLFW_PRESS) break;
        went_down.push_back(event.number);
        session.pressed.push_back({event.number, (event.mods & GLFW_MOD_CONTROL) != 0});
        if (!io.WantTextInput) pause_ = kPause;
        break;
      case Kind::kLetter:
        ImGui_ImplGlfw_CharCallback(window, event.letter);
        break;
      case Kind::kWheel:
        ImGui_ImplGlfw_ScrollCallback(window, event.x, event.y);
        break;
    }
    // The letter of a key comes with it.
    if (pause_ > 0 &&
        !(event.kind == Kind::kKey && !events_.empty() && events_.front().kind == Kind::kLetter))
      full = true;
  }
  std::copy(down_.begin(), down_.end(), io.MouseDown);
  const bool more_buttons =
      std::any_of(events_.begin(), events_.end(), [](const Event& e) { return e.kind == Kind::kButton; });
  if (at_event || (more_buttons && down_ != std::array<bool, 5>{}))
    io.MousePos = ImVec2(static_cast<float>(x_), static_cast<float>(y_));
}

}  // namespace gui
