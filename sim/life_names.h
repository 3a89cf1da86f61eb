// What a life is called: the tensor where a plan names it, else who wrote and who read it.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/debug_info.h"
#include "sim/function_table.h"
#include "traces/trace.h"
#include "traces/trace_writer.h"

namespace sim {

class LifeNames {
 public:
  /// All must outlive this. `buffers` are the plan's, empty where there is none.
  LifeNames(traces::TraceWriter& writer, const FunctionTable& functions, const Firmware& firmware,
            std::span<const traces::Region> regions, std::vector<traces::Buffer> buffers);

  traces::StringId function(std::uint32_t number);
  /// "conv.c:120", or empty where nothing is known.
  traces::StringId line(std::uint32_t pc);
  const SourceLines& lines() const { return lines_; }
  const std::vector<traces::Buffer>& buffers() const { return buffers_; }

  /// Functions that wrote a life.
  const std::set<std::uint32_t>& writers() const { return writers_; }

  /// The step with this id has begun, as the next of the trace.
  void step_begins(std::int32_t id) { step_ids_.push_back(id); }

  /// Puts texts in the place of function numbers, and gives the life its name, kind and buffer.
  void resolve(traces::Life& life);

 private:
  std::int32_t buffer_of(const traces::Life& life) const;
  std::string passage(std::uint32_t writer, std::uint32_t reader) const;

  traces::TraceWriter& writer_;
  const FunctionTable& functions_;
  const std::span<const traces::Region> regions_;
  const SourceLines lines_;
  const std::vector<traces::Buffer> buffers_;
  std::unordered_map<traces::StringId, traces::LifeKind> kinds_;  ///< by the names of buffers' kinds
  std::vector<std::int32_t> step_ids_;
  std::set<std::uint32_t> writers_;
  std::unordered_map<std::uint32_t, traces::StringId> function_texts_, line_texts_;
};

}  // namespace sim
