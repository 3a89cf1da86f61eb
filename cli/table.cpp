#include "cli/table.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace cli {
namespace {

/// Columns on screen: UTF-8 continuation bytes take no room.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0U) != 0x80U; }));
}

std::string padded(const std::string& text, std::size_t size, Column::Align align) {
  const std::string space(size - std::min(size, width(text)), ' ');
  return align == Column::Align::kRight ? space + text : text + space;
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

void Table::rule() {
  rows_.emplace_back();
}

std::string Table::to_text(bool bold_head) const {
  std::vector<std::size_t> sizes;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t size = width(columns_[c].title);
    for (const auto& row : rows_) {
      if (!row.empty()) size = std::max(size, width(row[c]));
    }
    sizes.push_back(size);
  }
  const auto line = [&](const auto& cell) {
    std::string text;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      text += (c == 0 ? "" : "  ") + padded(cell(c), sizes[c], columns_[c].align);
    }
    return text.substr(0, text.find_last_not_of(' ') + 1);
  };
  std::string rule;
  for (std::size_t c = 0; c < sizes.size(); ++c) rule += (c == 0 ? "" : "  ") + std::string(sizes[c], '-');

  const std::string head = line([&](std::size_t c) { return columns_[c].title; });
  std::string text = (bold_head ? "\x1b[1m" + head + "\x1b[0m" : head) + "\n" + rule + "\n";
  for (const auto& row : rows_) {
    text += (row.empty() ? rule : line([&](std::size_t c) { return row[c]; })) + "\n";
  }
  return text;
}

bool stdout_is_colourful() {
  return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
}

}  // namespace cli
