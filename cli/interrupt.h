// Ctrl-C asks; long work looks here and unwinds, so that no half-written file stays behind.
#pragma once

namespace cli {

/// Installs the SIGINT and SIGTERM handlers. A second signal ends the process at once.
void catch_interrupts();
bool interrupted();
/// Throws Interrupted after a signal.
void throw_if_interrupted();

}  // namespace cli
