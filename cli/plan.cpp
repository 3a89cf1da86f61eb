// m7scope plan: where every buffer lies and when, without a run.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deploy.h"
#include "cli/errors.h"
#include "cli/files.h"
#include "cli/table.h"

namespace cli {

int plan(const PlanCommandOptions& options) {
  const reference::Graph graph = load_model(options.model);
  const engine::Plan plan = make_plan(graph, {.reorder = options.reorder, .in_place = options.in_place});
  if (!options.svg.empty()) write_file(options.svg, plan.to_svg());
  if (options.board.empty()) {
    fmt::print("{}", options.json ? plan.to_json() : plan.to_text());
    return kOk;
  }
  const memory_model::Board board = load_board(options.board, options.placement);
  const memory_model::Block block = board.block(board.placement.arena);
  const isa::Bytes missing = plan.arena - block.size;
  const bool fits = missing.value <= 0;
  if (options.json) {
    nlohmann::ordered_json out = nlohmann::ordered_json::parse(plan.to_json());
    out["board"] = board.name;
    out["fits"] = fits;
    if (!fits) out["missing"] = {{"region", block.name}, {"bytes", missing.value}};
    fmt::print("{}\n", out.dump(2));
  } else {
    fmt::print("{}", plan.to_text());
    fmt::print("{} {}: arena {} of {} bytes in {}\n", fits ? "fits" : "does not fit", board.name,
               grouped(plan.arena.value), grouped(block.size.value), block.name);
  }
  if (fits) return kOk;
  fmt::print(stderr, "m7scope: {}: needs {} bytes for the arena, {} has {}: {} bytes missing\n", block.name,
             grouped(plan.arena.value), board.name, grouped(block.size.value), grouped(missing.value));
  return kDoesNotFit;
}

}  // namespace cli
