// Semihosting calls.
#include "sim/semihosting.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sim {
namespace {

enum : std::uint32_t {
  kOpen = 0x01,
  kClose = 0x02,
  kWriteC = 0x03,
  kWrite0 = 0x04,
  kWrite = 0x05,
  kRead = 0x06,
  kReadC = 0x07,
  kIsError = 0x08,
  kIsTty = 0x09,
  kSeek = 0x0a,
  kFlen = 0x0c,
  kTmpNam = 0x0d,
  kRemove = 0x0e,
  kRename = 0x0f,
  kClock = 0x10,
  kTime = 0x11,
  kSystem = 0x12,
  kErrno = 0x13,
  kGetCmdLine = 0x15,
  kHeapInfo = 0x16,
  kExit = 0x18,
  kExitExtended = 0x20,
  kElapsed = 0x30,
  kTickFreq = 0x31,
};

constexpr std::uint32_t kError = 0xffffffff;
constexpr std::uint32_t kApplicationExit = 0x20026;
constexpr std::size_t kMaxHandles = 32;
constexpr std::uint32_t kMaxName = 1024;
constexpr std::uint64_t kMaxConsole = std::uint64_t{64} << 20, kMaxFileBytes = std::uint64_t{1} << 30;
/// SHFB, then: SYS_EXIT_EXTENDED exists, and ":tt" for appending is a second stream.
constexpr std::uint8_t kFeatures[] = {0x53, 0x48, 0x46, 0x42, 0x03};
constexpr std::size_t kChunk = 64 * 1024;

/// fopen's modes in the order of SYS_OPEN's numbers: r, r+, w, w+, a, a+, each plain and binary.
constexpr int kOpenFlags[] = {O_RDONLY,
                              O_RDWR,
                              O_WRONLY | O_CREAT | O_TRUNC,
                              O_RDWR | O_CREAT | O_TRUNC,
                              O_WRONLY | O_CREAT | O_APPEND,
                              O_RDWR | O_CREAT | O_APPEND};

/// Words in each operation's parameter block.
unsigned parameter_words(std::uint32_t operation) {
  switch (operation) {
    case kClose:
    case kIsError:
    case kIsTty:
    case kFlen:
    case kHeapInfo:
      return 1;
    case kSeek:
    case kRemove:
    case kSystem:
    case kGetCmdLine:
    case kExitExtended:
      return 2;
    case kOpen:
    case kWrite:
    case kRead:
    case kTmpNam:
      return 3;
    case kRename:
      return 4;
    default:
      return 0;
  }
}

}  // namespace

Semihosting::Semihosting(GuestMemory& memory, Setup setup)
    : memory_(memory), setup_(std::move(setup)), sandbox_(setup_.sandbox) {}

Semihosting::~Semihosting() {
  for (const Handle& h : handles_) {
    if (h.kind == Kind::kFile) ::close(h.fd);
  }
}

std::uint32_t Semihosting::fail(int error) {
  errno_ = error;
  return kError;
}

Semihosting::Handle* Semihosting::handle(std::uint32_t number) {
  if (number == 0 || number > handles_.size() || handles_[number - 1].kind == Kind::kClosed) return nullptr;
  return &handles_[number - 1];
}

void Semihosting::print(std::string_view text) {
  if (!setup_.console || text.empty() || printed_ > kMaxConsole) return;
  printed_ += text.size();
  setup_.console(text);
  if (printed_ > kMaxConsole) {
    setup_.console(fmt::format("\n[console text beyond {} bytes is dropped]\n", kMaxConsole));
  }
}

Semihosting::Reply Semihosting::call(std::uint32_t operation, std::uint32_t parameter, std::uint64_t cycles) {
  isa::Address block(parameter);
  std::uint32_t p[4] = {};
  for (unsigned i = 0; i < parameter_words(operation); ++i) {
    if (memory_.read_word(block + isa::Bytes(4 * i), p[i])) continue;
    return {
        kError,
        {},
        fmt::format("semihosting call 0x{:02x}: its parameters at {} lie outside memory", operation, block)};
  }
  auto seconds = static_cast<double>(cycles) / setup_.core_hz;
  switch (operation) {
    case kOpen:
      return {open(isa::Address(p[0]), p[1], p[2]), {}, ""};
    case kClose:
      return {close(p[0]), {}, ""};
    case kWriteC: {
      std::uint8_t c = 0;
      if (!memory_.read(block, {&c, 1}))
        return {kError, {}, fmt::format("SYS_WRITEC: {} lies outside memory", block)};
      print({reinterpret_cast<const char*>(&c), 1});
      return {0, {}, ""};
    }
    case kWrite0:
      if (!print_string(block)) return {kError, {}, fmt::format("SYS_WRITE0: {} lies outside memory", block)};
      return {0, {}, ""};
    case kWrite:
      return {write(p[0], isa::Address(p[1]), p[2]), {}, ""};
    case kRead:
      return {read(p[0], isa::Address(p[1]), p[2]), {}, ""};
    case kReadC:
      return {kError, {}, ""};  // end of file
    case kIsError:
      return {static_cast<std::int32_t>(p[0]) < 0 ? 1u : 0u, {}, ""};
    case kIsTty:
      return {is_tty(p[0]), {}, ""};
    case kSeek:
      return {seek(p[0], p[1]), {}, ""};
    case kFlen:
      return {length_of(p[0]), {}, ""};
    case kTmpNam:
      return {temporary_name(isa::Address(p[0]), p[1], p[2]), {}, ""};
    case kRemove: {
      auto name = text_at(isa::Address(p[0]), p[1]);
      return {name && sandbox_.remove(*name) == 0 ? 0 : fail(name ? errno : EFAULT), {}, ""};
    }
    case kRename: {
      auto from = text_at(isa::Address(p[0]), p[1]), to = text_at(isa::Address(p[2]), p[3]);
      bool named = from && to;
      return {named && sandbox_.rename(*from, *to) == 0 ? 0 : fail(named ? errno : EFAULT), {}, ""};
    }
    case kClock:
      return {static_cast<std::uint32_t>(static_cast<std::uint64_t>(seconds * 100)), {}, ""};
    case kTime:
      return {static_cast<std::uint32_t>(static_cast<std::uint64_t>(seconds)), {}, ""};
    case kSystem:
      return {fail(EPERM), {}, ""};  // the guest runs no commands here
    case kErrno:
      return {static_cast<std::uint32_t>(errno_), {}, ""};
    case kGetCmdLine:
      return {command_line(block, isa::Address(p[0]), p[1]), {}, ""};
    case kHeapInfo: {
      const auto& h = setup_.heap_info;
      return {write_words(isa::Address(p[0]), {h[0], h[1], h[2], h[3]}), {}, ""};
    }
    // In 32-bit programs R1 of SYS_EXIT is the reason itself, not a block.
    case kExit:
      return {0, parameter == kApplicationExit ? 0 : 1, ""};
    case kExitExtended:
      return {0, p[0] == kApplicationExit ? static_cast<int>(p[1]) : 1, ""};
    case kElapsed:
      return {
          write_words(block, {static_cast<std::uint32_t>(cycles), static_cast<std::uint32_t>(cycles >> 32)}),
          {},
          ""};
    case kTickFreq:
      return {static_cast<std::uint32_t>(setup_.core_hz), {}, ""};
    default:
      return {kError, {}, fmt::format("semihosting call 0x{:02x} does not exist", operation)};
  }
}

std::optional<std::string> Semihosting::text_at(isa::Address from, std::uint32_t length) const {
  if (length > kMaxName) return std::nullopt;
  std::string text(length, '\0');
  if (!memory_.read(from, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()})) return std::nullopt;
  return text;
}

bool Semihosting::print_string(isa::Address from) {
  // Region by region, so that a string without an end stops where memory does.
  for (;;) {
    std::span<std::uint8_t> there = memory_.from(from);
    if (there.empty()) return false;
    const void* end = std::memchr(there.data(), 0, there.size());
    std::size_t n =
        end ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(end) - there.data()) : there.size();
    print({reinterpret_cast<const char*>(there.data()), n});
    if (setup_.reads) setup_.reads(from, isa::Bytes(static_cast<std::int64_t>(n)));
    if (end) return true;
    from = from + isa::Bytes(static_cast<std::int64_t>(n));
  }
}

std::uint32_t Semihosting::open(isa::Address name_at, std::uint32_t mode, std::uint32_t length) {
  auto name = text_at(name_at, length);
  if (!name) return fail(EFAULT);
  if (mode >= 2 * std::size(kOpenFlags)) return fail(EINVAL);
  auto free =
      std::find_if(handles_.begin(), handles_.end(), [](const Handle& h) { return h.kind == Kind::kClosed; });
  if (free == handles_.end()) {
    if (handles_.size() == kMaxHandles) return fail(EMFILE);
    free = handles_.emplace(handles_.end());
  }
  if (*name == ":tt") {
    *free = {Kind::kConsole};
  } else if (*name == ":semihosting-features") {
    if (mode > 1) return fail(EACCES);
    *free = {Kind::kFeatures};
  } else {
    int fd = sandbox_.open(*name, kOpenFlags[mode / 2]);
    if (fd < 0) return fail(errno);
    *free = {Kind::kFile, fd};
  }
  return static_cast<std::uint32_t>(free - handles_.begin()) + 1;
}

std::uint32_t Semihosting::close(std::uint32_t number) {
  Handle* h = handle(number);
  if (!h) return fail(EBADF);
  int result = h->kind == Kind::kFile ? ::close(h->fd) : 0;
  *h = {};
  return result == 0 ? 0 : fail(errno);
}

std::uint32_t Semihosting::write(std::uint32_t number, isa::Address from, std::uint32_t length) {
  Handle* h = handle(number);
  if (!h || h->kind == Kind::kFeatures) {
    fail(EBADF);
    return length;
  }
  while (length > 0) {
    std::span<std::uint8_t> there = memory_.from(from);
    std::size_t n = std::min<std::size_t>({there.size(), length, kChunk});
    if (n == 0) {
      fail(EFAULT);
      break;
    }
    if (h->kind == Kind::kConsole) {
      print({reinterpret_cast<const char*>(there.data()), n});
    } else {
      if (file_bytes_ + n > kMaxFileBytes) {
        fail(EFBIG);
        break;
      }
      ssize_t done = ::write(h->fd, there.data(), n);
      if (done <= 0) {
        fail(errno);
        break;
      }
      n = static_cast<std::size_t>(done);
      file_bytes_ += n;
    }
    if (setup_.reads) setup_.reads(from, isa::Bytes(static_cast<std::int64_t>(n)));
    length -= static_cast<std::uint32_t>(n);
    from = from + isa::Bytes(static_cast<std::int64_t>(n));
  }
  return length;  // bytes not written
}

std::uint32_t Semihosting::read(std::uint32_t number, isa::Address to, std::uint32_t length) {
  Handle* h = handle(number);
  if (!h) {
    fail(EBADF);
    return length;
  }
  std::vector<std::uint8_t> bytes(std::min<std::size_t>(length, kChunk));
  while (length > 0) {
    std::size_t want = std::min<std::size_t>(length, bytes.size()), n = 0;
    if (h->kind == Kind::kFeatures) {
      n = std::min(want, sizeof kFeatures - h->position);
      std::copy_n(kFeatures + h->position, n, bytes.begin());
      h->position += n;
    } else if (h->kind == Kind::kFile) {
      ssize_t done = ::read(h->fd, bytes.data(), want);
      if (done < 0) fail(errno);
      n = done > 0 ? static_cast<std::size_t>(done) : 0;
    }
    if (n == 0) break;
    if (!memory_.write_as_guest(to, {bytes.data(), n})) {
      fail(EFAULT);
      break;
    }
    length -= static_cast<std::uint32_t>(n);
    to = to + isa::Bytes(static_cast<std::int64_t>(n));
  }
  return length;  // bytes not read
}

std::uint32_t Semihosting::seek(std::uint32_t number, std::uint32_t position) {
  Handle* h = handle(number);
  if (!h || h->kind == Kind::kConsole) return fail(h ? ESPIPE : EBADF);
  if (h->kind == Kind::kFeatures) {
    if (position > sizeof kFeatures) return fail(EINVAL);
    h->position = position;
    return 0;
  }
  // A hole counts as written: the guest must not make a huge file by seeking.
  if (position > kMaxFileBytes) return fail(EFBIG);
  return ::lseek(h->fd, position, SEEK_SET) < 0 ? fail(errno) : 0;
}

std::uint32_t Semihosting::length_of(std::uint32_t number) {
  Handle* h = handle(number);
  if (!h || h->kind == Kind::kConsole) return fail(h ? ESPIPE : EBADF);
  if (h->kind == Kind::kFeatures) return sizeof kFeatures;
  struct stat about {};
  if (::fstat(h->fd, &about) != 0) return fail(errno);
  if (about.st_size > 0x7fffffff) return fail(EOVERFLOW);
  return static_cast<std::uint32_t>(about.st_size);
}

std::uint32_t Semihosting::is_tty(std::uint32_t number) {
  Handle* h = handle(number);
  if (!h) return fail(EBADF);
  return h->kind == Kind::kConsole ? 1 : 0;
}

std::uint32_t Semihosting::temporary_name(isa::Address to, std::uint32_t id, std::uint32_t length) {
  std::string name = fmt::format("tmp-{:02x}", id & 0xff);
  if (length < name.size() + 1) return fail(EINVAL);
  bool done =
      memory_.write_as_guest(to, {reinterpret_cast<const std::uint8_t*>(name.c_str()), name.size() + 1});
  return done ? 0 : fail(EFAULT);
}

std::uint32_t Semihosting::command_line(isa::Address block, isa::Address to, std::uint32_t length) {
  const std::string& line = setup_.command_line;
  if (length < line.size() + 1) return fail(E2BIG);
  bool done =
      memory_.write_as_guest(to, {reinterpret_cast<const std::uint8_t*>(line.c_str()), line.size() + 1});
  if (!done) return fail(EFAULT);
  return write_words(block + isa::Bytes(4), {static_cast<std::uint32_t>(line.size())});
}

std::uint32_t Semihosting::write_words(isa::Address to, std::initializer_list<std::uint32_t> words) {
  std::vector<std::uint8_t> bytes;
  for (std::uint32_t word : words) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
  }
  return memory_.write_as_guest(to, bytes) ? 0 : fail(EFAULT);
}

}  // namespace sim
