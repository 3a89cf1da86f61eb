// Firmware images: a bounded ELF32 reader over bytes that anybody may have written.
#include "sim/firmware.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <utility>

namespace sim {
namespace {

/// Larger than any Cortex-M7's memory; keeps a wrong file from being read whole.
constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{256} << 20;
constexpr std::uint32_t kMaxSymbols = 1'000'000;
constexpr std::uint32_t kMaxStepTableBytes = 64u << 20;
constexpr const char* kStepTable = ".m7scope.steps";
constexpr const char* kVectorSections[] = {".isr_vector", ".vectors", ".vector_table", ".intvecs"};
constexpr const char* kVectorSymbols[] = {"m7_vectors", "g_pfnVectors", "__isr_vector", "__Vectors",
                                          "_vectors"};

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case EM_386:
      return "x86 (3)";
    case EM_X86_64:
      return "x86-64 (62)";
    case EM_AARCH64:
      return "AArch64 (183)";
    case EM_RISCV:
      return "RISC-V (243)";
    case EM_MIPS:
      return "MIPS (8)";
    case EM_XTENSA:
      return "Xtensa (94)";
    default:
      return std::to_string(machine);
  }
}

/// Reads one file's headers; every offset is checked against the file before it is used.
class ElfReader {
 public:
  ElfReader(std::span<const std::uint8_t> file, const std::string& where) : file_(file), where_(where) {}

  Firmware read() {
    firmware_.path = where_;
    read_header();
    read_segments();
    read_sections();
    place_vector_table();
    return std::move(firmware_);
  }

 private:
  [[noreturn]] void fail(const std::string& text) const { throw FirmwareError(where_ + ": " + text); }

  bool inside(std::uint64_t offset, std::uint64_t size) const {
    return offset <= file_.size() && size <= file_.size() - offset;
  }

  /// Copies a T from the file: the bytes need not be aligned.
  template <class T>
  T at(std::uint64_t offset) const {
    T value;
    std::memcpy(&value, file_.data() + offset, sizeof value);
    return value;
  }

  void read_header() {
    if (file_.size() < sizeof(Elf32_Ehdr)) {
      fail(fmt::format("{} bytes, expected at least the {} of an ELF header", file_.size(),
                       sizeof(Elf32_Ehdr)));
    }
    header_ = at<Elf32_Ehdr>(0);
    const unsigned char* id = header_.e_ident;
    if (std::memcmp(id, ELFMAG, SELFMAG) != 0) {
      fail(fmt::format("magic is {:02x} {:02x} {:02x} {:02x}, expected 7f 45 4c 46 (ELF)", id[0], id[1],
                       id[2], id[3]));
    }
    if (id[EI_CLASS] == ELFCLASS64) check_64_bit_machine();
    if (id[EI_CLASS] != ELFCLASS32) fail(fmt::format("ELF class is {}, expected 1 (32-bit)", id[EI_CLASS]));
    if (id[EI_DATA] != ELFDATA2LSB) {
      fail(fmt::format("byte order is {}, expected 1 (little endian)", id[EI_DATA]));
    }
    if (header_.e_machine != EM_ARM) {
      fail(fmt::format("machine is {}, expected ARM (40)", machine_name(header_.e_machine)));
    }
    if (id[EI_VERSION] != EV_CURRENT) fail(fmt::format("ELF version is {}, expected 1", id[EI_VERSION]));
    if (header_.e_type == ET_REL) fail("type is relocatable (1), expected executable (2): link it first");
    if (header_.e_type != ET_EXEC) fail(fmt::format("type is {}, expected executable (2)", header_.e_type));
  }

  /// The machine says more than the class about what a 64-bit file is.
  [[noreturn]] void check_64_bit_machine() const {
    if (header_.e_ident[EI_DATA] == ELFDATA2LSB && header_.e_machine != EM_ARM) {
      fail(fmt::format("machine is {}, expected ARM (40)", machine_name(header_.e_machine)));
    }
    fail("ELF class is 2 (64-bit), expected 1 (32-bit)");
  }

  void read_segments() {
    if (header_.e_phnum == 0) fail("no program headers, expected at least one segment to load");
    if (header_.e_phentsize != sizeof(Elf32_Phdr)) {
      fail(fmt::format("program headers of {} bytes, expected {}", header_.e_phentsize, sizeof(Elf32_Phdr)));
    }
    std::uint64_t bytes = std::uint64_t{header_.e_phnum} * sizeof(Elf32_Phdr);
    if (!inside(header_.e_phoff, bytes)) {
      fail(fmt::format("program headers at offset 0x{:x}, {} bytes, lie outside the file of {} bytes",
                       header_.e_phoff, bytes, file_.size()));
    }
    for (unsigned i = 0; i < header_.e_phnum; ++i) {
      read_segment(i, at<Elf32_Phdr>(header_.e_phoff + std::uint64_t{i} * sizeof(Elf32_Phdr)));
    }
    if (firmware_.segments.empty()) fail("nothing to load: no PT_LOAD segment has bytes in the file");
    std::sort(firmware_.segments.begin(), firmware_.segments.end(),
              [](const Segment& a, const Segment& b) { return a.address < b.address; });
    for (std::size_t i = 1; i < firmware_.segments.size(); ++i) {
      const Segment &a = firmware_.segments[i - 1], &b = firmware_.segments[i];
      if (b.address.value - a.address.value < a.bytes.size()) {
        fail(fmt::format("segments overlap: {} bytes at {} and {} bytes at {}", a.bytes.size(), a.address,
                         b.bytes.size(), b.address));
      }
    }
  }

  void read_segment(unsigned index, const Elf32_Phdr& segment) {
    if (segment.p_type != PT_LOAD) return;
    std::string thing = fmt::format("segment {}", index);
    if (segment.p_filesz > segment.p_memsz) {
      fail(fmt::format("{}: {} bytes in the file, {} in memory, expected no more in the file than in memory",
                       thing, segment.p_filesz, segment.p_memsz));
    }
    if (!inside(segment.p_offset, segment.p_filesz)) {
      fail(fmt::format("{}: offset 0x{:x}, {} bytes, lies outside the file of {} bytes", thing,
                       segment.p_offset, segment.p_filesz, file_.size()));
    }
    if (std::uint64_t{segment.p_paddr} + segment.p_memsz > (std::uint64_t{1} << 32) ||
        std::uint64_t{segment.p_vaddr} + segment.p_memsz > (std::uint64_t{1} << 32)) {
      fail(fmt::format("{}: {} bytes at 0x{:08x} run past the end of the address space", thing,
                       segment.p_memsz, segment.p_paddr));
    }
    if (segment.p_filesz == 0) return;
    // Overlaps are errors, so the bytes copied can never be more than the file's own. This holds it before
    // the check.
    loaded_ += segment.p_filesz;
    if (loaded_ > file_.size())
      fail(fmt::format("{}: the segments together hold more bytes than the file", thing));
    auto begin = file_.begin() + segment.p_offset;
    firmware_.segments.push_back({isa::Address(segment.p_paddr), {begin, begin + segment.p_filesz}});
  }

  void read_sections() {
    if (header_.e_shnum == 0) return;
    if (header_.e_shentsize != sizeof(Elf32_Shdr)) {
      fail(fmt::format("section headers of {} bytes, expected {}", header_.e_shentsize, sizeof(Elf32_Shdr)));
    }
    std::uint64_t bytes = std::uint64_t{header_.e_shnum} * sizeof(Elf32_Shdr);
    if (!inside(header_.e_shoff, bytes)) {
      fail(fmt::format("section headers at offset 0x{:x}, {} bytes, lie outside the file of {} bytes",
                       header_.e_shoff, bytes, file_.size()));
    }
    if (header_.e_shstrndx >= header_.e_shnum) {
      fail(fmt::format("section names are in section {}, expected one of the {}", header_.e_shstrndx,
                       header_.e_shnum));
    }
    Elf32_Shdr names = section(header_.e_shstrndx);
    check_contents(header_.e_shstrndx, names);
    bool has_symbols = false;
    for (unsigned i = 0; i < header_.e_shnum; ++i) {
      Elf32_Shdr s = section(i);
      std::string_view name = string_at(names, s.sh_name);
      // An ELF file has one symbol table; of more, only the first counts.
      if (s.sh_type == SHT_SYMTAB && !has_symbols) {
        has_symbols = true;
        read_symbols(i, s);
      }
      if (name == kStepTable && firmware_.step_table.empty()) read_step_table(i, s);
      bool loaded = (s.sh_flags & SHF_ALLOC) && s.sh_size >= 8;
      for (const char* wanted : kVectorSections) {
        if (loaded && name == wanted && !vector_section_) vector_section_ = s.sh_addr;
      }
    }
    std::stable_sort(firmware_.symbols.begin(), firmware_.symbols.end(),
                     [](const Symbol& a, const Symbol& b) { return a.address < b.address; });
  }

  Elf32_Shdr section(unsigned index) const {
    return at<Elf32_Shdr>(header_.e_shoff + std::uint64_t{index} * sizeof(Elf32_Shdr));
  }

  void check_contents(unsigned index, const Elf32_Shdr& s) const {
    if (s.sh_type != SHT_NOBITS && inside(s.sh_offset, s.sh_size)) return;
    fail(fmt::format("section {}: offset 0x{:x}, {} bytes, lies outside the file of {} bytes", index,
                     s.sh_offset, s.sh_size, file_.size()));
  }

  /// The string at `offset` of a string table, or empty where it does not end inside.
  std::string_view string_at(const Elf32_Shdr& table, std::uint32_t offset) const {
    if (offset >= table.sh_size) return {};
    const char* begin = reinterpret_cast<const char*>(file_.data()) + table.sh_offset + offset;
    const void* end = std::memchr(begin, 0, table.sh_size - offset);
    return end ? std::string_view(begin, static_cast<std::size_t>(static_cast<const char*>(end) - begin))
               : std::string_view();
  }

  void read_step_table(unsigned index, const Elf32_Shdr& s) {
    check_contents(index, s);
    if (s.sh_size > kMaxStepTableBytes) {
      fail(fmt::format("section {} ({}): {} bytes, expected at most {}", index, kStepTable, s.sh_size,
                       kMaxStepTableBytes));
    }
    const char* begin = reinterpret_cast<const char*>(file_.data()) + s.sh_offset;
    firmware_.step_table.assign(begin, s.sh_size);
    // C arrays end in a zero byte, which is not JSON.
    while (!firmware_.step_table.empty() && firmware_.step_table.back() == '\0')
      firmware_.step_table.pop_back();
  }

  void read_symbols(unsigned index, const Elf32_Shdr& table) {
    check_contents(index, table);
    if (table.sh_entsize != sizeof(Elf32_Sym)) {
      fail(fmt::format("section {}: symbols of {} bytes, expected {}", index, table.sh_entsize,
                       sizeof(Elf32_Sym)));
    }
    if (table.sh_link >= header_.e_shnum) {
      fail(fmt::format("section {}: symbol names are in section {}, expected one of the {}", index,
                       table.sh_link, header_.e_shnum));
    }
    Elf32_Shdr strings = section(table.sh_link);
    check_contents(table.sh_link, strings);
    std::uint32_t count = table.sh_size / sizeof(Elf32_Sym);
    if (count > kMaxSymbols) {
      fail(fmt::format("section {}: {} symbols, expected at most {}", index, count, kMaxSymbols));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      auto symbol = at<Elf32_Sym>(table.sh_offset + std::uint64_t{i} * sizeof(Elf32_Sym));
      add_symbol(symbol, string_at(strings, symbol.st_name));
    }
  }

  void add_symbol(const Elf32_Sym& symbol, std::string_view name) {
    unsigned type = ELF32_ST_TYPE(symbol.st_info);
    bool wanted = type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE;
    // $t, $d and $a mark what the bytes are; they name nothing.
    if (!wanted || symbol.st_shndx == SHN_UNDEF || name.empty() || name[0] == '$') return;
    // Overlapping tails of the string table could make a small file into many long names.
    name_bytes_ += name.size();
    if (name_bytes_ > 2 * file_.size() + kMaxSymbols)
      fail("the symbols' names together are longer than the file");
    std::uint32_t address = type == STT_FUNC ? symbol.st_value & ~1u : symbol.st_value;
    firmware_.symbols.push_back(
        {std::string(name), isa::Address(address), isa::Bytes(symbol.st_size), type == STT_FUNC});
  }

  /// By section name, then by symbol, else the lowest address loaded. A table that start-up code copies
  /// elsewhere has an address where nothing is loaded: it does not count.
  void place_vector_table() {
    if (vector_section_ && loaded_at(*vector_section_)) {
      firmware_.vector_table = isa::Address(*vector_section_);
      return;
    }
    for (const char* name : kVectorSymbols) {
      const Symbol* symbol = firmware_.symbol(name);
      if (!symbol || !loaded_at(symbol->address.value)) continue;
      firmware_.vector_table = symbol->address;
      return;
    }
    firmware_.vector_table = firmware_.segments.front().address;
  }

  bool loaded_at(std::uint32_t address) const {
    return std::any_of(firmware_.segments.begin(), firmware_.segments.end(), [&](const Segment& s) {
      return address >= s.address.value && address - s.address.value < s.bytes.size();
    });
  }

  std::span<const std::uint8_t> file_;
  const std::string& where_;
  Elf32_Ehdr header_{};
  Firmware firmware_;
  std::optional<std::uint32_t> vector_section_;
  std::uint64_t loaded_ = 0, name_bytes_ = 0;
};

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, const char* expected) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw FirmwareError(fmt::format("{}: no such file, expected {}", path.string(), expected));
  }
  if (!std::filesystem::is_regular_file(path, error)) {
    throw FirmwareError(fmt::format("{}: not a regular file, expected {}", path.string(), expected));
  }
  std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw FirmwareError(fmt::format("{}: {}", path.string(), error.message()));
  if (size > kMaxFileBytes) {
    throw FirmwareError(fmt::format("{}: {} bytes, expected at most {}", path.string(), size, kMaxFileBytes));
  }
  std::vector<std::uint8_t> bytes(size);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file) throw FirmwareError(fmt::format("{}: cannot be read, expected {}", path.string(), expected));
  return bytes;
}

}  // namespace

const Symbol* Firmware::symbol(std::string_view wanted) const {
  auto it = std::find_if(symbols.begin(), symbols.end(), [&](const Symbol& s) { return s.name == wanted; });
  return it == symbols.end() ? nullptr : &*it;
}

const Symbol* Firmware::function_at(isa::Address pc) const {
  auto after = std::upper_bound(symbols.begin(), symbols.end(), pc,
                                [](isa::Address a, const Symbol& s) { return a < s.address; });
  // Hand-written functions often have no size: they reach to the next function.
  while (after != symbols.begin()) {
    const Symbol& s = *--after;
    if (!s.is_function) continue;
    bool covers = s.size.value == 0 || pc - s.address < s.size;
    return covers ? &s : nullptr;
  }
  return nullptr;
}

Firmware parse_elf(std::span<const std::uint8_t> file, const std::string& where) {
  return ElfReader(file, where).read();
}

Firmware load_elf(const std::filesystem::path& path) {
  return parse_elf(read_file(path, "an ELF file"), path.string());
}

Firmware load_raw(const std::filesystem::path& path, isa::Address base) {
  std::vector<std::uint8_t> bytes = read_file(path, "a raw image");
  if (bytes.size() < 8) {
    throw FirmwareError(fmt::format("{}: {} bytes, expected at least 8: the initial SP and the reset vector",
                                    path.string(), bytes.size()));
  }
  if (base.value + std::uint64_t{bytes.size()} > (std::uint64_t{1} << 32)) {
    throw FirmwareError(fmt::format("{}: {} bytes at {} run past the end of the address space", path.string(),
                                    bytes.size(), base));
  }
  Firmware firmware;
  firmware.path = path;
  firmware.vector_table = base;
  firmware.segments.push_back({base, std::move(bytes)});
  return firmware;
}

}  // namespace sim
