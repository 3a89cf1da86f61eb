// Which instruction made each access of a block that has run, found without its registers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/access_finder.h"
#include "sim/block_cache.h"

namespace sim {

/// Taken from a block once. Where the block's accesses do not depend on conditions the answer is a table;
/// else conditional instructions are taken as carried out where the accesses agree with them.
class AccessSites {
 public:
  explicit AccessSites(const Block& block);

  /// The address of the instruction of each of `events`. Stays valid until the next call.
  std::span<const std::uint32_t> pcs(std::span<const AccessEvent> events) {
    return regular_ && events.size() <= pcs_.size() ? std::span(pcs_).first(events.size()) : align(events);
  }

 private:
  struct Site {
    std::uint32_t pc = 0;
    std::uint8_t count = 1, unit = 4;
    bool store = false, may_skip = false, reads_first = false;
  };

  std::span<const std::uint32_t> align(std::span<const AccessEvent> events);
  std::size_t carried_out(const Site& site, std::span<const AccessEvent> events, std::size_t from) const;

  bool regular_ = true;
  std::vector<Site> sites_;
  std::vector<std::uint32_t> pcs_;      ///< where it is regular
  std::vector<std::uint32_t> aligned_;  ///< the last answer where it is not
  std::uint32_t last_pc_ = 0;
};

}  // namespace sim
