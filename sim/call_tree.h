// The calling-context tree: every path of calls that was taken, and the cycles spent at its end.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace sim {

/// Bounded: past kMaxNodes a new path counts as its caller.
class CallTree {
 public:
  static constexpr std::size_t kMaxNodes = 1 << 16;

  struct Node {
    std::uint32_t parent = 0, function = 0;
    std::uint64_t calls = 0, cycles = 0, instructions = 0;
  };

  CallTree() : nodes_(1) {}

  /// The node of `function` called from `parent`; one call more.
  std::uint32_t call(std::uint32_t parent, std::uint32_t function) {
    std::uint64_t key = std::uint64_t{parent} << 32 | function;
    auto found = index_.find(key);
    if (found == index_.end()) {
      if (nodes_.size() >= kMaxNodes) return parent;
      found = index_.emplace(key, static_cast<std::uint32_t>(nodes_.size())).first;
      nodes_.push_back({parent, function, 0, 0, 0});
    }
    ++nodes_[found->second].calls;
    return found->second;
  }
  void charge(std::uint32_t node, std::uint64_t cycles, std::uint64_t instructions) {
    nodes_[node].cycles += cycles;
    nodes_[node].instructions += instructions;
  }

  /// Parents before children; 0 is the root.
  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  std::vector<Node> nodes_;
  std::unordered_map<std::uint64_t, std::uint32_t> index_;
};

}  // namespace sim
