#include "gui/describe.h"

#include <fmt/format.h>

#include "gui/format.h"

namespace gui {

namespace {

using traces::kNever;

class Describer {
 public:
  Describer(const Document& document, const traces::Life& life) : trace_(document.trace()), life_(life) {}

  std::vector<Field> all() {
    what();
    where();
    when();
    by_whom();
    plan();
    return std::move(fields_);
  }

 private:
  void heading(const char* text) { fields_.push_back({text, "", "", true}); }
  void add(const char* label, const std::string& value, const std::string& hint = "") {
    if (!value.empty()) fields_.push_back({label, value, hint, false});
  }
  std::string text(traces::StringId id) const { return std::string(trace_.text(id)); }

  std::string moment(std::uint64_t cycle) const {
    if (cycle == kNever) return "never";
    return fmt::format("cycle {} ({})", grouped(cycle),
                       milliseconds_text(milliseconds_at(trace_, static_cast<double>(cycle))));
  }
  std::string step_text(std::int32_t index) const {
    if (index < 0 || index >= static_cast<std::int32_t>(trace_.steps.size())) return "";
    const traces::Step& step = trace_.steps[static_cast<std::size_t>(index)];
    return fmt::format("step {} {} {}", step.id, trace_.text(step.op), trace_.text(step.name));
  }
  std::string at_step(std::uint64_t cycle, std::int32_t step) const {
    const std::string in = step_text(step);
    return in.empty() ? moment(cycle) : fmt::format("{}, {}", moment(cycle), in);
  }

  void what() {
    heading("What");
    add("kind", traces::to_string(life_.kind));
    if (const traces::Buffer* buffer = planned()) {
      add("type", text(buffer->type));
      add("shape", text(buffer->shape));
      if (buffer->tensor >= 0) add("tensor", fmt::format("{}", buffer->tensor), "index in the model file");
    }
    add("bytes", grouped(life_.bytes));
    if (life_.touched != life_.bytes)
      add("touched", fmt::format("{} bytes", grouped(life_.touched)),
          "bytes of the extent that belong to it");
    if (life_.generations > 1)
      add("written anew", fmt::format("{} times", grouped(life_.generations)), "for the same purpose");
  }

  void where() {
    heading("Where");
    add("lies in", text(life_.owner));
    if (life_.region < trace_.regions.size()) {
      const traces::Region& region = trace_.regions[life_.region];
      add("region", fmt::format("{} + {}", region.name, grouped(life_.address - region.base)),
          "bytes from the region's begin");
    }
    add("address", fmt::format("{} to {}", hex(life_.address), hex(life_.address + life_.bytes)));
  }

  void when() {
    heading("When");
    if (life_.flags & traces::Life::kNeverWritten)
      add("born", "nothing wrote it");
    else
      add("born", at_step(life_.born, life_.born_step), "first write");
    add("last write", moment(life_.last_write));
    add("first read", moment(life_.first_read));
    add("last read", at_step(life_.last_read, life_.died_step));
    if (life_.released != kNever)
      add("given back", moment(life_.released), "freed, or its function returned");
    const double length = static_cast<double>(life_.died() - life_.born);
    add("needed for",
        fmt::format("{} cycles ({})", grouped(life_.died() - life_.born),
                    milliseconds_text(milliseconds_at(trace_, static_cast<double>(life_.born) + length) -
                                      milliseconds_at(trace_, static_cast<double>(life_.born)))));
    if (life_.flags & traces::Life::kOpen)
      add("at the end", "still there", "not overwritten when the run ended");
  }

  void by_whom() {
    heading("By whom");
    add("writer", text(life_.writer));
    add("writes at", text(life_.writer_line), hex(life_.writer_pc));
    add("reader", text(life_.reader));
    add("reads at", text(life_.reader_line), hex(life_.reader_pc));
  }

  void plan() {
    const traces::Buffer* buffer = planned();
    if (buffer == nullptr) return;
    heading("Plan against binary");
    add("planned", fmt::format("steps {} to {}", buffer->first_step, buffer->last_step));
    add("written",
        buffer->first_write == kNever
            ? "never"
            : fmt::format("{} to {}", grouped(buffer->first_write), grouped(buffer->last_write)),
        "cycles of the first and the last write");
    add("read",
        buffer->first_read == kNever
            ? "never"
            : fmt::format("{} to {}", grouped(buffer->first_read), grouped(buffer->last_read)),
        "cycles of the first and the last read");
    add("used", fmt::format("{} of {} bytes written, {} read", grouped(buffer->bytes_written),
                            grouped(buffer->bytes), grouped(buffer->bytes_read)));
  }

  const traces::Buffer* planned() const {
    const bool has = life_.buffer >= 0 && life_.buffer < static_cast<std::int32_t>(trace_.buffers.size());
    return has ? &trace_.buffers[static_cast<std::size_t>(life_.buffer)] : nullptr;
  }

  const traces::Trace& trace_;
  const traces::Life& life_;
  std::vector<Field> fields_;
};

}  // namespace

std::vector<Field> describe_life(const Document& document, const traces::Life& life) {
  return Describer(document, life).all();
}

std::string to_text(const std::vector<Field>& fields) {
  std::string text;
  for (const Field& field : fields)
    if (!field.is_heading) text += fmt::format("{}: {}\n", field.label, field.value);
  return text;
}

}  // namespace gui
