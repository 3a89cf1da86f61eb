#include "cli/inference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "cli/deploy.h"
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

sim::Counts counts_of_step(const sim::RunResult& run, int id) {
  const auto step =
      std::find_if(run.steps.begin(), run.steps.end(), [&](const auto& s) { return s.id == id; });
  return step == run.steps.end() ? sim::Counts{} : step->counts;
}

std::string shortened(const std::string& name, std::size_t most = 32) {
  return name.size() <= most ? name : "…" + name.substr(name.size() - most + 1);
}

std::string step_table(const Inference& result) {
  using enum Column::Align;
  Table table({{"step"},
               {"operator", kLeft},
               {"output", kLeft},
               {"MACs"},
               {"instructions"},
               {"instr/MAC"},
               {"loads"},
               {"stores"},
               {"arena live"}});
  std::int64_t macs = 0;
  sim::Counts sum;
  for (const traces::StepRow& step : result.table.steps) {
    const sim::Counts counts = counts_of_step(result.run, step.id);
    macs += step.macs;
    sum.instructions += counts.instructions;
    sum.loads += counts.loads;
    sum.stores += counts.stores;
    table.add({fmt::format("{}", step.id), step.op, shortened(step.name),
               step.macs > 0 ? grouped(step.macs) : "-",
               grouped(static_cast<std::int64_t>(counts.instructions)),
               step.macs > 0 ? fmt::format("{:.2f}", static_cast<double>(counts.instructions) /
                                                         static_cast<double>(step.macs))
                             : "-",
               grouped(static_cast<std::int64_t>(counts.loads)),
               grouped(static_cast<std::int64_t>(counts.stores)), grouped(step.arena_live_bytes)});
  }
  table.rule();
  table.add(
      {"", "all steps", "", grouped(macs), grouped(static_cast<std::int64_t>(sum.instructions)),
       macs > 0 ? fmt::format("{:.2f}", static_cast<double>(sum.instructions) / static_cast<double>(macs))
                : "-",
       grouped(static_cast<std::int64_t>(sum.loads)), grouped(static_cast<std::int64_t>(sum.stores)), ""});
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
  for (const traces::StepRow& step : result.table.steps) {
    const sim::Counts counts = counts_of_step(result.run, step.id);
    ordered_json row = {{"id", step.id},
                        {"op", step.op},
                        {"name", step.name},
                        {"macs", step.macs},
                        {"instructions", counts.instructions},
                        {"loads", counts.loads},
                        {"stores", counts.stores},
                        {"arena_live_bytes", step.arena_live_bytes}};
    out["steps"].push_back(std::move(row));
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
  text += step_table(result);
  fmt::format_to(
      out, "\nSRAM   {} of {} bytes: arena {} (lower bound {}, touched {}), stack really used {}, data {}\n",
      grouped(sram.used), grouped(sram.capacity), grouped(plan.arena.value), grouped(plan.lower_bound.value),
      grouped(result.memory.arena_touched.value), grouped(stack), grouped(image.data.value));
  fmt::format_to(out, "flash  {} of {} bytes\n", grouped(rom.used), grouped(rom.capacity));
  text += copied_code_line(board, image);
  fmt::format_to(out, "run    {} instructions with start-up and file input; {} cycles, {:.1f} ms\n",
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
  return text;
}

}  // namespace cli
