// The flags of the subcommands that read traces.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/trace_commands.h"
#include "cli/viewer.h"

namespace cli {
namespace {

struct Flags {
  TraceSummaryOptions summary;
  TraceDiffOptions diff;
  TraceExportOptions exporting;
  ReportOptions report;
};

constexpr const char* kFileHelp =
    "a trace: what `m7scope infer --trace FILE` and `m7scope run --trace FILE` write";

CLI::App* add_summary(CLI::App* trace, TraceSummaryOptions& options) {
  CLI::App* command = trace->add_subcommand("summary", "a run on one page, or one table of it");
  command->add_option("file", options.file, kFileHelp)->required();
  CLI::Option* only =
      command
          ->add_option("--only", options.only,
                       "one table: owners, steps, causes, functions, lives, buffers or findings")
          ->check(CLI::IsMember(kTraceTables));
  CLI::Option* at = command->add_option(
      "--at", options.at, "owners and lives at this cycle (default: owners at the peak, all lives)");
  CLI::Option* match = command->add_option(
      "--match", options.match, "only rows in which this regular expression is found, in any case");
  command->add_option("--rows", options.rows, "of each table, 0: all")->capture_default_str();
  command->add_flag("--json", options.json, "print all of it as JSON")
      ->excludes(only)
      ->excludes(at)
      ->excludes(match);
  return command;
}

CLI::App* add_diff(CLI::App* trace, TraceDiffOptions& options) {
  CLI::App* command = trace->add_subcommand("diff", "what changed from one run to another, step by step");
  command->add_option("a", options.a, "the trace before")->required();
  command->add_option("b", options.b, "the trace after")->required();
  command->add_option(
      "--fail-on", options.fail_on,
      "exit with 1 where b has more by this much: cycles>2%,peak>0 (also instructions, stack, arena, "
      "step, peak:MEMORY, each cause; --json lists all)");
  command->add_flag("--all", options.all, "list steps that did not change too");
  command->add_flag("--json", options.json, "print JSON");
  return command;
}

CLI::App* add_export(CLI::App* trace, TraceExportOptions& options) {
  CLI::App* command = trace->add_subcommand("export", "write a trace in a format that other programs read");
  command->add_option("file", options.file, kFileHelp)->required();
  command->add_option("--format", options.format, trace_export_help())
      ->required()
      ->check(CLI::IsMember(trace_export_formats()));
  command->add_option("-o,--output", options.output, "file, folder of tables, or - for standard output")
      ->required();
  command->add_option("--table", options.table, "this table of csv only");
  command->add_option("--sources", options.sources,
                      "write the source texts that the trace carries below this folder, for KCachegrind and "
                      "callgrind_annotate -I");
  command->add_option("--max-size", options.max_size, "of each file; past it, detail is left out")
      ->capture_default_str();
  return command;
}

}  // namespace

std::function<std::optional<int>()> add_trace_commands(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* trace = app.add_subcommand("trace", "look into trace files");
  trace->require_subcommand(1);
  const CLI::App* summary_command = add_summary(trace, flags->summary);
  const CLI::App* diff_command = add_diff(trace, flags->diff);

  const CLI::App* export_command = add_export(trace, flags->exporting);
  CLI::App* report_command = app.add_subcommand("report", "a trace as one page of HTML");
  report_command->add_option("file", flags->report.file, kFileHelp)->required();
  report_command->add_option("-o,--output", flags->report.output, "file to write")->required();

  CLI::App* view_command = app.add_subcommand("view", "look at one trace, or compare two, in a window");
  view_command->prefix_command();  // the viewer reads its own flags, --help too
  view_command->set_help_flag();

  return [=]() -> std::optional<int> {
    if (summary_command->parsed()) return trace_summary(flags->summary);
    if (diff_command->parsed()) return trace_diff(flags->diff);
    if (export_command->parsed()) return trace_export(flags->exporting);
    if (report_command->parsed()) return report(flags->report);
    if (view_command->parsed()) become_viewer(view_command->remaining());
    return std::nullopt;
  };
}

}  // namespace cli
