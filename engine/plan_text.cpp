// A plan as a table and as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/plan.h"

namespace engine {
namespace {

// 1234567 -> "1,234,567".
std::string grouped(std::int64_t value) {
  std::string digits = fmt::format("{}", value);
  for (int at = static_cast<int>(digits.size()) - 3; at > (value < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return digits;
}

// At most `width` bytes, the end kept: a model's tensor names differ there.
std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : ".." + text.substr(text.size() - width + 2);
}

const Buffer* buffer_of(const Plan& plan, int tensor) {
  for (const Buffer& b : plan.buffers) {
    if (b.tensor == tensor) return &b;
  }
  return nullptr;
}

std::int64_t scratch_of(const Plan& plan, int step) {
  for (const Buffer& b : plan.buffers) {
    if (b.tensor < 0 && b.first_step == step) return b.size.value;
  }
  return 0;
}

// "in place" where the output shares bytes with a buffer that dies in its step.
bool shares_bytes(const Plan& plan, const Buffer& output) {
  return std::any_of(plan.buffers.begin(), plan.buffers.end(), [&](const Buffer& b) {
    return &b != &output && b.first_step < output.first_step && b.last_step == output.first_step &&
           b.offset < output.offset + output.size && output.offset < b.offset + b.size;
  });
}

}  // namespace

std::string Plan::to_text() const {
  std::string text = fmt::format(
      "{}: {} steps, arena {} bytes, lower bound {} ({:.3f} x), peak in step {} ({})\n\n", model,
      program.steps.size(), grouped(arena.value), grouped(lower_bound.value),
      static_cast<double>(arena.value) / static_cast<double>(std::max<std::int64_t>(1, lower_bound.value)),
      peak_step, reference::to_string(program.steps.at(static_cast<std::size_t>(peak_step)).kind));
  text += fmt::format("{:>4}  {:<23} {:>11} {:>17} {:>9} {:>9} {:>12}  {}\n", "step", "operator",
                      "live bytes", "output at", "bytes", "scratch", "MACs", "tensor");
  for (const Step& step : program.steps) {
    const Buffer* output = buffer_of(*this, program.storage[step.output]);
    if (output == nullptr) continue;
    const std::string place =
        fmt::format("{}{}", grouped(output->offset.value), shares_bytes(*this, *output) ? " in place" : "");
    text += fmt::format("{:>4}{} {:<23} {:>11} {:>17} {:>9} {:>9} {:>12}  {}\n", step.id,
                        step.id == peak_step ? '*' : ' ', reference::to_string(step.kind),
                        grouped(live_bytes(step.id).value), place, grouped(output->size.value),
                        grouped(scratch_of(*this, step.id)), grouped(step.macs), shortened(step.name, 40));
  }
  text += fmt::format("\nin memory during step {}, from the top:\n", peak_step);
  std::vector<const Buffer*> live;
  for (const Buffer& b : buffers) {
    if (b.first_step <= peak_step && peak_step <= b.last_step) live.push_back(&b);
  }
  std::stable_sort(live.begin(), live.end(),
                   [](const Buffer* a, const Buffer* b) { return a->offset > b->offset; });
  for (const Buffer* b : live) {
    text +=
        fmt::format("  {:>9} .. {:>9}  {:>9} bytes  {:<10}  steps {} to {}  {}\n", grouped(b->offset.value),
                    grouped((b->offset + b->size).value), grouped(b->size.value), to_string(b->kind),
                    b->first_step, b->last_step, shortened(b->name, 60));
  }
  return text;
}

std::string Plan::to_json() const {
  using Json = nlohmann::ordered_json;
  Json json = {
      {"model", model},         {"arena_bytes", arena.value}, {"arena_lower_bound_bytes", lower_bound.value},
      {"peak_step", peak_step}, {"steps", Json::array()},     {"buffers", Json::array()},
      {"inputs", inputs},       {"outputs", outputs}};
  for (const Step& step : program.steps) {
    const Buffer* output = buffer_of(*this, program.storage[step.output]);
    json["steps"].push_back({{"id", step.id},
                             {"op", reference::to_string(step.kind)},
                             {"name", step.name},
                             {"op_index", step.op},
                             {"folded_ops", step.folded_ops},
                             {"output_tensor", step.output},
                             {"output_offset", output == nullptr ? -1 : output->offset.value},
                             {"macs", step.macs},
                             {"arena_live_bytes", live_bytes(step.id).value},
                             {"scratch_bytes", scratch_of(*this, step.id)}});
  }
  for (const Buffer& b : buffers) {
    json["buffers"].push_back({{"name", b.name},
                               {"kind", to_string(b.kind)},
                               {"tensor", b.tensor},
                               {"offset", b.offset.value},
                               {"bytes", b.size.value},
                               {"first_step", b.first_step},
                               {"last_step", b.last_step}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace engine
