#include "engine/passes.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/passes/fold.h"
#include "engine/passes/uses.h"
#include "engine/passes/views.h"
#include "engine/passes/window.h"
#include "reference/macs.h"

namespace engine {
namespace {

using reference::Graph;
using reference::Operator;
using reference::OperatorKind;
using reference::Tensor;
using reference::TensorType;

class Lowering {
 public:
  explicit Lowering(const Graph& graph)
      : graph_(graph),
        uses_(uses_of(graph)),
        pads_(foldable_pads(graph, uses_)),
        relus_(relu_producers(graph, uses_)) {
    program_.storage.assign(graph.tensors.size(), -1);
  }

  Program run() {
    quantize_inputs();
    for (int op = 0; op < static_cast<int>(graph_.operators.size()); ++op) {
      if (uses_.needed[op]) lower(op);
    }
    quantize_outputs();
    if (program_.steps.empty()) {
      throw Unsupported(fmt::format("{}: nothing to run: no operator computes anything", graph_.name));
    }
    return std::move(program_);
  }

 private:
  // A float input becomes the int8 tensor of the QUANTIZE that reads it.
  void quantize_inputs() {
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      const int tensor = graph_.inputs[i];
      if (graph_.tensor(tensor).type == TensorType::kInt8) {
        program_.storage[tensor] = tensor;
        program_.inputs.push_back(tensor);
        continue;
      }
      int edge = -1;
      for (const int op : uses_.readers[tensor]) {
        if (graph_.operators[op].kind != OperatorKind::kQuantize)
          refuse_input(i, to_string(graph_.operators[op].kind));
        const int output = graph_.operators[op].outputs.at(0);
        if (edge < 0) edge = output;
        if (!same_quantization(graph_.tensor(edge), graph_.tensor(output))) {
          refuse_input(i, "two QUANTIZE operators with different scales");
        }
        program_.storage[output] = edge;
      }
      if (edge < 0) refuse_input(i, "no operator");
      program_.inputs.push_back(edge);
    }
  }

  [[noreturn]] void refuse_input(std::size_t i, const std::string& reader) const {
    const Tensor& tensor = graph_.tensor(graph_.inputs[i]);
    throw Unsupported(
        fmt::format("{}: input {} ({}) is {} and read by {}; the engine takes int8 inputs, or float32 read "
                    "by one QUANTIZE",
                    graph_.name, i, tensor.name, to_string(tensor.type), reader));
  }

  void quantize_outputs() {
    for (std::size_t i = 0; i < graph_.outputs.size(); ++i) {
      int tensor = graph_.outputs[i];
      const int writer = uses_.writer[tensor];
      if (writer >= 0 && graph_.operators[writer].kind == OperatorKind::kDequantize) {
        tensor = graph_.operators[writer].inputs.at(0);
      }
      if (graph_.tensor(tensor).type != TensorType::kInt8 || program_.storage[tensor] < 0) {
        throw Unsupported(
            fmt::format("{}: output {} ({}) is {}{}; the engine gives int8 outputs, or float32 written by "
                        "DEQUANTIZE",
                        graph_.name, i, graph_.tensor(tensor).name, to_string(graph_.tensor(tensor).type),
                        graph_.is_constant(tensor) ? " and constant" : ""));
      }
      program_.outputs.push_back(tensor);
    }
  }

  void lower(int op) {
    const Operator& oper = graph_.operators[op];
    const int output = oper.outputs.at(0);
    if (program_.storage[output] >= 0) return;  // QUANTIZE at the edge
    if (oper.kind == OperatorKind::kDequantize) return lower_dequantize(op);
    if (pads_[op]) return;          // its readers fold it
    if (folded_behind(op)) return;  // the last RELU behind it writes the step
    refuse_constant(op);
    if (relus_[op] < 0 && is_view(graph_, op)) {
      require_int8(op, oper.inputs.at(0), "input");
      program_.storage[output] = program_.storage[oper.inputs[0]];
      return;
    }
    add_step(op);
  }

  void lower_dequantize(int op) {
    const int output = graph_.operators[op].outputs.at(0);
    if (uses_.readers[output].empty()) return;
    throw Unsupported(
        fmt::format("{}: its float32 output is read by {}, expected DEQUANTIZE only at the graph's outputs",
                    place_of(graph_, op), place_of(graph_, uses_.readers[output].front())));
  }

  // True where a RELU takes over the output of `op`.
  bool folded_behind(int op) const {
    const std::vector<int>& readers = uses_.readers[graph_.operators[op].outputs.at(0)];
    return readers.size() == 1 && relus_[readers[0]] >= 0;
  }

  void refuse_constant(int op) const {
    const Operator& oper = graph_.operators[op];
    const bool constant = std::all_of(oper.inputs.begin(), oper.inputs.end(),
                                      [this](int t) { return t < 0 || graph_.is_constant(t); });
    if (!constant) return;
    throw Unsupported(
        fmt::format("{}: every input is a constant, expected a value computed from the graph's inputs; "
                    "fold it before export",
                    place_of(graph_, op)));
  }

  void require_int8(int op, int tensor, const char* role) const {
    const Tensor& t = graph_.tensor(tensor);
    const std::string place = fmt::format("{}: {} {} ({})", place_of(graph_, op), role, tensor, t.name);
    if (t.type != TensorType::kInt8) {
      throw Unsupported(fmt::format("{} is {}, the engine computes in int8", place, to_string(t.type)));
    }
    const auto& q = t.quantization;
    if (q.scale.size() != 1 || q.zero_point.size() != 1) {
      throw Unsupported(fmt::format("{} has {} scales and {} zero points, expected one of each", place,
                                    q.scale.size(), q.zero_point.size()));
    }
  }

  void add_step(int op) {
    const int output = graph_.operators[op].outputs.at(0);
    const int producer = relus_[op] >= 0 ? relus_[op] : op;  // the operator that does the work
    const Operator& oper = graph_.operators[producer];
    Step step;
    step.id = static_cast<int>(program_.steps.size());
    step.kind = oper.kind;
    step.op = op;
    step.name =
        graph_.tensor(output).name.empty() ? fmt::format("tensor {}", output) : graph_.tensor(output).name;
    step.inputs = oper.inputs;
    step.output = output;
    step.window = window_of(graph_, producer);
    step.macs = reference::macs(graph_, producer);

    const ActivationRange range = activation_range(graph_, producer);
    step.activation_min = range.min;
    step.activation_max = range.max;
    for (int behind = op; behind != producer; behind = uses_.writer[graph_.operators[behind].inputs[0]]) {
      const ActivationRange relu = activation_range(graph_, behind);
      step.activation_min = std::max(step.activation_min, relu.min);
      step.activation_max = std::min(step.activation_max, relu.max);
      step.folded_ops.push_back(uses_.writer[graph_.operators[behind].inputs[0]]);
    }
    fold_pads(step);
    std::sort(step.folded_ops.begin(), step.folded_ops.end());

    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      if (step.inputs[i] >= 0 && !graph_.is_constant(step.inputs[i])) {
        require_int8(producer, step.inputs[i], "input");
      }
    }
    require_int8(op, output, "output");
    program_.storage[output] = output;
    program_.steps.push_back(std::move(step));
  }

  void fold_pads(Step& step) const {
    for (int writer = writer_of(step.inputs[0]); writer >= 0 && pads_[writer];
         writer = writer_of(step.inputs[0])) {
      const Pads pads = pads_of(graph_, writer);
      step.window.pad_top += pads.top;
      step.window.pad_bottom += pads.bottom;
      step.window.pad_left += pads.left;
      step.window.pad_right += pads.right;
      step.inputs[0] = graph_.operators[writer].inputs[0];
      step.folded_ops.push_back(writer);
    }
  }

  int writer_of(int tensor) const { return tensor < 0 ? -1 : uses_.writer[tensor]; }

  const Graph& graph_;
  const Uses uses_;
  const std::vector<bool> pads_;
  const std::vector<int> relus_;
  Program program_;
};

}  // namespace

Program lower(const Graph& graph) {
  return Lowering(graph).run();
}

}  // namespace engine
