#include "sim/access_sites.h"

#include "isa/memory_access.h"

namespace sim {

AccessSites::AccessSites(const Block& block) : last_pc_(block.address.value) {
  for (const isa::Instruction& in : block.code) {
    auto access = isa::memory_access(in.first, in.second);
    if (!access) continue;
    bool may_skip = access->may_skip || in.condition != isa::kAlways;
    sites_.push_back(
        {in.address.value, access->count, access->unit, access->store, may_skip, access->may_skip});
    regular_ &= !may_skip;
    pcs_.insert(pcs_.end(), access->count, in.address.value);
    last_pc_ = in.address.value;
  }
}

/// How many of `events` from `from` on are this site's: all that it makes, or 0.
std::size_t AccessSites::carried_out(const Site& site, std::span<const AccessEvent> events,
                                     std::size_t from) const {
  // STREX first reads what it is going to replace.
  const std::size_t reads = site.reads_first && from < events.size() && !events[from].store ? 1 : 0;
  const std::size_t at = from + reads;
  if (at + site.count > events.size()) return 0;
  for (std::size_t n = 0; n < site.count; ++n) {
    const AccessEvent& event = events[at + n];
    const std::uint32_t expected = events[at].address.value + static_cast<std::uint32_t>(n) * site.unit;
    if (event.store != site.store || event.bytes != site.unit || event.address.value != expected) return 0;
  }
  return reads + site.count;
}

std::span<const std::uint32_t> AccessSites::align(std::span<const AccessEvent> events) {
  aligned_.clear();
  for (const Site& site : sites_) {
    if (aligned_.size() == events.size()) break;
    std::size_t taken = carried_out(site, events, aligned_.size());
    if (taken == 0 && site.may_skip) continue;
    // Cut short by a fault: what is there is this one's.
    if (taken == 0) taken = std::min<std::size_t>(site.count, events.size() - aligned_.size());
    aligned_.insert(aligned_.end(), taken, site.pc);
  }
  aligned_.resize(events.size(), last_pc_);
  return aligned_;
}

}  // namespace sim
