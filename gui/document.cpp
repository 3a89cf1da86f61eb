#include "gui/document.h"

#include <algorithm>
#include <future>

namespace gui {

Document::Document(const std::filesystem::path& path, bool follow) : path_(path) {
  if (follow) {
    follower_ = std::make_unique<traces::TraceFollower>(path);
    follower_->poll();
  } else {
    trace_ = traces::load_trace(path);
  }
  fold_anew();
}

Document::Document(traces::Trace trace, const std::filesystem::path& name)
    : path_(name), trace_(std::move(trace)) {
  fold_anew();
}

Document::~Document() = default;

bool Document::poll() {
  if (!follower_ || !follower_->poll()) return false;
  fold_anew();
  return true;
}

void Document::fold_anew() {
  auto summary = std::async(std::launch::async, [this] { return traces::summarize(trace()); });
  folded_ = std::make_unique<Folded>(fold(trace()));
  summary_ = summary.get();
  used_regions_.clear();
  for (std::size_t i = 0; i < summary_.regions.size(); ++i)
    if (summary_.regions[i].writable && summary_.regions[i].peak.bytes > 0) used_regions_.push_back(i);
  std::stable_sort(used_regions_.begin(), used_regions_.end(), [&](std::size_t a, std::size_t b) {
    return summary_.regions[a].peak.bytes > summary_.regions[b].peak.bytes;
  });
  find_fullest();
}

void Document::find_fullest() {
  fullest_.clear();
  if (const std::optional<traces::ArenaSummary>& arena = summary_.arena)
    fullest_.push_back({"arena", arena->range.end - arena->range.begin, arena->observed,
                        traces::owners_at(trace(), arena->range, arena->observed.cycle)});
  for (const std::size_t i : used_regions_) {
    const traces::RegionSummary& region = summary_.regions[i];
    fullest_.push_back({region.name, region.capacity, region.peak, region.owners});
  }
}

std::string Document::title() const {
  const traces::About& about = trace().about;
  if (!about.model.empty()) return about.model;
  return about.firmware.empty() ? path_.filename().string() : about.firmware;
}

const traces::Listing* Document::listing_of(traces::StringId function) const {
  if (function == 0) return nullptr;
  for (const traces::Listing& listing : trace().listings)
    if (listing.function == function) return &listing;
  return nullptr;
}

std::string_view Document::source_line(traces::StringId file, std::int32_t line) const {
  for (const traces::SourceText& source : trace().sources) {
    const std::int64_t index = std::int64_t{line} - source.first_line;
    if (source.file == file && index >= 0 && index < static_cast<std::int64_t>(source.lines.size()))
      return trace().text(source.lines[static_cast<std::size_t>(index)]);
  }
  return {};
}

}  // namespace gui
