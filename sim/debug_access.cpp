// What a debugger reads, writes and inserts while the run is stopped.
#include <fmt/format.h>

#include <algorithm>

#include "sim/debug_control.h"
#include "sim/debug_info.h"
#include "sim/runner.h"

namespace sim {
namespace {

constexpr std::uint32_t kLongestAccess = 8;

/// Unicorn's number of d0 to d15.
std::optional<int> double_number_of(gdb::Register which) {
  if (which < gdb::Register::kD0 || which >= gdb::Register::kFpscr) return std::nullopt;
  return UC_ARM_REG_D0 + static_cast<int>(which) - static_cast<int>(gdb::Register::kD0);
}

/// Of the aligned accesses of at most `left` bytes.
unsigned widest_access(isa::Address address, std::size_t left) {
  unsigned size = 4;
  while (size > left || address.value % size != 0) size /= 2;
  return size;
}

bool overlaps(const gdb::Point& point, std::uint32_t address, std::uint32_t size) {
  std::uint64_t end = std::uint64_t{point.address.value} + point.size;
  return address < end && point.address.value < std::uint64_t{address} + size;
}

}  // namespace

const memory_model::Board& DebugControl::board() const {
  return runner_.board_;
}

std::uint64_t DebugControl::read_register(gdb::Register which) const {
  if (std::optional<int> wide = double_number_of(which)) {
    std::uint64_t value = 0;
    uc_reg_read(runner_.cpu_.engine(), *wide, &value);
    return value;
  }
  CoreState core = this->core();
  switch (which) {
    case gdb::Register::kSp:
      return core.sp();
    case gdb::Register::kLr:
      return core.lr;
    case gdb::Register::kPc:
      return pc_;
    case gdb::Register::kXpsr:
      return core.xpsr;
    case gdb::Register::kMsp:
      return core.msp;
    case gdb::Register::kPsp:
      return core.psp;
    case gdb::Register::kPrimask:
      return core.masks.primask;
    case gdb::Register::kBasepri:
      return core.masks.basepri;
    case gdb::Register::kFaultmask:
      return core.masks.faultmask;
    case gdb::Register::kControl:
      return (core.unprivileged ? 1u : 0u) | (core.process_stack ? 2u : 0u) | (core.fp_active ? 4u : 0u);
    case gdb::Register::kFpscr:
      return runner_.cpu_.reg(UC_ARM_REG_FPSCR);
    default:
      return core.r[static_cast<std::size_t>(which)];
  }
}

void DebugControl::write_register(gdb::Register which, std::uint64_t value) {
  if (std::optional<int> wide = double_number_of(which)) {
    uc_reg_write(runner_.cpu_.engine(), *wide, &value);
    return;
  }
  auto word = static_cast<std::uint32_t>(value);
  CoreState core = this->core();
  switch (which) {
    case gdb::Register::kSp:
      core.sp() = word;
      break;
    case gdb::Register::kLr:
      core.lr = word;
      break;
    case gdb::Register::kPc:
      pc_ = word & ~1u;
      break;
    case gdb::Register::kXpsr:
      core.xpsr = word;
      break;
    case gdb::Register::kMsp:
      core.msp = word;
      break;
    case gdb::Register::kPsp:
      core.psp = word;
      break;
    case gdb::Register::kPrimask:
      core.masks.primask = word & 1;
      break;
    case gdb::Register::kBasepri:
      core.masks.basepri = static_cast<std::uint8_t>(word);
      break;
    case gdb::Register::kFaultmask:
      core.masks.faultmask = word & 1;
      break;
    case gdb::Register::kControl:
      core.unprivileged = word & 1;
      core.process_stack = word & 2;
      core.fp_active = word & 4;
      break;
    case gdb::Register::kFpscr:
      runner_.cpu_.set_reg(UC_ARM_REG_FPSCR, word);
      break;
    default:
      core.r[static_cast<std::size_t>(which)] = word;
      break;
  }
  set_core(core);
}

CoreState DebugControl::core() const {
  return runner_.cpu_.core();
}

/// The emulator takes over some registers only by executing; for the block that has begun that is nothing.
void DebugControl::set_core(const CoreState& core) {
  BlockTiming* timing = runner_.model_.suspend();
  std::size_t accesses = runner_.log_.count();
  runner_.cpu_.set_core(core);
  runner_.log_.restore(accesses);
  runner_.model_.resume(timing);
  runner_.cpu_.set_reg(UC_ARM_REG_PC, pc_ | 1);
  runner_.exceptions_changed();
}

std::size_t DebugControl::read_memory(isa::Address address, std::span<std::uint8_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    isa::Address at = address + isa::Bytes(static_cast<std::int64_t>(done));
    std::span<std::uint8_t> rest = out.subspan(done);
    std::span<std::uint8_t> there = runner_.memory_.from(at);
    if (there.empty()) {
      std::size_t n = read_device(at, rest);
      if (n == 0) break;
      done += n;
      continue;
    }
    std::size_t n = std::min(there.size(), rest.size());
    std::copy_n(there.begin(), n, rest.begin());
    done += n;
  }
  return done;
}

bool DebugControl::write_memory(isa::Address address, std::span<const std::uint8_t> in) {
  if (is_device(address)) return write_devices(address, in);
  if (!runner_.memory_.write(address, in)) return false;
  const memory_model::Region* region = board().region_at(address);
  if (region && region->writable()) return true;
  // What was learnt of code in flash is not compared with it again.
  if (in_block_) abandon_block();
  runner_.forget_blocks();
  return true;
}

bool DebugControl::is_device(isa::Address address) const {
  return address.value - SystemSpace::kBase < SystemSpace::kSize || runner_.peripherals_.has(address);
}

void DebugControl::write_device(isa::Address address, unsigned size, std::uint32_t value) {
  Unmodelled notes = runner_.notes_;
  isa::Cycles now = runner_.now();
  if (runner_.peripherals_.has(address)) {
    runner_.peripherals_.write(address, size, value, now);
  } else {
    SystemSpace::Written written = runner_.system_.write(address.value, size, value, now);
    if (written.caches) runner_.set_caches();
    runner_.reset_ |= written.reset;
  }
  runner_.notes_ = std::move(notes);
  runner_.exceptions_changed();
}

/// Reads one register as the core would, with all that this may cause. Returns how many bytes it gave.
std::size_t DebugControl::read_device(isa::Address address, std::span<std::uint8_t> out) {
  if (!is_device(address)) return 0;
  unsigned size = widest_access(address, out.size());
  Unmodelled notes = runner_.notes_;  // are about the firmware
  isa::Cycles now = runner_.now();
  std::uint32_t value = runner_.peripherals_.has(address)
                            ? runner_.peripherals_.read(address, size, now).value_or(0)
                            : runner_.system_.read(address.value, size, now);
  runner_.notes_ = std::move(notes);
  runner_.exceptions_changed();
  for (unsigned i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(value >> 8 * i);
  return size;
}

bool DebugControl::write_devices(isa::Address address, std::span<const std::uint8_t> in) {
  while (!in.empty()) {
    if (!is_device(address)) return false;
    unsigned size = widest_access(address, in.size());
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::uint32_t{in[i]} << 8 * i;
    write_device(address, size, value);
    address = address + isa::Bytes(size);
    in = in.subspan(size);
  }
  return true;
}

isa::CauseCycles DebugControl::cycles() const {
  return runner_.model_.counts(runner_.log_, in_block_ ? executed() : 0).causes;
}

std::uint64_t DebugControl::instructions() const {
  return runner_.model_.counts(runner_.log_, in_block_ ? executed() : 0).instructions;
}

void DebugControl::reset() {
  in_block_ = reported_ = false;
  runner_.start(*runner_.environment_, runner_.limits_);
  pc_ = stopped_at_ = runner_.cpu_.reg(UC_ARM_REG_PC) & ~1u;
  restarted_ = true;
}

bool DebugControl::insert(const gdb::Point& point) {
  if (point.is_watch()) return insert_watchpoint(point);
  std::uint32_t address = point.address.value & ~1u;
  if (!runner_.memory_.find(isa::Address(address))) return false;
  Hooked& there = breakpoints_[address];
  if (std::ranges::find(there.points, point) != there.points.end()) return true;
  there.points.push_back(point);
  if (there.points.size() > 1) return true;
  // A hook for one address costs nothing anywhere else.
  check(uc_hook_add(runner_.cpu_.engine(), &there.hook, UC_HOOK_CODE, reinterpret_cast<void*>(on_code), this,
                    std::uint64_t{address}, std::uint64_t{address}),
        "add a breakpoint");
  runner_.cpu_.forget(isa::Address(address), isa::Bytes(2));
  return true;
}

bool DebugControl::remove(const gdb::Point& point) {
  if (point.is_watch()) {
    remove_watchpoint(point);
    return true;
  }
  auto there = breakpoints_.find(point.address.value & ~1u);
  if (there == breakpoints_.end() || std::erase(there->second.points, point) == 0) return true;
  if (!there->second.points.empty()) return true;
  uc_hook_del(runner_.cpu_.engine(), there->second.hook);
  runner_.cpu_.forget(isa::Address(there->first), isa::Bytes(2));
  breakpoints_.erase(there);
  return true;
}

bool DebugControl::insert_watchpoint(const gdb::Point& point) {
  auto same = [&](const Hooked& hooked) { return hooked.points.front() == point; };
  if (std::ranges::any_of(watchpoints_, same)) return true;
  uc_engine* engine = runner_.cpu_.engine();
  std::uint64_t first = point.address.value - std::min(point.address.value, kLongestAccess - 1);
  std::uint64_t last = std::uint64_t{point.address.value} + point.size - 1;
  Hooked& added = watchpoints_.emplace_back();
  added.points = {point};
  check(uc_hook_add(engine, &added.hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE,
                    reinterpret_cast<void*>(on_watched_memory), this, first, last),
        "add a watchpoint");
  if (watchpoints_.size() > 1) return true;
  // The emulator cannot stop behind an access, only before an instruction.
  check(uc_hook_add(engine, &every_instruction_, UC_HOOK_CODE, reinterpret_cast<void*>(on_watched_code), this,
                    std::uint64_t{1}, std::uint64_t{0}),
        "look at every instruction");
  forget_translations();
  return true;
}

void DebugControl::remove_watchpoint(const gdb::Point& point) {
  uc_engine* engine = runner_.cpu_.engine();
  for (auto it = watchpoints_.begin(); it != watchpoints_.end(); ++it) {
    if (it->points.front() != point) continue;
    uc_hook_del(engine, it->hook);
    watchpoints_.erase(it);
    if (!watchpoints_.empty()) return;
    uc_hook_del(engine, every_instruction_);
    forget_translations();
    return;
  }
}

/// Hooks are baked into translations. Unicorn's own way to forget them all takes seconds.
void DebugControl::forget_translations() {
  for (const GuestMemory::Mapping& mapping : runner_.memory_.mappings()) {
    runner_.cpu_.forget(mapping.region->base, mapping.region->size);
  }
}

void DebugControl::detach() {
  attached_ = false;
  while (!watchpoints_.empty()) remove_watchpoint(gdb::Point(watchpoints_.back().points.front()));
  while (!breakpoints_.empty()) remove(gdb::Point(breakpoints_.begin()->second.points.front()));
}

/// Whether the emulator would go on to the end of an IT block first.
bool DebugControl::within_it(std::uint32_t address) const {
  if (!runner_.block_) return false;
  for (const isa::Instruction& in : runner_.block_->code) {
    if (in.address.value == address) return in.it.has_value();
  }
  return false;
}

void DebugControl::on_code(uc_engine* engine, std::uint64_t wide_address, std::uint32_t, void* self) {
  auto& control = *static_cast<DebugControl*>(self);
  auto address = static_cast<std::uint32_t>(wide_address);
  if (control.is_stopping()) return;
  if (std::exchange(control.passing_, 1) == address) return;
  auto there = control.breakpoints_.find(address);
  if (there == control.breakpoints_.end() || control.within_it(address)) return;
  control.break_hit_ = there->second.points.front();
  control.stopped_in_code_ = true;
  uc_emu_stop(engine);
}

void DebugControl::on_watched_code(uc_engine* engine, std::uint64_t address, std::uint32_t, void* self) {
  auto& control = *static_cast<DebugControl*>(self);
  if (!control.watch_hit_ || control.is_stopping()) return;
  if (control.within_it(static_cast<std::uint32_t>(address))) return;
  control.stopped_in_code_ = true;
  uc_emu_stop(engine);
}

void DebugControl::on_watched_memory(uc_engine*, uc_mem_type type, std::uint64_t address, int size,
                                     std::int64_t value, void* self) {
  static_cast<DebugControl*>(self)->watched(type == UC_MEM_WRITE, static_cast<std::uint32_t>(address),
                                            static_cast<std::uint32_t>(size), value);
}

void DebugControl::watched(bool store, std::uint32_t address, std::uint32_t size, std::int64_t value) {
  if (watch_hit_) return;
  for (const Hooked& hooked : watchpoints_) {
    const gdb::Point& point = hooked.points.front();
    if (!overlaps(point, address, size)) continue;
    if (point.kind != gdb::PointKind::kAccessWatch && store != (point.kind == gdb::PointKind::kWriteWatch)) {
      continue;
    }
    // gdb's `watch` waits for a change; a store of what is there already is none.
    std::uint8_t before[kLongestAccess];
    std::span<std::uint8_t> old(before, std::min(size, kLongestAccess));
    bool changes = !runner_.memory_.read(isa::Address(address), old);
    for (std::size_t i = 0; i < old.size(); ++i) {
      changes |= old[i] != static_cast<std::uint8_t>(value >> 8 * i);
    }
    if (point.kind == gdb::PointKind::kWriteWatch && !changes) continue;
    watch_hit_ = point;
    watch_hit_->address = isa::Address(std::max(address, point.address.value));
    std::optional<std::size_t> index = runner_.access_instruction();
    isa::Address pc = index ? runner_.block_->code[*index].address : isa::Address(pc_);
    watch_text_ =
        fmt::format("m7scope: {} at {}", describe_access(board(), store, size, isa::Address(address)), pc);
    std::string source = source_line(runner_.firmware_.path, pc);
    watch_text_ += source.empty() ? "\n" : fmt::format(" ({})\n", source);
    return runner_.update_traps();
  }
}

}  // namespace sim
