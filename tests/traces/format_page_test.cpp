// The program in traces/format.md reads what the writer writes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/traces/sample_trace.h"
#include "tests/traces/temporary_folder.h"

namespace traces {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(FormatPage, HoldsAProgramThatReadsTheSteps) {
  const std::filesystem::path source = M7SCOPE_SOURCE;
  const std::string page = contents(source / "traces/format.md"), fence = "```python\n";
  const std::size_t begin = page.find(fence) + fence.size();
  const TemporaryFolder folder;
  std::ofstream(folder / "steps.py") << page.substr(begin, page.find("```", begin) - begin);
  const Trace trace = sample_trace({.steps = 3});
  write_trace(trace, folder / "a.m7t");
  const std::string command = fmt::format("python3 '{}' '{}' '{}' > '{}'", (folder / "steps.py").string(),
                                          (source / "traces/trace.fbs").string(), (folder / "a.m7t").string(),
                                          (folder / "out").string());
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  std::string expected;
  for (const Step& step : trace.steps)
    expected += fmt::format("{} {} {}\n", trace.text(step.op), trace.text(step.name), step.end - step.begin);
  EXPECT_EQ(contents(folder / "out"), expected);
}

}  // namespace
}  // namespace traces
