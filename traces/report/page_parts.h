// The pieces of a page: its style, its script, tables and bars.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "isa/cause.h"

namespace traces {

/// CSS of the page, light and dark.
std::string page_css();
/// Sorts a table by the column whose head is clicked.
extern const char* const kSortScript;

/// A cell: its HTML, and what it is sorted by where that is not its text.
struct Cell {
  std::string html;
  std::string sort_key;
};
Cell text_cell(std::string_view text);
Cell number_cell(std::uint64_t n);
Cell decimal_cell(double value, int digits, const char* unit = "");
/// 0..1 as a percentage with a bar behind it.
Cell share_cell(double share);
/// What cycles went to, as a strip of colours.
Cell causes_cell(const isa::CauseCycles& causes);

struct Heading {
  std::string title;
  bool is_number = true;
  std::string explanation;  ///< shown on hovering
  bool wraps = false;       ///< sentences, on several lines
};
class HtmlTable {
 public:
  explicit HtmlTable(std::vector<Heading> headings) : headings_(std::move(headings)) {}
  void add(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  std::size_t size() const { return rows_.size(); }
  std::string to_html() const;

 private:
  std::vector<Heading> headings_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace traces
