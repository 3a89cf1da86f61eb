// The arithmetic of the clock trees.
#include "sim/peripherals/clock_tree.h"

namespace sim::peripherals {
namespace {

std::uint32_t field(std::uint32_t word, unsigned low, unsigned bits) {
  return word >> low & ((1u << bits) - 1);
}

/// HPRE and D1CPRE: 1 to 512, without 32.
std::uint64_t ahb_divider(std::uint32_t code) {
  constexpr std::uint64_t kDividers[] = {2, 4, 8, 16, 64, 128, 256, 512};
  return code < 8 ? 1 : kDividers[code - 8];
}

/// PPREx: 1 to 16.
std::uint64_t apb_divider(std::uint32_t code) {
  return code < 4 ? 1 : std::uint64_t{2} << (code - 4);
}

/// What a timer on a bus of `hclk / divider` gets: the bus clock or a multiple, at most HCLK. `up_to`: the
/// largest divider with which it is still HCLK; beyond it, `factor` times the bus clock.
std::uint64_t timer_clock(std::uint64_t hclk, std::uint64_t divider, std::uint64_t up_to,
                          std::uint64_t factor) {
  return divider <= up_to ? hclk : hclk / divider * factor;
}

std::uint64_t rtc_clock(std::uint32_t bdcr, std::uint64_t hse_divided, const Oscillators& oscillators) {
  constexpr std::uint32_t kRtcEn = 1u << 15;
  if (!(bdcr & kRtcEn)) return 0;
  const std::uint64_t by_select[] = {0, oscillators.lse_hz, oscillators.lsi_hz, hse_divided};
  return by_select[field(bdcr, 8, 2)];
}

struct Pll {
  std::uint64_t p = 0, q = 0;
};

/// One of the three PLLs of an H7: VCO = source / M x (N + 1 + FRACN / 8192).
Pll pll_h7(const RegisterFile& rcc, unsigned number, std::uint64_t source_hz) {
  std::uint32_t cfgr = rcc.get(0x2c), cr = rcc.get(0x00);
  std::uint32_t divr = rcc.get(0x30 + (number - 1) * 8), frac = rcc.get(0x34 + (number - 1) * 8);
  std::uint32_t m = field(rcc.get(0x28), 4 + (number - 1) * 8, 6);
  bool ready = cr >> (25 + (number - 1) * 2) & 1;
  if (!ready || m == 0 || source_hz == 0) return {};
  std::uint64_t n8192 = (std::uint64_t{field(divr, 0, 9)} + 1) * 8192;
  if (cfgr >> (number - 1) * 4 & 1) n8192 += field(frac, 3, 13);
  // source x n / (m x 8192 x divider), rounded once.
  auto out = [&](unsigned enable, unsigned low) -> std::uint64_t {
    if (!(cfgr >> (16 + (number - 1) * 3 + enable) & 1)) return 0;
    std::uint64_t divide = std::uint64_t{m} * 8192 * (field(divr, low, 7) + 1);
    return (source_hz * n8192 + divide / 2) / divide;
  };
  return {out(0, 9), out(1, 16)};
}

}  // namespace

Clocks clocks_f7(const RegisterFile& rcc, const Oscillators& oscillators) {
  constexpr std::uint64_t kHsi = 16'000'000;
  std::uint32_t pllcfgr = rcc.get(0x04), cfgr = rcc.get(0x08), dckcfgr1 = rcc.get(0x8c),
                dckcfgr2 = rcc.get(0x90);
  std::uint64_t pll_source = pllcfgr >> 22 & 1 ? oscillators.hse_hz : kHsi;
  std::uint64_t m = field(pllcfgr, 0, 6), n = field(pllcfgr, 6, 9), p = (field(pllcfgr, 16, 2) + 1) * 2;
  std::uint64_t pll = m == 0 ? 0 : (pll_source * n + m * p / 2) / (m * p);
  const std::uint64_t by_switch[] = {kHsi, oscillators.hse_hz, pll, kHsi};
  std::uint64_t system = by_switch[field(cfgr, 2, 2)];

  Clocks clocks;
  clocks.core_hz = clocks.axi_hz = clocks.ahb_hz = system / ahb_divider(field(cfgr, 4, 4));
  std::uint64_t divider1 = apb_divider(field(cfgr, 10, 3)), divider2 = apb_divider(field(cfgr, 13, 3));
  clocks.apb_hz[1] = clocks.ahb_hz / divider1;
  clocks.apb_hz[2] = clocks.ahb_hz / divider2;
  bool timpre = dckcfgr1 >> 24 & 1;
  clocks.timer_hz[1] = timer_clock(clocks.ahb_hz, divider1, timpre ? 4 : 1, timpre ? 4 : 2);
  clocks.timer_hz[2] = timer_clock(clocks.ahb_hz, divider2, timpre ? 4 : 1, timpre ? 4 : 2);
  for (unsigned usart = 1; usart <= 8; ++usart) {
    bool on_apb2 = usart == 1 || usart == 6;
    const std::uint64_t by_select[] = {clocks.apb_hz[on_apb2 ? 2 : 1], system, kHsi, oscillators.lse_hz};
    clocks.uart_hz[usart] = by_select[field(dckcfgr2, (usart - 1) * 2, 2)];
  }
  std::uint32_t rtcpre = field(cfgr, 16, 5);
  clocks.rtc_hz = rtc_clock(rcc.get(0x70), rtcpre < 2 ? 0 : oscillators.hse_hz / rtcpre, oscillators);
  return clocks;
}

Clocks clocks_h7(const RegisterFile& rcc, const Oscillators& oscillators) {
  constexpr std::uint64_t kCsi = 4'000'000, kHsiFull = 64'000'000;
  std::uint32_t cr = rcc.get(0x00), cfgr = rcc.get(0x10), d1cfgr = rcc.get(0x18), d2cfgr = rcc.get(0x1c),
                d3cfgr = rcc.get(0x20);
  std::uint64_t hsi = kHsiFull >> field(cr, 3, 2);
  const std::uint64_t pll_sources[] = {hsi, kCsi, oscillators.hse_hz, 0};
  std::uint64_t pll_source = pll_sources[field(rcc.get(0x28), 0, 2)];
  Pll pll1 = pll_h7(rcc, 1, pll_source), pll2 = pll_h7(rcc, 2, pll_source), pll3 = pll_h7(rcc, 3, pll_source);
  const std::uint64_t by_switch[] = {hsi, kCsi, oscillators.hse_hz, pll1.p, hsi, hsi, hsi, hsi};
  std::uint64_t system = by_switch[field(cfgr, 3, 3)];

  Clocks clocks;
  clocks.core_hz = system / ahb_divider(field(d1cfgr, 8, 4));
  clocks.axi_hz = clocks.ahb_hz = clocks.core_hz / ahb_divider(field(d1cfgr, 0, 4));
  std::uint64_t divider1 = apb_divider(field(d2cfgr, 4, 3)), divider2 = apb_divider(field(d2cfgr, 8, 3));
  clocks.apb_hz[1] = clocks.ahb_hz / divider1;
  clocks.apb_hz[2] = clocks.ahb_hz / divider2;
  clocks.apb_hz[3] = clocks.ahb_hz / apb_divider(field(d1cfgr, 4, 3));
  clocks.apb_hz[4] = clocks.ahb_hz / apb_divider(field(d3cfgr, 4, 3));
  bool timpre = cfgr >> 15 & 1;
  clocks.timer_hz[1] = timer_clock(clocks.ahb_hz, divider1, timpre ? 4 : 2, timpre ? 4 : 2);
  clocks.timer_hz[2] = timer_clock(clocks.ahb_hz, divider2, timpre ? 4 : 2, timpre ? 4 : 2);
  std::uint32_t d2ccip2r = rcc.get(0x54);
  auto kernel = [&](std::uint32_t select, std::uint64_t bus) {
    const std::uint64_t by_select[] = {bus, pll2.q, pll3.q, hsi, kCsi, oscillators.lse_hz, 0, 0};
    return by_select[select];
  };
  for (unsigned usart = 1; usart <= 10; ++usart) {
    bool on_apb2 = usart == 1 || usart == 6 || usart >= 9;
    clocks.uart_hz[usart] = kernel(field(d2ccip2r, on_apb2 ? 3 : 0, 3), clocks.apb_hz[on_apb2 ? 2 : 1]);
  }
  clocks.uart_hz[0] = kernel(field(rcc.get(0x58), 0, 3), clocks.apb_hz[4]);
  std::uint32_t rtcpre = field(cfgr, 8, 6);
  clocks.rtc_hz = rtc_clock(rcc.get(0x70), rtcpre < 2 ? 0 : oscillators.hse_hz / rtcpre, oscillators);
  return clocks;
}

}  // namespace sim::peripherals
