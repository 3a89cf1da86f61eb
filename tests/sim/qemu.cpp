#include "qemu.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace sim::test {

bool has_qemu() {
  static const bool has = std::system("command -v qemu-system-arm > /dev/null 2>&1") == 0;
  return has;
}

std::string qemu_says(const std::filesystem::path& elf) {
  std::string command =
      "timeout 60 qemu-system-arm -M mps2-an500 -nographic -monitor none -serial none "
      "-semihosting-config enable=on,target=native -kernel '" +
      elf.string() + "' 2>&1";
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 256> part;
  while (std::size_t n = std::fread(part.data(), 1, part.size(), pipe.get())) text.append(part.data(), n);
  return text;
}

}  // namespace sim::test
