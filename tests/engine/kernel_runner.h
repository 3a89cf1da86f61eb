// Runs kernels one by one on this machine: many cases in one C file, compiled with sanitizers.
#pragma once

#include <string>
#include <vector>

#include "tests/engine/kernel_cases.h"

namespace engine {

enum class Overlapping {
  kAllowed,    ///< the tightest that kernel_needs() allows
  kOneTooFar,  ///< the output one byte closer to the input: leads only, others are left out
};

/// What differs from the reference, one line each; empty where nothing does. Each case runs with input and
/// output apart, at odd addresses, and once for each overlap that its kernel allows, at the tightest. Bytes
/// outside of its buffers are poisoned, and must stay as they were.
std::vector<std::string> kernel_differences(const std::vector<KernelCase>& cases,
                                            Overlapping overlapping = Overlapping::kAllowed);

}  // namespace engine
