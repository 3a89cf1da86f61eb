#include "memory_model/memories.h"

#include <algorithm>

namespace memory_model {
namespace {

void finish(Burst& burst, unsigned bytes) {
  const unsigned beats = std::max(1u, (bytes + burst.beat_bytes - 1) / burst.beat_bytes);
  burst.done = burst.first + (beats - 1) * burst.interval;
}

/// Memory controllers with a clock of their own pass a burst on when they have all of it.
void hand_over(Burst& burst, Time complete) {
  burst.beat_bytes = 8;
  burst.interval = 0;
  burst.first = burst.done = complete;
}

}  // namespace

Sram::Sram(const std::string& name, const Region& region, unsigned beat_bytes, const Clock& clock)
    : Memory(name, region.base, region.size),
      clock_(clock),
      beat_bytes_(beat_bytes),
      wait_states_(region.wait_states) {}

void Sram::serve(const Request& request, Time start, Burst& burst) {
  burst.beat_bytes = beat_bytes_;
  burst.interval = clock_.period();
  burst.first = start + clock_.cycles(1 + wait_states_);
  finish(burst, request.bytes);
}

Flash::Flash(const std::string& name, const Region& region, int line_bits, unsigned beat_bytes,
             const Clock& clock, const int& wait_states)
    : Memory(name, region.base, region.size),
      clock_(clock),
      wait_states_(wait_states),
      beat_bytes_(beat_bytes),
      line_bytes_(static_cast<std::uint32_t>(line_bits) / 8) {}

void Flash::reset() {
  Memory::reset();
  line_ = kNoLine;
}

void Flash::serve(const Request& request, Time start, Burst& burst) {
  burst.beat_bytes = beat_bytes_;
  burst.interval = clock_.period();
  const std::uint32_t line = request.offset / line_bytes_;
  const int wait_states = request.write || line == line_ ? 0 : wait_states_;
  burst.first = start + clock_.cycles(1 + wait_states);
  finish(burst, request.bytes);
  if (!request.write) line_ = line;
  // Each further line of a narrow flash is read in its turn.
  const std::uint32_t last = (request.end() - 1) / line_bytes_;
  if (request.write || request.begin() / line_bytes_ == last) return;
  burst.interval += clock_.cycles(wait_states_) * beat_bytes_ / line_bytes_;
  finish(burst, request.bytes);
  line_ = last;
}

Sdram::Sdram(const std::string& name, const Region& region)
    : Memory(name, region.base, region.size), timing_(*region.sdram), clock_(timing_.clock_hz) {
  const auto word = static_cast<std::uint32_t>(timing_.width_bits) / 8;
  row_bytes_ = static_cast<std::uint32_t>(timing_.columns) * word;
  bank_bytes_ = static_cast<std::uint32_t>(region.size.value / timing_.banks);
  open_row_.fill(kClosed);
}

void Sdram::reset() {
  Memory::reset();
  open_row_.fill(kClosed);
  next_ = kClosed;
}

void Sdram::serve(const Request& request, Time start, Burst& burst) {
  const std::uint32_t bank = std::min<std::uint32_t>(request.offset / bank_bytes_, 7);
  const std::uint32_t row = request.offset % bank_bytes_ / row_bytes_;
  const auto word = static_cast<unsigned>(timing_.width_bits) / 8;
  int clocks = static_cast<int>((request.bytes + word - 1) / word);
  if (!request.write) clocks += timing_.cas;
  if (open_row_[bank] != row) clocks += timing_.rcd + (open_row_[bank] == kClosed ? 0 : timing_.rp);
  open_row_[bank] = row;
  if (!request.write && request.begin() == next_) {
    const auto idle = static_cast<std::int64_t>(clock_.count(start - std::min(start, read_at_)));
    clocks -= static_cast<int>(std::min<std::int64_t>(idle, timing_.read_ahead));
  }
  hand_over(burst, clock_.edge(start) + clock_.cycles(std::max(clocks, 1)));
  next_ = request.write ? kClosed : request.end();
  read_at_ = burst.done;
}

Qspi::Qspi(const std::string& name, const Region& region)
    : Memory(name, region.base, region.size), timing_(*region.qspi), clock_(timing_.clock_hz) {
  clocks_per_byte_ = 8.0 / timing_.data_lines / (timing_.ddr ? 2 : 1);
}

void Qspi::reset() {
  Memory::reset();
  next_ = kNowhere;
  next_at_ = 0;
}

void Qspi::serve(const Request& request, Time start, Burst& burst) {
  // A line that is wanted from the middle on wraps, for which the flash needs a second command.
  const std::uint32_t head = request.offset - request.begin();
  Time complete = read(request.offset, request.bytes - head, start);
  if (head > 0) complete = read(request.begin(), head, complete);
  hand_over(burst, complete);
}

/// When bytes that follow each other have all come.
Time Qspi::read(std::uint32_t offset, unsigned bytes, Time start) {
  const Time data = clock_.cycles(bytes * clocks_per_byte_);
  if (offset == next_) {
    // The FIFO holds at most `read_ahead_bytes` that nobody has asked for yet.
    const Time held = clock_.cycles(timing_.read_ahead_bytes * clocks_per_byte_);
    next_at_ = std::max(next_at_, start > held ? start - held : 0) + data;
  } else {
    next_at_ = clock_.edge(start) + clock_.cycles(timing_.command_clocks) + data;
  }
  next_ = offset + bytes;
  return std::max(start, next_at_);
}

}  // namespace memory_model
