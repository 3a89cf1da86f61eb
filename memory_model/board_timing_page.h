// The part of a board page that says what memory costs: caches, buses, clocks, flash, external memories.
#pragma once

#include <string>

#include "memory_model/board.h"
#include "memory_model/toml_page.h"

namespace memory_model {

/// Family, MPU, caches, buses, flash and operating points. Throws BoardError.
void read_timing(const Page& page, const toml::table& root, Board& board);
/// A region's bus and what kind of memory answers there; the board's buses are read. Throws BoardError.
void read_region_timing(const Page& page, const toml::table& table, const std::string& thing,
                        const Board& board, Region& region);

}  // namespace memory_model
