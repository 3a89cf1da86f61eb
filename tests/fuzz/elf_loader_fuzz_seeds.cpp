// Writes seeds for elf_loader_fuzz into a folder: small programs from the real cross compiler.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace {

constexpr const char* kProgram = R"(
extern unsigned stack_top[];
int state = 3, zero[4];
static int twice(int x) { return 2 * x; }
void reset(void) { zero[0] = twice(state); for (;;) {} }
__attribute__((section(".isr_vector"), used)) static void* const vectors[] = {stack_top, reset};
__attribute__((section(".m7scope.steps,\"\",%progbits//"), used)) static const char steps[] = "{\"steps\":[]}";
)";

constexpr const char* kScript = R"(
MEMORY { FLASH (rx) : ORIGIN = 0x08000000, LENGTH = 64K  RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 16K }
SECTIONS {
  .isr_vector : { KEEP(*(.isr_vector)) } > FLASH
  .text : { *(.text*) *(.rodata*) } > FLASH
  .data : { *(.data*) } > RAM AT > FLASH
  .bss : { *(.bss*) } > RAM
  .m7scope.steps 0 (INFO) : { KEEP(*(.m7scope.steps)) }
  stack_top = 0x20004000;
}
)";

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: elf_loader_fuzz_seeds FOLDER\n";
    return 2;
  }
  std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  std::filesystem::path work =
      std::filesystem::temp_directory_path() / ("elf-seeds-" + folder.filename().string());
  std::filesystem::create_directories(work);
  std::ofstream(work / "p.c") << kProgram;
  std::ofstream(work / "p.ld") << kScript;
  int seed = 0;
  for (const char* flags : {"-O2 -T p.ld", "-O0 -g -T p.ld", "-Os -s -T p.ld", "-O2 -c"}) {
    std::string command = "cd '" + work.string() +
                          "' && arm-none-eabi-gcc -mcpu=cortex-m7 -mthumb -ffreestanding " +
                          "-nostdlib -Wl,-e,reset,--no-warn-rwx-segments p.c " + flags + " -o p.elf";
    if (std::system(command.c_str()) != 0) return 1;
    std::filesystem::copy_file(work / "p.elf", folder / ("seed" + std::to_string(seed++) + ".elf"),
                               std::filesystem::copy_options::overwrite_existing);
  }
  std::filesystem::remove_all(work);
  return 0;
}
