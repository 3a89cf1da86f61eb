#include "tests/engine/host_engine.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <exception>
#include <fstream>
#include <iterator>

#include "engine/passes.h"
#include "engine/toolchain/process.h"
#include "memory_model/board.h"
#include "reference/interpret.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using reference::TensorData;

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

// Reads input.bin into the inputs, runs, and writes each step's output to steps.bin as soon as the step has
// ended.
std::string harness(const traces::StepTable& table) {
  std::string rows;
  for (const traces::StepRow& row : table.steps)
    rows += fmt::format("{{{}, {}}}, ", row.output_offset, row.output_bytes);
  return fmt::format(R"(#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "m7_runtime.h"
#include "model.h"

static const struct {{ unsigned offset, size; }} outputs[] = {{{}}};
static FILE *steps;

void m7_step_mark(uint32_t id) {{
  if (id > 0) fwrite(m7_arena + outputs[id - 1].offset, 1, outputs[id - 1].size, steps);
}}

int main(void) {{
  memset(m7_arena, 0xa5, sizeof m7_arena);
  FILE *input = fopen("input.bin", "rb");
  for (int i = 0; i < M7_MODEL_INPUTS; ++i) {{
    if (fread(m7_model_inputs[i].data, 1, m7_model_inputs[i].size, input) != m7_model_inputs[i].size) return 3;
  }}
  fclose(input);
  steps = fopen("steps.bin", "wb");
  m7_model_invoke();
  return fclose(steps);
}}
)",
                     rows);
}

bool for_host(const std::string& name) {
  return name == "model.c" || name == "weights.c" || (name.ends_with(".h") && name != "m7_startup.h");
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "m7scope-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<TensorData> run_on_host(const reference::Graph& graph, const Plan& plan,
                                    const std::vector<TensorData>& inputs) {
  const TemporaryFolder folder;
  for (const auto& [name, text] : generate(graph, plan, memory_model::load_board("stm32h743"))) {
    if (for_host(name)) write(folder.path() / name, text);
  }
  const traces::StepTable table = step_table(graph, plan);
  write(folder.path() / "harness.c", harness(table));
  std::string input;
  for (const TensorData& data : inputs) input.append(data.begin(), data.end());
  write(folder.path() / "input.bin", input);

  const ProcessResult compiled = run_process(
      {"gcc", "-std=c11", "-O1", "-g", "-w", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
       "-ffp-contract=off", "-o", "engine", "harness.c", "model.c", "weights.c", "-lm"},
      folder.path());
  if (compiled.exit_code != 0) throw std::runtime_error("host compiler: " + compiled.output);
  const ProcessResult ran = run_process({"./engine"}, folder.path());
  if (ran.exit_code != 0)
    throw std::runtime_error(fmt::format("exit code {}: {}", ran.exit_code, ran.output));

  std::ifstream file(folder.path() / "steps.bin", std::ios::binary);
  std::vector<TensorData> outputs;
  for (const traces::StepRow& row : table.steps) {
    TensorData data(static_cast<std::size_t>(row.output_bytes));
    file.read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(data.size()));
    if (!file) throw std::runtime_error("steps.bin is too short");
    outputs.push_back(std::move(data));
  }
  return outputs;
}

std::string host_difference(const reference::Graph& graph, std::uint32_t seed, const PlanOptions& options) {
  const Plan plan = engine::plan(graph, lower(graph), options);
  const std::vector<TensorData> tensors = reference::interpret(graph, reference::seeded_inputs(graph, seed));
  std::vector<TensorData> inputs;
  for (const int tensor : plan.program.inputs) inputs.push_back(tensors[static_cast<std::size_t>(tensor)]);
  std::vector<TensorData> outputs;
  try {
    outputs = run_on_host(graph, plan, inputs);
  } catch (const std::exception& e) {
    return fmt::format("{}: {}", graph.name, e.what());
  }
  for (const Step& step : plan.program.steps) {
    const TensorData& expected = tensors[static_cast<std::size_t>(step.output)];
    const TensorData& actual = outputs[static_cast<std::size_t>(step.id)];
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (actual.at(i) == expected[i]) continue;
      return fmt::format("{}: step {} ({}, {}): element {} of {} is {}, expected {}", graph.name, step.id,
                         reference::to_string(step.kind), step.name, i, expected.size(),
                         static_cast<std::int8_t>(actual[i]), static_cast<std::int8_t>(expected[i]));
    }
  }
  return "";
}

}  // namespace engine
