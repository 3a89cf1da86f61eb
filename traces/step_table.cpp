#include "traces/step_table.h"

#include <fmt/core.h>

#include <array>
#include <limits>
#include <nlohmann/json.hpp>

namespace traces {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<BufferKind, 4> kKinds = {BufferKind::kInput, BufferKind::kActivation,
                                              BufferKind::kOutput, BufferKind::kScratch};

// A place in the document, for messages: "step table: steps[3].macs".
struct Place {
  const Json& json;
  std::string path;

  [[noreturn]] void fail(const std::string& found, const std::string& expected) const {
    throw StepTableError(fmt::format("step table: {}: found {}, expected {}",
                                     path.empty() ? "document" : path, found, expected));
  }

  Place field(const char* key) const {
    if (!json.is_object()) fail(json.type_name(), "an object");
    const auto it = json.find(key);
    const std::string inner = path.empty() ? key : path + "." + key;
    if (it == json.end()) Place{json, inner}.fail("nothing", "a value");
    return {*it, inner};
  }

  bool has(const char* key) const { return json.is_object() && json.contains(key); }

  Place at(std::size_t i) const { return {json[i], fmt::format("{}[{}]", path, i)}; }

  std::size_t array_size() const {
    if (!json.is_array()) fail(json.type_name(), "an array");
    return json.size();
  }

  std::string text() const {
    if (!json.is_string()) fail(json.type_name(), "a string");
    return json.get<std::string>();
  }

  std::int64_t integer(std::int64_t low, std::int64_t high) const {
    if (!json.is_number_integer()) fail(json.type_name(), "an integer");
    const bool huge = json.is_number_unsigned() &&
                      json.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    const std::int64_t value = huge ? 0 : json.get<std::int64_t>();
    if (huge || value < low || value > high) fail(json.dump(), fmt::format("{} to {}", low, high));
    return value;
  }

  int small(int low, int high) const { return static_cast<int>(integer(low, high)); }
};

constexpr std::int64_t kMaxBytes = std::int64_t{1} << 32;  // the address space
constexpr std::int64_t kMaxMacs = std::numeric_limits<std::int64_t>::max();
constexpr int kMaxIndex = std::numeric_limits<int>::max();

BufferKind kind_from(const Place& place) {
  const std::string text = place.text();
  for (const BufferKind kind : kKinds) {
    if (text == to_string(kind)) return kind;
  }
  place.fail('"' + text + '"', "input, activation, output or scratch");
}

BufferRow buffer_from(const Place& place, std::int64_t arena_bytes, int steps) {
  BufferRow row;
  row.name = place.field("name").text();
  row.kind = kind_from(place.field("kind"));
  row.tensor = place.field("tensor").small(-1, kMaxIndex);
  row.offset = place.field("offset").integer(0, arena_bytes);
  row.bytes = place.field("bytes").integer(0, arena_bytes - row.offset);
  row.first_step = place.field("first_step").small(0, steps - 1);
  row.last_step = place.field("last_step").small(row.first_step, steps - 1);
  if (place.has("type")) row.type = place.field("type").text();
  if (place.has("shape")) row.shape = place.field("shape").text();
  return row;
}

StepRow step_from(const Place& place, std::int64_t arena_bytes, int id) {
  StepRow row;
  row.id = place.field("id").small(id, id);
  row.op = place.field("op").text();
  row.name = place.field("name").text();
  row.op_index = place.field("op_index").small(0, kMaxIndex);
  row.output_tensor = place.field("output_tensor").small(0, kMaxIndex);
  row.output_offset = place.field("output_offset").integer(0, arena_bytes);
  row.output_bytes = place.field("output_bytes").integer(0, arena_bytes - row.output_offset);
  row.macs = place.field("macs").integer(0, kMaxMacs);
  row.arena_live_bytes = place.field("arena_live_bytes").integer(0, arena_bytes);
  return row;
}

std::vector<int> indices_from(const Place& place, std::size_t limit) {
  std::vector<int> indices;
  for (std::size_t i = 0; i < place.array_size(); ++i) {
    indices.push_back(place.at(i).small(0, static_cast<int>(limit) - 1));
  }
  return indices;
}

/// Which buffers a step uses; tables of earlier engines do not say.
void add_uses(const Place& place, std::size_t buffers, StepRow& row) {
  if (place.has("reads")) row.reads = indices_from(place.field("reads"), buffers);
  if (place.has("writes")) row.writes = place.field("writes").small(-1, static_cast<int>(buffers) - 1);
}

}  // namespace

const char* to_string(BufferKind kind) {
  switch (kind) {
    case BufferKind::kInput:
      return "input";
    case BufferKind::kActivation:
      return "activation";
    case BufferKind::kOutput:
      return "output";
    case BufferKind::kScratch:
      return "scratch";
  }
  return "?";
}

std::string to_json(const StepTable& table) {
  Json json;
  json["model"] = table.model;
  json["arena_bytes"] = table.arena_bytes;
  json["arena_lower_bound_bytes"] = table.arena_lower_bound_bytes;
  json["steps"] = Json::array();
  for (const StepRow& row : table.steps) {
    json["steps"].push_back({{"id", row.id},
                             {"op", row.op},
                             {"name", row.name},
                             {"op_index", row.op_index},
                             {"output_tensor", row.output_tensor},
                             {"output_offset", row.output_offset},
                             {"output_bytes", row.output_bytes},
                             {"macs", row.macs},
                             {"arena_live_bytes", row.arena_live_bytes},
                             {"reads", row.reads},
                             {"writes", row.writes}});
  }
  json["buffers"] = Json::array();
  for (const BufferRow& row : table.buffers) {
    json["buffers"].push_back({{"name", row.name},
                               {"kind", to_string(row.kind)},
                               {"tensor", row.tensor},
                               {"offset", row.offset},
                               {"bytes", row.bytes},
                               {"first_step", row.first_step},
                               {"last_step", row.last_step},
                               {"type", row.type},
                               {"shape", row.shape}});
  }
  json["inputs"] = table.inputs;
  json["outputs"] = table.outputs;
  // A model's names are bytes of any kind; what is not UTF-8 becomes U+FFFD.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

StepTable step_table_from_json(std::string_view text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& e) {
    throw StepTableError(fmt::format("step table: byte {}: not JSON ({})", e.byte, e.what()));
  }
  const Place root{json, ""};
  StepTable table;
  table.model = root.field("model").text();
  table.arena_bytes = root.field("arena_bytes").integer(0, kMaxBytes);
  table.arena_lower_bound_bytes = root.field("arena_lower_bound_bytes").integer(0, table.arena_bytes);
  const Place steps = root.field("steps");
  const std::size_t count = steps.array_size();
  for (std::size_t i = 0; i < count; ++i) {
    table.steps.push_back(step_from(steps.at(i), table.arena_bytes, static_cast<int>(i)));
  }
  const Place buffers = root.field("buffers");
  for (std::size_t i = 0; i < buffers.array_size(); ++i) {
    table.buffers.push_back(buffer_from(buffers.at(i), table.arena_bytes, static_cast<int>(count)));
  }
  for (std::size_t i = 0; i < count; ++i) add_uses(steps.at(i), table.buffers.size(), table.steps[i]);
  table.inputs = indices_from(root.field("inputs"), table.buffers.size());
  table.outputs = indices_from(root.field("outputs"), table.buffers.size());
  return table;
}

}  // namespace traces
