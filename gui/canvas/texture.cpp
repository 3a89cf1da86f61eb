#include "gui/canvas/texture.h"

#define GL_GLEXT_PROTOTYPES
#include <GL/gl.h>
#include <GL/glext.h>

#include <cstdint>

namespace gui {

Texture::~Texture() {
  if (texture_ != 0) glDeleteTextures(1, &texture_);
}

/// Without pixels yet.
void Texture::make() {
  if (texture_ != 0) return;
  GLint before = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &before);
  glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  // A texel is a pixel: nothing to interpolate.
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(before));
}

void Texture::draw(ImDrawList* list, const Rect& rect) {
  make();
  const auto id = reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(texture_));
  list->AddCallback([](const ImDrawList*, const ImDrawCmd*) { glDisable(GL_BLEND); }, nullptr);
  list->AddImage(id, ImVec2(static_cast<float>(rect.left), static_cast<float>(rect.top)),
                 ImVec2(static_cast<float>(rect.right), static_cast<float>(rect.bottom)));
  list->AddCallback([](const ImDrawList*, const ImDrawCmd*) { glEnable(GL_BLEND); }, nullptr);
}

void Texture::update(const Raster& raster) {
  make();
  GLint before = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &before);
  glBindTexture(GL_TEXTURE_2D, texture_);
  const auto width = static_cast<GLsizei>(raster.width()), height = static_cast<GLsizei>(raster.height());
  if (width_ == raster.width() && height_ == raster.height()) {
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, raster.pixels().data());
  } else {
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                 raster.pixels().data());
    width_ = raster.width();
    height_ = raster.height();
  }
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(before));
}

}  // namespace gui
