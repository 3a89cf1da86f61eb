// What a user should know of a run although it went on.
#include "cli/run_notes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace cli {

void print_notes(const sim::RunResult& run) {
  for (const std::string& note : run.notes) fmt::print(stderr, "note: {}\n", note);
  if (run.fault) return;  // which is told at length
  for (const sim::Fault& fault : run.faults) {
    std::string place = fault.function.empty() ? "" : " in " + fault.function;
    if (!fault.source.empty()) place += " (" + fault.source + ")";
    fmt::print(stderr, "{} at {}{}: {}\n", fault.kind, fault.pc, place, fault.reason);
  }
  if (run.faults_taken > run.faults.size()) {
    fmt::print(stderr, "and {} more faults\n", run.faults_taken - run.faults.size());
  }
}

nlohmann::ordered_json fault_json(const sim::Fault& fault) {
  nlohmann::ordered_json out = {{"kind", fault.kind},
                                {"reason", fault.reason},
                                {"pc", fmt::format("{}", fault.pc)},
                                {"instruction", fault.instruction},
                                {"function", fault.function},
                                {"source", fault.source}};
  if (fault.step) out["step"] = *fault.step;
  out["registers"] = fault.registers.r;
  out["xpsr"] = fault.registers.xpsr;
  return out;
}

}  // namespace cli
