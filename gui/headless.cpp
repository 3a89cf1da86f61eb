#include "gui/headless.h"

#include <EGL/egl.h>
#include <EGL/eglext.h>
#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "gui/errors.h"

namespace gui {

namespace {

[[noreturn]] void fail(const char* what) {
  throw GraphicsError(fmt::format(
      "cannot draw without a display: {} (EGL error {:#x}); expected Mesa's software renderer, Debian's "
      "libgl1-mesa-dri and libegl1",
      what, eglGetError()));
}

}  // namespace

struct Headless::Impl {
  int width, height;
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
  GLuint frame = 0, colour = 0;

  Impl(int w, int h) : width(w), height(h) {
    // Equal pixels on machines with and without a GPU.
    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 0);
    display = eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
    if (display == EGL_NO_DISPLAY || !eglInitialize(display, nullptr, nullptr))
      fail("EGL has no surfaceless platform");
    if (!eglBindAPI(EGL_OPENGL_API)) fail("EGL has no OpenGL");

    const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT,
                             EGL_NONE};
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (!eglChooseConfig(display, wanted, &config, 1, &count) || count == 0) fail("EGL has no configuration");
    const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION,
                              3,
                              EGL_CONTEXT_MINOR_VERSION,
                              3,
                              EGL_CONTEXT_OPENGL_PROFILE_MASK,
                              EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                              EGL_NONE};
    context = eglCreateContext(display, config, EGL_NO_CONTEXT, version);
    if (context == EGL_NO_CONTEXT) fail("no OpenGL 3.3");
    if (!eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context))
      fail("no context without a surface");

    glGenRenderbuffers(1, &colour);
    glBindRenderbuffer(GL_RENDERBUFFER, colour);
    glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, width, height);
    glGenFramebuffers(1, &frame);
    glBindFramebuffer(GL_FRAMEBUFFER, frame);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, colour);
    if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
      throw GraphicsError(
          fmt::format("no picture of {}x{} pixels: larger than OpenGL allows", width, height));
    glViewport(0, 0, width, height);
  }

  ~Impl() {
    if (display == EGL_NO_DISPLAY) return;
    eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    if (context != EGL_NO_CONTEXT) eglDestroyContext(display, context);
    eglTerminate(display);
  }
};

Headless::Headless(int width, int height) : impl_(std::make_unique<Impl>(width, height)) {}
Headless::~Headless() = default;

void Headless::finish() {
  glFinish();
}

Picture Headless::read() {
  Picture picture{impl_->width, impl_->height, {}};
  const std::size_t row = static_cast<std::size_t>(picture.width) * 4;
  std::vector<std::uint8_t> upside_down(row * static_cast<std::size_t>(picture.height));
  glBindFramebuffer(GL_FRAMEBUFFER, impl_->frame);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, picture.width, picture.height, GL_RGBA, GL_UNSIGNED_BYTE, upside_down.data());
  picture.rgba.resize(upside_down.size());
  for (int y = 0; y < picture.height; ++y) {
    const auto from = upside_down.begin() + static_cast<std::ptrdiff_t>(row) * (picture.height - 1 - y);
    std::copy(from, from + static_cast<std::ptrdiff_t>(row),
              picture.rgba.begin() + static_cast<std::ptrdiff_t>(row) * y);
  }
  return picture;
}

}  // namespace gui
