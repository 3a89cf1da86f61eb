// What --profile and --annotate add to a command's answer.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "cli/annotate.h"
#include "sim/debug_info.h"
#include "sim/firmware.h"
#include "sim/machine.h"

namespace cli {

class ProfileView {
 public:
  ProfileView(sim::Firmware firmware, sim::Profile profile, bool listed,
              std::optional<Annotation> annotation);

  std::string to_text() const;
  /// Adds the members "profile" and "annotation", as far as they were asked for.
  void add_to(nlohmann::ordered_json& out) const;

 private:
  sim::Firmware firmware_;
  sim::Profile profile_;
  bool listed_;
  std::optional<Annotation> annotation_;
};

/// The view of a run, where its profile was asked for. `profile`: functions and lines; `annotate`: a function
/// whose instructions are listed, or empty. Throws InputError where there is no such function.
std::optional<ProfileView> profile_view(bool profile, const std::string& annotate, const sim::RunResult& run,
                                        const sim::Firmware& firmware, const sim::Machine& machine);

}  // namespace cli
