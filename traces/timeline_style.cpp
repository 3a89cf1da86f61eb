#include "traces/timeline_style.h"

#include <fmt/format.h>

#include <array>

#include "isa/cause.h"
#include "traces/trace.h"

namespace traces {
namespace {

// Kinds and causes keep their hue in both themes.
using Kinds = std::array<const char*, kLifeKinds>;
using Causes = std::array<const char*, isa::kCauses>;
constexpr Kinds kDarkKinds = {"#5b9fe3", "#4db38c", "#b587d6", "#d9a650", "#e07598",
                              "#8a8fe0", "#7f8899", "#c78e62", "#4fb3bd", "#5d6575"};
constexpr Kinds kLightKinds = {"#82b7ec", "#72c7a6", "#c9a6e2", "#e8c06f", "#ee9bb6",
                               "#acb0ee", "#aab1be", "#dcad88", "#74c8d0", "#bcc2cc"};
constexpr Causes kDarkCauses = {"#4db38c", "#d9a650", "#c78e62", "#b587d6", "#e07598",
                                "#5b9fe3", "#8a8fe0", "#ff7a59", "#7f8899"};
constexpr Causes kLightCauses = {"#72c7a6", "#e8c06f", "#dcad88", "#c9a6e2", "#ee9bb6",
                                 "#82b7ec", "#acb0ee", "#ff9a80", "#aab1be"};

struct Plain {
  const char *text, *dim, *back, *frame, *grid, *outline, *peak, *problem, *bar, *bar_other;
};
constexpr Plain kDarkPlain = {"#dce0e8", "#8d95a5", "#181b21", "#343a46", "#262a33",
                              "#f2f5fa", "#ffb454", "#ff5468", "#7fa3d6", "#678bc0"};
constexpr Plain kLightPlain = {"#1d222b", "#667080", "#ffffff", "#cfd4dd", "#e9ecf1",
                               "#1d222b", "#c26a00", "#d1263c", "#a9c4e4", "#c7d9ef"};

}  // namespace

const char* kind_colour(std::size_t kind, bool dark) {
  return (dark ? kDarkKinds : kLightKinds)[kind];
}

const char* cause_colour(std::size_t cause, bool dark) {
  return (dark ? kDarkCauses : kLightCauses)[cause];
}

std::string timeline_css(bool dark) {
  const Plain& p = dark ? kDarkPlain : kLightPlain;
  std::string css = fmt::format(
      ".tl-text{{fill:{0}}}.tl-dim{{fill:{1}}}.tl-back{{fill:{2};stroke:{3}}}"
      ".tl-grid{{stroke:{4};fill:none}}.tl-frame{{stroke:{3};fill:none}}"
      ".tl-plan{{stroke:{5};stroke-opacity:.6;stroke-dasharray:4 3;fill:none}}"
      ".tl-peak{{stroke:{6};fill:none;stroke-width:1.5;stroke-dasharray:5 3}}.tl-peak-text{{fill:{6}}}"
      ".tl-dot{{fill:{6}}}.tl-problem{{fill:{7};stroke:{2}}}.tl-note{{fill:{6};stroke:{2}}}"
      ".tl-step0{{fill:{8};stroke:{2};stroke-width:.5}}.tl-step1{{fill:{9};stroke:{2};stroke-width:.5}}"
      ".tl-live{{fill:{8};fill-opacity:.55;stroke:{8}}}.tl-limit{{stroke:{7};stroke-dasharray:4 3}}"
      ".tl-fold{{stroke:{1};stroke-dasharray:2 3}}.tl-name{{fill:#10131a}}",
      p.text, p.dim, p.back, p.frame, p.grid, p.outline, p.peak, p.problem, p.bar, p.bar_other);
  for (std::size_t i = 0; i < kLifeKinds; ++i) {
    css += fmt::format(".tl-k{}{{fill:{}}}", i, kind_colour(i, dark));
  }
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    css += fmt::format(".tl-c{}{{fill:{}}}", i, cause_colour(i, dark));
  }
  return css;
}

}  // namespace traces
