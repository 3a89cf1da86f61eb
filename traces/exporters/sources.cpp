#include "traces/exporters/sources.h"

#include <filesystem>
#include <vector>

#include "traces/text.h"

namespace traces {
namespace {

/// No source file is longer, and a trace is not to be believed.
constexpr std::size_t kMostLines = 200'000;

bool stays_below(const std::filesystem::path& path) {
  if (path.empty() || path.is_absolute() || !path.has_filename()) return false;
  for (const std::filesystem::path& part : path) {
    if (part == ".." || part == ".") return false;
  }
  return true;
}

}  // namespace

std::map<std::string, std::string> source_files(const Trace& trace) {
  std::map<std::string, std::vector<std::string_view>> files;
  for (const SourceText& source : trace.sources) {
    const std::string path(trace.text(source.file));
    if (path != printable(path) || !stays_below(path) || source.first_line < 1) continue;
    const std::size_t first = static_cast<std::size_t>(source.first_line) - 1;
    if (first + source.lines.size() > kMostLines) continue;
    std::vector<std::string_view>& lines = files[path];
    if (lines.size() < first + source.lines.size()) lines.resize(first + source.lines.size());
    for (std::size_t i = 0; i < source.lines.size(); ++i) lines[first + i] = trace.text(source.lines[i]);
  }
  std::map<std::string, std::string> texts;
  for (const auto& [path, lines] : files) {
    std::string& text = texts[path];
    for (const std::string_view line : lines) text.append(line) += '\n';
  }
  return texts;
}

}  // namespace traces
