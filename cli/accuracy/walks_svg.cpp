#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "cli/accuracy/walks.h"

namespace cli {
namespace {

constexpr double kLeft = 70, kTop = 50, kWide = 420, kHigh = 190, kGap = 60, kLegend = 190;
constexpr std::array<const char*, 10> kColours = {"#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e",
                                                  "#17becf", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22"};

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

/// One kind of walk: axes, and a line for each region.
class Panel {
 public:
  Panel(std::vector<const Walk*> walks, double top, const std::vector<std::string>& regions)
      : walks_(std::move(walks)), top_(top), regions_(regions) {
    for (const Walk* walk : walks_) {
      for (const WalkPoint& point : walk->points) {
        smallest_ = std::min(smallest_, std::log2(point.bytes));
        largest_ = std::max(largest_, std::log2(point.bytes));
        most_ = std::max(most_, point.cycles_per_line);
      }
    }
  }

  std::string svg() const {
    std::string text;
    auto out = std::back_inserter(text);
    fmt::format_to(out, "<text x=\"{}\" y=\"{}\" font-weight=\"bold\">{}</text>\n", kLeft, top_ - 8,
                   to_string(walks_.front()->kind));
    fmt::format_to(out,
                   "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#888\"/>\n",
                   kLeft, top_, kWide, kHigh);
    for (double bytes = smallest_; bytes <= largest_; bytes += 1) {
      fmt::format_to(out, "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:.0f}K</text>\n",
                     kLeft + (bytes - smallest_) / (largest_ - smallest_) * kWide, top_ + kHigh + 16,
                     std::exp2(bytes) / 1024);
    }
    for (int i = 0; i <= 4; ++i) {
      fmt::format_to(out, "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:.3g}</text>\n", kLeft - 6,
                     y(most_ * i / 4) + 4, most_ * i / 4);
    }
    for (std::size_t i = 0; i < walks_.size(); ++i) add_line(out, i);
    return text;
  }

 private:
  double x(int bytes) const {
    return kLeft + (std::log2(bytes) - smallest_) / (largest_ - smallest_) * kWide;
  }
  double y(double cycles) const { return top_ + kHigh - cycles / most_ * kHigh; }

  template <class Out>
  void add_line(Out out, std::size_t i) const {
    const auto region = std::find(regions_.begin(), regions_.end(), walks_[i]->region);
    const char* colour = kColours[static_cast<std::size_t>(region - regions_.begin()) % kColours.size()];
    fmt::format_to(out, "<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" points=\"", colour);
    for (const WalkPoint& p : walks_[i]->points) {
      fmt::format_to(out, "{:.1f},{:.1f} ", x(p.bytes), y(p.cycles_per_line));
    }
    fmt::format_to(out, "\"/>\n<text x=\"{}\" y=\"{:.1f}\" fill=\"{}\">{}</text>\n", kLeft + kWide + 12,
                   top_ + 12 + 15 * static_cast<double>(i), colour, escaped(walks_[i]->region));
  }

  std::vector<const Walk*> walks_;
  double top_;
  const std::vector<std::string>& regions_;  ///< a region has one colour in all panels
  double smallest_ = 30, largest_ = 1, most_ = 1;
};

}  // namespace

std::string walks_svg(const std::vector<Walk>& walks, const std::string& title) {
  std::vector<std::string> regions;
  for (const Walk& walk : walks) {
    if (std::find(regions.begin(), regions.end(), walk.region) == regions.end()) {
      regions.push_back(walk.region);
    }
  }
  std::string panels;
  double top = kTop + 20;
  for (const WalkKind kind : {WalkKind::kChase, WalkKind::kLoad, WalkKind::kStore, WalkKind::kFetch}) {
    std::vector<const Walk*> of_kind;
    for (const Walk& walk : walks) {
      if (walk.kind == kind && walk.points.size() > 1) of_kind.push_back(&walk);
    }
    if (of_kind.empty()) continue;
    panels += Panel(std::move(of_kind), top, regions).svg();
    top += kHigh + kGap;
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n"
      "<text x=\"{2}\" y=\"28\" font-size=\"16\">{3}</text>\n{4}</svg>\n",
      kLeft + kWide + kLegend, top, kLeft, escaped(title), panels);
}

}  // namespace cli
