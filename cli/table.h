// A table for people: columns sized to their content, numbers to the right.
#pragma once

#include <string>
#include <vector>

#include "traces/text.h"

namespace cli {

struct Column {
  enum class Align { kLeft, kRight };
  std::string title;
  Align align = Align::kRight;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// One cell per column; missing cells are empty.
  void add(std::vector<std::string> cells);
  /// A line between rows.
  void rule();
  /// `bold_head`: escape codes around the heading (terminals only).
  std::string to_text(bool bold_head = false) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // an empty row is a rule
};

using traces::grouped;
/// Whether standard output wants colour: a terminal, and NO_COLOR unset.
bool stdout_is_colourful();

}  // namespace cli
