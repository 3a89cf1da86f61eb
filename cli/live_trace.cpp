#include "cli/live_trace.h"

#include <sys/wait.h>

#include <cstdio>
#include <utility>

#include "cli/viewer.h"

namespace cli {

LiveTrace::LiveTrace(std::string path, bool view) : path_(std::move(path)), view_(view) {
  if (view_ && path_.empty()) path_ = folder_.emplace().path() / "live.m7t";
}

LiveTrace::~LiveTrace() {
  if (viewer_ == 0) return;
  writer_.reset();
  std::fflush(stdout);
  waitpid(viewer_, nullptr, 0);
}

traces::TraceWriter* LiveTrace::open(const traces::About& about) {
  if (path_.empty()) return nullptr;
  writer_ = std::make_unique<traces::TraceWriter>(path_, about);
  if (view_) {
    writer_->flush(0);  // the viewer reads the header first
    viewer_ = start_viewer({"--follow", path_});
  }
  return writer_.get();
}

}  // namespace cli
