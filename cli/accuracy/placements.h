// One FFT in every memory of a part, beside what was measured on it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cli {

/// One measured run: where code and constants, and where data and stack were, at what clocks.
struct PlacementRow {
  std::string code, data;  ///< "ITCM", "flash", "QSPI dual", "SDRAM 16-bit 66.7 MHz swapped"
  double core_mhz = 0, axi_mhz = 0;
  int flash_wait_states = 0;
  double measured_cycles = 0;
  double simulated_cycles = 0;
  std::string failure;  ///< why it did not run; then nothing simulated has a meaning
  /// Against the run from ITCM and DTCM at the same clocks.
  double measured_ratio = 0, simulated_ratio = 0;

  /// Simulated minus measured ratio, in percentage points.
  double points() const { return 100 * (simulated_ratio - measured_ratio); }
  std::string name() const;
};

/// What one flash wait state more costs, in core cycles of the whole run.
struct WaitStateSlope {
  double core_mhz = 0, axi_mhz = 0;
  double measured = 0, simulated = 0;

  double error_percent() const { return 100 * (simulated / measured - 1); }
};

struct PlacementReport {
  std::vector<PlacementRow> rows;
  std::vector<WaitStateSlope> slopes;
  /// Of |points()|, of the rows that ran; runs from ITCM and DTCM left out.
  double mean_points = 0, worst_points = 0;
  std::string worst;
  int compared = 0, within_2_points = 0;  ///< rows that did not run are compared, and not within
};

/// Builds the FFT once for each placement and runs each row once, from cold caches, as the measured program
/// did; what start-up takes is subtracted. `progress` gets the number of rows done and of all rows.
PlacementReport score_placements(const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace cli
