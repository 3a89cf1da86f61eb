// MODEL -> Graph -> Plan -> sources -> ELF: the road that infer, compile and plan share.
#pragma once

#include <string>

#include "engine/image.h"
#include "engine/plan.h"
#include "memory_model/board.h"
#include "reference/graph.h"

namespace cli {

/// `model` is "zoo:NAME" or the path of a .tflite file. Throws reference::ModelError, InputError.
reference::Graph load_model(const std::string& model);

/// "zoo:NAME" -> "NAME", "dir/net.tflite" -> "net".
std::string model_name(const std::string& model);

/// The board, its `placement` the one called `placement`. Throws memory_model::BoardError, InputError.
memory_model::Board load_board(const std::string& board, const std::string& placement);

/// Passes and planner.
engine::Plan make_plan(const reference::Graph& graph, const engine::PlanOptions& options);

/// The line that says how an image fills a board: "SRAM 80,000 of 327,680 bytes ...".
struct Memory {
  std::int64_t used = 0, capacity = 0;
};
/// Bytes of the board's RAM that the engine may use (stack and arena blocks), and of its code region.
Memory ram(const memory_model::Board& board, std::int64_t used);
Memory flash(const memory_model::Board& board, std::int64_t used);

/// "code   12,345 of 16,384 bytes of ITCM, copied at start-up\n", or nothing where code runs where it is
/// kept.
std::string copied_code_line(const memory_model::Board& board, const engine::Image& image);

/// {"model", "board", "fits": false, "missing": {"region", "bytes"}, "arena_bytes",
/// "arena_lower_bound_bytes", "reason"}
std::string does_not_fit_json(const std::string& model, const memory_model::Board& board,
                              const engine::Plan& plan, const engine::DoesNotFit& error);

}  // namespace cli
