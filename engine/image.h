// Plan -> C -> ELF: the sources a user flashes, and the image built from them.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

#include "engine/plan.h"
#include "memory_model/board.h"

namespace engine {

/// File name -> text: model.c, model.h, weights.c, main.c, start-up, kernels' headers, link.ld, Makefile,
/// steps.json (the step table).
using SourceTree = std::map<std::string, std::string>;

/// The plan needs more memory than the board has. The text gives each memory, what it needs, has and misses.
class DoesNotFit : public std::runtime_error {
 public:
  DoesNotFit(const std::string& text, std::string region, isa::Bytes missing)
      : std::runtime_error(text), region(std::move(region)), missing(missing) {}
  std::string region;
  isa::Bytes missing;
};

/// The cross-compiler is absent or failed: the text has its first error line.
class BuildError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Generates the complete, self-contained source tree for `board`.
SourceTree generate(const reference::Graph& graph, const Plan& plan, const memory_model::Board& board);

/// Images kept in the cache; the least recently used go first.
inline constexpr int kCacheImages = 64;

struct Image {
  std::filesystem::path elf;
  std::filesystem::path map;
  isa::Bytes flash;        ///< code, constants and initial values of .data
  isa::Bytes copied_code;  ///< of it, code that start-up copies to the memory it executes in
  isa::Bytes data;         ///< .data + .bss without arena and stack
  isa::Bytes arena;
  isa::Bytes stack_reserved;
  bool from_cache = false;
};

/// Compiles and links with arm-none-eabi-gcc. Built images are kept by content in `cache` (default: m7scope's
/// folder in the user's cache directory, at most kCacheImages of them). Throws DoesNotFit, BuildError.
Image build(const SourceTree& sources, const Plan& plan, const memory_model::Board& board,
            const std::filesystem::path& cache = {});

}  // namespace engine
