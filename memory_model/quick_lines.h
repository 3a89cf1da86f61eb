// Lines of memory for which an access costs nothing and changes nothing: the shortcut around the model.
#pragma once

#include <array>
#include <cstdint>

namespace memory_model {

inline constexpr std::uint32_t kLineBytes = 32;

/// A direct-mapped set of lines. A line may be forgotten at any time: then the model is asked again.
class QuickLines {
 public:
  QuickLines() { clear(); }
  bool has(std::uint32_t address) const {
    return lines_[address / kLineBytes % kSize] == address / kLineBytes;
  }
  void add(std::uint32_t line) { lines_[line % kSize] = line; }
  void remove(std::uint32_t line) {
    if (lines_[line % kSize] == line) lines_[line % kSize] = kNone;
  }
  void clear() { lines_.fill(kNone); }

 private:
  static constexpr std::uint32_t kSize = 1024;
  static constexpr std::uint32_t kNone = 0xffffffff;  ///< no line: lines count from 0 to 2^27 - 1
  std::array<std::uint32_t, kSize> lines_;
};

}  // namespace memory_model
