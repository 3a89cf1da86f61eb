// Where the guest's serial port goes.
#include "cli/serial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

#include "cli/errors.h"
#include "sim/peripherals/peripheral_bus.h"

namespace cli {

std::unique_ptr<sim::peripherals::ConsolePort> open_serial(const std::string& uart,
                                                           std::function<void(std::string_view)> out) {
  if (uart == "stdio") return sim::peripherals::stdio_console(std::move(out));
  auto announce = [](std::string_view where) { fmt::print(stderr, "m7scope: serial port at {}\n", where); };
  try {
    if (uart == "pty") return sim::peripherals::pty_console(announce);
    if (uart.starts_with("tcp:")) {
      std::uint16_t port = 0;
      const char* end = uart.data() + uart.size();
      const auto [stop, error] = std::from_chars(uart.data() + 4, end, port);
      if (error == std::errc() && stop == end) return sim::peripherals::tcp_console(port, announce);
    }
  } catch (const std::runtime_error& error) {
    throw InputError(fmt::format("--uart {}: {}", uart, error.what()));
  }
  throw InputError(fmt::format("--uart {}: expected stdio, pty or tcp:PORT with a port up to 65535", uart));
}

std::string serial_device(const memory_model::Board& board, const std::string& device) {
  if (device.empty()) return device;
  std::string name = device;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  sim::Unmodelled notes;
  const sim::peripherals::PeripheralBus bus(board, notes);
  const std::vector<std::string> ports = bus.serial_ports();
  if (std::find(ports.begin(), ports.end(), name) != ports.end()) return name;
  if (ports.empty()) {
    throw InputError(fmt::format("--uart-device {}: {} has no serial port in the model", device, board.name));
  }
  throw InputError(fmt::format("--uart-device {}: expected a serial port of {}: {}", device, board.name,
                               fmt::join(ports, ", ")));
}

}  // namespace cli
