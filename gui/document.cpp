#include "gui/document.h"

#include <algorithm>

namespace gui {

Document::Document(const std::filesystem::path& path, bool follow) : path_(path) {
  if (follow) {
    follower_ = std::make_unique<traces::TraceFollower>(path);
    follower_->poll();
  } else {
    trace_ = traces::load_trace(path);
  }
  fold();
}

Document::Document(traces::Trace trace, const std::filesystem::path& name)
    : path_(name), trace_(std::move(trace)) {
  fold();
}

Document::~Document() = default;

bool Document::poll() {
  if (!follower_ || !follower_->poll()) return false;
  fold();
  return true;
}

void Document::fold() {
  peaks_.clear();
  for (std::size_t i = 0; i < trace().regions.size(); ++i) {
    const traces::Region& region = trace().regions[i];
    if (!region.writable) continue;
    const traces::AddressRange range = traces::range_of(region);
    const traces::Peak peak = traces::peak_in(trace(), range);
    if (peak.bytes == 0) continue;
    peaks_.push_back({i, peak, traces::owners_at(trace(), range, peak.cycle)});
  }
  std::stable_sort(peaks_.begin(), peaks_.end(),
                   [](const RegionPeak& a, const RegionPeak& b) { return a.peak.bytes > b.peak.bytes; });
}

std::string Document::title() const {
  const traces::About& about = trace().about;
  if (!about.model.empty()) return about.model;
  return about.firmware.empty() ? path_.filename().string() : about.firmware;
}

std::optional<std::size_t> Document::step_at(double cycle) const {
  const std::vector<traces::Step>& steps = trace().steps;
  const auto after = std::upper_bound(steps.begin(), steps.end(), cycle, [](double c, const traces::Step& step) {
    return c < static_cast<double>(step.begin);
  });
  if (after == steps.begin()) return std::nullopt;
  const traces::Step& step = *std::prev(after);
  if (cycle >= static_cast<double>(step.end)) return std::nullopt;
  return static_cast<std::size_t>(&step - steps.data());
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
