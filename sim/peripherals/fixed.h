// Registers with values that belong to the part: identification, unique number, size of the flash.
#pragma once

#include <vector>

#include "sim/peripherals/peripheral.h"

namespace sim::peripherals {

struct FixedWord {
  std::uint32_t offset, value;
};

class Fixed : public Peripheral {
 public:
  Fixed(Place place, const RegisterMap& map, std::vector<FixedWord> words, Unmodelled& notes)
      : Peripheral(std::move(place), map, notes), words_(std::move(words)) {
    Fixed::reset();
  }
  void reset() override {
    Peripheral::reset();
    for (const FixedWord& word : words_) registers_.set(word.offset, word.value);
  }

 protected:
  void store(std::uint32_t offset, std::uint32_t value, isa::Cycles) override {
    for (const FixedWord& word : words_) {
      if (word.offset == offset) return;
    }
    registers_.write(offset, value);
  }

 private:
  std::vector<FixedWord> words_;
};

}  // namespace sim::peripherals
