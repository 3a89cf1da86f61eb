#include "cli/trace_file.h"

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <filesystem>
#include <utility>

#include "traces/step_table.h"

namespace cli {
namespace {

/// Of what is loaded, and where to.
std::string hash_of(const sim::Firmware& firmware) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (const sim::Segment& segment : firmware.segments) {
    const std::uint32_t address = segment.address.value;
    XXH3_64bits_update(&state, &address, sizeof address);
    XXH3_64bits_update(&state, segment.bytes.data(), segment.bytes.size());
  }
  return fmt::format("{:016x}", XXH3_64bits_digest(&state));
}

}  // namespace

traces::About about_run(const memory_model::Board& board, const sim::Firmware& firmware,
                        std::string command) {
  traces::About about;
  about.tool = "m7scope " M7SCOPE_VERSION;
  about.command = std::move(command);
  about.board = board.name;
  about.board_title = board.title;
  about.firmware = firmware.path.filename().string();
  about.firmware_hash = hash_of(firmware);
  about.core_hz = board.core_hz;
  if (!firmware.step_table.empty()) {
    const traces::StepTable table = traces::step_table_from_json(firmware.step_table);
    about.model = table.model;
    about.arena_bytes = table.arena_bytes;
    about.arena_lower_bound_bytes = table.arena_lower_bound_bytes;
  }
  return about;
}

std::string command_text(const std::string& command, const std::vector<CommandWord>& words) {
  std::string text = command;
  for (const CommandWord& word : words) {
    if (word.value.empty()) continue;
    text += fmt::format(" {}{}{}", word.flag, word.flag.empty() ? "" : " ",
                        std::filesystem::path(word.value).filename().string());
  }
  return text;
}

}  // namespace cli
