// m7scope boards: the boards there are, and what is on one.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/deploy.h"
#include "cli/errors.h"
#include "cli/table.h"

namespace cli {

int boards(const BoardsOptions& options) {
  if (!options.board.empty()) {
    const memory_model::Board board = memory_model::load_board(options.board);
    fmt::print("{}", options.json ? board.to_json() : board.to_text());
    return kOk;
  }
  using enum Column::Align;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  Table table(
      {{"board", kLeft}, {"what", kLeft}, {"MHz"}, {"FPU", kLeft}, {"flash"}, {"RAM for the engine"}});
  for (const std::string& name : memory_model::board_names()) {
    const memory_model::Board board = memory_model::load_board(name);
    const char* fpu = board.fpu == memory_model::FpuPrecision::kDouble   ? "double"
                      : board.fpu == memory_model::FpuPrecision::kSingle ? "single"
                                                                         : "none";
    const std::int64_t rom = flash(board, 0).capacity, sram = ram(board, 0).capacity;
    list.push_back({{"name", board.name},
                    {"title", board.title},
                    {"core_hz", board.core_hz},
                    {"fpu", fpu},
                    {"flash_bytes", rom},
                    {"ram_bytes", sram}});
    table.add({board.name, board.title, fmt::format("{:.0f}", board.core_hz / 1e6), fpu, grouped(rom),
               grouped(sram)});
  }
  fmt::print("{}", options.json ? list.dump(2) + "\n" : table.to_text(stdout_is_colourful()));
  return kOk;
}

}  // namespace cli
