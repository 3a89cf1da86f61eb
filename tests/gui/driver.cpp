#include "tests/gui/driver.h"

#include <GLFW/glfw3.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/traces/sample_trace.h"

namespace gui {

Driver::Driver(int width, int height) : surface_(width, height), viewer_(session) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(width), static_cast<float>(height));
  io.DeltaTime = 1.0f / 60;
  io.MousePos = ImVec2(-1, -1);
  for (const auto& [meaning, key] :
       {std::pair(ImGuiKey_Enter, GLFW_KEY_ENTER), std::pair(ImGuiKey_Escape, GLFW_KEY_ESCAPE),
        std::pair(ImGuiKey_Backspace, GLFW_KEY_BACKSPACE)})
    io.KeyMap[meaning] = key;
  // The clipboard of these tests, so that they need no display.
  static std::string clipboard;
  clipboard.clear();
  io.SetClipboardTextFn = [](void*, const char* text) { clipboard = text; };
  io.GetClipboardTextFn = [](void*) { return clipboard.c_str(); };
}

void Driver::show_sample(std::size_t lives, std::uint64_t seed) {
  traces::SampleShape shape;
  shape.lives = lives;
  shape.seed = seed;
  session.show(std::make_shared<Document>(traces::sample_trace(shape), "sample.m7t"));
  frames();
}

void Driver::frames(int count) {
  for (int i = 0; i < count; ++i) {
    frame_.begin(session);
    viewer_.frame();
    ImGui::Render();  // lists of what to draw; filling pixels takes long in software, and nobody looks
  }
}

void Driver::type(const std::string& text) {
  for (const char letter : text) {
    ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(letter));
    frames(1);
  }
  frames();
}

void Driver::press(int key, bool ctrl) {
  ImGuiIO& io = ImGui::GetIO();
  io.KeyCtrl = ctrl;
  io.KeysDown[key] = true;
  session.pressed.push_back({key, ctrl});
  frames(1);
  io.KeyCtrl = false;
  io.KeysDown[key] = false;
  frames();
}

void Driver::move_to(double x, double y) {
  ImGui::GetIO().MousePos = ImVec2(static_cast<float>(x), static_cast<float>(y));
  frames(2);
}

void Driver::move_to(const std::string& name) {
  const Mark at = mark(name);
  move_to((at.left + at.right) / 2, (at.top + at.bottom) / 2);
}

void Driver::click(const std::string& name, int button) {
  const Mark at = mark(name);
  click((at.left + at.right) / 2, (at.top + at.bottom) / 2, button);
}

void Driver::click(double x, double y, int button) {
  move_to(x, y);
  ImGui::GetIO().MouseDown[button] = true;
  frames(1);
  ImGui::GetIO().MouseDown[button] = false;
  frames();
  ImGui::GetIO().DeltaTime = 1;  // the next click is no double click
  frames(1);
  ImGui::GetIO().DeltaTime = 1.0f / 60;
}

void Driver::drag(double from_x, double from_y, double to_x, double to_y) {
  move_to(from_x, from_y);
  ImGui::GetIO().MouseDown[0] = true;
  frames(1);
  for (int i = 1; i <= 5; ++i) move_to(from_x + (to_x - from_x) * i / 5, from_y + (to_y - from_y) * i / 5);
  ImGui::GetIO().MouseDown[0] = false;
  frames();
}

Mark Driver::mark(const std::string& name) const {
  const auto found = session.marks.all().find(name);
  if (found == session.marks.all().end()) {
    ADD_FAILURE() << "nothing is marked " << name;
    return {};
  }
  return found->second;
}

}  // namespace gui
