// qemu-system-arm's MPS2-AN500 as an outside oracle.
#pragma once

#include <filesystem>
#include <string>

namespace sim::test {

/// Whether qemu-system-arm is installed.
bool has_qemu();
/// What the program prints by semihosting.
std::string qemu_says(const std::filesystem::path& elf);

}  // namespace sim::test
