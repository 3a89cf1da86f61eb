// How fast the viewer opens a large trace and draws it, without a GPU: a million lives and ten million
// samples of heat, the whole window at 1600x900. The peer is clearing and finishing an empty frame, in the
// same run.
#include <fmt/format.h>
#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <numeric>
#include <vector>

#include "gui/frame.h"
#include "gui/headless.h"
#include "gui/navigation.h"
#include "gui/session.h"
#include "gui/viewer.h"
#include "tests/traces/sample_trace.h"
#include "tests/traces/temporary_folder.h"
#include "traces/trace_reader.h"

namespace {

constexpr int kWidth = 1600, kHeight = 900, kFrames = 120;

struct Times {
  double wall = 0, processor = 0;  ///< seconds; all threads count in `processor`
};

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

Times time_of(const std::function<void()>& work) {
  const double processor = processor_seconds();
  const auto begin = std::chrono::steady_clock::now();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
          processor_seconds() - processor};
}

/// The shown range of frame `i`: in from the whole run to a thousandth of it, along it, and out again.
gui::TimeRange tour(int i, double cycles) {
  const double turn = static_cast<double>(i) / kFrames;
  const double share = std::pow(10.0, -3 * std::sin(turn * 3.14159265));
  const double begin = turn * (cycles - share * cycles);
  return gui::clamped({begin, begin + share * cycles}, gui::whole_run(cycles));
}

void print_frames(const char* name, std::vector<Times> frames, double empty) {
  std::vector<double> wall;
  double processor = 0;
  for (const Times& frame : frames) {
    wall.push_back(frame.wall);
    processor += frame.processor;
  }
  std::sort(wall.begin(), wall.end());
  const double count = static_cast<double>(wall.size());
  const double mean = std::accumulate(wall.begin(), wall.end(), 0.0) / count;
  fmt::print("{:28}{:10.1f}{:12.1f}{:12.1f}{:14.1f}{:12.1f}\n", name, 1 / mean, mean * 1e3,
             wall[wall.size() * 95 / 100] * 1e3, processor / count * 1e3, mean / empty);
}

}  // namespace

int main() {
  const traces::TemporaryFolder folder;
  const std::filesystem::path path = folder / "large.m7t";
  traces::write_trace(traces::sample_trace(
                          {.steps = 100, .lives = 1'000'000, .samples = 100'000, .heat_samples = 10'000'000}),
                      path);

  const Times read = time_of([&] { traces::load_trace(path); });
  std::shared_ptr<gui::Document> document;
  const Times open = time_of([&] { document = std::make_shared<gui::Document>(path, false); });
  std::size_t cells = 0;
  for (const traces::Heat& heat : document->trace().heat) cells += heat.reads.size() + heat.writes.size();
  fmt::print("viewer, {}x{}, {} lives, {} samples of heat, {:.1f} MB\n", kWidth, kHeight,
             document->trace().lives.size(), cells,
             static_cast<double>(std::filesystem::file_size(path)) / 1e6);
  fmt::print("opens in {:.2f} s ({:.2f} s of processor time); reading the file alone takes {:.2f} s\n",
             open.wall, open.processor, read.wall);

  gui::Headless surface(kWidth, kHeight);
  gui::ImGuiFrame frame;
  ImGui::GetIO().DisplaySize = ImVec2(kWidth, kHeight);
  gui::Session session;
  session.show(document);
  gui::Viewer viewer(session);
  const auto draw = [&](const std::function<void()>& content) {
    return time_of([&] {
      frame.begin(session);
      content();
      frame.end();
      surface.finish();
    });
  };
  const auto nothing = [] {
    ImGui::GetBackgroundDrawList()->AddRectFilled(ImVec2(0, 0), ImVec2(kWidth, kHeight), 0xff202020);
  };
  const auto everything = [&] { viewer.frame(); };
  for (int i = 0; i < 4; ++i) draw(everything);  // panels find their sizes, shaders are compiled

  std::vector<Times> empty, lives, heat, stacked;
  for (int i = 0; i < kFrames; ++i) {
    empty.push_back(draw(nothing));
    session.state.time = tour(i, document->folded().cycles);
    ImGui::GetIO().MousePos = ImVec2(300 + 4 * static_cast<float>(i), 400);
    lives.push_back(draw(everything));
    session.state.heat = true;
    heat.push_back(draw(everything));
    session.state.heat = false;
    session.state.mode = gui::Mode::kStacked;
    stacked.push_back(draw(everything));
    session.state.mode = gui::Mode::kLives;
  }
  double empty_frame = 0;
  for (const Times& time : empty) empty_frame += time.wall / kFrames;
  fmt::print("{:28}{:>10}{:>12}{:>12}{:>14}{:>12}\n", "a tour through the run", "frames/s", "ms a frame",
             "95 % under", "processor ms", "x empty");
  print_frames("empty frame", empty, empty_frame);
  print_frames("lives", lives, empty_frame);
  print_frames("lives under heat", heat, empty_frame);
  print_frames("stacked bytes", stacked, empty_frame);
  return 0;
}
