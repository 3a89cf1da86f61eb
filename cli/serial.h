// Where the guest's serial port goes, as --uart and --uart-device say.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "memory_model/board.h"
#include "sim/peripherals/console.h"

namespace cli {

/// `uart`: "stdio" (output goes to `out`), "pty" or "tcp:PORT". Throws InputError.
std::unique_ptr<sim::peripherals::ConsolePort> open_serial(const std::string& uart,
                                                           std::function<void(std::string_view)> out);

/// The serial port of `board` called `device` in any case ("usart3"); empty stays so. Throws InputError where
/// the board has no such port.
std::string serial_device(const memory_model::Board& board, const std::string& device);

}  // namespace cli
