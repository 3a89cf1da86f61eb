#include "engine/planner/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/emit.h"

namespace engine {
namespace {

class Verifier {
 public:
  Verifier(const reference::Graph& graph, const Plan& plan) : graph_(graph), plan_(plan) {
    for (const Step& step : plan.program.steps) needs_.push_back(kernel_needs(graph, step));
    for (std::size_t i = 0; i < plan.buffers.size(); ++i) {
      if (plan.buffers[i].tensor >= 0) buffer_of_[plan.buffers[i].tensor] = static_cast<int>(i);
    }
  }

  std::vector<std::string> run() {
    check_buffers();
    check_steps();
    check_edges();
    for (std::size_t i = 0; i < plan_.buffers.size(); ++i) {
      for (std::size_t j = i + 1; j < plan_.buffers.size(); ++j)
        check_pair(plan_.buffers[i], plan_.buffers[j]);
    }
    if (plan_.arena < plan_.lower_bound) {
      fault("the arena of {} bytes is below the lower bound of {}", plan_.arena, plan_.lower_bound);
    }
    return faults_;
  }

 private:
  template <class... Args>
  void fault(fmt::format_string<Args...> text, Args&&... args) {
    faults_.push_back(fmt::format(text, std::forward<Args>(args)...));
  }

  int steps() const { return static_cast<int>(plan_.program.steps.size()); }

  void check_buffers() {
    for (const Buffer& b : plan_.buffers) {
      if (b.offset < isa::Bytes(0) || b.offset + b.size > plan_.arena) {
        fault("{} at {}..{} lies outside the arena of {} bytes", b.name, b.offset, b.offset + b.size,
              plan_.arena);
      }
      if (b.first_step < 0 || b.first_step > b.last_step || b.last_step >= steps()) {
        fault("{} lives from step {} to {} of {}", b.name, b.first_step, b.last_step, steps());
      }
      const std::int64_t alignment = b.tensor < 0 ? 8 : 4;
      if (b.offset.value % alignment != 0)
        fault("{} at {} is not {}-byte aligned", b.name, b.offset, alignment);
      if (b.tensor >= 0 && b.size.value != graph_.tensor(b.tensor).bytes()) {
        fault("{} has {} bytes, its tensor {}", b.name, b.size, graph_.tensor(b.tensor).bytes());
      }
    }
  }

  void check_steps() {
    std::map<int, int> written;  // storage tensor -> step
    for (const int t : plan_.program.inputs) written[plan_.program.storage[t]] = 0;
    for (int s = 0; s < steps(); ++s) {
      const Step& step = plan_.program.steps[s];
      if (step.id != s) fault("step {} calls itself {}", s, step.id);
      for (const int t : step.inputs) {
        if (t < 0 || plan_.program.storage[t] < 0) continue;
        const int storage = plan_.program.storage[t];
        if (!written.contains(storage)) fault("step {} reads tensor {} before it is written", s, t);
        check_alive(storage, s);
      }
      written[plan_.program.storage[step.output]] = s;
      check_alive(plan_.program.storage[step.output], s);
      check_scratch(s);
    }
  }

  void check_alive(int storage, int step) {
    const auto it = buffer_of_.find(storage);
    if (it == buffer_of_.end()) return fault("tensor {} has no buffer", storage);
    const Buffer& b = plan_.buffers[it->second];
    if (step < b.first_step || step > b.last_step) {
      fault("step {} uses {}, which lives from {} to {}", step, b.name, b.first_step, b.last_step);
    }
  }

  void check_scratch(int step) {
    isa::Bytes found(0);
    for (const Buffer& b : plan_.buffers) {
      if (b.tensor < 0 && b.first_step == step && b.last_step == step) found = b.size;
    }
    if (found != needs_[step].scratch) {
      fault("step {} has {} bytes of scratch, needs {}", step, found, needs_[step].scratch);
    }
  }

  void check_edges() {
    const auto check = [&](const std::vector<int>& buffers, const std::vector<int>& tensors, const char* role,
                           int step) {
      if (buffers.size() != tensors.size())
        return fault("{} {}s for {} tensors", buffers.size(), role, tensors.size());
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        const int storage = plan_.program.storage[tensors[i]];
        const bool exists = buffers[i] >= 0 && buffers[i] < static_cast<int>(plan_.buffers.size());
        if (!exists || plan_.buffers[buffers[i]].tensor != storage) {
          fault("{} {} is buffer {}, expected the buffer of tensor {}", role, i, buffers[i], storage);
        }
        check_alive(storage, step);
      }
    };
    check(plan_.inputs, plan_.program.inputs, "input", 0);
    check(plan_.outputs, plan_.program.outputs, "output", steps() - 1);
  }

  void check_pair(const Buffer& a, const Buffer& b) {
    const int first = std::max(a.first_step, b.first_step), last = std::min(a.last_step, b.last_step);
    const bool share_bytes = a.offset < b.offset + b.size && b.offset < a.offset + a.size;
    if (first > last || !share_bytes) return;
    if (may_share(a, b, first, last) || may_share(b, a, first, last)) return;
    fault("{} at {}..{} and {} at {}..{} share bytes in steps {} to {}", a.name, a.offset, a.offset + a.size,
          b.name, b.offset, b.offset + b.size, first, last);
  }

  // `in` dies in the step that writes `out`, and the kernel allows their offsets.
  bool may_share(const Buffer& in, const Buffer& out, int first, int last) const {
    if (in.tensor < 0 || out.tensor < 0 || first != last || in.last_step != first || out.first_step != first)
      return false;
    if (std::count(plan_.outputs.begin(), plan_.outputs.end(), buffer_of_.at(in.tensor)) != 0) return false;
    const Step& step = plan_.program.steps[first];
    if (plan_.program.storage[step.output] != out.tensor) return false;
    bool reads = false;
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      if (step.inputs[i] < 0 || plan_.program.storage[step.inputs[i]] != in.tensor) continue;
      reads = true;
      const bool fine = std::any_of(
          needs_[first].overlaps.begin(), needs_[first].overlaps.end(), [&](const Overlap& overlap) {
            if (overlap.input != static_cast<int>(i)) return false;
            return overlap.kind == Overlap::Kind::kExact ? out.offset == in.offset
                                                         : out.offset <= in.offset - overlap.lead;
          });
      if (!fine) return false;
    }
    return reads;
  }

  const reference::Graph& graph_;
  const Plan& plan_;
  std::vector<KernelNeeds> needs_;
  std::map<int, int> buffer_of_;  // storage tensor -> buffer
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> plan_faults(const reference::Graph& graph, const Plan& plan) {
  return Verifier(graph, plan).run();
}

}  // namespace engine
