#include "sim/heap_watch.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sim {

HeapWatch::HeapWatch(const FunctionTable& functions, std::function<std::uint32_t(unsigned)> argument)
    : argument_(std::move(argument)) {
  for (std::size_t i = 0; i < functions.size(); ++i) {
    kinds_.push_back(kind_of(functions[static_cast<std::uint32_t>(i)].name));
  }
  if (std::ranges::all_of(kinds_, [](Kind kind) { return kind == Kind::kNone; })) kinds_.clear();
}

HeapWatch::Kind HeapWatch::kind_of(const std::string& name) {
  using enum Kind;
  static constexpr std::array<std::pair<std::string_view, Kind>, 18> kNames = {{
      {"malloc", kMalloc},
      {"calloc", kCalloc},
      {"realloc", kRealloc},
      {"free", kFree},
      {"_malloc_r", kMallocR},
      {"_calloc_r", kCallocR},
      {"_realloc_r", kReallocR},
      {"_free_r", kFreeR},
      {"pvPortMalloc", kMalloc},
      {"pvPortCalloc", kCalloc},
      {"vPortFree", kFree},
      {"_Znwj", kMalloc},
      {"_Znaj", kMalloc},
      {"_ZdlPv", kFree},
      {"_ZdaPv", kFree},
      {"_ZdlPvj", kFree},
      {"_ZdaPvj", kFree},
      {"cfree", kFree},
  }};
  auto found = std::ranges::find(kNames, name, &std::pair<std::string_view, Kind>::first);
  return found == kNames.end() ? kNone : found->second;
}

void HeapWatch::enter(const std::vector<CallStack::Frame>& frames) {
  if (replaced_ && frames.size() == depth_) {
    replaced_ = false;  // the same call, further on
    return;
  }
  if (depth_ != 0 && frames.size() > depth_) return;
  Kind kind = kinds_[frames.back().function];
  replaced_ = false;
  depth_ = kind == Kind::kNone ? 0 : frames.size();
  if (depth_ == 0) return;
  event_ = {};
  event_.caller = frames.size() > 1 ? frames[frames.size() - 2].function : 0;
  event_.call_site = frames.back().call_site;
  // With reentrancy, the first argument is newlib's structure.
  const unsigned first = kind >= Kind::kMallocR ? 1 : 0;
  switch (kind) {
    case Kind::kMalloc:
    case Kind::kMallocR:
      event_.bytes = argument_(first);
      break;
    case Kind::kCalloc:
    case Kind::kCallocR:
      event_.bytes = argument_(first) * argument_(first + 1);
      break;
    case Kind::kRealloc:
    case Kind::kReallocR:
      event_.released = argument_(first);
      event_.bytes = argument_(first + 1);
      break;
    default:
      event_.released = argument_(first);
      break;
  }
}

std::optional<HeapWatch::Event> HeapWatch::leave(bool returns) {
  if (!returns) {
    replaced_ = true;
    return std::nullopt;
  }
  depth_ = 0;
  replaced_ = false;
  Event event = event_;
  if (event.bytes > 0) event.allocated = argument_(0);
  // realloc that fails leaves the block as it was.
  if (event.bytes > 0 && event.allocated == 0) return std::nullopt;
  return event;
}

}  // namespace sim
