#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace cli {
namespace {

using namespace std::chrono_literals;
constexpr int kBarCells = 24;

}  // namespace

Progress::Progress(std::string label) : label_(std::move(label)), enabled_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

std::string Progress::rate(std::uint64_t instructions) const {
  const double elapsed_s = std::chrono::duration<double>(Clock::now() - start_).count();
  return fmt::format("{:.0f} M instructions/s", static_cast<double>(instructions) / 1e6 / elapsed_s);
}

void Progress::update(double done, const std::string& note) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (now - start_ < 1s || now - last_ < 100ms) return;
  last_ = now;
  shown_ = true;
  const double part = std::clamp(done, 0.0, 1.0);
  const int cells = static_cast<int>(part * kBarCells);
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  const std::string left =
      part > 0.01 ? fmt::format("  {:.0f} s left", elapsed_s * (1 - part) / part) : std::string();
  fmt::print(stderr, "\r\x1b[K{} [{}{}] {:3.0f} %  {}{}", label_, std::string(cells, '#'),
             std::string(kBarCells - cells, '.'), part * 100, note, left);
  std::fflush(stderr);
}

}  // namespace cli
