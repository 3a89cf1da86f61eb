// The constant tables and the signal of the FFT that is placed all over a part's memories.
#pragma once

#include <string>

namespace cli {

/// Where the signal's spectrum is largest.
inline constexpr unsigned kFftPeak = 213;

/// fft_tables.h as guests/fft.c includes it.
std::string fft_tables();

}  // namespace cli
