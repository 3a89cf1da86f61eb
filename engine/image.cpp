#include "engine/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include "engine/codegen/sources.h"
#include "engine/toolchain/cache.h"
#include "engine/toolchain/elf_sizes.h"
#include "engine/toolchain/process.h"

namespace engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCompiler = "arm-none-eabi-gcc";

// One memory that is too small.
struct Shortage {
  std::string region, text;
  isa::Bytes missing;
};

Shortage shortage(const std::string& what, const memory_model::Board& board, const memory_model::Block& block,
                  isa::Bytes missing, const std::string& parts) {
  return {block.name,
          fmt::format("{}: needs {} bytes{}, {} has {} ({}): {} bytes missing", what, block.size + missing,
                      parts, board.name, block.size, block.name, missing),
          missing};
}

[[noreturn]] void throw_does_not_fit(const std::string& model, const std::vector<Shortage>& shortages) {
  std::string text = fmt::format("{} does not fit: ", model);
  for (const Shortage& s : shortages) text += (&s == &shortages.front() ? "" : "; ") + s.text;
  throw DoesNotFit(text, shortages.front().region, shortages.front().missing);
}

// What can be known before anything is compiled.
void check_ram(const Plan& plan, const memory_model::Board& board) {
  const memory_model::Block stack = board.block(board.placement.stack);
  const memory_model::Block arena = board.block(board.placement.arena);
  const isa::Bytes reserve(kStackBytes);
  std::vector<Shortage> shortages;
  if (board.placement.stack == board.placement.arena) {
    const isa::Bytes missing = plan.arena + reserve - arena.size;
    if (missing > isa::Bytes(0)) {
      shortages.push_back(shortage("SRAM", board, arena, missing,
                                   fmt::format(" (arena {} + stack {})", plan.arena, reserve)));
    }
  } else {
    if (plan.arena > arena.size) {
      shortages.push_back(shortage("SRAM", board, arena, plan.arena - arena.size, " (arena)"));
    }
    if (reserve > stack.size) {
      shortages.push_back(shortage("SRAM", board, stack, reserve - stack.size, " (stack)"));
    }
  }
  if (!shortages.empty()) throw_does_not_fit(plan.model, shortages);
}

// ld says "region `FLASH' overflowed by 1234 bytes", once per memory that is too small.
void check_overflow(const std::string& linker_output, const Plan& plan, const memory_model::Board& board) {
  const auto missing_in = [&linker_output](const std::string& memory) {
    const std::string sign = fmt::format("region `{}' overflowed by ", memory);
    const std::size_t at = linker_output.find(sign);
    return isa::Bytes(
        at == std::string::npos ? 0 : std::strtoll(linker_output.c_str() + at + sign.size(), nullptr, 10));
  };
  const std::string parts = fmt::format(" (arena {} + stack {} + data)", plan.arena, kStackBytes);
  const struct {
    const char *memory, *what;
    const std::vector<std::string>& regions;
    std::string parts;
  } rows[] = {{"FLASH", "flash", board.placement.constants, ""},
              {"CODE", "code", board.placement.code, ""},
              {"RAM", "SRAM", board.placement.stack, parts},
              {"ARENA", "SRAM", board.placement.arena, parts}};
  std::vector<Shortage> shortages;
  for (const auto& row : rows) {
    const isa::Bytes missing = missing_in(row.memory);
    if (missing > isa::Bytes(0)) {
      shortages.push_back(shortage(row.what, board, board.block(row.regions), missing, row.parts));
    }
  }
  if (!shortages.empty()) throw_does_not_fit(plan.model, shortages);
}

// The line of a failed compilation or link that says why.
std::string first_error_line(const ProcessResult& failed) {
  std::string first;
  std::istringstream lines(failed.output);
  for (std::string line; std::getline(lines, line);) {
    if (first.empty()) first = line;
    for (const char* sign : {"error", "undefined reference", "cannot "}) {
      if (line.find(sign) != std::string::npos) return line;
    }
  }
  return first.empty() ? fmt::format("{} ended with code {}", kCompiler, failed.exit_code) : first;
}

ProcessResult run_compiler(const std::vector<std::string>& arguments, const fs::path& folder) {
  try {
    return run_process(arguments, folder);
  } catch (const std::system_error& e) {
    throw BuildError(fmt::format("{}: cannot be started ({}); install the package gcc-arm-none-eabi",
                                 kCompiler, e.code().message()));
  }
}

const std::string& compiler_version() {
  static const std::string version = [] {
    const ProcessResult result = run_compiler({kCompiler, "--version"}, ".");
    if (result.exit_code != 0) throw BuildError(fmt::format("{} --version: {}", kCompiler, result.output));
    return result.output.substr(0, result.output.find('\n'));
  }();
  return version;
}

std::vector<std::string> command(const memory_model::Board& board, const fs::path& folder,
                                 const std::vector<std::string>& rest) {
  std::vector<std::string> arguments = {kCompiler};
  const std::vector<std::string> flags = compiler_flags(board);
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  // Equal content gives an equal file wherever it is built.
  if (!folder.empty()) arguments.push_back("-ffile-prefix-map=" + folder.string() + "=.");
  arguments.insert(arguments.end(), rest.begin(), rest.end());
  return arguments;
}

void write_tree(const SourceTree& sources, const fs::path& folder) {
  for (const auto& [name, text] : sources) {
    std::ofstream file(folder / name, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    if (!file) throw BuildError(fmt::format("{}: cannot be written", (folder / name).string()));
  }
}

// Compiles the units on a few threads; returns the object files. Throws the first unit's error.
std::vector<std::string> compile(const SourceTree& sources, const memory_model::Board& board,
                                 const fs::path& folder) {
  std::vector<std::string> units, objects;
  for (const auto& [name, text] : sources) {
    if (!name.ends_with(".c") && !name.ends_with(".S")) continue;
    units.push_back(name);
    objects.push_back(name.substr(0, name.size() - 2) + ".o");
  }
  std::vector<std::string> errors(units.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < units.size(); i = next++) {
      try {
        const ProcessResult result =
            run_compiler(command(board, folder, {"-w", "-c", "-o", objects[i], units[i]}), folder);
        if (result.exit_code != 0) errors[i] = fmt::format("{}: {}", units[i], first_error_line(result));
      } catch (const BuildError& e) {
        errors[i] = e.what();
      }
    }
  };
  std::vector<std::thread> threads;
  const unsigned count = std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
  for (unsigned i = 1; i < count; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  for (const std::string& error : errors) {
    if (!error.empty()) throw BuildError(error);
  }
  return objects;
}

std::optional<Image> image_in(const fs::path& folder) {
  Image image;
  image.elf = folder / "model.elf";
  image.map = folder / "model.map";
  const std::optional<ElfSizes> sizes = elf_sizes(image.elf);
  if (!sizes) return std::nullopt;
  image.flash = sizes->flash;
  image.copied_code = sizes->copied_code;
  image.data = sizes->data;
  image.arena = sizes->arena;
  image.stack_reserved = sizes->stack;
  return image;
}

}  // namespace

Image build(const SourceTree& sources, const Plan& plan, const memory_model::Board& board,
            const fs::path& cache) {
  check_ram(plan, board);
  const fs::path images = cache.empty() ? default_cache() : cache;
  std::vector<std::string> parts = command(board, "", linker_flags());
  parts.push_back(compiler_version());
  for (const auto& [name, text] : sources) {
    parts.push_back(name);
    parts.push_back(text);
  }
  const std::string hash = content_hash(parts);
  if (auto image = image_in(images / hash)) {
    touch(images / hash);
    image->from_cache = true;
    return *image;
  }

  WorkFolder work(images);
  write_tree(sources, work.path());
  std::vector<std::string> link = linker_flags();
  link.insert(link.end(), {"-Wl,-Map=model.map", "-o", "model.elf"});
  const std::vector<std::string> objects = compile(sources, board, work.path());
  link.insert(link.end(), objects.begin(), objects.end());
  link.push_back("-lgcc");
  const ProcessResult linked = run_compiler(command(board, work.path(), link), work.path());
  if (linked.exit_code != 0) {
    check_overflow(linked.output, plan, board);
    throw BuildError(fmt::format("link: {}", first_error_line(linked)));
  }
  for (const std::string& object : objects) fs::remove(work.path() / object);
  for (const auto& [name, text] : sources) fs::remove(work.path() / name);
  fs::path folder = work.keep_as(hash);
  if (!image_in(folder)) {  // a damaged image was in the way
    fs::remove_all(folder);
    folder = work.keep_as(hash);
  }
  prune(images, kCacheImages);
  const auto image = image_in(folder);
  if (!image)
    throw BuildError(fmt::format("{}: not an ELF file after the link", (folder / "model.elf").string()));
  return *image;
}

}  // namespace engine
