#include "cli/deploy.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/errors.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/table.h"
#include "engine/passes.h"
#include "reference/tflite_reader.h"
#include "reference/zoo.h"

namespace cli {
namespace {

constexpr std::string_view kZoo = "zoo:";

}  // namespace

std::string model_name(const std::string& model) {
  if (model.starts_with(kZoo)) return model.substr(kZoo.size());
  return std::filesystem::path(model).stem().string();
}

reference::Graph load_model(const std::string& model) {
  if (model.starts_with(kZoo)) return reference::zoo_model(model.substr(kZoo.size()));
  reference::Graph graph =
      reference::read_tflite(read_file(model), std::filesystem::path(model).filename().string());
  graph.name = model_name(model);
  return graph;
}

memory_model::Board load_board(const std::string& name, const std::string& placement) {
  memory_model::Board board = memory_model::load_board(name);
  const auto found = board.placements.find(placement);
  if (found == board.placements.end()) {
    std::vector<std::string> names;
    for (const auto& [known, where] : board.placements) names.push_back(known);
    throw InputError(fmt::format("--placement {}: {} has no such placement, expected one of {}", placement,
                                 board.name, fmt::join(names, ", ")));
  }
  board.placement = found->second;
  return board;
}

engine::Plan make_plan(const reference::Graph& graph, const engine::PlanOptions& options) {
  engine::Plan plan = engine::plan(graph, engine::lower(graph), options);
  throw_if_interrupted();
  return plan;
}

Memory ram(const memory_model::Board& board, std::int64_t used) {
  const memory_model::Placement& at = board.placement;
  std::int64_t capacity = board.block(at.stack).size.value;
  if (at.arena != at.stack) capacity += board.block(at.arena).size.value;
  return {used, capacity};
}

Memory flash(const memory_model::Board& board, std::int64_t used) {
  return {used, board.block(board.placement.constants).size.value};
}

std::string copied_code_line(const memory_model::Board& board, const engine::Image& image) {
  if (image.copied_code.value == 0) return "";
  const memory_model::Block block = board.block(board.placement.code);
  return fmt::format("code   {} of {} bytes of {}, copied at start-up\n", grouped(image.copied_code.value),
                     grouped(block.size.value), block.name);
}

std::string does_not_fit_json(const std::string& model, const memory_model::Board& board,
                              const engine::Plan& plan, const engine::DoesNotFit& error) {
  const nlohmann::ordered_json out = {{"model", model},
                                      {"board", board.name},
                                      {"fits", false},
                                      {"missing", {{"region", error.region}, {"bytes", error.missing.value}}},
                                      {"arena_bytes", plan.arena.value},
                                      {"arena_lower_bound_bytes", plan.lower_bound.value},
                                      {"reason", error.what()}};
  return out.dump(2) + "\n";
}

}  // namespace cli
