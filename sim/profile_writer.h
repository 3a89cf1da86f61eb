// Puts a profile into a trace: functions, source lines, the calling-context tree, and listings of the code
// that mattered with the source they come from.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/call_tree.h"
#include "sim/life_names.h"
#include "sim/profile.h"
#include "traces/trace_writer.h"

namespace sim {

class ProfileWriter {
 public:
  struct Sources {
    /// Copies guest memory; false outside it.
    std::function<bool(isa::Address, std::span<std::uint8_t>)> memory;
    /// The text of a source file by its name in the debug information; nothing where there is none.
    std::function<std::optional<std::string>(const std::filesystem::path&)> text;
  };
  /// Listings hold at most so many instructions, source texts so many bytes. Functions with more cycles go
  /// first.
  static constexpr std::uint64_t kLeastShare = 1000;  ///< less than this part of the cycles is not listed
  static constexpr std::size_t kMaxRows = 16'384, kMaxSourceBytes = 512 << 10;
  /// Lines around those that a listing refers to.
  static constexpr int kContextLines = 6;

  /// All must outlive this.
  ProfileWriter(traces::TraceWriter& writer, const FunctionTable& functions, LifeNames& names,
                const Profile& profile, Sources sources);

  void write_calls(const CallTree& tree);
  void write_functions(const CallTree& tree);
  void write_lines();
  /// Of functions that took cycles, and of those that wrote lives.
  void write_listings();

 private:
  struct Taken {
    std::uint64_t instructions = 0;
    isa::CauseCycles causes;
  };

  const SourcePlace& place_of(isa::Address pc);
  traces::StringId file(const SourcePlace& place);
  std::vector<std::uint32_t> most_first() const;
  traces::Listing listing(std::uint32_t function);
  void write_sources();

  traces::TraceWriter& writer_;
  const FunctionTable& functions_;
  LifeNames& names_;
  const Profile& profile_;
  const Sources sources_;
  std::map<std::uint32_t, Taken> by_function_;
  std::unordered_map<std::uint32_t, SourcePlace> places_;  ///< asked before
  std::map<std::filesystem::path, std::set<int>> listed_;  ///< lines that listings refer to
};

}  // namespace sim
