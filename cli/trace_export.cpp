// `m7scope trace export`: a trace for other programs.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "cli/errors.h"
#include "cli/files.h"
#include "cli/interrupt.h"
#include "cli/trace_commands.h"
#include "cli/trace_input.h"
#include "traces/exporters/exporters.h"
#include "traces/exporters/sources.h"

namespace cli {
namespace {

using traces::ExportOptions;
using traces::ExportResult;
using traces::Trace;

struct Format {
  const char* name;
  const char* what;
  ExportResult (*write)(const Trace&, std::ostream&, const ExportOptions&);  ///< none: csv, which has tables
};

constexpr Format kFormats[] = {
    {"chrome", "Chrome's trace JSON: Perfetto, speedscope", traces::export_chrome},
    {"callgrind", "KCachegrind, callgrind_annotate", traces::export_callgrind},
    {"folded", "flamegraph.pl, speedscope", traces::export_folded},
    {"csv", "tables; -o names a folder unless --table picks one", nullptr},
    {"svg", "the timeline as a picture", traces::export_svg},
    {"vcd", "causes, stack and bytes in use as waves: GTKWave", traces::export_vcd},
    {"summary", "figures for github-action-benchmark (customSmallerIsBetter)", traces::export_benchmark},
    {"github", "a page for $GITHUB_STEP_SUMMARY", traces::export_markdown},
};

const Format& format_called(const std::string& name) {
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const Format& format) { return name == format.name; });
  if (found != std::end(kFormats)) return *found;
  throw InputError(fmt::format("--format: '{}' is no format, expected one of {}", name,
                               fmt::join(trace_export_formats(), ", ")));
}

/// "64M" -> bytes. Throws InputError.
std::uint64_t bytes_of(const std::string& text) {
  const auto fail = [&] {
    return InputError(fmt::format("--max-size: '{}', expected bytes such as 1000000, 512K, 64M or 2G", text));
  };
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || digits > 12) throw fail();
  const std::string unit = text.substr(digits);
  const std::uint64_t scale = unit.empty()  ? 1
                              : unit == "K" ? 1U << 10U
                              : unit == "M" ? 1U << 20U
                                            : 1U << 30U;
  if (!unit.empty() && unit != "K" && unit != "M" && unit != "G") throw fail();
  return std::stoull(text.substr(0, digits)) * scale;
}

/// Writes one file, or standard output for "-".
template <class Write>
void write_to(const std::string& output, const TraceExportOptions& command, Write write) {
  ExportResult result;
  const auto checked = [&](std::ostream& stream) {
    try {
      result = write(stream);
    } catch (const traces::ExportError& error) {
      // A stream that fails is told by replace_file, which knows why.
      if (stream)
        throw InputError(fmt::format("{}: as {}: {} (--max-size)", output, command.format, error.what()));
    }
  };
  if (output == "-") {
    checked(std::cout);
    std::cout.flush();
    if (!std::cout) throw InputError("standard output: cannot be written");
  } else {
    replace_file(output, checked);
  }
  if (result.left_out > 0) {
    fmt::print(stderr, "m7scope: {}: {} pieces of detail left out to stay below {} bytes (--max-size)\n",
               output, result.left_out, bytes_of(command.max_size));
  }
}

/// Makes the folder where it is missing.
void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error && std::filesystem::is_directory(folder)) return;
  throw InputError(fmt::format("{}: cannot be made a folder{}{}", folder.string(), error ? ": " : "",
                               error ? error.message() : ""));
}

void write_sources(const Trace& trace, const std::filesystem::path& folder) {
  make_folder(folder);
  for (const auto& [path, text] : traces::source_files(trace)) {
    make_folder((folder / path).parent_path());
    write_file(folder / path, text);
  }
}

void write_tables(const Trace& trace, const TraceExportOptions& command, const ExportOptions& options) {
  const std::filesystem::path folder = command.output;
  if (command.output == "-") {
    throw InputError("-o -: csv is a folder of tables, expected --table with it: one of " +
                     fmt::format("{}", fmt::join(traces::csv_tables(), ", ")));
  }
  make_folder(folder);
  for (const std::string& table : traces::csv_tables()) {
    write_to((folder / (table + ".csv")).string(), command,
             [&](std::ostream& out) { return traces::export_csv(trace, table, out, options); });
  }
}

}  // namespace

std::vector<std::string> trace_export_formats() {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

std::string trace_export_help() {
  std::string help = "what for:";
  for (const Format& format : kFormats) help += fmt::format("\n{:10} {}", format.name, format.what);
  return help;
}

int trace_export(const TraceExportOptions& command) {
  const Format& format = format_called(command.format);
  const ExportOptions options{bytes_of(command.max_size), throw_if_interrupted};
  const std::vector<std::string> tables = traces::csv_tables();
  if (!command.table.empty() && format.write != nullptr) {
    throw InputError(fmt::format("--table: is for --format csv, found --format {}", command.format));
  }
  if (!command.table.empty() && std::find(tables.begin(), tables.end(), command.table) == tables.end()) {
    throw InputError(
        fmt::format("--table: '{}', expected one of {}", command.table, fmt::join(tables, ", ")));
  }
  const Trace trace = load_trace(command.file);
  if (format.write == nullptr && command.table.empty()) {
    write_tables(trace, command, options);
  } else {
    write_to(command.output, command, [&](std::ostream& out) {
      return format.write != nullptr ? format.write(trace, out, options)
                                     : traces::export_csv(trace, command.table, out, options);
    });
  }
  if (!command.sources.empty()) write_sources(trace, command.sources);
  return kOk;
}

}  // namespace cli
