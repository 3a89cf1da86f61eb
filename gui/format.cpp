#include "gui/format.h"

#include <fmt/format.h>

#include <algorithm>

#include "traces/clock.h"

namespace gui {

std::string grouped(std::uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  return digits;
}

std::string bytes_text(double bytes) {
  if (bytes < 1024) return fmt::format("{:.0f} B", bytes);
  const bool mega = bytes >= 1024 * 1024;
  const double value = bytes / (mega ? 1024.0 * 1024.0 : 1024.0);
  return fmt::format("{:.{}f} {}", value, value < 100 ? 1 : 0, mega ? "MB" : "KB");
}

std::string cycles_text(double cycles) {
  if (cycles < 10'000) return fmt::format("{:.0f}", cycles);
  if (cycles < 1e6) return fmt::format("{:.{}f} k", cycles / 1e3, cycles < 1e5 ? 1 : 0);
  if (cycles < 1e9) return fmt::format("{:.{}f} M", cycles / 1e6, cycles < 1e8 ? 2 : 1);
  return fmt::format("{:.2f} G", cycles / 1e9);
}

std::string percent_text(double share) {
  if (share > 0 && share < 0.001) return "<0.1 %";
  return fmt::format("{:.{}f} %", share * 100, share < 0.1 ? 1 : 0);
}

std::string hex(std::uint32_t address) {
  return fmt::format("{:#010x}", address);
}

double milliseconds_at(const traces::Trace& trace, double cycle) {
  return traces::seconds_at(trace, static_cast<std::uint64_t>(std::max(cycle, 0.0))) * 1e3;
}

std::string milliseconds_text(double milliseconds) {
  if (milliseconds < 1) return fmt::format("{:.3f} ms", milliseconds);
  if (milliseconds < 1000) return fmt::format("{:.{}f} ms", milliseconds, milliseconds < 100 ? 2 : 1);
  return grouped(static_cast<std::uint64_t>(milliseconds + 0.5)) + " ms";
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted;
  for (const char letter : text) {
    if (letter == '"') quoted += '"';
    quoted += letter;
  }
  return fmt::format("\"{}\"", quoted);
}

}  // namespace gui
