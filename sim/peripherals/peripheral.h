// A peripheral with a register page. By itself it keeps what is written; kinds that do more derive from it.
#pragma once

#include <string>

#include "sim/device.h"
#include "sim/peripherals/clocks.h"
#include "sim/peripherals/registers.h"
#include "sim/unmodelled.h"

namespace sim::peripherals {

/// Where an instance is.
struct Place {
  std::string name;  ///< "USART1"
  std::uint32_t base = 0;
  std::uint32_t bytes = 0x400;  ///< size of its page
};

class Peripheral : public Device {
 public:
  /// `map` and `notes` outlive this.
  Peripheral(Place place, const RegisterMap& map, Unmodelled& notes);

  std::uint32_t read(std::uint32_t offset, unsigned bytes, isa::Cycles now) override;
  void write(std::uint32_t offset, unsigned bytes, std::uint32_t value, isa::Cycles now) override;
  void reset() override { registers_.reset(); }
  /// The clock tree has changed at `now`; all before it happened with the old one.
  virtual void clocks_changed(const Clocks& clocks, isa::Cycles now) { (void)clocks, (void)now; }

  /// The run is over. What is on its way to the outside world still gets there.
  virtual void finish() {}

  const Place& place() const { return place_; }

 protected:
  /// The word at `offset`, as a load sees it; side effects of loading happen here.
  virtual std::uint32_t load(std::uint32_t offset, isa::Cycles now);
  /// A store of the word at `offset`. Of a narrower store, the other bits are those of the register.
  virtual void store(std::uint32_t offset, std::uint32_t value, isa::Cycles now);
  /// Where the word at `offset` is in the register map: another place, where a register has two addresses.
  virtual std::uint32_t home(std::uint32_t offset) const { return offset; }
  /// Says once that `what` of the register at `offset` is not modelled.
  void note(std::uint32_t offset, const std::string& what);

  RegisterFile registers_;
  Unmodelled& notes_;

 private:
  void report_if_kept(std::uint32_t offset);

  Place place_;
};

}  // namespace sim::peripherals
