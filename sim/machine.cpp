// The machine: memory, processor and the runner, put together.
#include "sim/machine.h"

#include <fmt/format.h>

#include <stdexcept>

#include "sim/cpu.h"
#include "sim/guest_memory.h"
#include "sim/host_time.h"
#include "sim/runner.h"

namespace sim {
namespace {

void load(GuestMemory& memory, const memory_model::Board& board, const Firmware& firmware) {
  for (const Segment& segment : firmware.segments) {
    if (memory.write(segment.address, segment.bytes)) continue;
    throw FirmwareError(fmt::format("{}: a segment of {} bytes at {} lies outside the memory of {}",
                                    firmware.path.string(), segment.bytes.size(), segment.address,
                                    board.name));
  }
  std::uint32_t sp = 0, pc = 0;
  isa::Address table = firmware.vector_table;
  std::string where = firmware.path.string();
  if (!memory.read_word(table, sp) || !memory.read_word(table + isa::Bytes(4), pc)) {
    throw FirmwareError(
        fmt::format("{}: the vector table at {} lies outside the memory of {}", where, table, board.name));
  }
  if (!(pc & 1)) {
    throw FirmwareError(
        fmt::format("{}: the reset vector at {} is 0x{:08x}, expected an odd address (Thumb code)", where,
                    table + isa::Bytes(4), pc));
  }
  if (!board.region_at(isa::Address(pc & ~1u))) {
    throw FirmwareError(
        fmt::format("{}: the reset vector at {} is 0x{:08x}, expected an address in the memory of {}", where,
                    table + isa::Bytes(4), pc, board.name));
  }
  const memory_model::Region* stack = board.region_at(isa::Address(sp - 4));
  if (!stack || !stack->writable()) {
    throw FirmwareError(
        fmt::format("{}: the initial stack pointer at {} is 0x{:08x}, expected the end of memory of {} "
                    "that can be written",
                    where, table, sp, board.name));
  }
}

}  // namespace

class Machine::Impl {
 public:
  Impl(const memory_model::Board& board, const Firmware& firmware)
      : board_(board),
        firmware_(firmware),
        memory_(board_),
        cpu_(memory_),
        runner_(board_, firmware_, memory_, cpu_) {
    load(memory_, board_, firmware_);
    memory_.on_host_write = [this](isa::Address at, isa::Bytes size) {
      cpu_.forget(at, size);
      runner_.host_wrote(at, size);
      if (bare_) bare_->cpu.forget(at, size);
    };
  }

  memory_model::Board board_;
  Firmware firmware_;
  GuestMemory memory_;
  Cpu cpu_;
  Runner runner_;

  /// A second emulator on the same memory, without hooks.
  struct Bare {
    explicit Bare(Impl& of) : cpu(of.memory_), runner(of.board_, of.firmware_, of.memory_, cpu, false) {}
    Cpu cpu;
    Runner runner;
  };
  std::unique_ptr<Bare> bare_;
};

Machine::Machine(const memory_model::Board& board, const Firmware& firmware)
    : impl_(std::make_unique<Impl>(board, firmware)) {}

Machine::~Machine() = default;

RunResult Machine::run(const Environment& environment, const RunLimits& limits) {
  return impl_->runner_.run(environment, limits);
}

double Machine::run_bare(const Environment& environment) {
  if (!impl_->bare_) impl_->bare_ = std::make_unique<Impl::Bare>(*impl_);
  const double begin = processor_seconds();
  impl_->bare_->runner.run(environment, {});
  return processor_seconds() - begin;
}

void Machine::read(isa::Address address, std::span<std::uint8_t> out) const {
  if (impl_->memory_.read(address, out)) return;
  throw std::out_of_range(
      fmt::format("{} bytes at {} lie outside the memory of {}", out.size(), address, impl_->board_.name));
}

void Machine::write(isa::Address address, std::span<const std::uint8_t> in) {
  if (impl_->memory_.write(address, in)) return;
  throw std::out_of_range(
      fmt::format("{} bytes at {} lie outside the memory of {}", in.size(), address, impl_->board_.name));
}

}  // namespace sim
