// The memories that a board can have, each a page of rules for when its beats come.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "memory_model/board.h"
#include "memory_model/bus.h"

namespace memory_model {

/// On-chip SRAM, or anything else that takes a fixed number of its bus's clocks: wait states, then a beat a
/// clock.
class Sram : public Memory {
 public:
  Sram(const std::string& name, const Region& region, unsigned beat_bytes, const Clock& clock);

 private:
  void serve(const Request& request, Time start, Burst& burst) final;

  const Clock& clock_;
  unsigned beat_bytes_;
  int wait_states_;
};

/// Embedded flash: reads a line of `line_bits` in 1 + wait states clocks and keeps it, so that what lies in
/// the same line comes without wait states. Writes (programming) are not modelled: they take no time.
class Flash : public Memory {
 public:
  /// `clock` and `wait_states` (what firmware has set) must outlive it.
  Flash(const std::string& name, const Region& region, int line_bits, unsigned beat_bytes, const Clock& clock,
        const int& wait_states);
  void reset() override;

 private:
  static constexpr std::uint32_t kNoLine = std::numeric_limits<std::uint32_t>::max();
  void serve(const Request& request, Time start, Burst& burst) final;

  const Clock& clock_;
  const int& wait_states_;
  unsigned beat_bytes_;
  std::uint32_t line_bytes_;
  std::uint32_t line_ = kNoLine;
};

/// SDRAM behind the FMC: an open row in each bank; a burst in another row of the bank closes it first. The
/// controller hands a burst over when it is complete: so say the FFTs of ST AN4891 Rev 7, which wait for
/// every word of a line at 32, 16 and 8 bits.
class Sdram : public Memory {
 public:
  Sdram(const std::string& name, const Region& region);
  void reset() override;

 private:
  static constexpr std::uint32_t kClosed = std::numeric_limits<std::uint32_t>::max();
  void serve(const Request& request, Time start, Burst& burst) final;

  SdramTiming timing_;
  Clock clock_;
  std::uint32_t row_bytes_, bank_bytes_;
  std::array<std::uint32_t, 8> open_row_;
  std::uint32_t next_ = kClosed;  ///< the byte behind the last read
  Time read_at_ = 0;              ///< when that was complete
};

/// Serial flash in memory-mapped mode: what follows the last read is read ahead into a FIFO; anything else
/// begins with a command, and so does the beginning of a line that is wanted from its middle on. A burst is
/// handed over when it is complete, as by the FMC.
class Qspi : public Memory {
 public:
  Qspi(const std::string& name, const Region& region);
  void reset() override;

 private:
  static constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();
  void serve(const Request& request, Time start, Burst& burst) final;
  Time read(std::uint32_t offset, unsigned bytes, Time start);

  QspiTiming timing_;
  Clock clock_;
  double clocks_per_byte_;
  std::uint32_t next_ = kNowhere;  ///< the byte that follows the last one asked for
  Time next_at_ = 0;               ///< when it is (or was) on the pins, were the FIFO never full
};

}  // namespace memory_model
