#include "traces/trace.h"

#include <algorithm>
#include <cmath>

namespace traces {
namespace {

constexpr double kLevelsPerDoubling = 16;
constexpr std::size_t kLevels = 256;

/// The fewest accesses of each level. A table, so that no host's logarithm decides a level.
std::array<std::uint64_t, kLevels> level_thresholds() {
  std::array<std::uint64_t, kLevels> thresholds{};
  for (std::size_t level = 1; level < kLevels; ++level)
    thresholds[level] =
        static_cast<std::uint64_t>(std::ceil(heat_accesses(static_cast<std::uint8_t>(level))));
  return thresholds;
}

}  // namespace

const char* to_string(LifeKind kind) {
  switch (kind) {
    case LifeKind::kInput:
      return "input";
    case LifeKind::kActivation:
      return "activation";
    case LifeKind::kOutput:
      return "output";
    case LifeKind::kScratch:
      return "scratch";
    case LifeKind::kGradient:
      return "gradient";
    case LifeKind::kWeight:
      return "weight";
    case LifeKind::kStatic:
      return "static";
    case LifeKind::kHeap:
      return "heap";
    case LifeKind::kStack:
      return "stack";
    case LifeKind::kUnknown:
      return "unknown";
  }
  return "?";
}

const char* to_string(FindingKind kind) {
  switch (kind) {
    case FindingKind::kReadBeforeWrite:
      return "read-before-write";
    case FindingKind::kWriteNeverRead:
      return "write-never-read";
    case FindingKind::kArenaUntouched:
      return "arena-untouched";
    case FindingKind::kLifetimeTooLong:
      return "lifetime-longer-than-needed";
    case FindingKind::kStackHigh:
      return "stack-high-water";
    case FindingKind::kPastEnd:
      return "past-array-end";
    case FindingKind::kUnaligned:
      return "unaligned";
    case FindingKind::kFlashWrite:
      return "flash-write";
    case FindingKind::kOutsidePlannedLife:
      return "outside-planned-life";
    case FindingKind::kOverwritten:
      return "overwritten-while-needed";
  }
  return "?";
}

std::uint8_t heat_level(std::uint64_t accesses) {
  static const std::array<std::uint64_t, kLevels> kThresholds = level_thresholds();
  const auto above = std::upper_bound(kThresholds.begin(), kThresholds.end(), accesses);
  return static_cast<std::uint8_t>(above - kThresholds.begin() - 1);
}

double heat_accesses(std::uint8_t level) {
  return level == 0 ? 0.0 : std::exp2((level - 1) / kLevelsPerDoubling);
}

}  // namespace traces
