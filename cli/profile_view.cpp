#include "cli/profile_view.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/profile_report.h"

namespace cli {

ProfileView::ProfileView(sim::Firmware firmware, sim::Profile profile, bool listed,
                         std::optional<Annotation> annotation)
    : firmware_(std::move(firmware)),
      profile_(std::move(profile)),
      listed_(listed),
      annotation_(std::move(annotation)) {}

std::string ProfileView::to_text() const {
  std::string text;
  if (listed_) text += profile_text(profile_, firmware_, sim::SourceLines(firmware_.path));
  if (annotation_) text += fmt::format("{}{}", listed_ ? "\n" : "", cli::to_text(*annotation_));
  return text;
}

void ProfileView::add_to(nlohmann::ordered_json& out) const {
  if (listed_) out["profile"] = profile_json(profile_, firmware_, sim::SourceLines(firmware_.path));
  if (annotation_) out["annotation"] = to_json(*annotation_);
}

std::optional<ProfileView> profile_view(bool profile, const std::string& function, const sim::RunResult& run,
                                        const sim::Firmware& firmware, const sim::Machine& machine) {
  if (!run.profile) return std::nullopt;
  std::optional<Annotation> annotation;
  if (!function.empty()) {
    const sim::SourceLines lines(firmware.path);
    annotation = annotate(function, *run.profile, firmware, lines,
                          [&](isa::Address at, std::span<std::uint8_t> out) { machine.read(at, out); });
  }
  return ProfileView(firmware, *run.profile, profile, std::move(annotation));
}

}  // namespace cli
