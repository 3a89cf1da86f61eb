// The heat overlay as one picture that the graphics library stretches: cheap for a software renderer too.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

#include "gui/fold/heat_pyramid.h"
#include "gui/theme.h"

namespace gui {

class HeatTexture {
 public:
  HeatTexture() = default;
  ~HeatTexture();
  HeatTexture(HeatTexture&& o) noexcept;
  HeatTexture& operator=(HeatTexture&& o) noexcept;

  /// Makes it the picture of a part of a pyramid, unless it is already.
  void update(const HeatPyramid& heat, const TimeView& time, const AddressView& addresses, double cell,
              const Palette& colours);
  /// Forgets what it is a picture of.
  void forget() { shown_.clear(); }
  ImTextureID id() const;

 private:
  std::uint32_t texture_ = 0;  ///< 0: none yet
  std::vector<double> shown_;  ///< what it is a picture of
};

}  // namespace gui
