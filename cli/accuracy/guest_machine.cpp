#include "cli/accuracy/guest_machine.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <vector>

#include "cli/interrupt.h"

namespace cli {

void set_control(sim::Machine& machine, const sim::Firmware& firmware,
                 std::initializer_list<std::uint32_t> words) {
  const sim::Symbol* control = firmware.symbol("guest_control");
  if (control == nullptr) throw sim::FirmwareError("a guest program without guest_control");
  std::vector<std::uint8_t> bytes(words.size() * sizeof(std::uint32_t));
  std::memcpy(bytes.data(), words.begin(), bytes.size());
  machine.write(control->address, bytes);
}

std::uint32_t GuestMachine::word(isa::Address address) const {
  std::array<std::uint8_t, 4> bytes{};
  machine_.read(address, bytes);
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::optional<std::uint64_t> GuestMachine::run(const memory_model::OperatingPoint& point,
                                               std::uint64_t most_cycles, std::string* failure) {
  throw_if_interrupted();
  sim::Environment environment;
  environment.operating_point = point;
  environment.progress = [](std::uint64_t) { return !interrupted(); };
  const sim::RunResult result = machine_.run(environment, {.max_cycles = most_cycles});
  throw_if_interrupted();
  switch (result.end) {
    case sim::RunEnd::kExit:
      if (result.exit_code == 0) return result.cycles().value;
      *failure = fmt::format("ended with exit code {}", result.exit_code);
      break;
    case sim::RunEnd::kFault:
      *failure = fmt::format("{}: {}", result.fault->kind, result.fault->reason);
      break;
    default:
      *failure = fmt::format("still running after {} cycles", most_cycles);
  }
  return std::nullopt;
}

}  // namespace cli
