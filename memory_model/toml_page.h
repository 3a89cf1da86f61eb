// Reading a TOML page strictly: every error names its line, the thing, what was found and what was expected.
#pragma once

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "memory_model/board.h"

namespace memory_model {

/// One page being read: knows how to point at the place of an error.
class Page {
 public:
  explicit Page(std::string where) : where_(std::move(where)) {}

  [[noreturn]] void fail(const toml::node& at, const std::string& text) const {
    throw BoardError(fmt::format("{}:{}: {}", where_, at.source().begin.line, text));
  }

  void only_keys(const toml::table& table, const std::string& thing,
                 std::initializer_list<std::string_view> known) const {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      fail(value,
           fmt::format("{}: unknown key '{}', expected one of {}", thing, key.str(), fmt::join(known, ", ")));
    }
  }

  const toml::node& need(const toml::table& table, const std::string& thing, std::string_view key) const {
    const toml::node* node = table.get(key);
    if (!node) fail(table, fmt::format("{}: key '{}' is missing", thing, key));
    return *node;
  }

  std::string text(const toml::table& table, const std::string& thing, std::string_view key) const {
    const toml::node& node = need(table, thing, key);
    const auto* value = node.as_string();
    if (!value) fail(node, fmt::format("{}: {} is {}, expected a string", thing, key, kind_of(node)));
    if (value->get().empty()) fail(node, fmt::format("{}: {} is empty", thing, key));
    return value->get();
  }

  std::int64_t number(const toml::table& table, const std::string& thing, std::string_view key) const {
    const toml::node& node = need(table, thing, key);
    const auto* value = node.as_integer();
    if (!value) fail(node, fmt::format("{}: {} is {}, expected an integer", thing, key, kind_of(node)));
    return value->get();
  }

  /// An integer from `low` to `high`.
  int small(const toml::table& in, const std::string& thing, std::string_view key, int low, int high) const {
    const std::int64_t value = number(in, thing, key);
    if (value < low || value > high) {
      fail(*in.get(key), fmt::format("{}: {} {}, expected {} to {}", thing, key, value, low, high));
    }
    return static_cast<int>(value);
  }

  bool flag(const toml::table& in, const std::string& thing, std::string_view key) const {
    const toml::node& node = need(in, thing, key);
    const auto* value = node.as_boolean();
    if (!value) fail(node, fmt::format("{}: {} is {}, expected true or false", thing, key, kind_of(node)));
    return value->get();
  }

  /// A clock of up to 4 GHz.
  double hertz(const toml::table& in, const std::string& thing, std::string_view key) const {
    const std::int64_t value = number(in, thing, key);
    if (value < 1 || value > 4'000'000'000) {
      fail(*in.get(key), fmt::format("{}: {} {}, expected 1 to 4000000000", thing, key, value));
    }
    return static_cast<double>(value);
  }

  /// The one of `known` that the key's text names; `known` are values with a to_string.
  template <class Value>
  Value one_of(const toml::table& in, const std::string& thing, std::string_view key,
               std::initializer_list<Value> known) const {
    const std::string found = text(in, thing, key);
    std::string names;
    for (Value value : known) {
      if (found == to_string(value)) return value;
      names += (names.empty() ? "" : ", ") + std::string(to_string(value));
    }
    fail(*in.get(key), fmt::format("{}: {} '{}', expected one of {}", thing, key, found, names));
  }

  const toml::table& table(const toml::table& in, const std::string& thing, std::string_view key) const {
    const toml::node& node = need(in, thing, key);
    if (!node.is_table())
      fail(node, fmt::format("{}: {} is {}, expected a table", thing, key, kind_of(node)));
    return *node.as_table();
  }

  static std::string kind_of(const toml::node& node) {
    switch (node.type()) {
      case toml::node_type::table:
        return "a table";
      case toml::node_type::array:
        return "an array";
      case toml::node_type::string:
        return "a string";
      case toml::node_type::integer:
        return "an integer";
      case toml::node_type::floating_point:
        return "a float";
      case toml::node_type::boolean:
        return "a boolean";
      default:
        return "a date or time";
    }
  }

  const std::string& where() const { return where_; }

 private:
  std::string where_;
};

}  // namespace memory_model
