// Registers as the manual has them.
#include "sim/peripherals/registers.h"

#include <algorithm>

namespace sim::peripherals {

RegisterFile::RegisterFile(const RegisterMap& map, std::uint32_t bytes)
    : words_(bytes / 4), rows_(bytes / 4), quiet_(map.quiet) {
  for (const Register& row : map.rows) rows_[row.offset / 4] = &row;
  reset();
}

void RegisterFile::reset() {
  std::transform(rows_.begin(), rows_.end(), words_.begin(),
                 [](const Register* row) { return row ? row->reset : 0; });
}

void RegisterFile::set_bits(std::uint32_t offset, std::uint32_t bits, bool on) {
  if (on)
    words_[offset / 4] |= bits;
  else
    words_[offset / 4] &= ~bits;
}

void RegisterFile::write(std::uint32_t offset, std::uint32_t value) {
  const Register* row = rows_[offset / 4];
  std::uint32_t mask = row ? row->writable : 0xffffffff;
  words_[offset / 4] = (words_[offset / 4] & ~mask) | (value & mask);
}

}  // namespace sim::peripherals
