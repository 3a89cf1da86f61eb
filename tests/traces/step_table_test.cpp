#include "traces/step_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace traces {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

StepTable small_table() {
  StepTable table;
  table.model = "two \"steps\"";
  table.arena_bytes = 4096;
  table.arena_lower_bound_bytes = 4000;
  table.steps = {{0, "CONV_2D", "first/π", 3, 7, 128, 1024, 123'456'789'012, 3000, {0}, 1},
                 {1, "SOFTMAX", "last", 5, 9, 0, 16, 0, 4000, {1}, 2}};
  table.buffers = {{"in", BufferKind::kInput, 1, 0, 96, 0, 0},
                   {"first", BufferKind::kActivation, 7, 128, 1024, 0, 1},
                   {"last", BufferKind::kOutput, 9, 0, 16, 1, 1},
                   {"scratch of 0", BufferKind::kScratch, -1, 2048, 64, 0, 0}};
  table.inputs = {0};
  table.outputs = {2};
  return table;
}

std::string error_of(std::string_view json) {
  try {
    step_table_from_json(json);
  } catch (const StepTableError& e) {
    return e.what();
  }
  return "";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(StepTable, ReadsBackEqualToWhatWasWritten) {
  EXPECT_EQ(step_table_from_json(to_json(small_table())), small_table());
  EXPECT_EQ(step_table_from_json(to_json(StepTable{})), StepTable{});
}

TEST(StepTable, WritesNamesThatAreNotUtf8) {
  StepTable table = small_table();
  table.steps[0].name = "bad\xff";
  EXPECT_EQ(step_table_from_json(to_json(table)).steps[0].name, "bad\xef\xbf\xbd");
}

TEST(StepTable, NamesTheMissingField) {
  EXPECT_EQ(error_of("{}"), "step table: model: found nothing, expected a value");
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"macs\":0", "\"mac\":0")),
            "step table: steps[1].macs: found nothing, expected a value");
}

TEST(StepTable, NamesTheFieldOfTheWrongType) {
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"arena_bytes\":4096", "\"arena_bytes\":\"4096\"")),
            "step table: arena_bytes: found string, expected an integer");
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"arena_bytes\":4096", "\"arena_bytes\":4096.5")),
            "step table: arena_bytes: found number, expected an integer");
  EXPECT_EQ(error_of("[1,2]"), "step table: document: found array, expected an object");
}

TEST(StepTable, NamesTheValueOutsideItsRange) {
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"bytes\":1024", "\"bytes\":5000")),
            "step table: buffers[1].bytes: found 5000, expected 0 to 3968");
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"kind\":\"output\"", "\"kind\":\"weights\"")),
            "step table: buffers[2].kind: found \"weights\", expected input, activation, output or scratch");
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"id\":1", "\"id\":2")),
            "step table: steps[1].id: found 2, expected 1 to 1");
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"outputs\":[2]", "\"outputs\":[4]")),
            "step table: outputs[0]: found 4, expected 0 to 3");
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"reads\":[1]", "\"reads\":[4]")),
            "step table: steps[1].reads[0]: found 4, expected 0 to 3");
  EXPECT_EQ(error_of(replaced(to_json(small_table()), "\"writes\":2", "\"writes\":-2")),
            "step table: steps[1].writes: found -2, expected -1 to 3");
  EXPECT_THAT(error_of(replaced(to_json(small_table()), "\"macs\":0", "\"macs\":18446744073709551615")),
              HasSubstr("found 18446744073709551615"));
}

TEST(StepTable, ReadsTablesThatDoNotSayWhichBuffersAStepUses) {
  StepTable table = small_table();
  std::string json = to_json(table);
  for (StepRow& row : table.steps) {
    row.reads.clear();
    row.writes = -1;
  }
  json = replaced(json, ",\"reads\":[0],\"writes\":1", "");
  json = replaced(json, ",\"reads\":[1],\"writes\":2", "");
  EXPECT_EQ(step_table_from_json(json), table);
}

TEST(StepTable, KeepsTypesAndShapesAndReadsTablesWithout) {
  StepTable table = small_table();
  table.buffers[1].type = "int8";
  table.buffers[1].shape = "1x4x4x2";
  EXPECT_EQ(step_table_from_json(to_json(table)), table);
  std::string json = to_json(small_table());
  for (std::size_t i = 0; i < table.buffers.size(); ++i)
    json = replaced(json, ",\"type\":\"\",\"shape\":\"\"", "");
  EXPECT_EQ(step_table_from_json(json), small_table());
}

TEST(StepTable, SaysWhereTheJsonIsBroken) {
  const std::string json = to_json(small_table());
  for (std::size_t length = 0; length < json.size(); ++length) {
    EXPECT_THAT(error_of(std::string_view(json).substr(0, length)),
                AllOf(HasSubstr("step table: byte "), HasSubstr("not JSON")))
        << length;
  }
}

}  // namespace
}  // namespace traces
