#include "gui/canvas/heat_texture.h"

#include <GL/gl.h>
#include <GL/glext.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace gui {

namespace {

constexpr double kMostOpaque = 0.85, kLeastOpaque = 0.12;

/// Colours and opacity for each pair of levels; 16 levels of each are enough for the eye.
class HeatScale {
 public:
  static constexpr unsigned kShift = 4, kSteps = 256 >> kShift;

  HeatScale(const Palette& colours, std::uint8_t hottest) {
    const double full = std::max<double>(hottest, 1);
    for (unsigned r = 0; r < kSteps; ++r)
      for (unsigned w = 0; w < kSteps; ++w) {
        const double reads = r << kShift, writes = w << kShift, most = std::max(reads, writes);
        const double heat = std::min(1.0, most / full);
        const double share = reads + writes > 0 ? writes / (reads + writes) : 0;
        const double opacity = most > 0 ? kLeastOpaque + (kMostOpaque - kLeastOpaque) * heat : 0;
        colours_[r * kSteps + w] = faded(mixed(colours.heat_read, colours.heat_write, share), opacity);
      }
  }
  Colour operator()(std::uint8_t reads, std::uint8_t writes) const {
    // Levels under a step are not nothing.
    const unsigned r = reads == 0 ? 0 : std::max(1, reads >> kShift),
                   w = writes == 0 ? 0 : std::max(1, writes >> kShift);
    return colours_[r * kSteps + w];
  }

 private:
  std::array<Colour, kSteps * kSteps> colours_;
};

}  // namespace

HeatTexture::~HeatTexture() {
  if (texture_ != 0) glDeleteTextures(1, &texture_);
}
HeatTexture::HeatTexture(HeatTexture&& o) noexcept
    : texture_(std::exchange(o.texture_, 0)), shown_(std::move(o.shown_)) {}
HeatTexture& HeatTexture::operator=(HeatTexture&& o) noexcept {
  std::swap(texture_, o.texture_);
  std::swap(shown_, o.shown_);
  return *this;
}

ImTextureID HeatTexture::id() const {
  return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(texture_));
}

void HeatTexture::update(const HeatPyramid& heat, const TimeView& time, const AddressView& addresses,
                         double cell, const Palette& colours) {
  const std::vector<double> wanted = {time.begin_place(),
                                      time.end_place(),
                                      time.width(),
                                      addresses.address(addresses.bottom()),
                                      addresses.address(addresses.top()),
                                      addresses.height(),
                                      cell,
                                      static_cast<double>(time.axis().linear()),
                                      static_cast<double>(colours.heat_read)};
  if (texture_ != 0 && wanted == shown_) return;
  shown_ = wanted;

  const HeatImage image = heat.image(time, addresses, cell);
  const HeatScale scale(colours, heat.hottest());
  std::vector<Colour> pixels(image.width * image.height);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = scale(image.reads[i], image.writes[i]);

  GLint before = 0;
  glGetIntegerv(GL_TEXTURE_BINDING_2D, &before);
  if (texture_ == 0) glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, static_cast<GLsizei>(image.width),
               static_cast<GLsizei>(image.height), 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
  glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(before));
}

}  // namespace gui
