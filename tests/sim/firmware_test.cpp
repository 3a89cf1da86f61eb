#include "sim/firmware.h"

#include <elf.h>
#include <gmock/gmock.h>

#include <cstring>
#include <fstream>
#include <functional>

#include "guest_program.h"

namespace sim {
namespace {

using ::testing::HasSubstr;

/// An ELF made by hand, each part at a known place; tests spoil one field of it.
struct Toy {
  Elf32_Ehdr header{};
  Elf32_Phdr segments[2] = {};
  Elf32_Shdr sections[4] = {};  // null, names, symbols, vectors
  Elf32_Sym symbols[4] = {};
  char names[64] = {};
  std::uint32_t code[4] = {0x20001000, 0x08000009, 0x47704770, 0};

  static constexpr std::uint32_t kSegments = sizeof(Elf32_Ehdr);
  static constexpr std::uint32_t kSections = kSegments + 2 * sizeof(Elf32_Phdr);
  static constexpr std::uint32_t kSymbols = kSections + 4 * sizeof(Elf32_Shdr);
  static constexpr std::uint32_t kNames = kSymbols + 4 * sizeof(Elf32_Sym);
  static constexpr std::uint32_t kCode = kNames + 64;
  static constexpr std::uint32_t kSize = kCode + 16;

  Toy() {
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS32;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_EXEC;
    header.e_machine = EM_ARM;
    header.e_version = EV_CURRENT;
    header.e_entry = 0x08000009;
    header.e_phoff = kSegments;
    header.e_phentsize = sizeof(Elf32_Phdr);
    header.e_phnum = 2;
    header.e_shoff = kSections;
    header.e_shentsize = sizeof(Elf32_Shdr);
    header.e_shnum = 4;
    header.e_shstrndx = 1;
    segments[0] = {PT_LOAD, kCode, 0x08000000, 0x08000000, 12, 12, PF_R | PF_X, 4};
    segments[1] = {PT_LOAD, kCode + 12, 0x20000000, 0x08000010, 4, 64, PF_R | PF_W, 4};
    const char text[] = "\0.isr_vector\0main\0$t\0table";
    std::memcpy(names, text, sizeof text);
    sections[1] = {0, SHT_STRTAB, 0, 0, kNames, 64, 0, 0, 1, 0};
    sections[2] = {0, SHT_SYMTAB, 0, 0, kSymbols, sizeof symbols, 1, 0, 4, sizeof(Elf32_Sym)};
    sections[3] = {1, SHT_PROGBITS, SHF_ALLOC, 0x08000000, kCode, 8, 0, 0, 4, 0};
    symbols[1] = {13, 0x08000009, 4, ELF32_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 3};
    symbols[2] = {18, 0x08000008, 0, ELF32_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 3};
    symbols[3] = {21, 0x20000000, 4, ELF32_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, 3};
  }

  std::vector<std::uint8_t> bytes() const {
    std::vector<std::uint8_t> file(kSize);
    std::memcpy(file.data(), &header, sizeof header);
    std::memcpy(file.data() + kSegments, segments, sizeof segments);
    std::memcpy(file.data() + kSections, sections, sizeof sections);
    std::memcpy(file.data() + kSymbols, symbols, sizeof symbols);
    std::memcpy(file.data() + kNames, names, sizeof names);
    std::memcpy(file.data() + kCode, code, sizeof code);
    return file;
  }
};

std::string error_of(const std::vector<std::uint8_t>& file) {
  try {
    parse_elf(file, "a.elf");
  } catch (const FirmwareError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Firmware, ReadsSegmentsSymbolsAndTheVectorTable) {
  Firmware firmware = parse_elf(Toy().bytes(), "a.elf");
  ASSERT_EQ(firmware.segments.size(), 2u);
  EXPECT_EQ(firmware.segments[0].address, isa::Address(0x08000000));
  EXPECT_EQ(firmware.segments[0].bytes.size(), 12u);
  EXPECT_EQ(firmware.segments[1].address, isa::Address(0x08000010)) << "the load address";
  EXPECT_EQ(firmware.vector_table, isa::Address(0x08000000));
  ASSERT_EQ(firmware.symbols.size(), 2u) << "mapping symbols are no symbols";
  EXPECT_EQ(firmware.symbol("main")->address, isa::Address(0x08000008)) << "without its Thumb bit";
  EXPECT_EQ(firmware.function_at(isa::Address(0x0800000a))->name, "main");
  EXPECT_EQ(firmware.function_at(isa::Address(0x0800000c)), nullptr);
  EXPECT_EQ(firmware.symbol("table")->size, isa::Bytes(4));
  EXPECT_EQ(firmware.symbol("other"), nullptr);
}

TEST(Firmware, TheVectorTableIsFoundBySymbolOrLiesFirst) {
  Toy toy;
  toy.sections[3].sh_name = 0;
  EXPECT_EQ(parse_elf(toy.bytes(), "a.elf").vector_table, isa::Address(0x08000000));
  std::memcpy(toy.names + 21, "__Vectors", 10);
  toy.symbols[3].st_value = 0x08000010;
  EXPECT_EQ(parse_elf(toy.bytes(), "a.elf").vector_table, isa::Address(0x08000010));
  toy.symbols[3].st_value = 0x20000000;
  EXPECT_EQ(parse_elf(toy.bytes(), "a.elf").vector_table, isa::Address(0x08000000))
      << "a table that is copied to RAM by start-up code is not where the reset looks";
}

TEST(Firmware, CarriesTheStepTable) {
  Toy toy;
  std::memcpy(toy.names + 30, ".m7scope.steps", 15);
  toy.sections[3] = {30, SHT_PROGBITS, 0, 0, Toy::kNames + 13, 5, 0, 0, 1, 0};
  EXPECT_EQ(parse_elf(toy.bytes(), "a.elf").step_table, "main") << "the zero byte at its end is left out";
  EXPECT_EQ(parse_elf(Toy().bytes(), "a.elf").step_table, "");
}

struct Wrong {
  std::function<void(Toy&)> spoil;
  std::string error;
};

TEST(FirmwareErrors, NameThePlaceTheThingWhatWasFoundAndWhatWasExpected) {
  const Wrong cases[] = {
      {[](Toy& t) { t.header.e_machine = EM_X86_64; }, "a.elf: machine is x86-64 (62), expected ARM (40)"},
      {[](Toy& t) { t.header.e_machine = 1234; }, "a.elf: machine is 1234, expected ARM (40)"},
      {[](Toy& t) { t.header.e_ident[1] = 'X'; }, "a.elf: magic is 7f 58 4c 46, expected 7f 45 4c 46 (ELF)"},
      {[](Toy& t) { t.header.e_ident[EI_CLASS] = ELFCLASS64; },
       "a.elf: ELF class is 2 (64-bit), expected 1 (32-bit)"},
      {[](Toy& t) { t.header.e_ident[EI_CLASS] = 9; }, "a.elf: ELF class is 9, expected 1 (32-bit)"},
      {[](Toy& t) { t.header.e_ident[EI_DATA] = ELFDATA2MSB; },
       "a.elf: byte order is 2, expected 1 (little endian)"},
      {[](Toy& t) { t.header.e_ident[EI_VERSION] = 3; }, "a.elf: ELF version is 3, expected 1"},
      {[](Toy& t) { t.header.e_type = ET_REL; },
       "a.elf: type is relocatable (1), expected executable (2): link it first"},
      {[](Toy& t) { t.header.e_type = ET_DYN; }, "a.elf: type is 3, expected executable (2)"},
      {[](Toy& t) { t.header.e_phnum = 0; },
       "a.elf: no program headers, expected at least one segment to load"},
      {[](Toy& t) { t.header.e_phentsize = 40; }, "a.elf: program headers of 40 bytes, expected 32"},
      {[](Toy& t) { t.header.e_phoff = 0xfffffff0; },
       "a.elf: program headers at offset 0xfffffff0, 64 bytes, lie outside the file of 420 bytes"},
      {[](Toy& t) { t.segments[0].p_type = t.segments[1].p_type = PT_NOTE; },
       "a.elf: nothing to load: no PT_LOAD segment has bytes in the file"},
      {[](Toy& t) { t.segments[1].p_memsz = 2; },
       "a.elf: segment 1: 4 bytes in the file, 2 in memory, expected no more in the file than in memory"},
      {[](Toy& t) { t.segments[1].p_offset = 0x1000; },
       "a.elf: segment 1: offset 0x1000, 4 bytes, lies outside the file of 420 bytes"},
      {[](Toy& t) { t.segments[1].p_filesz = t.segments[1].p_memsz = 0xffffffff; },
       "a.elf: segment 1: offset 0x1a0, 4294967295 bytes, lies outside the file of 420 bytes"},
      {[](Toy& t) { t.segments[1].p_paddr = 0xfffffff0; },
       "a.elf: segment 1: 64 bytes at 0xfffffff0 run past the end of the address space"},
      {[](Toy& t) { t.segments[1].p_paddr = 0x08000008; },
       "a.elf: segments overlap: 12 bytes at 0x08000000 and 4 bytes at 0x08000008"},
      {[](Toy& t) { t.segments[1] = {PT_LOAD, 0, 0x08001000, 0x08001000, 420, 420, 0, 4}; },
       "a.elf: segment 1: the segments together hold more bytes than the file"},
      {[](Toy& t) { t.header.e_shentsize = 8; }, "a.elf: section headers of 8 bytes, expected 40"},
      {[](Toy& t) { t.header.e_shoff = 400; },
       "a.elf: section headers at offset 0x190, 160 bytes, lie outside the file of 420 bytes"},
      {[](Toy& t) { t.header.e_shstrndx = 4; },
       "a.elf: section names are in section 4, expected one of the 4"},
      {[](Toy& t) { t.sections[1].sh_size = 1000; },
       "a.elf: section 1: offset 0x154, 1000 bytes, lies outside the file of 420 bytes"},
      {[](Toy& t) { t.sections[2].sh_entsize = 24; }, "a.elf: section 2: symbols of 24 bytes, expected 16"},
      {[](Toy& t) { t.sections[2].sh_link = 70; },
       "a.elf: section 2: symbol names are in section 70, expected one of the 4"},
      {[](Toy& t) { t.sections[2].sh_offset = 0xffffffff; },
       "a.elf: section 2: offset 0xffffffff, 64 bytes, lies outside the file of 420 bytes"},
  };
  for (const Wrong& wrong : cases) {
    Toy toy;
    wrong.spoil(toy);
    EXPECT_EQ(error_of(toy.bytes()), wrong.error);
  }
}

TEST(FirmwareErrors, AnotherMachinesProgramIsNamedEvenWith64Bits) {
  Toy toy;
  toy.header.e_ident[EI_CLASS] = ELFCLASS64;
  toy.header.e_machine = EM_X86_64;
  EXPECT_EQ(error_of(toy.bytes()), "a.elf: machine is x86-64 (62), expected ARM (40)");
}

TEST(FirmwareErrors, ATruncatedFileIsAnErrorAtEveryLength) {
  std::vector<std::uint8_t> whole = Toy().bytes();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::string error = error_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)});
    EXPECT_THAT(error, ::testing::StartsWith("a.elf: ")) << n;
  }
  EXPECT_EQ(error_of({}), "a.elf: 0 bytes, expected at least the 52 of an ELF header");
}

TEST(FirmwareErrors, AnyByteMayBeWrongWithoutHarm) {
  const std::vector<std::uint8_t> whole = Toy().bytes();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::vector<std::uint8_t> spoilt = whole;
      spoilt[at] = static_cast<std::uint8_t>(value);
      error_of(spoilt);
    }
  }
}

TEST(FirmwareErrors, FilesThatCannotBeReadAreNamed) {
  std::filesystem::path folder = test::fresh_folder("unreadable");
  auto error = [](auto load) -> std::string {
    try {
      load();
    } catch (const FirmwareError& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_THAT(error([&] { load_elf(folder / "none.elf"); }),
              HasSubstr("none.elf: no such file, expected an ELF file"));
  EXPECT_THAT(error([&] { load_elf(folder); }), HasSubstr("not a regular file"));
  std::ofstream(folder / "short.bin") << "1234567";
  EXPECT_THAT(error([&] { load_raw(folder / "short.bin", isa::Address(0x08000000)); }),
              HasSubstr("7 bytes, expected at least 8: the initial SP and the reset vector"));
  std::ofstream(folder / "long.bin") << "123456789";
  EXPECT_THAT(error([&] { load_raw(folder / "long.bin", isa::Address(0xfffffff8)); }),
              HasSubstr("9 bytes at 0xfffffff8 run past the end of the address space"));
}

}  // namespace
}  // namespace sim
