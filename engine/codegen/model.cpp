// model.h, model.c and weights: one C function per step, data addressed by the plan.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

#include "engine/codegen/sources.h"
#include "engine/codegen/target_files.h"
#include "engine/emit.h"

namespace engine {
namespace {

std::string address(const Plan& plan, int buffer) {
  return fmt::format("m7_arena + {}", plan.buffers.at(static_cast<std::size_t>(buffer)).offset);
}

StepAddresses addresses_of(const Plan& plan, const Step& step) {
  std::map<int, int> buffer_of;  // storage tensor -> buffer
  std::string scratch;
  for (int i = 0; i < static_cast<int>(plan.buffers.size()); ++i) {
    const Buffer& b = plan.buffers[i];
    if (b.tensor >= 0) buffer_of[b.tensor] = i;
    if (b.tensor < 0 && b.first_step == step.id) scratch = address(plan, i);
  }
  StepAddresses result;
  for (const int tensor : step.inputs) {
    const bool in_arena = tensor >= 0 && plan.program.storage[tensor] >= 0;
    result.inputs.push_back(in_arena ? address(plan, buffer_of.at(plan.program.storage[tensor])) : "");
  }
  result.output = address(plan, buffer_of.at(plan.program.storage[step.output]));
  result.scratch = scratch;
  return result;
}

// Definitions in order of first use, each symbol once.
class Definitions {
 public:
  void add(const std::vector<StepCode::Definition>& definitions) {
    for (const StepCode::Definition& d : definitions) {
      const auto [it, is_new] = text_.try_emplace(d.symbol, d.text);
      if (is_new) order_.push_back(d.symbol);
      if (it->second != d.text) throw std::logic_error("codegen: two definitions of " + d.symbol);
    }
  }

  template <class Use>
  void for_each(Use use) const {
    for (const std::string& symbol : order_) use(text_.at(symbol));
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, std::string> text_;
};

// "static const int8_t w[4] = {...};" -> declaration and definition of an external object.
struct External {
  std::string declaration, definition;
};
std::optional<External> external(const std::string& text) {
  constexpr std::string_view kStatic = "static const ";
  const std::size_t equals = text.find('=');
  if (!text.starts_with(kStatic) || equals == std::string::npos) return std::nullopt;
  const std::string rest = text.substr(std::string_view("static ").size());
  std::string declaration =
      text.substr(std::string_view("static ").size(), equals - std::string_view("static ").size());
  while (!declaration.empty() && std::isspace(static_cast<unsigned char>(declaration.back())) != 0) {
    declaration.pop_back();
  }
  return External{"extern " + declaration + ";\n", rest + "\n"};
}

std::string shape_text(const reference::Tensor& tensor) {
  return fmt::format("[{}]", fmt::join(tensor.shape, ","));
}

// Macros with size, shape and quantisation of one edge tensor.
std::string edge_macros(const reference::Graph& graph, const char* role, std::size_t i, int tensor) {
  const reference::Tensor& t = graph.tensor(tensor);
  const auto& q = t.quantization;
  const std::string prefix = fmt::format("M7_MODEL_{}_{}", role, i);
  return fmt::format(
      "/* {0}: int8 {1} */\n#define {2}_SIZE {3}\n#define {2}_SCALE {4:.9e}f\n#define {2}_ZERO_POINT {5}\n",
      harmless(t.name), shape_text(t), prefix, t.bytes(), q.scale.empty() ? 1.0F : q.scale[0],
      q.zero_point.empty() ? 0 : q.zero_point[0]);
}

std::string model_header(const reference::Graph& graph, const Plan& plan) {
  std::string text = fmt::format(
      "/* {}: {} steps, arena of {} bytes. */\n#ifndef MODEL_H\n#define MODEL_H\n\n#include <stdint.h>\n\n"
      "#define M7_ARENA_SIZE {}\n#define M7_MODEL_STEPS {}\n#define M7_MODEL_INPUTS {}\n#define "
      "M7_MODEL_OUTPUTS {}\n\n",
      harmless(plan.model), plan.program.steps.size(), plan.arena, plan.arena, plan.program.steps.size(),
      plan.inputs.size(), plan.outputs.size());
  for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
    text += edge_macros(graph, "INPUT", i, plan.program.inputs[i]);
  }
  for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
    text += edge_macros(graph, "OUTPUT", i, plan.program.outputs[i]);
  }
  text +=
      "\n/* real = scale * (q - zero_point) */\ntypedef struct {\n  int8_t *data;\n  uint32_t size; /* bytes "
      "*/\n"
      "  float scale;\n  int32_t zero_point;\n  const char *shape; /* \"[1,96,96,3]\" */\n} m7_tensor;\n\n"
      "extern int8_t m7_arena[M7_ARENA_SIZE];\nextern const m7_tensor m7_model_inputs[M7_MODEL_INPUTS];\n"
      "extern const m7_tensor m7_model_outputs[M7_MODEL_OUTPUTS];\n\n"
      "/* Runs the network. Fill the inputs before every call: their bytes are used again during the run. "
      "*/\n"
      "void m7_model_invoke(void);\n\n#endif\n";
  return text;
}

std::string edge_table(const reference::Graph& graph, const Plan& plan, const char* role, const char* macro,
                       const std::vector<int>& buffers, const std::vector<int>& tensors) {
  std::string text = fmt::format("const m7_tensor m7_model_{}[M7_MODEL_{}] = {{\n", role, macro);
  const std::string singular(macro, std::string_view(macro).size() - 1);
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    text += fmt::format(
        "    {{{0}, M7_MODEL_{1}_{2}_SIZE, M7_MODEL_{1}_{2}_SCALE, M7_MODEL_{1}_{2}_ZERO_POINT, \"{3}\"}},\n",
        address(plan, buffers[i]), singular, i, shape_text(graph.tensor(tensors[i])));
  }
  return text + "};\n\n";
}

// The headers in `names` and all that they include, into the tree.
void add_headers(SourceTree& tree, const std::set<std::string>& names) {
  for (const std::string& name : names) {
    if (tree.contains(name)) continue;
    const auto it = target_files().find(name);
    if (it == target_files().end()) throw std::logic_error("codegen: no target file " + name);
    tree[name] = it->second;
    std::set<std::string> inner;
    constexpr std::string_view kInclude = "#include \"";
    for (std::size_t at = it->second.find(kInclude); at != std::string::npos;
         at = it->second.find(kInclude, at + 1)) {
      const std::size_t begin = at + kInclude.size();
      inner.insert(it->second.substr(begin, it->second.find('"', begin) - begin));
    }
    add_headers(tree, inner);
  }
}

}  // namespace

std::string harmless(const std::string& text) {
  std::string result;
  for (const char c : text.substr(0, 120)) {
    const bool fine = c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '*' && c != '?';
    result += fine ? c : '_';
  }
  return result;
}

void add_model(SourceTree& tree, const reference::Graph& graph, const Plan& plan) {
  std::set<std::string> includes;
  Definitions constants, functions;
  std::string steps, invoke;
  for (const Step& step : plan.program.steps) {
    const StepCode code = emit_step(graph, step, addresses_of(plan, step));
    includes.insert(code.includes.begin(), code.includes.end());
    constants.add(code.constants);
    functions.add(code.functions);
    steps += fmt::format("/* {} */\nstatic STEP void step_{}_{}(void) {{\n  {}\n}}\n\n", harmless(step.name),
                         step.id, to_string(step.kind), code.call);
    invoke += fmt::format("  m7_step_mark({0});\n  step_{0}_{1}();\n", step.id, to_string(step.kind));
  }

  std::string include_lines;
  for (const std::string& name : includes) include_lines += fmt::format("#include \"{}\"\n", name);
  std::string declarations, weights, local;
  constants.for_each([&](const std::string& text) {
    if (const auto outside = external(text)) {
      declarations += outside->declaration;
      weights += outside->definition;
    } else {
      local += text + "\n";
    }
  });
  functions.for_each([&](const std::string& text) { local += text + "\n"; });

  tree["model.h"] = model_header(graph, plan);
  tree["weights.h"] =
      "/* Constants of the model; they stay in flash. */\n#ifndef WEIGHTS_H\n#define WEIGHTS_H\n\n#include "
      "<stdint.h>\n\n" +
      include_lines + "\n" + declarations + "\n#endif\n";
  tree["weights.c"] = "#include \"weights.h\"\n\n" + weights;
  tree["model.c"] = fmt::format(
      "/* {}: one function per step. Step marks go through m7_step_mark. */\n#include \"model.h\"\n\n{}"
      "#include \"m7_runtime.h\"\n#include \"weights.h\"\n\n"
      "/* Steps stay functions of their own, so that profilers and debuggers see them. */\n"
      "#define STEP __attribute__((noinline))\n\n"
      "#ifdef __arm__\n__attribute__((section(\".noinit\"))) /* the linker script gives it a place of its "
      "own */\n#endif\n"
      "__attribute__((aligned(32))) int8_t m7_arena[M7_ARENA_SIZE];\n\n{}{}{}\n{}void m7_model_invoke(void) "
      "{{\n{}"
      "  m7_step_mark(M7_MODEL_STEPS);\n}}\n",
      harmless(plan.model), include_lines,
      edge_table(graph, plan, "inputs", "INPUTS", plan.inputs, plan.program.inputs),
      edge_table(graph, plan, "outputs", "OUTPUTS", plan.outputs, plan.program.outputs), local, steps,
      invoke);
  add_headers(tree, includes);
}

}  // namespace engine
