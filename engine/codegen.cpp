// Plan -> C: the complete source tree of an engine.
//
// What the linked ELF exports, for simulators and debuggers:
//   m7_vectors              vector table, at the base of the memory that holds the constants
//   m7_arena                first byte of the arena; buffer offsets of the step table count from here
//   m7_model_invoke         runs the network once; calls step_<id>_<OPERATOR> for each step
//   m7_model_inputs/outputs tables of m7_tensor (model.h)
//   __stack_bottom/__stack_top, __data_start/__data_end, __bss_start/__bss_end
//   section .m7scope.steps  the step table as JSON (traces/step_table.h), not loaded
// Step marks go to ITM stimulus port traces::kStepPort. The runner (main.c) uses semihosting: it reads
// input.bin, writes output.bin, prints one line per output, and exits with 0; 2 for a file it cannot use; 70
// for a fault; 71 for a clock or supply that does not become ready at start-up.
#include <fmt/format.h>

#include "engine/codegen/sources.h"
#include "engine/codegen/target_files.h"

namespace engine {
namespace {

// The runtime, with the clock start-up of the board's family of parts.
std::vector<std::string> runtime_files(const memory_model::Board& board) {
  std::vector<std::string> files = {"main.c",   "m7_runtime.h",     "m7_cache.c",   "m7_clock.h",
                                    "m7_itm.c", "m7_semihosting.c", "m7_startup.c", "m7_string.c"};
  const std::string clock = fmt::format("m7_clock_{}.c", board.family);
  const bool known = target_files().contains(clock);
  files.push_back(known ? clock : "m7_clock_none.c");
  if (known && board.family.starts_with("stm32h7")) files.emplace_back("m7_stm32h7.h");
  return files;
}

}  // namespace

SourceTree generate(const reference::Graph& graph, const Plan& plan, const memory_model::Board& board) {
  SourceTree tree;
  add_model(tree, graph, plan);
  for (const std::string& name : runtime_files(board)) tree[name] = target_files().at(name);
  tree["steps.json"] = traces::to_json(step_table(graph, plan));
  tree["steps.S"] = fmt::format(
      "/* The step table, for whoever reads this ELF; no flag \"a\": it is not loaded. */\n"
      "    .section {}, \"\", %progbits\n    .incbin \"steps.json\"\n",
      traces::kStepTableSection);
  tree["link.ld"] = linker_script(plan, board);
  tree["Makefile"] = makefile(tree, board);
  return tree;
}

}  // namespace engine
