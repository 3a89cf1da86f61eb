// Architectures of inverted-bottleneck networks as data.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reference/graph.h"

namespace reference::zoo {

/// 1x1 expansion (absent where `expansion` is 1), depth-wise convolution, 1x1 projection.
struct Block {
  int kernel = 3;
  int expansion = 1;
  int middle_channels = 0;
  int output_channels = 0;
  int stride = 1;
  bool skip = false;  ///< the block's input is added to its output

  bool operator==(const Block&) const = default;
};

/// What a row's published MACs and parameters count.
enum class Count {
  kWhole,     ///< MACs with the classifier; weights, two batch-norm values a convolution channel, classifier
              ///< bias
  kBackbone,  ///< MACs and weights without the classifier
};

struct Architecture {
  std::string name;
  int resolution = 0;  ///< input is [1, resolution, resolution, 3]
  int stem_channels = 0;
  std::vector<Block> blocks;
  int mix_channels = 0;  ///< 1x1 convolution before the pooling; 0: none
  int classes = 0;
  double published_mmacs = 0;        ///< millions; 0: not printed
  double published_mparameters = 0;  ///< millions; 0: not printed
  double published_activation_kib =
      0;  ///< largest input + output + skip of an operator, int8; 0: not printed
  Count count = Count::kWhole;
};

/// Every row of architectures.inc.
std::span<const Architecture> architectures();

/// "k3e1(16)->8 k5e6(48)->16/2 k3e4(64)->16+" as blocks. Throws ModelError naming the block it cannot read.
std::vector<Block> parse_blocks(const std::string& text);

/// MobileNetV2 (arXiv 1801.04381): channels are the paper's times `width`, rounded to multiples of 8 and
/// never below 90 %; the last convolution has 1280, times `width` where that is above 1. 1000 classes.
Architecture mobilenet_v2(const std::string& name, double width, int resolution);

/// The network with seeded weights and quantisation calibrated on `samples` inputs.
Graph build(const Architecture& architecture, int samples);

/// A good number for `build`: more where they cost little, as small maps have few positions to take
/// statistics from.
int sample_count(const Architecture& architecture);

}  // namespace reference::zoo
