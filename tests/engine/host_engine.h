// The generated engine, compiled for this machine under AddressSanitizer and UndefinedBehaviorSanitizer.
#pragma once

#include <string>
#include <vector>

#include "engine/image.h"
#include "engine/plan.h"
#include "reference/graph.h"

namespace engine {

/// A folder of its own below the system's temporary folder, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Runs the engine of `plan` once on int8 `inputs` (one per Program::inputs); returns each step's output as
/// it was when the step ended. The arena begins full of garbage. A compiler's or a sanitizer's complaint is
/// thrown as text.
std::vector<reference::TensorData> run_on_host(const reference::Graph& graph, const Plan& plan,
                                               const std::vector<reference::TensorData>& inputs);

/// Empty where every step of the engine of `graph` gives the reference's bytes on seeded inputs; otherwise
/// the first step and element that differ, or what went wrong.
std::string host_difference(const reference::Graph& graph, std::uint32_t seed,
                            const PlanOptions& options = {});

}  // namespace engine
