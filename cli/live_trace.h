// The trace of a run under way, and the viewer that shows it while it grows.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "cli/files.h"
#include "traces/trace_writer.h"

namespace cli {

/// What `--trace FILE` and `--view` ask for: neither, one, or both. With `--view` alone the trace is a
/// temporary file.
class LiveTrace {
 public:
  LiveTrace(std::string path, bool view);
  /// Waits until the user has closed the viewer: what was printed stays in sight meanwhile.
  ~LiveTrace();
  LiveTrace(const LiveTrace&) = delete;
  LiveTrace& operator=(const LiveTrace&) = delete;

  /// Begins the trace and starts the viewer. Null where no trace was asked for. Throws
  /// traces::TraceWriteError, and InputError where the viewer cannot be started.
  traces::TraceWriter* open(const traces::About& about);

 private:
  std::string path_;
  bool view_;
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<traces::TraceWriter> writer_;
  pid_t viewer_ = 0;
};

}  // namespace cli
