#include "cli/accuracy/fft_tables.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

namespace cli {
namespace {

constexpr unsigned kPoints = 1024;

/// The frequency that the stages (radix 2, 8, 8, 8, each decimating in frequency) leave at `place`.
unsigned frequency_at(unsigned place) {
  unsigned frequency = 0, weight = 1, rest = place, span = kPoints;
  for (const unsigned radix : {2U, 8U, 8U, 8U}) {
    span /= radix;
    frequency += weight * (rest / span);
    weight *= radix;
    rest %= span;
  }
  return frequency;
}

/// Swaps that, one after the other, bring each frequency to its own place.
std::vector<std::array<unsigned, 2>> swaps() {
  std::array<unsigned, kPoints> holds{};
  for (unsigned place = 0; place < kPoints; ++place) holds[place] = frequency_at(place);
  std::vector<std::array<unsigned, 2>> out;
  for (unsigned place = 0; place < kPoints; ++place) {
    while (holds[place] != place) {
      const unsigned other = holds[place];
      out.push_back({place, other});
      std::swap(holds[place], holds[other]);
    }
  }
  return out;
}

std::string floats(const std::vector<double>& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += fmt::format("{:.9e}f,{}", values[i], i % 8 == 7 ? "\n" : " ");
  }
  return text;
}

}  // namespace

std::string fft_tables() {
  std::vector<double> twiddles, signal;
  for (unsigned k = 0; k < kPoints; ++k) {
    const double angle = 2 * std::numbers::pi * k / kPoints;
    twiddles.insert(twiddles.end(), {std::cos(angle), -std::sin(angle)});
  }
  std::uint32_t noise = 1;
  for (unsigned i = 0; i < kPoints; ++i) {
    const double angle = 2 * std::numbers::pi * ((kFftPeak * i) % kPoints) / kPoints;
    noise = noise * 1664525U + 1013904223U;
    const double hiss = static_cast<double>(noise >> 8U) / (1U << 24U) - 0.5;
    signal.insert(signal.end(), {std::cos(angle) + hiss, std::sin(angle) - hiss});
  }
  std::string text = "#include <stdint.h>\n";
  text += fmt::format("static const float fft_twiddles[{}] __attribute__((aligned(32))) = {{\n{}}};\n",
                      2 * kPoints, floats(twiddles));
  const auto pairs = swaps();
  text += fmt::format("enum {{ fft_swap_count = {} }};\nstatic const uint16_t fft_swaps[{}] = {{\n",
                      pairs.size(), 2 * pairs.size());
  for (const auto& [a, b] : pairs) text += fmt::format("{}, {},\n", 8 * a, 8 * b);
  text += fmt::format("}};\nstatic float fft_signal[{}] __attribute__((aligned(32))) = {{\n{}}};\n",
                      2 * kPoints, floats(signal));
  return text;
}

}  // namespace cli
