// Which input bytes an output pixel of a windowed kernel reads first: what leads are made of.
#pragma once

#include <cstdint>

#include "engine/emit/overlap.h"

namespace engine {

/// A window over one image [in_h, in_w, depth], in row-major order of output pixels.
struct WindowedImage {
  int in_h = 1, in_w = 1, depth = 1, out_h = 1, out_w = 1;
  Window window;

  /// First byte that output pixel `pixel` reads; -1 where its window lies in the padding alone.
  std::int64_t first_byte(int pixel) const;
};

/// Images one behind the other, an output element at a time: all of its window is read, then it is written,
/// then the next element's is read. Element c of a pixel reads channel `channel(c)` on.
template <class Channel>
isa::Bytes element_lead(const WindowedImage& image, int images, int channels, const Channel& channel) {
  StreamWalk walk;
  const std::int64_t in_bytes = std::int64_t{image.in_h} * image.in_w * image.depth;
  std::int64_t written = 0;
  for (int n = 0; n < images; ++n) {
    for (int pixel = 0; pixel < image.out_h * image.out_w; ++pixel) {
      const std::int64_t first = image.first_byte(pixel);
      for (int c = 0; c < channels; ++c) {
        ++written;
        first < 0 ? walk.add_write(written) : walk.add(n * in_bytes + first + channel(c), written);
      }
    }
  }
  return walk.lead();
}

}  // namespace engine
