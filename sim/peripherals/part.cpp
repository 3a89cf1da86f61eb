// The microcontroller on a board.
#include "sim/peripherals/part.h"

#include <algorithm>
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
};

struct Row {
  const char* board;  ///< a board whose name begins so
  const char* family;
  std::uint32_t idcode;
  std::uint64_t hse_hz;
  const char* source;
};
constexpr Row kParts[] = {
    {"stm32f746", "stm32f7", 0x10016449, 25'000'000, "RM0385 DBGMCU_IDCODE; UM1907: X2 25 MHz"},
    {"stm32f767", "stm32f7", 0x10016451, 8'000'000, "RM0410 DBGMCU_IDCODE; UM1974: 8 MHz from ST-LINK"},
    {"stm32f7", "stm32f7", 0x10016449, 25'000'000, "as the STM32F746"},
    {"stm32h743i-eval", "stm32h743", 0x20036450, 25'000'000, "RM0433 DBGMCU_IDC; UM2198: 25 MHz"},
    {"stm32h743", "stm32h743", 0x20036450, 8'000'000, "RM0433 DBGMCU_IDC (revision V); UM2407: 8 MHz"},
    {"stm32h7a3", "stm32h7a3", 0x10016480, 8'000'000, "RM0455 DBGMCU_IDC; UM2408: 8 MHz from ST-LINK"},
    {"stm32h723", "stm32h723", 0x10016483, 8'000'000, "RM0468 DBGMCU_IDC; UM2407: 8 MHz from ST-LINK"},
    {"mps2-an500", "mps2-an500", 0, 0, "no clock tree"},
};

}  // namespace

Part part_of(const memory_model::Board& board) {
  std::string_view name = board.name;
  for (const Row& row : kParts) {
    if (!name.starts_with(row.board)) continue;
    auto family = std::find_if(std::begin(kFamilies), std::end(kFamilies),
                               [&](const Family& f) { return std::string_view(f.name) == row.family; });
    return {&*family, row.idcode, row.hse_hz};
  }
  return {};
}

}  // namespace sim::peripherals
