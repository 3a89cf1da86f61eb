// m7scope compile: the sources and the image that a user flashes.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deploy.h"
#include "cli/errors.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/table.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder)) {
    throw InputError(fmt::format("-o {}: cannot be used as a folder: {}", folder.string(),
                                 error ? error.message() : "a file of that name is in the way"));
  }
}

}  // namespace

int compile(const CompileOptions& options) {
  const memory_model::Board board = load_board(options.board, options.placement);
  const reference::Graph graph = load_model(options.model);
  const engine::Plan plan = make_plan(graph, {});
  engine::SourceTree sources = engine::generate(graph, plan, board);
  engine::Image image;
  try {
    image = engine::build(sources, plan, board);
  } catch (const engine::DoesNotFit& error) {
    if (options.json) fmt::print("{}", does_not_fit_json(model_name(options.model), board, plan, error));
    throw;
  }
  throw_if_interrupted();

  const fs::path folder = options.output;
  make_folder(folder);
  for (const auto& [name, text] : sources) {
    make_folder((folder / name).parent_path());
    write_file(folder / name, text);
  }
  const std::string name = model_name(options.model);
  write_file(folder / (name + ".elf"), read_file(image.elf));
  write_file(folder / (name + ".map"), read_file(image.map));
  write_file(folder / "plan.txt", plan.to_text());
  write_file(folder / "plan.json", plan.to_json());
  write_file(folder / "plan.svg", plan.to_svg());

  const std::string elf = (folder / (name + ".elf")).string();
  const Memory sram = ram(board, plan.arena.value + image.data.value + image.stack_reserved.value);
  const Memory rom = flash(board, image.flash.value);
  if (options.json) {
    const nlohmann::ordered_json out = {{"model", name},
                                        {"board", board.name},
                                        {"placement", options.placement},
                                        {"fits", true},
                                        {"elf", elf},
                                        {"files", sources.size() + 5},
                                        {"arena_bytes", plan.arena.value},
                                        {"arena_lower_bound_bytes", plan.lower_bound.value},
                                        {"stack_reserved_bytes", image.stack_reserved.value},
                                        {"data_bytes", image.data.value},
                                        {"flash_bytes", image.flash.value},
                                        {"copied_code_bytes", image.copied_code.value}};
    fmt::print("{}\n", out.dump(2));
    return kOk;
  }
  fmt::print("{}\n", elf);
  fmt::print("SRAM   {} of {} bytes: arena {} (lower bound {}), stack reserved {}, data {}\n",
             grouped(sram.used), grouped(sram.capacity), grouped(plan.arena.value),
             grouped(plan.lower_bound.value), grouped(image.stack_reserved.value), grouped(image.data.value));
  fmt::print("flash  {} of {} bytes\n{}", grouped(rom.used), grouped(rom.capacity),
             copied_code_line(board, image));
  fmt::print(
      "beside it: {} source files with a Makefile and the linker script, the map, the plan (text, JSON, "
      "SVG)\n",
      sources.size());
  return kOk;
}

}  // namespace cli
