#include "engine/emit/pixels.h"

namespace engine {
namespace {

/// First element inside [0, size) that output `o` reads along one axis; -1 where there is none.
int first_inside(int o, int stride, int pad, int filter, int dilation, int size) {
  for (int k = 0; k < filter; ++k) {
    const int i = o * stride - pad + k * dilation;
    if (i >= 0 && i < size) return i;
  }
  return -1;
}

}  // namespace

std::int64_t WindowedImage::first_byte(int pixel) const {
  const Window& w = window;
  const int y = first_inside(pixel / out_w, w.stride_h, w.pad_top, w.filter_h, w.dilation_h, in_h);
  const int x = first_inside(pixel % out_w, w.stride_w, w.pad_left, w.filter_w, w.dilation_w, in_w);
  return y < 0 || x < 0 ? -1 : (std::int64_t{y} * in_w + x) * depth;
}

}  // namespace engine
