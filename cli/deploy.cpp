#include "cli/deploy.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/errors.h"
#include "cli/files.h"
#include "cli/interrupt.h"
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
  return {used, board.block(board.placement.code).size.value};
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
