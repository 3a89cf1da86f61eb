// Exit codes of m7scope, and the error for outside data that only the command line reads.
#pragma once

#include <stdexcept>

namespace cli {

enum ExitCode : int {
  kOk = 0,
  kMismatch = 1,    ///< a check found a difference, or the guest program reported failure
  kBadInput = 2,    ///< usage, a file, a model, a board, or a missing tool
  kGuestFault = 3,  ///< the firmware did what a Cortex-M7 would fault on
  kDoesNotFit = 4,
  kBudget = 5,         ///< a limit on cycles was reached
  kInterrupted = 130,  ///< Ctrl-C
};

/// A flag or a file that cannot be used; the text names thing, place, found and expected.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Thrown out of long work after Ctrl-C.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace cli
