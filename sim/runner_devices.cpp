// A run and its peripherals: where they are mapped, and what follows from an access.
#include <fmt/format.h>

#include "sim/runner.h"

namespace sim {

void Runner::map_devices() {
  for (const peripherals::PeripheralBus::Window& window : peripherals_.windows()) {
    bool free = true;  // a board of the user's own may have memory there
    for (const memory_model::Region& region : board_.regions) {
      free &= region.end() <= window.base || window.base + window.size <= region.base;
    }
    if (!free) continue;
    DeviceWindow& mapped = windows_.emplace_back(DeviceWindow{this, window.base});
    check(uc_mmio_map(cpu_.engine(), window.base.value, static_cast<std::size_t>(window.size.value),
                      on_device_read, &mapped, on_device_write, &mapped),
          "map the peripherals");
  }
}

void Runner::start_devices() {
  only_output_ = environment_->serial ? nullptr : peripherals::stdio_console(environment_->console, -1);
  peripherals_.connect_console(environment_->serial ? environment_->serial : only_output_.get(),
                               environment_->serial_device);
  peripherals_.connect_interrupts(&system_.nvic());
  peripherals_.set_hse(environment_->hse_hz);
  // Whoever presets the clocks has the last word: then what firmware sets is not listened to.
  peripherals_.on_operating_point = nullptr;
  if (environment_->operating_point) return;
  peripherals_.on_operating_point = [this](memory_model::OperatingPoint point) {
    point.icache = system_.icache();
    point.dcache = system_.dcache();
    set_operating_point(point);
  };
}

std::uint32_t Runner::device_read(isa::Address address, unsigned size) {
  if (raised_) return 0;  // the hook that saw the access has refused it
  std::optional<std::uint32_t> value;
  guarded([&] { value = peripherals_.read(address, size, now()); });
  exceptions_changed();
  if (value || end_) return value.value_or(0);
  raise_at_access(bus_fault(kPreciserr, address.value), describe_access(board_, false, size, address));
  return 0;
}

void Runner::device_write(isa::Address address, unsigned size, std::uint32_t value) {
  if (raised_) return;
  bool there = true;
  guarded([&] { there = peripherals_.write(address, size, value, now()); });
  exceptions_changed();
  if (there) return;
  raise_at_access(bus_fault(kPreciserr, address.value), describe_access(board_, true, size, address));
}

std::uint64_t Runner::on_device_read(uc_engine*, std::uint64_t offset, unsigned size, void* window) {
  auto& mapped = *static_cast<DeviceWindow*>(window);
  return mapped.runner->device_read(mapped.base + isa::Bytes(static_cast<std::int64_t>(offset)), size);
}

void Runner::on_device_write(uc_engine*, std::uint64_t offset, unsigned size, std::uint64_t value,
                             void* window) {
  auto& mapped = *static_cast<DeviceWindow*>(window);
  mapped.runner->device_write(mapped.base + isa::Bytes(static_cast<std::int64_t>(offset)), size,
                              static_cast<std::uint32_t>(value));
}

}  // namespace sim
