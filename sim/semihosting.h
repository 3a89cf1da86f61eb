// Semihosting: what BKPT 0xAB asks of the host, after Arm's "Semihosting for AArch32 and AArch64",
// release 2.0.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/guest_memory.h"
#include "sim/sandbox.h"

namespace sim {

/// One per run. Time is the guest's own, so that runs repeat: clocks start at zero with the run.
/// The console reads as an end of file. Files live in the sandbox; at most 32 are open and 1 GiB is written.
class Semihosting {
 public:
  struct Setup {
    std::filesystem::path sandbox;
    std::function<void(std::string_view)> console;
    std::string command_line;
    double core_hz = 0;
    /// Hears of guest memory that a file or the console is given.
    std::function<void(isa::Address, isa::Bytes)> reads{};
    /// heap base, heap limit, stack base, stack limit; zeros where unknown
    std::array<std::uint32_t, 4> heap_info{};
  };
  struct Reply {
    std::uint32_t r0 = 0;
    std::optional<int> exit_code;  ///< the program has ended
    std::string refused;           ///< an operation that does not exist, or a parameter block outside memory
  };

  Semihosting(GuestMemory& memory, Setup setup);
  ~Semihosting();
  Semihosting(const Semihosting&) = delete;
  Semihosting& operator=(const Semihosting&) = delete;

  /// Operation number in R0, its parameter in R1.
  Reply call(std::uint32_t operation, std::uint32_t parameter, std::uint64_t cycles);
  /// Text on its way to the console; what is beyond 64 MiB is dropped, with one line that says so.
  void print(std::string_view text);

 private:
  enum class Kind { kClosed, kConsole, kFeatures, kFile };
  struct Handle {
    Kind kind = Kind::kClosed;
    int fd = -1;
    std::size_t position = 0;  ///< in the features file
  };

  std::uint32_t open(isa::Address name, std::uint32_t mode, std::uint32_t length);
  std::uint32_t close(std::uint32_t handle);
  std::uint32_t write(std::uint32_t handle, isa::Address from, std::uint32_t length);
  std::uint32_t read(std::uint32_t handle, isa::Address to, std::uint32_t length);
  std::uint32_t seek(std::uint32_t handle, std::uint32_t position);
  std::uint32_t length_of(std::uint32_t handle);
  std::uint32_t is_tty(std::uint32_t handle);
  std::uint32_t temporary_name(isa::Address to, std::uint32_t id, std::uint32_t length);
  std::uint32_t command_line(isa::Address block, isa::Address to, std::uint32_t length);
  std::uint32_t write_words(isa::Address to, std::initializer_list<std::uint32_t> words);
  bool print_string(isa::Address from);
  std::optional<std::string> text_at(isa::Address from, std::uint32_t length) const;
  std::uint32_t fail(int error);
  Handle* handle(std::uint32_t number);

  GuestMemory& memory_;
  Setup setup_;
  Sandbox sandbox_;
  std::vector<Handle> handles_;
  int errno_ = 0;
  std::uint64_t printed_ = 0, file_bytes_ = 0;
};

}  // namespace sim
