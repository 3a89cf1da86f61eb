#include "engine/toolchain/elf_sizes.h"

#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <memory>
#include <string_view>

namespace engine {

std::optional<ElfSizes> elf_sizes(const std::filesystem::path& path) {
  elf_version(EV_CURRENT);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  const std::unique_ptr<const int, void (*)(const int*)> closer(&file, [](const int* f) { close(*f); });
  const std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_begin(file, ELF_C_READ_MMAP, nullptr), elf_end);
  if (!elf || elf_kind(elf.get()) != ELF_K_ELF) return std::nullopt;

  ElfSizes sizes;
  std::size_t segments = 0, names = 0;
  if (elf_getphdrnum(elf.get(), &segments) != 0 || elf_getshdrstrndx(elf.get(), &names) != 0)
    return std::nullopt;
  for (std::size_t i = 0; i < segments; ++i) {
    GElf_Phdr header;
    if (gelf_getphdr(elf.get(), static_cast<int>(i), &header) == nullptr) return std::nullopt;
    if (header.p_type == PT_LOAD) sizes.flash += isa::Bytes(static_cast<std::int64_t>(header.p_filesz));
  }
  for (Elf_Scn* section = elf_nextscn(elf.get(), nullptr); section != nullptr;
       section = elf_nextscn(elf.get(), section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) return std::nullopt;
    const char* text = elf_strptr(elf.get(), names, header.sh_name);
    const std::string_view name = text == nullptr ? "" : text;
    const isa::Bytes size(static_cast<std::int64_t>(header.sh_size));
    if (name == ".data" || name == ".bss") sizes.data += size;
    if (name == ".fast_text") sizes.copied_code = size;
    if (name == ".m7_arena") sizes.arena = size;
    if (name == ".stack") sizes.stack = size;
  }
  return sizes;
}

}  // namespace engine
