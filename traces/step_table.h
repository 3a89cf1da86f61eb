// What an engine's ELF says about itself: its steps and where each buffer lies. It travels as JSON in the
// non-loaded ELF section `.m7scope.steps`, so the file that is flashed is the file that explains itself.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace traces {

inline constexpr const char* kStepTableSection = ".m7scope.steps";
/// ELF symbol of the arena's first byte; buffer offsets count from here.
inline constexpr const char* kArenaSymbol = "m7_arena";
/// ITM stimulus port that carries step marks: the id of the step that begins, or the number of steps at the
/// end.
inline constexpr int kStepPort = 1;

class StepTableError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class BufferKind { kInput, kActivation, kOutput, kScratch };
const char* to_string(BufferKind kind);

/// A placed buffer. It lives from the start of `first_step` to the end of `last_step`.
struct BufferRow {
  std::string name;
  BufferKind kind = BufferKind::kActivation;
  int tensor = -1;  ///< index in the model file; -1 for scratch
  std::int64_t offset = 0, bytes = 0;
  int first_step = 0, last_step = 0;
  /// "int8" and "1x24x24x16" of the tensor; empty for scratch, and in tables that do not say.
  std::string type = {}, shape = {};
  bool operator==(const BufferRow&) const = default;
};

struct StepRow {
  int id = 0;
  std::string op;    ///< TFLite's operator name: "CONV_2D"
  std::string name;  ///< the model's name for the output tensor
  int op_index = 0;  ///< operator in the model file that wrote the output tensor
  int output_tensor = 0;
  std::int64_t output_offset = 0, output_bytes = 0;  ///< in the arena
  std::int64_t macs = 0;
  std::int64_t arena_live_bytes = 0;  ///< bytes of the arena in use during this step, scratch included
  std::vector<int> reads;  ///< indices into `buffers`, scratch left out; empty in tables that do not say
  int writes = -1;         ///< index into `buffers`; -1 in tables that do not say
  bool operator==(const StepRow&) const = default;
};

struct StepTable {
  std::string model;
  std::int64_t arena_bytes = 0, arena_lower_bound_bytes = 0;
  std::vector<StepRow> steps;
  std::vector<BufferRow> buffers;
  std::vector<int> inputs, outputs;  ///< indices into `buffers`, in the model's order
  bool operator==(const StepTable&) const = default;
};

std::string to_json(const StepTable& table);
/// Throws StepTableError naming the field that is missing or wrong.
StepTable step_table_from_json(std::string_view json);

}  // namespace traces
