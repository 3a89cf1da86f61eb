#include "reference/zoo.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "reference/random_graph.h"
#include "reference/zoo/architecture.h"
#include "reference/zoo/mlperf.h"

namespace reference {
namespace {

struct Handmade {
  const char* name;
  Graph (*build)();
};

constexpr Handmade kHandmade[] = {
    {"mlperf-ad-fc", zoo::mlperf_ad_fc},      {"mlperf-kws-dscnn", zoo::mlperf_kws_dscnn},
    {"mlperf-resnet8", zoo::mlperf_resnet8},  {"mlperf-vww-mbv1", zoo::mlperf_vww_mbv1},
    {"odd-1", [] { return odd_network(1); }}, {"odd-2", [] { return odd_network(2); }},
    {"odd-3", [] { return odd_network(3); }},
};

constexpr const char* kFreeExample = "mbv2-w1.0-r224";

template <class T>
bool read_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// "random-7" -> 7.
std::optional<std::uint32_t> random_seed(std::string_view name) {
  constexpr std::string_view kPrefix = "random-";
  std::uint32_t seed = 0;
  if (!name.starts_with(kPrefix) || !read_number(name.substr(kPrefix.size()), seed)) return std::nullopt;
  return seed;
}

/// "mbv2-w0.5-r96" -> {0.5, 96}.
std::optional<std::pair<double, int>> width_and_resolution(std::string_view name) {
  constexpr std::string_view kPrefix = "mbv2-w";
  const std::size_t dash = name.find("-r", kPrefix.size());
  if (!name.starts_with(kPrefix) || dash == std::string_view::npos) return std::nullopt;
  double width = 0;
  int resolution = 0;
  if (!read_number(name.substr(kPrefix.size(), dash - kPrefix.size()), width)) return std::nullopt;
  if (!read_number(name.substr(dash + 2), resolution)) return std::nullopt;
  return std::pair{width, resolution};
}

/// Insertions, deletions and replacements that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

[[noreturn]] void throw_unknown(const std::string& name) {
  const std::string shown = name.size() <= 64 ? name : name.substr(0, 61) + "...";
  std::vector<std::string> names = zoo_names();
  std::ranges::stable_sort(names, {}, [&](const std::string& known) { return edit_distance(shown, known); });
  throw ModelError(fmt::format(
      "zoo: no network \"{}\"; nearest are {}, {} and {}; mbv2-w<W>-r<R> takes any width and resolution, "
      "random-<N> any seed",
      shown, names[0], names[1], names[2]));
}

/// The network called `name`; `build` makes it where it is an Architecture.
template <class Build>
Graph find(const std::string& name, Build build) {
  if (const auto seed = random_seed(name)) return random_graph(*seed);
  for (const Handmade& h : kHandmade) {
    if (name == h.name) return h.build();
  }
  for (const zoo::Architecture& a : zoo::architectures()) {
    if (name == a.name) return build(a);
  }
  const auto free = width_and_resolution(name);
  if (!free) throw_unknown(name);
  const auto [width, resolution] = *free;
  if (!(width >= 0.1 && width <= 2)) {
    throw ModelError(fmt::format("zoo: {}: width {}, expected 0.1 to 2", name, width));
  }
  if (resolution < 32 || resolution > 512) {
    throw ModelError(fmt::format("zoo: {}: resolution {}, expected 32 to 512", name, resolution));
  }
  return build(zoo::mobilenet_v2(name, width, resolution));
}

}  // namespace

std::vector<std::string> zoo_names() {
  std::vector<std::string> names{kFreeExample};
  for (const zoo::Architecture& a : zoo::architectures()) names.push_back(a.name);
  for (const Handmade& h : kHandmade) names.emplace_back(h.name);
  std::ranges::sort(names);
  return names;
}

Graph zoo_model(const std::string& name) {
  return find(name, [](const zoo::Architecture& a) { return zoo::build(a, zoo::sample_count(a)); });
}

Graph zoo_structure(const std::string& name) {
  return find(name, [](const zoo::Architecture& a) { return zoo::build(a, 0); });
}

}  // namespace reference
