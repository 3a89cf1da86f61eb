#include "tests/engine/kernel_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "engine/emit.h"
#include "engine/passes.h"
#include "engine/toolchain/process.h"
#include "reference/interpret.h"
#include "tests/engine/host_engine.h"

namespace engine {
namespace {

using reference::TensorData;

struct Range {
  std::int64_t begin = 0, end = 0;
};

/// One run of a step: where its buffers lie in a block of memory of its own.
struct Run {
  std::size_t case_index = 0;
  Step step;
  std::string layout;
  std::vector<Range> inputs;  ///< {0, 0} for constants
  Range output, scratch;
  std::int64_t size = 0;
};

/// Hands out ranges with guards between them, `skew` bytes behind a multiple of 8.
class Layout {
 public:
  Range place(std::int64_t bytes, std::int64_t skew) {
    constexpr std::int64_t kGuard = 32;
    const std::int64_t begin = (x_end + kGuard + 7) / 8 * 8 + skew;
    x_end = begin + bytes;
    return {begin, x_end};
  }
  std::int64_t size() const { return x_end + 32; }

 private:
  std::int64_t x_end = 0;
};

Step step_of(const reference::Graph& graph) {
  const reference::Operator& op = graph.operators.at(0);
  const bool float_edge = graph.tensor(op.inputs[0]).type == reference::TensorType::kFloat32 ||
                          graph.tensor(op.outputs[0]).type == reference::TensorType::kFloat32;
  if (!float_edge) return lower(graph).steps.at(0);
  Step step;
  step.kind = op.kind;
  step.inputs = op.inputs;
  step.output = op.outputs[0];
  return step;
}

/// `overlap` null: everything apart.
Run place(std::size_t case_index, const reference::Graph& graph, const Step& step, const KernelNeeds& needs,
          const Overlap* overlap) {
  Run run{case_index, step, "apart", {}, {}, {}, 0};
  Layout layout;
  const reference::Tensor& out = graph.tensor(step.output);
  const auto skew_of = [](const reference::Tensor& t, std::int64_t skew) {
    return t.type == reference::TensorType::kInt8 ? skew : 0;
  };
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    const int index = step.inputs[i];
    if (index < 0 || graph.is_constant(index)) {
      run.inputs.push_back({});
      continue;
    }
    const reference::Tensor& in = graph.tensor(index);
    if (overlap == nullptr || overlap->input != static_cast<int>(i)) {
      run.inputs.push_back(layout.place(in.bytes(), skew_of(in, 1)));
      continue;
    }
    const bool exact = overlap->kind == Overlap::Kind::kExact;
    // Floats must stay at multiples of four.
    std::int64_t lead = exact ? 0 : overlap->lead.value;
    if (in.type != reference::TensorType::kInt8 || out.type != reference::TensorType::kInt8)
      lead = (lead + 3) / 4 * 4;
    const Range both = layout.place(std::max(lead + in.bytes(), out.bytes()),
                                    in.type == out.type ? skew_of(in, exact ? 0 : 3) : 0);
    run.output = {both.begin, both.begin + out.bytes()};
    run.inputs.push_back({both.begin + lead, both.begin + lead + in.bytes()});
    run.layout = exact ? fmt::format("output in input {}", i)
                       : fmt::format("output {} bytes before input {}", lead, i);
  }
  if (run.output.end == 0) run.output = layout.place(out.bytes(), skew_of(out, 3));
  if (needs.scratch.value > 0) run.scratch = layout.place(needs.scratch.value, 0);
  run.size = layout.size();
  return run;
}

std::string text_of(const Run& run, std::size_t number, const StepCode& code) {
  std::vector<Range> used = run.inputs;
  used.push_back(run.output);
  used.push_back(run.scratch);
  std::erase_if(used, [](const Range& r) { return r.begin == r.end; });
  std::sort(used.begin(), used.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  std::string text = fmt::format("static void run_{}(int8_t *m) {{\n  {}}}\n", number, code.call);
  text += fmt::format("static const struct range gaps_{}[] = {{", number);
  std::int64_t at = 0;
  for (const Range& r : used) {
    if (r.begin > at) text += fmt::format("{{{}, {}}}, ", at, r.begin);
    at = std::max(at, r.end);
  }
  return text + fmt::format("{{{}, {}}}}};\n", at, run.size);
}

constexpr const char* kMain = R"(
int main(void) {
  FILE *input = fopen("input.bin", "rb"), *output = fopen("output.bin", "wb");
  for (unsigned i = 0; i < sizeof runs / sizeof runs[0]; ++i) {
    const struct run *r = &runs[i];
    int8_t *m = aligned_alloc(64, (r->size + 63) / 64 * 64);
    memset(m, 0xa5, r->size);
    for (unsigned k = 0; k < r->input_count; ++k) {
      if (fread(m + r->inputs[k].begin, 1, r->inputs[k].end - r->inputs[k].begin, input) == 0) return 3;
    }
    for (unsigned k = 0; k < r->gap_count; ++k)
      __asan_poison_memory_region(m + r->gaps[k].begin, r->gaps[k].end - r->gaps[k].begin);
    fprintf(stderr, "%u\n", i);
    r->function(m);
    __asan_unpoison_memory_region(m, r->size);
    fwrite(m + r->output.begin, 1, r->output.end - r->output.begin, output);
    char clean = 1;
    for (unsigned k = 0; k < r->gap_count; ++k) {
      for (unsigned b = r->gaps[k].begin; b < r->gaps[k].end; ++b) clean &= (uint8_t)m[b] == 0xa5;
    }
    fwrite(&clean, 1, 1, output);
    free(m);
  }
  return fclose(output);
}
)";

struct Batch {
  std::vector<Run> runs;
  std::string text, input;
};

Batch batch_of(const std::vector<KernelCase>& cases, Overlapping overlapping) {
  Batch program;
  std::set<std::string> includes, symbols;
  std::string definitions, functions, table;
  for (std::size_t c = 0; c < cases.size(); ++c) {
    const reference::Graph& graph = cases[c].graph;
    Step step = step_of(graph);
    step.tile = cases[c].tile;
    KernelNeeds needs = kernel_needs(graph, step);
    std::vector<const Overlap*> layouts = {nullptr};
    if (overlapping == Overlapping::kOneTooFar) {
      layouts.clear();
      std::erase_if(needs.overlaps,
                    [](const Overlap& o) { return o.kind == Overlap::Kind::kExact || o.lead.value == 0; });
      for (Overlap& overlap : needs.overlaps) overlap.lead.value -= 1;
    }
    for (const Overlap& overlap : needs.overlaps) layouts.push_back(&overlap);
    for (const Overlap* overlap : layouts) {
      const Run run = place(c, graph, step, needs, overlap);
      StepAddresses addresses;
      std::string inputs;
      unsigned input_count = 0;
      for (std::size_t i = 0; i < run.inputs.size(); ++i) {
        const bool stored = run.inputs[i].end > 0;
        addresses.inputs.push_back(stored ? fmt::format("m + {}", run.inputs[i].begin) : "");
        if (!stored) continue;
        ++input_count;
        inputs += fmt::format("{{{}, {}}}, ", run.inputs[i].begin, run.inputs[i].end);
        const auto position =
            std::find(graph.inputs.begin(), graph.inputs.end(), step.inputs[i]) - graph.inputs.begin();
        const TensorData& data = cases[c].inputs.at(static_cast<std::size_t>(position));
        program.input.append(data.begin(), data.end());
      }
      addresses.output = fmt::format("m + {}", run.output.begin);
      if (needs.scratch.value > 0) addresses.scratch = fmt::format("m + {}", run.scratch.begin);
      const StepCode code = emit_step(graph, step, addresses);
      includes.insert(code.includes.begin(), code.includes.end());
      for (const auto* list : {&code.constants, &code.functions}) {
        for (const StepCode::Definition& d : *list) {
          if (symbols.insert(d.symbol).second) definitions += d.text + "\n";
        }
      }
      const std::size_t number = program.runs.size();
      functions += text_of(run, number, code);
      table += fmt::format(
          "  {{run_{0}, {1}, {{{2}}}, {3}, {{{4}, {5}}}, gaps_{0}, sizeof gaps_{0} / sizeof gaps_{0}[0]}},\n",
          number, run.size, inputs, input_count, run.output.begin, run.output.end);
      program.runs.push_back(run);
    }
  }
  program.text =
      "#include <sanitizer/asan_interface.h>\n#include <stdint.h>\n#include <stdio.h>\n#include "
      "<stdlib.h>\n#include "
      "<string.h>\n";
  for (const std::string& name : includes) program.text += fmt::format("#include \"{}\"\n", name);
  program.text += "struct range { unsigned begin, end; };\n" + definitions + functions;
  program.text += fmt::format(
      "static const struct run {{\n  void (*function)(int8_t *);\n  unsigned size;\n  struct range "
      "inputs[8];\n"
      "  unsigned input_count;\n  struct range output;\n  const struct range *gaps;\n  unsigned "
      "gap_count;\n}} "
      "runs[] = {{\n{}}};\n{}",
      table, kMain);
  return program;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
}

std::string first_difference(const TensorData& actual, const TensorData& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (actual[i] != expected[i])
      return fmt::format("byte {} of {} is {}, expected {}", i, expected.size(),
                         static_cast<std::int8_t>(actual[i]), static_cast<std::int8_t>(expected[i]));
  }
  return "";
}

}  // namespace

std::vector<std::string> kernel_differences(const std::vector<KernelCase>& cases, Overlapping overlapping) {
  const Batch program = batch_of(cases, overlapping);
  const TemporaryFolder folder;
  write(folder.path() / "kernels.c", program.text);
  write(folder.path() / "input.bin", program.input);
  const ProcessResult compiled =
      run_process({"gcc", "-std=c11", "-O0", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined",
                   "-fno-sanitize-recover=all", "-ffp-contract=off", "-I",
                   M7SCOPE_SOURCE "/engine/target/kernels", "-o", "kernels", "kernels.c"},
                  folder.path());
  if (compiled.exit_code != 0) return {"host compiler: " + compiled.output};
  const ProcessResult ran = run_process({"./kernels"}, folder.path());

  std::vector<std::string> differences;
  std::ifstream file(folder.path() / "output.bin", std::ios::binary);
  for (const Run& run : program.runs) {
    const KernelCase& c = cases[run.case_index];
    const std::string name = fmt::format("{} ({}), {}", to_string(run.step.kind), c.name, run.layout);
    const TensorData expected =
        reference::interpret(c.graph, c.inputs).at(static_cast<std::size_t>(run.step.output));
    TensorData actual(expected.size() + 1);
    file.read(reinterpret_cast<char*>(actual.data()), static_cast<std::streamsize>(actual.size()));
    if (!file) {
      differences.push_back(fmt::format("{}: stopped: {}", name, ran.output));
      break;
    }
    const std::string difference = first_difference(actual, expected);
    if (!difference.empty()) differences.push_back(name + ": " + difference);
    if (actual.back() == 0) differences.push_back(name + ": wrote outside of its buffers");
  }
  return differences;
}

}  // namespace engine
