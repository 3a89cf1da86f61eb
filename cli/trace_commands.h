// Subcommands that read traces: each takes its parsed flags and returns an exit code (cli/errors.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

struct TraceSummaryOptions {
  std::string file;
  std::string only;                 ///< one table of it: one of kTraceTables; empty: the page
  std::optional<std::uint64_t> at;  ///< cycle that owners and lives are shown of
  std::string match;                ///< only rows in which this regular expression is found
  std::size_t rows = 20;            ///< of each table; 0: all
  bool json = false;
};
inline const std::vector<std::string> kTraceTables = {"owners", "steps",   "causes",  "functions",
                                                      "lives",  "buffers", "findings"};
int trace_summary(const TraceSummaryOptions& options);

struct TraceDiffOptions {
  std::string a, b;
  std::optional<std::string> fail_on;  ///< thresholds such as "cycles>2%,peak>0"
  bool all = false;                    ///< steps that did not change too
  bool json = false;
};
/// kMismatch where a threshold was passed.
int trace_diff(const TraceDiffOptions& options);

struct TraceExportOptions {
  std::string file;
  std::string format;
  std::string output;             ///< a file, a folder (csv), or "-"
  std::string table;              ///< of csv; empty: all, into a folder
  std::string max_size = "256M";  ///< of each file
  std::string sources;            ///< folder for the source texts of the trace; empty: they are not written
};
int trace_export(const TraceExportOptions& options);
std::vector<std::string> trace_export_formats();
/// A line for each format.
std::string trace_export_help();

struct ReportOptions {
  std::string file;
  std::string output;
};
int report(const ReportOptions& options);

/// Adds `trace`, `report` and `view` to the program. After parsing, the function returned runs the one that
/// was asked for; it is nothing where none was.
std::function<std::optional<int>()> add_trace_commands(CLI::App& app);

}  // namespace cli
