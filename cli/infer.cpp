// m7scope infer: a network through the real engine binary, checked tensor by tensor.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/commands.h"
#include "cli/deploy.h"
#include "cli/errors.h"
#include "cli/files.h"
#include "cli/inference.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/live_trace.h"
#include "cli/memory_use.h"
#include "cli/progress.h"
#include "cli/run_notes.h"
#include "cli/tensor_check.h"
#include "cli/trace_file.h"
#include "reference/interpret.h"
#include "sim/firmware.h"
#include "sim/machine.h"

namespace cli {
namespace {

using reference::Graph;
using reference::TensorData;

/// The engine starts behind the edge QUANTIZE operators: runs those, and nothing else, in the reference.
std::vector<TensorData> engine_inputs(const Graph& graph, const engine::Program& program,
                                      const std::vector<TensorData>& inputs) {
  Graph edge = graph;
  const auto is_engine_input = [&](int tensor) {
    return std::find(program.inputs.begin(), program.inputs.end(), tensor) != program.inputs.end();
  };
  std::erase_if(edge.operators,
                [&](const reference::Operator& op) { return !is_engine_input(op.outputs[0]); });
  edge.outputs = program.inputs;
  const std::vector<TensorData> tensors = reference::interpret(edge, inputs);
  std::vector<TensorData> bytes;
  for (const int tensor : program.inputs) bytes.push_back(tensors.at(static_cast<std::size_t>(tensor)));
  return bytes;
}

std::vector<TensorData> reference_tensors(const Graph& graph, const std::vector<TensorData>& inputs) {
  Progress progress("reference");
  return reference::interpret(graph, inputs, [&](int op) {
    throw_if_interrupted();
    progress.update(static_cast<double>(op + 1) / static_cast<double>(graph.operators.size()));
  });
}

std::vector<TensorData> split_outputs(const Graph& graph, const engine::Program& program,
                                      std::span<const std::uint8_t> file) {
  std::vector<TensorData> outputs;
  for (const int tensor : program.outputs) {
    const auto size = static_cast<std::size_t>(graph.tensor(tensor).bytes());
    if (file.size() < size)
      throw InputError("output.bin: the engine wrote fewer bytes than its outputs have");
    outputs.emplace_back(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    file = file.subspan(size);
  }
  return outputs;
}

std::string command_of(const InferOptions& options) {
  std::string command =
      command_text("infer", {{"", options.model},
                             {"--board", options.board},
                             {"--placement", options.placement == "default" ? "" : options.placement},
                             {"--input", options.input}});
  if (!options.in_place) command += " --no-in-place";
  if (!options.reorder) command += " --no-reorder";
  return command;
}

Inference simulate(const Graph& graph, const engine::Plan& plan, const memory_model::Board& board,
                   const engine::SourceTree& sources, const engine::Image& image,
                   const std::vector<TensorData>& inputs, const InferOptions& options, LiveTrace& trace) {
  Inference result;
  const sim::Firmware firmware = sim::load_elf(image.elf);
  if (!options.annotate.empty()) require_function(options.annotate, firmware);
  result.table = traces::step_table_from_json(firmware.step_table);
  const sim::Symbol* arena = firmware.symbol(traces::kArenaSymbol);
  if (arena == nullptr)
    throw sim::FirmwareError(fmt::format("{}: no symbol {}", image.elf.string(), traces::kArenaSymbol));

  TemporaryFolder sandbox;
  std::vector<std::uint8_t> input_file;
  for (const TensorData& data : engine_inputs(graph, plan.program, inputs)) {
    input_file.insert(input_file.end(), data.begin(), data.end());
  }
  write_file(sandbox.path() / "input.bin", input_file);

  sim::Machine machine(board, firmware);
  std::optional<TensorCheck> tensor_check;
  if (options.check) {
    tensor_check.emplace(graph, result.table, reference_tensors(graph, inputs),
                         [&](std::int64_t offset, std::span<std::uint8_t> out) {
                           machine.read(arena->address + isa::Bytes(offset), out);
                         });
  }

  std::int64_t total_macs = 1, done_macs = 0;
  for (const traces::StepRow& step : result.table.steps) total_macs += step.macs;
  Progress progress("simulating");
  sim::Environment environment;
  environment.sandbox = sandbox.path();
  environment.step_mark = [&](int id) {
    if (id == 0) return;
    done_macs += result.table.steps.at(static_cast<std::size_t>(id - 1)).macs;
    if (tensor_check) tensor_check->step_ended(id - 1);
  };
  environment.progress = [&](std::uint64_t instructions) {
    progress.update(static_cast<double>(done_macs) / static_cast<double>(total_macs),
                    progress.rate(instructions));
    return !interrupted();
  };
  environment.profile = options.profile || !options.annotate.empty();
  environment.trace = trace.open(about_run(board, firmware, command_of(options)));
  // The cache keeps images without their sources.
  environment.source_text = [&](const std::filesystem::path& name) -> std::optional<std::string> {
    const auto found = sources.find(name.lexically_normal().string());
    return found == sources.end() ? std::nullopt : std::optional(found->second);
  };
  result.run = machine.run(environment);
  throw_if_interrupted();
  result.profile = profile_view(options.profile, options.annotate, result.run, firmware, machine);
  result.memory = memory_use(result.run.touched, {arena->address, plan.arena}, owned_by_image(firmware));

  if (tensor_check) {
    result.checked = true;
    result.steps_checked = tensor_check->steps();
    result.steps_equal = tensor_check->equal();
    result.all_equal = tensor_check->all_equal();
    result.divergence = tensor_check->first_divergence();
  }
  if (result.run.end == sim::RunEnd::kExit && result.run.exit_code == 0) {
    result.outputs = split_outputs(graph, plan.program, read_file(sandbox.path() / "output.bin"));
  }
  return result;
}

int exit_code(const Inference& result) {
  print_notes(result.run);
  if (result.run.end == sim::RunEnd::kFault) {
    fmt::print(stderr, "m7scope: {}\n", result.run.fault->to_text());
    return kGuestFault;
  }
  if (result.run.end == sim::RunEnd::kLimit) {
    fmt::print(stderr, "m7scope: the engine did not finish within the cycle limit\n");
    return kBudget;
  }
  if (result.run.exit_code != 0) {
    fmt::print(stderr, "m7scope: the engine ended with exit code {}\n", result.run.exit_code);
    return kMismatch;
  }
  if (!result.memory.unplanned.empty()) {
    const sim::Extent& first = result.memory.unplanned.front();
    fmt::print(stderr, "m7scope: the engine touched {} bytes at {}, outside its arena, stack and data\n",
               first.size, first.begin);
    return kMismatch;
  }
  return result.checked && !result.all_equal ? kMismatch : kOk;
}

}  // namespace

int infer(const InferOptions& options) {
  const memory_model::Board board = load_board(options.board, options.placement);
  const Graph graph = load_model(options.model);
  const std::vector<TensorData> inputs = load_inputs(graph, options.input);
  const engine::Plan plan = make_plan(graph, {.reorder = options.reorder, .in_place = options.in_place});
  engine::SourceTree sources;
  engine::Image image;
  try {
    sources = engine::generate(graph, plan, board);
    image = engine::build(sources, plan, board);
  } catch (const engine::DoesNotFit& error) {
    if (options.json) fmt::print("{}", does_not_fit_json(model_name(options.model), board, plan, error));
    throw;
  }
  throw_if_interrupted();
  LiveTrace trace(options.trace, options.view);
  const Inference result = simulate(graph, plan, board, sources, image, inputs, options, trace);
  const InferenceReport report{options, board, graph, plan, image, result};
  fmt::print("{}", options.json ? to_json(report) : to_text(report));
  return exit_code(result);
}

}  // namespace cli
