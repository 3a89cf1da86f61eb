// A profile as tables and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "sim/debug_info.h"
#include "sim/firmware.h"
#include "sim/profile.h"

namespace cli {

/// The functions and the source lines that took the most cycles.
std::string profile_text(const sim::Profile& profile, const sim::Firmware& firmware,
                         const sim::SourceLines& lines);
/// {"cycles", "overhead", "functions": [...], "lines": [...]}: all of them, most cycles first. The cycles of
/// `functions`, and those of `lines`, sum with `overhead` to "cycles".
nlohmann::ordered_json profile_json(const sim::Profile& profile, const sim::Firmware& firmware,
                                    const sim::SourceLines& lines);

}  // namespace cli
