#include "cli/accuracy/csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/errors.h"

namespace cli {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const std::string& where) : text_(text), where_(where) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);  // a byte-order mark
  }

  bool at_end() const { return at_ == text_.size(); }

  CsvRow row() {
    CsvRow row{line_, {}};
    do {
      row.fields.push_back(field());
    } while (take(','));
    if (!at_end() && !take_line_end()) {
      fail(fmt::format("text behind a closing quote, expected a comma or the end of the line"));
    }
    return row;
  }

 private:
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool take_line_end() {
    const std::size_t before = at_;
    take('\r');
    if (take('\n')) return ++line_, true;
    at_ = before;
    return false;
  }

  std::string field() {
    if (take('"')) return quoted();
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    const std::string_view field = text_.substr(at_, end - at_);
    if (field.find('"') != std::string_view::npos) {
      fail(fmt::format("a quote inside the field {}, expected the whole field in quotes", field));
    }
    at_ = end;
    return std::string(field);
  }

  std::string quoted() {
    const int opened = line_;
    std::string field;
    while (!at_end()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c == '"' && !take('"')) return field;
      field += c;
    }
    line_ = opened;
    fail("a quoted field does not end, expected a closing quote");
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw InputError(fmt::format("{}:{}: {}", where_, line_, what));
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text, const std::vector<std::string>& header,
                             const std::string& where) {
  Reader reader(text, where);
  std::vector<CsvRow> rows;
  bool headed = false;
  while (!reader.at_end()) {
    CsvRow row = reader.row();
    if (row.fields.size() == 1 && row.fields[0].empty()) continue;
    if (!headed) {
      if (row.fields != header) {
        throw InputError(fmt::format("{}:{}: the header is {}, expected {}", where, row.line,
                                     fmt::join(row.fields, ","), fmt::join(header, ",")));
      }
      headed = true;
      continue;
    }
    if (row.fields.size() != header.size()) {
      throw InputError(fmt::format("{}:{}: {} fields, expected {} ({})", where, row.line, row.fields.size(),
                                   header.size(), fmt::join(header, ",")));
    }
    rows.push_back(std::move(row));
  }
  if (!headed) {
    throw InputError(
        fmt::format("{}:1: the file is empty, expected the header {}", where, fmt::join(header, ",")));
  }
  return rows;
}

}  // namespace cli
