// Which of the serial ports is wired to the console.
#pragma once

#include <string>

#include "sim/peripherals/console.h"

namespace sim::peripherals {

/// The port called `device` has it; where none is named, the first that firmware enables.
class ConsoleHub {
 public:
  void connect(ConsolePort* port, std::string device) {
    port_ = port;
    device_ = std::move(device);
    owner_.clear();
  }
  void reset() { owner_.clear(); }
  /// The console, where it belongs to the serial port `name` or nobody has it yet; else null.
  ConsolePort* claim(const std::string& name) {
    if (!device_.empty() && device_ != name) return nullptr;
    if (owner_.empty()) owner_ = name;
    return owner_ == name ? port_ : nullptr;
  }

 private:
  ConsolePort* port_ = nullptr;
  std::string device_, owner_;
};

}  // namespace sim::peripherals
