// The microcontroller on a board.
#include "sim/peripherals/part.h"

#include <string_view>

namespace sim::peripherals {
namespace {

const Family kFamilies[] = {
    {"stm32f7",
     {kSitesF7},
     &kRccKindF7,
     &kPwrKindF7,
     &kFlashKindF7,
     &kExtiKindF7,
     &kRtcKind,
     0x20,
     0x1ff0f420,
     0x1ff0f442},
    {"stm32h743",
     {kSitesH7Common, kSitesH743},
     &kRccKindH743,
     &kPwrKindH743,
     &kFlashKindH743,
     &kExtiKindH7,
     &kRtcKind,
     0x20,
     0x1ff1e800,
     0x1ff1e880},
    {"stm32h723",
     {kSitesH7Common, kSitesH723},
     &kRccKindH743,
     &kPwrKindH743,
     &kFlashKindH743,
     &kExtiKindH7,
     &kRtcKind,
     0x20,
     0x1ff1e800,
     0x1ff1e880},
    {"stm32h7a3",
     {kSitesH7Common, kSitesH7A3},
     &kRccKindH7A3,
     &kPwrKindH7A3,
     &kFlashKindH7A3,
     &kExtiKindH7,
     &kRtcKindH7A3,
     0x20,
     0x08fff800,
     0x08fff80c},
    {"mps2-an500", {kSitesAn500}},
    {"imxrt1060", {kSitesRt1062}},
};

struct Row {
  const char* family;
  const char* board;  ///< a board whose name begins so; the first row of a family is for all others
  std::uint32_t idcode;
  std::uint64_t hse_hz;
  const char* source;
};
constexpr Row kParts[] = {
    {"stm32f7", "stm32f746", 0x10016449, 25'000'000, "RM0385 DBGMCU_IDCODE; UM1907: X2 25 MHz"},
    {"stm32f7", "stm32f767", 0x10016451, 8'000'000, "RM0410 DBGMCU_IDCODE; UM1974: 8 MHz from ST-LINK"},
    {"stm32h743", "stm32h743", 0x20036450, 8'000'000, "RM0433 DBGMCU_IDC, revision V; UM2407: 8 MHz"},
    {"stm32h743", "stm32h743i-eval", 0x20036450, 25'000'000, "RM0433 DBGMCU_IDC; UM2198: 25 MHz"},
    {"stm32h7a3", "stm32h7a3", 0x10016480, 8'000'000, "RM0455 DBGMCU_IDC; UM2408: 8 MHz from ST-LINK"},
    {"stm32h723", "stm32h723", 0x10016483, 8'000'000, "RM0468 DBGMCU_IDC; UM2407: 8 MHz from ST-LINK"},
    {"mps2-an500", "mps2-an500", 0, 0, "no clock tree"},
};

}  // namespace

Part part_of(const memory_model::Board& board) {
  Part part;
  for (const Family& family : kFamilies) {
    if (board.family == family.name) part.family = &family;
  }
  const Row* found = nullptr;  // the longest name wins
  std::size_t length = 0;
  for (const Row& row : kParts) {
    std::string_view name = row.board;
    if (row.family != board.family) continue;
    bool better = board.name.starts_with(name) && name.size() > length;
    if (!found || better) found = &row;
    if (better) length = name.size();
  }
  if (!found) return part;
  part.idcode = found->idcode;
  part.hse_hz = found->hse_hz;
  return part;
}

}  // namespace sim::peripherals
