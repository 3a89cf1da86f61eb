#include "gui/window.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <fmt/format.h>
#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/errors.h"
#include "gui/frame.h"
#include "gui/input_queue.h"
#include "gui/picture.h"
#include "gui/script.h"
#include "gui/state_file.h"
#include "gui/viewer.h"

namespace gui {

namespace {

constexpr double kIdle = 0.5, kIdleLive = 0.1;  // seconds until a frame is drawn without any event
/// ImGui needs a few frames to settle after an event.
constexpr int kFramesAfterEvent = 3;
/// Tables and panes find their sizes in the first frames.
constexpr int kFramesToSettle = 4;

class Glfw {
 public:
  Glfw() {
    // The error is told by whoever needed what failed.
    glfwSetErrorCallback([](int, const char*) {});
    if (!glfwInit()) fail("no display");
  }
  ~Glfw() { glfwTerminate(); }
  Glfw(const Glfw&) = delete;
  Glfw& operator=(const Glfw&) = delete;

  [[noreturn]] static void fail(const char* what) {
    const char* why = nullptr;
    glfwGetError(&why);
    throw GraphicsError(fmt::format("cannot open a window: {}{}{}; `--png FILE` draws without one", what,
                                    why ? ": " : "", why ? why : ""));
  }
};

/// What GLFW's callbacks leave for the loop.
struct Inbox {
  InputQueue input;
  std::vector<std::string> dropped;
  int frames_to_draw = kFramesToSettle + 1;
};

/// Every event asks for frames.
Inbox& inbox_of(GLFWwindow* window) {
  Inbox& inbox = *static_cast<Inbox*>(glfwGetWindowUserPointer(window));
  inbox.frames_to_draw = kFramesAfterEvent;
  return inbox;
}

void listen(GLFWwindow* window) {
  glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int code, int action, int mods) {
    inbox_of(w).input.key(key, code, action, mods);
  });
  glfwSetCharCallback(window, [](GLFWwindow* w, unsigned letter) { inbox_of(w).input.letter(letter); });
  glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) { inbox_of(w).input.mouse(x, y); });
  glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int) {
    inbox_of(w).input.button(button, action == GLFW_PRESS);
  });
  glfwSetScrollCallback(window, [](GLFWwindow* w, double x, double y) { inbox_of(w).input.wheel(x, y); });
  glfwSetWindowFocusCallback(window, [](GLFWwindow* w, int focused) {
    inbox_of(w);
    ImGui_ImplGlfw_WindowFocusCallback(w, focused);
  });
  glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
    inbox_of(w);
    ImGui_ImplGlfw_CursorEnterCallback(w, entered);
  });
  glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { inbox_of(w); });
  glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) { inbox_of(w); });
  glfwSetDropCallback(window, [](GLFWwindow* w, int count, const char** paths) {
    inbox_of(w).dropped.assign(paths, paths + count);
  });
}

void open_dropped(Session& session, const std::vector<std::string>& paths) {
  if (paths.empty()) return;
  if (session.open(paths[0]) && paths.size() > 1) session.open_second(paths[1]);
}

void save_picture(Session& session, int width, int height) {
  Picture picture{width, height, {}};
  const std::size_t row = static_cast<std::size_t>(width) * 4;
  std::vector<std::uint8_t> upside_down(row * static_cast<std::size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, upside_down.data());
  for (int y = height - 1; y >= 0; --y) {
    const auto from = upside_down.begin() + static_cast<std::ptrdiff_t>(row) * y;
    picture.rgba.insert(picture.rgba.end(), from, from + static_cast<std::ptrdiff_t>(row));
  }
  const std::filesystem::path path = session.save_picture;
  session.save_picture.clear();
  try {
    write_png(picture, path);
    session.say(fmt::format("saved {}", path.string()));
  } catch (const ViewError& error) {
    session.complain(error.what());
  }
}

std::string title_of(const Session& session) {
  return session.document ? fmt::format("{} - m7scope", session.document->path().filename().string())
                          : "m7scope";
}

/// Sizes in points, as GLFW wants them for windows.
GLFWwindow* open_window(const Session& session) {
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  GLFWwindow* window = glfwCreateWindow(session.settings.width, session.settings.height,
                                        title_of(session).c_str(), nullptr, nullptr);
  if (window == nullptr) Glfw::fail("no OpenGL 3.3");
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  return window;
}

}  // namespace

void run_window(Session& session, const Options& options) {
  const Glfw glfw;
  GLFWwindow* window = open_window(session);
  if (!options.scale && !session.settings.scale) {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window, &x, &y);
    session.state.scale = std::clamp(static_cast<double>(x), 1.0, 4.0);
  }
  Inbox inbox;
  glfwSetWindowUserPointer(window, &inbox);
  listen(window);
  std::optional<StateFile> state_file;
  if (options.state_file) state_file.emplace(*options.state_file);
  std::optional<Script> script;
  if (options.script) script.emplace(*options.script);
  {
    ImGuiFrame frame;
    ImGui_ImplGlfw_InitForOpenGL(window, false);
    Viewer viewer(session);
    std::string title = title_of(session);
    int frames = 0;
    while (!glfwWindowShouldClose(window) && !session.quit) {
      const bool busy = inbox.frames_to_draw > 0 || !inbox.input.empty() || (script && !script->done());
      const bool is_live = session.document && session.document->is_live();
      if (busy || ImGui::IsAnyMouseDown())
        glfwPollEvents();
      else
        glfwWaitEventsTimeout(is_live ? kIdleLive : kIdle);
      inbox.frames_to_draw = std::max(0, inbox.frames_to_draw - 1);
      open_dropped(session, inbox.dropped);
      inbox.dropped.clear();
      session.poll();
      if (script && !script->done()) script->next(session);

      ImGui_ImplGlfw_NewFrame();
      inbox.input.deliver(window, session);
      frame.begin(session);
      viewer.frame();
      int width = 0, height = 0;
      glfwGetFramebufferSize(window, &width, &height);
      glViewport(0, 0, width, height);
      frame.end();
      if (!session.save_picture.empty()) save_picture(session, width, height);
      glfwSwapBuffers(window);
      if (title != title_of(session)) glfwSetWindowTitle(window, (title = title_of(session)).c_str());
      if (state_file && ++frames > kFramesToSettle) state_file->update(session);
    }
    glfwGetWindowSize(window, &session.settings.width, &session.settings.height);
    ImGui_ImplGlfw_Shutdown();
  }
  glfwDestroyWindow(window);
}

}  // namespace gui
