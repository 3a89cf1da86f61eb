// m7scope models: the built-in zoo, listed or written out as .tflite.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deploy.h"
#include "cli/errors.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "reference/macs.h"
#include "reference/tflite_writer.h"
#include "reference/zoo.h"

namespace cli {

int models(const ModelsOptions& options) {
  if (!options.export_name.empty()) {
    const std::string& given = options.export_name;
    const std::string name = model_name(given.starts_with("zoo:") ? given : "zoo:" + given);
    const std::string path = options.output.empty() ? name + ".tflite" : options.output;
    write_file(path, reference::write_tflite(reference::zoo_model(name)));
    fmt::print("{}\n", path);
    return kOk;
  }
  using enum Column::Align;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  Table table({{"name", kLeft}, {"input", kLeft}, {"operators"}, {"MACs"}, {"weights"}});
  const std::vector<std::string> names = reference::zoo_names();
  {
    Progress progress("building the zoo");
    for (std::size_t i = 0; i < names.size(); ++i) {
      throw_if_interrupted();
      progress.update(static_cast<double>(i) / static_cast<double>(names.size()), names[i]);
      const reference::Graph graph = reference::zoo_structure(names[i]);
      const std::string input = fmt::format("{}", fmt::join(graph.tensor(graph.inputs[0]).shape, "x"));
      list.push_back({{"name", names[i]},
                      {"input", graph.tensor(graph.inputs[0]).shape},
                      {"operators", graph.operators.size()},
                      {"macs", reference::macs(graph)},
                      {"weights", reference::weights(graph)}});
      table.add({"zoo:" + names[i], input, grouped(static_cast<std::int64_t>(graph.operators.size())),
                 grouped(reference::macs(graph)), grouped(reference::weights(graph))});
    }
  }
  fmt::print("{}", options.json ? list.dump(2) + "\n" : table.to_text(stdout_is_colourful()));
  return kOk;
}

}  // namespace cli
