// Input events in the order in which they came, handed to ImGui frame by frame.
//
// ImGui 1.86 knows only what is down, and where the mouse is, when a frame begins. Where frames are slow, a
// click would be taken where the mouse has gone since, and a key that came up again would be missed. So
// events wait here: a frame gets no more of them than it can tell apart.
#pragma once

#include <array>
#include <deque>

#include "gui/session.h"

struct GLFWwindow;

namespace gui {

class InputQueue {
 public:
  /// The mouse moved. Not asked of GLFW at a button's event: it answers where the mouse is by now.
  void mouse(double x, double y);
  void button(int button, bool down);
  void key(int key, int code, int action, int mods);
  void letter(unsigned letter);
  void wheel(double x, double y);
  bool empty() const { return events_.empty(); }

  /// Hands over what this frame can take: between ImGui_ImplGlfw_NewFrame, which would take the mouse as it
  /// is now, and ImGui::NewFrame.
  void deliver(GLFWwindow* window, Session& session);

 private:
  enum class Kind { kButton, kKey, kLetter, kWheel };
  struct Event {
    Kind kind;
    int number = 0;  ///< of button or key
    int code = 0, action = 0, mods = 0;
    unsigned letter = 0;
    double x = 0, y = 0;
  };

  std::deque<Event> events_;
  std::array<bool, 5> down_{};  ///< ImGui's mouse buttons
  double mouse_x_ = 0, mouse_y_ = 0;
  double x_ = 0, y_ = 0;  ///< of the button event that was handed over last
  bool arrived_ = false;  ///< the mouse is where the next event lets go of a button
  int pause_ = 0;         ///< frames
};

}  // namespace gui
