// Registers as the manual has them: a table of rows, and the words behind it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sim::peripherals {

/// What a register does in the model.
enum class Effect : std::uint8_t {
  kModelled,  ///< all that start-up code relies on happens
  kKept,      ///< it reads back what was written, and nothing else happens: reported once
};

struct Register {
  const char* name;        ///< "PLLCFGR"
  std::uint32_t offset;    ///< from the peripheral's base, in bytes
  std::uint32_t reset;     ///< value after reset
  std::uint32_t writable;  ///< bits that a store changes
  Effect effect = Effect::kModelled;
};

/// The register page of a kind of peripheral. `source` names the manual that has it.
struct RegisterMap {
  const char* source;
  std::span<const Register> rows;
  bool quiet = false;  ///< offsets without a row are not worth a note
};

/// The words of one peripheral. Offsets without a row read 0 and keep what is written.
class RegisterFile {
 public:
  /// `bytes`: size of the peripheral's page.
  RegisterFile(const RegisterMap& map, std::uint32_t bytes);

  void reset();
  std::uint32_t get(std::uint32_t offset) const { return words_[offset / 4]; }
  /// As hardware changes it: every bit.
  void set(std::uint32_t offset, std::uint32_t value) { words_[offset / 4] = value; }
  void set_bits(std::uint32_t offset, std::uint32_t bits, bool on);
  /// As a store changes it: writable bits only.
  void write(std::uint32_t offset, std::uint32_t value);
  /// The row at `offset`, or nullptr.
  const Register* row(std::uint32_t offset) const { return rows_[offset / 4]; }
  bool quiet() const { return quiet_; }

 private:
  std::vector<std::uint32_t> words_;
  std::vector<const Register*> rows_;
  bool quiet_;
};

}  // namespace sim::peripherals
