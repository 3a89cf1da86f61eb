// Comma-separated values as RFC 4180 has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct CsvRow {
  int line = 1;  ///< where it begins
  std::vector<std::string> fields;
};

/// The rows of `text`, the header first; empty lines are left out. A field in double quotes may hold commas,
/// line ends and doubled quotes. Each row has exactly the fields of `header`, and the first row is `header`.
/// `where` names the file in errors: "mine.csv:7: 4 fields, expected 5 (name,setup,asm,cycles,source)".
/// Returns the rows behind the header. Throws InputError.
std::vector<CsvRow> read_csv(std::string_view text, const std::vector<std::string>& header,
                             const std::string& where);

}  // namespace cli
