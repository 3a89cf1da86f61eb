// What firmware used and the model does not have: said once each, and not for ever.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sim {

/// Notes about registers (or other things with an address) that are kept but have no effect. An address is
/// reported once; after kMost addresses nothing more is kept.
class Unmodelled {
 public:
  static constexpr std::size_t kMost = 100;

  /// `make_text()` gives the note, such as "RCC.PLLSAICFGR (0x40023888) is not modelled: ...". It is called
  /// only the first time.
  template <class F>
  void report(std::uint32_t address, F make_text) {
    if (seen_.contains(address) || notes_.size() >= kMost) return;
    seen_.insert(address);
    notes_.push_back(std::forward<F>(make_text)());
  }

  /// In the order in which they came.
  const std::vector<std::string>& notes() const { return notes_; }
  void clear() {
    seen_.clear();
    notes_.clear();
  }

 private:
  std::unordered_set<std::uint32_t> seen_;
  std::vector<std::string> notes_;
};

}  // namespace sim
