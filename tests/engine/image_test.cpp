// From plan to ELF: what is generated, built, kept and refused.
#include "engine/image.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "engine/codegen/sources.h"
#include "engine/passes.h"
#include "engine/toolchain/cache.h"
#include "engine/toolchain/process.h"
#include "reference/interpret.h"
#include "reference/random_graph.h"
#include "reference/zoo.h"
#include "tests/engine/graphs.h"
#include "tests/engine/host_engine.h"

namespace engine {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

struct Engine {
  reference::Graph graph;
  Plan plan;
  SourceTree sources;
};

Engine engine_of(const reference::Graph& graph, const memory_model::Board& board) {
  Engine engine{graph, plan(graph, lower(graph)), {}};
  engine.sources = generate(graph, engine.plan, board);
  return engine;
}

reference::Graph small_graph() {
  GraphBuilder b("small");
  const int in = b.input({1, 6, 6, 3});
  return b.finish({b.add(b.conv(in, 4, 3), b.conv(in, 4, 1))});
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

memory_model::Region region(const std::string& name, memory_model::RegionKind kind, std::uint32_t base,
                            std::int64_t size) {
  memory_model::Region region;
  region.name = name;
  region.kind = kind;
  region.base = isa::Address(base);
  region.size = isa::Bytes(size);
  return region;
}

// A board with `flash` bytes of flash, and stack and arena in one or in two memories. Made by hand, since a
// board page takes whole KiB only.
memory_model::Board tiny_board(std::int64_t flash, std::int64_t ram, std::int64_t arena = 0) {
  using memory_model::RegionKind;
  memory_model::Board board;
  board.name = "tiny";
  board.title = "Tiny";
  board.regions = {region("flash", RegionKind::kFlash, 0x08000000, flash),
                   region("RAM", RegionKind::kSram, 0x20000000, ram)};
  board.placement = {{"flash"}, {"flash"}, {"RAM"}, {"RAM"}};
  if (arena > 0) {
    board.regions.push_back(region("AXI", RegionKind::kSram, 0x24000000, arena));
    board.placement.arena = {"AXI"};
  }
  return board;
}

TEST(SourceTree, HoldsEverythingThatAUserFlashes) {
  const Engine engine = engine_of(small_graph(), memory_model::load_board("stm32f746"));
  for (const char* name : {"model.c", "model.h", "weights.c", "weights.h", "main.c", "m7_startup.c",
                           "m7_semihosting.c", "m7_itm.c", "m7_string.c", "m7_runtime.h", "m7_cache.c",
                           "m7_clock.h", "link.ld", "Makefile", "steps.S", "steps.json"}) {
    EXPECT_TRUE(engine.sources.contains(name)) << name;
  }
  EXPECT_EQ(traces::step_table_from_json(engine.sources.at("steps.json")),
            step_table(engine.graph, engine.plan));
  EXPECT_THAT(engine.sources.at("m7_runtime.h"),
              HasSubstr(fmt::format("#define M7_STEP_PORT {}\n", traces::kStepPort)));
  EXPECT_THAT(engine.sources.at("model.h"), HasSubstr("#define M7_MODEL_INPUT_0_SIZE 108"));
  EXPECT_THAT(engine.sources.at("model.c"), AllOf(HasSubstr("m7_step_mark(0);"), HasSubstr("step_2_ADD();")));
}

TEST(SourceTree, StartsTheClocksOfTheBoardsFamily) {
  memory_model::Board board = memory_model::load_board("stm32h743");
  const SourceTree h743 = engine_of(small_graph(), board).sources;
  EXPECT_TRUE(h743.contains("m7_clock_stm32h743.c") && h743.contains("m7_stm32h7.h"));
  EXPECT_FALSE(h743.contains("m7_clock_none.c"));
  EXPECT_TRUE(
      engine_of(small_graph(), memory_model::load_board("stm32f746")).sources.contains("m7_clock_stm32f7.c"));
  board.family = "made_up";
  EXPECT_TRUE(engine_of(small_graph(), board).sources.contains("m7_clock_none.c"));
}

TEST(SourceTree, IsTheSameEveryTime) {
  const memory_model::Board board = memory_model::load_board("stm32h743");
  EXPECT_EQ(engine_of(reference::random_graph(5), board).sources,
            engine_of(reference::random_graph(5), board).sources);
}

TEST(SourceTree, TakesNothingFromTheModelsNamesIntoTheCode) {
  reference::Graph graph = small_graph();
  graph.name = "*/ #error \"name\" \\\n/";
  for (reference::Tensor& t : graph.tensors) t.name = "*/\n#error \"tensor\"\n/*";
  const memory_model::Board board = memory_model::load_board("stm32f746");
  const TemporaryFolder cache;
  const Engine engine = engine_of(graph, board);
  EXPECT_NO_THROW(build(engine.sources, engine.plan, board, cache.path()));
}

TEST(Build, GivesAnImageWithItsSizes) {
  for (const char* name : {"stm32f746", "stm32h743", "mps2-an500"}) {
    const memory_model::Board board = memory_model::load_board(name);
    const TemporaryFolder cache;
    const Engine engine = engine_of(small_graph(), board);
    const Image image = build(engine.sources, engine.plan, board, cache.path());
    EXPECT_FALSE(image.from_cache);
    EXPECT_EQ(image.arena, engine.plan.arena) << name;
    EXPECT_EQ(image.stack_reserved.value, kStackBytes);
    EXPECT_GT(image.flash.value, 2000);
    EXPECT_LT(image.flash.value, 20'000);
    EXPECT_LT(image.data.value, 512) << "weights belong in flash";
    EXPECT_THAT(contents(image.map), HasSubstr("m7_arena"));
  }
}

TEST(Build, ExportsTheSymbolsThatObserversNeed) {
  const memory_model::Board board = memory_model::load_board("stm32f746");
  const TemporaryFolder cache;
  const Engine engine = engine_of(small_graph(), board);
  const Image image = build(engine.sources, engine.plan, board, cache.path());
  const std::string symbols = run_process({"arm-none-eabi-nm", image.elf.string()}, ".").output;
  for (const char* symbol :
       {"m7_vectors", "m7_arena", "m7_model_invoke", "step_0_CONV_2D", "__stack_bottom", "__stack_top"}) {
    EXPECT_THAT(symbols, HasSubstr(symbol));
  }
  // The vector table is where the core looks for it, the stack at the bottom of its block.
  EXPECT_THAT(symbols, HasSubstr("08000000 R m7_vectors"));
  EXPECT_THAT(symbols, HasSubstr("20000000 B __stack_bottom"));
  const std::string section =
      run_process({"arm-none-eabi-objcopy", "-O", "binary", "--only-section=.m7scope.steps",
                   "--set-section-flags", ".m7scope.steps=alloc", image.elf.string(), "/dev/stdout"},
                  ".")
          .output;
  EXPECT_EQ(section, engine.sources.at("steps.json"));
}

// "08000400" of the line "08000400 T m7_model_invoke"; empty where there is none.
std::string address_of(const std::string& symbols, const std::string& name) {
  const std::size_t at = symbols.find(" " + name + "\n");
  return at == std::string::npos || at < 10 ? "" : symbols.substr(at - 10, 8);
}

struct Built {
  Image image;
  std::string symbols, segments;
};

Built built_in(const std::string& placement, const fs::path& cache) {
  memory_model::Board board = memory_model::load_board("stm32f746");
  board.placement = board.placements.at(placement);
  const Engine engine = engine_of(small_graph(), board);
  Built built{build(engine.sources, engine.plan, board, cache), "", ""};
  built.symbols = run_process({"arm-none-eabi-nm", built.image.elf.string()}, ".").output;
  built.segments = run_process({"arm-none-eabi-readelf", "-lW", built.image.elf.string()}, ".").output;
  return built;
}

TEST(Placement, RunsCodeThroughTheAliasOfTheFlashThatHoldsIt) {
  const TemporaryFolder cache;
  const Built built = built_in("flash_itcm", cache.path());
  EXPECT_EQ(address_of(built.symbols, "m7_vectors"), "08000000");
  EXPECT_THAT(address_of(built.symbols, "m7_model_invoke"), testing::StartsWith("0020"));
  EXPECT_THAT(address_of(built.symbols, "m7_reset"), testing::StartsWith("0020"));
  EXPECT_THAT(address_of(built.symbols, "m7_model_inputs"), testing::StartsWith("0800"));
  // Code executes right behind the vector table's alias, and is programmed right behind the vector table.
  EXPECT_THAT(built.segments, HasSubstr("0x00200400 0x08000400"));
  EXPECT_EQ(built.image.copied_code.value, 0);
  EXPECT_EQ(built.image.flash, built_in("default", cache.path()).image.flash);
}

TEST(Placement, CopiesTheNetworkAndLeavesStartUpInFlash) {
  const TemporaryFolder cache;
  const Built built = built_in("itcm_code", cache.path());
  EXPECT_EQ(address_of(built.symbols, "m7_vectors"), "08000000");
  EXPECT_THAT(address_of(built.symbols, "m7_model_invoke"), testing::StartsWith("0000"));
  EXPECT_THAT(address_of(built.symbols, "memcpy"), testing::AnyOf("", testing::StartsWith("0000")));
  for (const char* stays : {"m7_reset", "main", "m7_model_inputs", "__code_load"}) {
    EXPECT_THAT(address_of(built.symbols, stays), testing::StartsWith("0800")) << stays;
  }
  EXPECT_EQ(address_of(built.symbols, "__code_start"), "00000000");
  EXPECT_EQ(address_of(built.symbols, "__code_end"), fmt::format("{:08x}", built.image.copied_code.value));
  EXPECT_GT(built.image.copied_code.value, 500);
}

TEST(Placement, PutsTheArenaWhereItSays) {
  const TemporaryFolder cache;
  EXPECT_EQ(address_of(built_in("sram1_arena", cache.path()).symbols, "m7_arena"), "20010000");
  EXPECT_EQ(address_of(built_in("dtcm_arena", cache.path()).symbols, "m7_arena"), "20001000");
}

TEST(Build, TakesAnImageFromTheCacheWhereNothingChanged) {
  const memory_model::Board board = memory_model::load_board("stm32f746");
  const TemporaryFolder cache;
  Engine engine = engine_of(small_graph(), board);
  const Image first = build(engine.sources, engine.plan, board, cache.path());
  const Image second = build(engine.sources, engine.plan, board, cache.path());
  EXPECT_FALSE(first.from_cache);
  EXPECT_TRUE(second.from_cache);
  EXPECT_EQ(second.elf, first.elf);
  EXPECT_EQ(second.flash, first.flash);
  engine.sources["main.c"] += "/* changed */\n";
  EXPECT_FALSE(build(engine.sources, engine.plan, board, cache.path()).from_cache);
  // A damaged image is built again.
  std::ofstream(first.elf, std::ios::trunc) << "not an ELF";
  engine.sources = generate(engine.graph, engine.plan, board);
  const Image repaired = build(engine.sources, engine.plan, board, cache.path());
  EXPECT_FALSE(repaired.from_cache);
  EXPECT_EQ(repaired.flash, first.flash);
}

TEST(Build, GivesEqualFilesWhereverItBuilds) {
  const memory_model::Board board = memory_model::load_board("stm32f746");
  const TemporaryFolder here, there;
  const Engine engine = engine_of(small_graph(), board);
  EXPECT_EQ(contents(build(engine.sources, engine.plan, board, here.path()).elf),
            contents(build(engine.sources, engine.plan, board, there.path() / "deep" / "er").elf));
}

TEST(Build, IsSafeInParallelAndLeavesNothingHalfDone) {
  const memory_model::Board board = memory_model::load_board("stm32f746");
  const TemporaryFolder cache;
  const Engine engine = engine_of(small_graph(), board);
  std::vector<std::thread> threads;
  std::vector<Image> images(4);
  for (Image& image : images) {
    threads.emplace_back([&] { image = build(engine.sources, engine.plan, board, cache.path()); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Image& image : images) EXPECT_EQ(image.elf, images[0].elf);
  EXPECT_EQ(std::distance(fs::directory_iterator(cache.path()), {}), 1);
  EXPECT_EQ(std::distance(fs::directory_iterator(images[0].elf.parent_path()), {}), 2);
}

TEST(Build, NamesTheFirstErrorAndLeavesNoFolder) {
  const memory_model::Board board = memory_model::load_board("stm32f746");
  const TemporaryFolder cache;
  Engine engine = engine_of(small_graph(), board);
  engine.sources["main.c"] = "int main(void) { return undeclared; }\n";
  try {
    build(engine.sources, engine.plan, board, cache.path());
    FAIL();
  } catch (const BuildError& e) {
    EXPECT_THAT(e.what(),
                AllOf(HasSubstr("main.c:1:25: error: "), HasSubstr("undeclared"), Not(HasSubstr("\n"))));
  }
  engine.sources["main.c"] = "void missing(void);\nint main(void) { missing(); }\n";
  try {
    build(engine.sources, engine.plan, board, cache.path());
    FAIL();
  } catch (const BuildError& e) {
    EXPECT_THAT(e.what(), HasSubstr("undefined reference to `missing'"));
  }
  EXPECT_TRUE(fs::is_empty(cache.path()));
}

TEST(Build, SaysWhenThereIsNoCompiler) {
  const memory_model::Board board = memory_model::load_board("stm32f746");
  const TemporaryFolder cache;
  const Engine engine = engine_of(small_graph(), board);
  const std::string path = getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  std::string text;
  try {
    build(engine.sources, engine.plan, board, cache.path());
  } catch (const BuildError& e) {
    text = e.what();
  }
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(text,
            "arm-none-eabi-gcc: cannot be started (No such file or directory); install the package "
            "gcc-arm-none-eabi");
}

TEST(Build, SaysWhenTheCacheCannotBeWritten) {
  const memory_model::Board board = memory_model::load_board("stm32f746");
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "in the way";
  const Engine engine = engine_of(small_graph(), board);
  try {
    build(engine.sources, engine.plan, board, folder.path() / "file" / "cache");
    FAIL();
  } catch (const BuildError& e) {
    EXPECT_THAT(e.what(), AllOf(HasSubstr("cache folder "), HasSubstr("Not a directory")));
  }
}

// `application` takes the place of the runner's `int main(void) {`.
std::string does_not_fit(const reference::Graph& graph, const memory_model::Board& board, isa::Bytes& missing,
                         std::string& region, const std::string& application = "int main(void) {") {
  const TemporaryFolder cache;
  Engine engine = engine_of(graph, board);
  std::string& main = engine.sources.at("main.c");
  const std::string head = "int main(void) {";
  main.replace(main.find(head), head.size(), application);
  try {
    build(engine.sources, engine.plan, board, cache.path());
  } catch (const DoesNotFit& e) {
    missing = e.missing;
    region = e.region;
    EXPECT_TRUE(!fs::exists(cache.path()) || fs::is_empty(cache.path()));
    return e.what();
  }
  return "it fits";
}

TEST(DoesNotFit, NamesTheMemoryAndTheMissingBytes) {
  const reference::Graph graph = small_graph();
  const std::int64_t arena = plan(graph, lower(graph)).arena.value;
  isa::Bytes missing;
  std::string region;
  EXPECT_EQ(
      does_not_fit(graph, tiny_board(1 << 20, 4096 + 100), missing, region),
      fmt::format(
          "small does not fit: SRAM: needs {} bytes (arena {} + stack 4096), tiny has 4196 (RAM): {} bytes "
          "missing",
          arena + 4096, arena, arena - 100));
  EXPECT_EQ(missing.value, arena - 100);
  EXPECT_EQ(region, "RAM");
  EXPECT_EQ(
      does_not_fit(graph, tiny_board(1 << 20, 4000, 64), missing, region),
      fmt::format(
          "small does not fit: SRAM: needs {0} bytes (arena), tiny has 64 (AXI): {1} bytes missing; SRAM: "
          "needs 4096 bytes (stack), tiny has 4000 (RAM): 96 bytes missing",
          arena, arena - 64));
  EXPECT_EQ(region, "AXI");
}

TEST(DoesNotFit, CountsFlashAndDataAfterTheLink) {
  const reference::Graph graph = small_graph();
  const std::int64_t arena = plan(graph, lower(graph)).arena.value;
  isa::Bytes missing;
  std::string region;
  const std::string text = does_not_fit(graph, tiny_board(2048, 65536), missing, region);
  EXPECT_THAT(text,
              AllOf(HasSubstr("small does not fit: flash: needs "), HasSubstr("tiny has 2048 (flash)")));
  EXPECT_EQ(region, "flash");
  // With exactly that much more it does fit.
  EXPECT_EQ(does_not_fit(graph, tiny_board(2048 + missing.value, 65536), missing, region), "it fits");
  // Arena and stack alone fit to the byte, but an application may have data of its own.
  const std::int64_t ram = arena + 4096 + 8;
  EXPECT_EQ(does_not_fit(graph, tiny_board(1 << 20, ram), missing, region), "it fits");
  const std::string application = "static volatile char own[64];\nint main(void) {\n  own[0] = 1;";
  EXPECT_THAT(does_not_fit(graph, tiny_board(1 << 20, ram), missing, region, application),
              HasSubstr(fmt::format("(arena {} + stack 4096 + data), tiny has {} (RAM)", arena, ram)));
  EXPECT_EQ(does_not_fit(graph, tiny_board(1 << 20, ram + missing.value), missing, region, application),
            "it fits");
}

TEST(DoesNotFit, CountsTheCodeThatIsCopied) {
  using memory_model::RegionKind;
  memory_model::Board board = tiny_board(1 << 20, 65536);
  const auto with_itcm = [&board](std::int64_t bytes) {
    memory_model::Board other = board;
    other.regions.push_back(region("ITCM", RegionKind::kItcm, 0, bytes));
    other.placement.code = {"ITCM"};
    return other;
  };
  const reference::Graph graph = small_graph();
  isa::Bytes missing;
  std::string region;
  const std::string text = does_not_fit(graph, with_itcm(512), missing, region);
  EXPECT_EQ(text,
            fmt::format("small does not fit: code: needs {} bytes, tiny has 512 (ITCM): {} bytes missing",
                        512 + missing.value, missing));
  EXPECT_EQ(region, "ITCM");
  EXPECT_EQ(does_not_fit(graph, with_itcm(512 + missing.value), missing, region), "it fits");
  // Both memories too small: the text has both.
  board = tiny_board(2048, 65536);
  EXPECT_THAT(does_not_fit(graph, with_itcm(512), missing, region),
              AllOf(HasSubstr("tiny has 2048 (flash)"), HasSubstr("tiny has 512 (ITCM)")));
}

TEST(DoesNotFit, NeverCountsTheArenaAsFlash) {
  GraphBuilder b("large arena");
  const reference::Graph graph = b.finish({b.conv(b.input({1, 100, 100, 8}), 8, 1)});
  isa::Bytes missing;
  std::string region;
  EXPECT_EQ(does_not_fit(graph, tiny_board(32'768, 200'000), missing, region), "it fits");
  EXPECT_EQ(does_not_fit(graph, tiny_board(32'768, 8192, 200'000), missing, region), "it fits");
}

TEST(Cache, KeepsTheMostRecentlyUsedImages) {
  const TemporaryFolder cache;
  for (int i = 0; i < 6; ++i) {
    const fs::path folder = cache.path() / fmt::format("{:032x}", i);
    fs::create_directory(folder);
    fs::last_write_time(folder, fs::file_time_type::clock::now() - std::chrono::minutes(10 * (6 - i)));
  }
  fs::create_directory(cache.path() / "work-old");
  fs::last_write_time(cache.path() / "work-old", fs::file_time_type::clock::now() - std::chrono::hours(30));
  fs::create_directory(cache.path() / "work-new");
  fs::create_directory(cache.path() / "somebody-elses");
  touch(cache.path() / fmt::format("{:032x}", 0));
  prune(cache.path(), 3);
  const auto exists = [&](int i) { return fs::exists(cache.path() / fmt::format("{:032x}", i)); };
  EXPECT_TRUE(exists(0));
  EXPECT_FALSE(exists(1) || exists(2) || exists(3));
  EXPECT_TRUE(exists(4) && exists(5));
  EXPECT_FALSE(fs::exists(cache.path() / "work-old"));
  EXPECT_TRUE(fs::exists(cache.path() / "work-new"));
  EXPECT_TRUE(fs::exists(cache.path() / "somebody-elses"));
}

TEST(Cache, HashesWhatAndWhere) {
  EXPECT_EQ(content_hash({"ab", "c"}).size(), 32U);
  EXPECT_EQ(content_hash({"ab", "c"}), content_hash({"ab", "c"}));
  EXPECT_NE(content_hash({"ab", "c"}), content_hash({"a", "bc"}));
}

TEST(Makefile, BuildsTheSameEngine) {
  if (run_process({"sh", "-c", "command -v make"}, ".").exit_code != 0)
    FAIL() << "make is not installed (bash tools/setup.sh)";
  const memory_model::Board board = memory_model::load_board("stm32h743");
  const TemporaryFolder folder, cache;
  const Engine engine = engine_of(small_graph(), board);
  for (const auto& [name, text] : engine.sources)
    std::ofstream(folder.path() / name, std::ios::binary) << text;
  const ProcessResult made = run_process({"make"}, folder.path());
  ASSERT_EQ(made.exit_code, 0) << made.output;
  EXPECT_THAT(made.output, Not(HasSubstr("warning")));
  const Image image = build(engine.sources, engine.plan, board, cache.path());
  EXPECT_EQ(static_cast<std::int64_t>(fs::file_size(folder.path() / "model.bin")), image.flash.value);
}

// The lines that the runner prints, from the reference.
std::string expected_output(const Engine& engine, const std::vector<reference::TensorData>& tensors) {
  std::string text;
  for (std::size_t i = 0; i < engine.plan.program.outputs.size(); ++i) {
    const reference::TensorData& data = tensors[static_cast<std::size_t>(engine.plan.program.outputs[i])];
    std::uint32_t crc = 0xffffffff;
    for (const std::uint8_t byte : data) {
      crc ^= byte;
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    const auto& shape = engine.graph.tensor(engine.plan.program.outputs[i]).shape;
    text += fmt::format("output {}: int8 [{}] crc32={:08x}:", i, fmt::join(shape, ","), ~crc);
    for (std::size_t k = 0; k < std::min<std::size_t>(16, data.size()); ++k) {
      text += fmt::format(" {}", static_cast<std::int8_t>(data[k]));
    }
    text += "\n";
  }
  return text;
}

TEST(Runner, PrintsTheReferencesOutputsUnderQemu) {
  if (run_process({"sh", "-c", "command -v qemu-system-arm"}, ".").exit_code != 0) {
    FAIL() << "qemu-system-arm is not installed (bash tools/setup.sh)";
  }
  const memory_model::Board board = memory_model::load_board("mps2-an500");
  for (const reference::Graph& graph :
       {reference::zoo_model("mlperf-kws-dscnn"), reference::random_graph(11), reference::odd_network(1)}) {
    const TemporaryFolder folder, cache;
    const Engine engine = engine_of(graph, board);
    const Image image = build(engine.sources, engine.plan, board, cache.path());
    const auto tensors = reference::interpret(graph, reference::seeded_inputs(graph, 9));
    std::string input, output;
    for (const int t : engine.plan.program.inputs) {
      const auto& data = tensors[static_cast<std::size_t>(t)];
      input.append(data.begin(), data.end());
    }
    for (const int t : engine.plan.program.outputs) {
      const auto& data = tensors[static_cast<std::size_t>(t)];
      output.append(data.begin(), data.end());
    }
    const std::vector<std::string> qemu = {"timeout",
                                           "60",
                                           "qemu-system-arm",
                                           "-M",
                                           "mps2-an500",
                                           "-nographic",
                                           "-semihosting-config",
                                           "enable=on,target=native",
                                           "-kernel",
                                           image.elf.string()};
    const ProcessResult without = run_process(qemu, folder.path());
    EXPECT_EQ(without.exit_code, 2);
    EXPECT_EQ(without.output, "m7: input.bin: cannot be opened for reading\n");
    std::ofstream(folder.path() / "input.bin", std::ios::binary) << input;
    const ProcessResult ran = run_process(qemu, folder.path());
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_EQ(ran.output, expected_output(engine, tensors)) << graph.name;
    EXPECT_EQ(contents(folder.path() / "output.bin"), output) << graph.name;
  }
}

}  // namespace
}  // namespace engine
