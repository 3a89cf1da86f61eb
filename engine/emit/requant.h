// Requantisation on the generation side: multipliers, and per-channel output stages that kernels take.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/emit/layer.h"

namespace engine {

/// value * 2^(shift - 31), value 0 or in [2^30, 2^31).
struct Multiplier {
  std::int32_t value = 0;
  int shift = 0;
};

/// TFLite's decomposition of a real >= 0: 31 significant bits, 0 below 2^-32.
Multiplier multiplier_of(double real);

/// What gemmlowp's two roundings make of x (engine/target/kernels/m7_requant.h, the general form).
std::int32_t multiply(std::int32_t x, Multiplier multiplier);
std::int32_t doubling_high_mul(std::int32_t a, std::int32_t b);
std::int32_t rounding_shift(std::int32_t v, int right);

/// Whether the short form of m7_requant.h takes this multiplier.
bool short_form(Multiplier multiplier);

/// The output stage of CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED: one entry per output channel.
struct OutputStage {
  struct Channel {
    std::int32_t bias = 0;  ///< input zero point folded in, wrapped to 32 bits
    std::int32_t multiplier = 0;
    std::int8_t shift = 0;  ///< short form: right shift - 1; any form: TFLite's shift
  };
  std::vector<Channel> channels;
  bool any_form = false;
};

/// `weights[c]` are the weights of output channel c (any order). Those of constant channels become 0:
/// networks have dead channels whose scales and biases are far off, and one of them would cost the whole
/// layer the short form.
OutputStage output_stage(const Layer& layer, std::vector<std::vector<std::int8_t>>& weights);

/// C initialiser of an m7_output: "{zero_point, lowest, highest, any_form}".
std::string output_literal(const Layer& layer, const std::string& zero_point, bool any_form);

}  // namespace engine
