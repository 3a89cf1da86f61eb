// One function's machine code, with what each instruction took.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "sim/debug_info.h"
#include "sim/firmware.h"
#include "sim/profile.h"

namespace cli {

struct AnnotatedInstruction {
  std::string text;  ///< "ldr r0, [r1, #4]"
  sim::SourcePlace source;
  sim::InstructionProfile profile;  ///< executions 0: it was never reached
};

struct Annotation {
  std::string function;
  isa::Address address;
  isa::CauseCycles cycles, run;  ///< of this function, and of all
  std::vector<AnnotatedInstruction> instructions;
};

/// Throws InputError where the firmware has no function of that name; the text offers similar ones.
void require_function(const std::string& name, const sim::Firmware& firmware);

/// `read` copies guest memory as it is behind the run, so that code which start-up copied is there. Goes to
/// the last instruction that ran. Throws as require_function does.
Annotation annotate(const std::string& function, const sim::Profile& profile, const sim::Firmware& firmware,
                    const sim::SourceLines& lines,
                    const std::function<void(isa::Address, std::span<std::uint8_t>)>& read);

/// Source lines stand between the instructions, with their text where the file is there.
std::string to_text(const Annotation& annotation);
nlohmann::ordered_json to_json(const Annotation& annotation);

}  // namespace cli
