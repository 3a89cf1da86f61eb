#include "cli/inference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "cli/causes.h"
#include "cli/deploy.h"
#include "cli/step_costs.h"
#include "cli/table.h"

namespace cli {
namespace {

using nlohmann::ordered_json;
using reference::TensorData;
using reference::TensorType;

std::uint32_t crc(const TensorData& data) {
  return static_cast<std::uint32_t>(crc32(0, data.data(), static_cast<uInt>(data.size())));
}

/// The first values of an output, as real numbers where it is quantised.
std::vector<double> real_values(const reference::Tensor& tensor, const TensorData& data, std::size_t most) {
  std::vector<double> values;
  const std::size_t count = std::min(most, static_cast<std::size_t>(tensor.elements()));
  for (std::size_t i = 0; i < count; ++i) {
    if (tensor.type == TensorType::kInt8) {
      const int q = static_cast<std::int8_t>(data[i]);
      const auto& scale = tensor.quantization.scale;
      values.push_back(
          scale.empty() ? q : static_cast<double>(scale[0]) * (q - tensor.quantization.zero_point[0]));
    } else if (tensor.type == TensorType::kFloat32) {
      float v = 0;
      std::memcpy(&v, data.data() + i * sizeof v, sizeof v);
      values.push_back(static_cast<double>(v));
    } else {
      std::int32_t v = 0;
      std::memcpy(&v, data.data() + i * sizeof v, sizeof v);
      values.push_back(v);
    }
  }
  return values;
}

std::vector<StepCost> step_costs(const Inference& result) {
  std::vector<StepCost> steps;
  for (const traces::StepRow& row : result.table.steps) {
    const auto ran = std::find_if(result.run.steps.begin(), result.run.steps.end(),
                                  [&](const sim::StepCounts& step) { return step.id == row.id; });
    const sim::StepCounts step = ran == result.run.steps.end() ? sim::StepCounts{} : *ran;
    steps.push_back({row.id, row.op, row.name, row.macs, step.seconds, step.counts});
  }
  return steps;
}

std::string per_mac(std::uint64_t n, std::int64_t macs) {
  return macs > 0 ? fmt::format("{:.2f}", static_cast<double>(n) / static_cast<double>(macs)) : "-";
}

std::string step_table(const Inference& result, const std::vector<StepCost>& steps) {
  using enum Column::Align;
  Table table({{"step"},
               {"operator", kLeft},
               {"output", kLeft},
               {"MACs"},
               {"instr."},
               {"cycles"},
               {"cyc/MAC"},
               {"arena live"}});
  constexpr std::size_t kMostName = 17;
  std::int64_t macs = 0;
  std::uint64_t instructions = 0, cycles = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const StepCost& step = steps[i];
    const std::uint64_t step_cycles = step.counts.causes.total().value;
    macs += step.macs;
    instructions += step.counts.instructions;
    cycles += step_cycles;
    table.add({fmt::format("{}", step.id), step.op, shortened(step.output, kMostName),
               step.macs > 0 ? grouped(step.macs) : "-",
               grouped(static_cast<std::int64_t>(step.counts.instructions)),
               grouped(static_cast<std::int64_t>(step_cycles)), per_mac(step_cycles, step.macs),
               grouped(result.table.steps[i].arena_live_bytes)});
  }
  table.rule();
  table.add({"", "all steps", "", grouped(macs), grouped(static_cast<std::int64_t>(instructions)),
             grouped(static_cast<std::int64_t>(cycles)), per_mac(cycles, macs), ""});
  return table.to_text(stdout_is_colourful());
}

}  // namespace

std::string to_json(const InferenceReport& report) {
  const auto& [options, board, graph, plan, image, result] = report;
  std::int64_t macs = 0;
  for (const traces::StepRow& step : result.table.steps) macs += step.macs;
  const std::int64_t stack = result.run.stack_used.value;
  ordered_json out = {{"model", model_name(options.model)},
                      {"board", board.name},
                      {"placement", options.placement},
                      {"input", options.input},
                      {"fits", true},
                      {"instructions", result.run.total.instructions},
                      {"cycles", result.run.cycles().value},
                      {"ms", result.run.seconds * 1e3},
                      {"causes", causes_json(result.run.total.causes)},
                      {"peak_sram_bytes", plan.arena.value + image.data.value + stack},
                      {"arena_bytes", plan.arena.value},
                      {"arena_lower_bound_bytes", plan.lower_bound.value},
                      {"arena_touched_bytes", result.memory.arena_touched.value},
                      {"stack_bytes", stack},
                      {"data_bytes", image.data.value},
                      {"flash_bytes", image.flash.value},
                      {"copied_code_bytes", image.copied_code.value},
                      {"macs", macs}};
  if (result.checked) {
    out["check"] = {{"steps", result.steps_checked}, {"equal", result.steps_equal}};
    if (result.divergence) out["check"]["first_divergence"] = result.divergence->text;
  }
  if (result.run.fault) out["fault"] = result.run.fault->to_text();
  out["steps"] = ordered_json::array();
  const std::vector<StepCost> steps = step_costs(result);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const StepCost& step = steps[i];
    out["steps"].push_back({{"id", step.id},
                            {"op", step.op},
                            {"name", step.output},
                            {"macs", step.macs},
                            {"instructions", step.counts.instructions},
                            {"cycles", step.counts.causes.total().value},
                            {"ms", step.seconds * 1e3},
                            {"causes", causes_json(step.counts.causes)},
                            {"loads", step.counts.loads},
                            {"stores", step.counts.stores},
                            {"arena_live_bytes", result.table.steps[i].arena_live_bytes}});
  }
  out["outputs"] = ordered_json::array();
  for (std::size_t i = 0; i < result.outputs.size(); ++i) {
    const reference::Tensor& tensor = graph.tensor(plan.program.outputs[i]);
    out["outputs"].push_back({{"name", tensor.name},
                              {"type", reference::to_string(tensor.type)},
                              {"shape", tensor.shape},
                              {"crc32", fmt::format("{:08x}", crc(result.outputs[i]))},
                              {"values", real_values(tensor, result.outputs[i], 16)}});
  }
  if (result.profile) result.profile->add_to(out);
  return out.dump(2) + "\n";
}

std::string to_text(const InferenceReport& report) {
  const auto& [options, board, graph, plan, image, result] = report;
  const std::int64_t stack = result.run.stack_used.value;
  const Memory sram = ram(board, plan.arena.value + image.data.value + stack);
  const Memory rom = flash(board, image.flash.value);
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{} on {} ({}, {:.0f} MHz), placement {}, input {}\n\n", model_name(options.model),
                 board.name, board.title, board.core_hz / 1e6, options.placement, options.input);
  const std::vector<StepCost> steps = step_costs(result);
  text += step_table(result, steps) + "\n" + step_causes(steps);
  fmt::format_to(
      out, "\nSRAM   {} of {} bytes: arena {} (lower bound {}, touched {}), stack really used {}, data {}\n",
      grouped(sram.used), grouped(sram.capacity), grouped(plan.arena.value), grouped(plan.lower_bound.value),
      grouped(result.memory.arena_touched.value), grouped(stack), grouped(image.data.value));
  fmt::format_to(out, "flash  {} of {} bytes\n", grouped(rom.used), grouped(rom.capacity));
  text += copied_code_line(board, image);
  fmt::format_to(out, "run    {} instructions with start-up and file input; {} cycles, {:.2f} ms\n",
                 grouped(static_cast<std::int64_t>(result.run.total.instructions)),
                 grouped(static_cast<std::int64_t>(result.run.cycles().value)), result.run.seconds * 1e3);
  for (std::size_t i = 0; i < result.outputs.size(); ++i) {
    const reference::Tensor& tensor = graph.tensor(plan.program.outputs[i]);
    const std::vector<double> values = real_values(tensor, result.outputs[i], 8);
    fmt::format_to(out, "output {} [{}]: {:.4g}{}\n", tensor.name, fmt::join(tensor.shape, ","),
                   fmt::join(values, " "), tensor.elements() > 8 ? " ..." : "");
  }
  if (result.checked) {
    fmt::format_to(out, "check  {} of {} steps equal to the reference, byte for byte\n", result.steps_equal,
                   result.table.steps.size());
    if (result.divergence) fmt::format_to(out, "       first difference: {}\n", result.divergence->text);
  }
  if (result.profile) fmt::format_to(std::back_inserter(text), "\n{}", result.profile->to_text());
  return text;
}

}  // namespace cli
