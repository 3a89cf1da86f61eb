#include "cli/accuracy/placements.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <regex>
#include <stdexcept>

#include "cli/accuracy/csv.h"
#include "cli/accuracy/fft_tables.h"
#include "cli/accuracy/guest_machine.h"
#include "cli/embedded.h"
#include "cli/guest_program.h"

namespace cli {
namespace {

using memory_model::Board;
using memory_model::Region;

constexpr const char* kBoard = "stm32h743i-eval";
constexpr isa::Bytes kStart(0x800);
constexpr std::uint64_t kMostCycles = 50'000'000;
/// Banks of the FMC: swapped, SDRAM lies where the default map has ordinary memory.
constexpr isa::Address kSdram(0xd0000000), kSdramSwapped(0x60000000);
constexpr isa::Address kQspi(0x90000000);

/// Ratios compare only where the cycles without stalls do: the measured program, built by another compiler,
/// took 124,957 cycles from TCMs, and this is what comes closest to that with gcc.
const std::vector<std::string> kFftFlags = {"-O1", "-fno-math-errno", "-fno-tree-sra", "-fno-auto-inc-dec"};

double number(const std::string& text) {
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) {
    throw std::runtime_error(fmt::format("cli/accuracy/placements.csv: '{}', expected a number", text));
  }
  return value;
}

std::vector<PlacementRow> measured_rows() {
  std::vector<PlacementRow> rows;
  for (const CsvRow& row :
       read_csv(embedded("placements.csv"),
                {"code", "data", "core_mhz", "axi_mhz", "flash_wait_states", "cycles", "source"},
                "cli/accuracy/placements.csv")) {
    const auto& f = row.fields;
    PlacementRow out;
    out.code = f[0];
    out.data = f[1];
    out.core_mhz = number(f[2]);
    out.axi_mhz = number(f[3]);
    out.flash_wait_states = static_cast<int>(number(f[4]));
    out.measured_cycles = number(f[5]);
    rows.push_back(std::move(out));
  }
  return rows;
}

/// A board with its external memories as one row has them, and where that row puts things.
struct Setting {
  Board board;
  GuestLayout layout;
  isa::Address made_ordinary;  ///< by the guest through the MPU; 0: nothing
};

const Region& at(const Board& board, isa::Address address) {
  if (const Region* region = board.region_at(address)) return *region;
  throw std::runtime_error(fmt::format("board {} has no memory at {}", board.name, address));
}

/// The memory that `name` speaks of, `setting`'s board changed to have it so.
Region memory(const std::string& name, Setting& setting) {
  static const std::regex sdram(R"(SDRAM (\d+)-bit ([0-9.]+) MHz( not)?( swapped)?)");
  std::smatch match;
  if (std::regex_match(name, match, sdram)) {
    for (Region& region : setting.board.regions) {
      if (!region.sdram) continue;
      region.sdram->width_bits = static_cast<int>(number(match[1]));
      region.sdram->clock_hz = number(match[2]) * 1e6;
    }
    if (match[3].matched) setting.made_ordinary = kSdram;
    return at(setting.board, match[3].matched ? kSdram : kSdramSwapped);
  }
  if (name.starts_with("QSPI ")) {
    for (Region& region : setting.board.regions) {
      if (region.qspi) region.qspi->data_lines = name == "QSPI dual" ? 8 : 4;
    }
    return at(setting.board, kQspi);
  }
  if (const Region* region = setting.board.region(name)) return *region;
  throw std::runtime_error(fmt::format("board {} has no memory {}", setting.board.name, name));
}

Setting setting_of(const PlacementRow& row, const Board& board) {
  Setting setting{board, {}, {}};
  const Region code = memory(row.code, setting);
  const Region data = memory(row.data, setting);
  for (Region& region : setting.board.regions) {
    // Not printed: fitted to the eight runs with code there, together with the clocks of a command.
    if (region.qspi) region.qspi->clock_hz = row.axi_mhz == 200 ? 42e6 : 57e6;
  }
  const Region itcm = memory("ITCM", setting);
  setting.layout.start = part(itcm, isa::Bytes(0), kStart);
  setting.layout.code = row.code == "ITCM" ? part(itcm, kStart, itcm.size - kStart) : code;
  setting.layout.data = data;
  setting.layout.control = memory("DTCM", setting);
  return setting;
}

/// Cycles of the transform alone; nothing, and `failure` says why, where it does not run.
std::optional<double> cycles_of(const PlacementRow& row, const Setting& setting,
                                const sim::Firmware& firmware, std::string* failure) {
  memory_model::OperatingPoint point;
  point.core_hz = row.core_mhz * 1e6;
  point.axi_hz = point.ahb_hz = row.axi_mhz * 1e6;
  point.flash_wait_states = row.flash_wait_states;
  point.icache = point.dcache = true;
  const auto run = [&](std::uint32_t times) -> std::optional<std::uint64_t> {
    GuestMachine machine(setting.board, firmware);
    machine.control({times, 0, setting.made_ordinary.value});
    const std::optional<std::uint64_t> cycles = machine.run(point, kMostCycles, failure);
    const std::uint32_t peak = machine.word(firmware.symbol("guest_control")->address + isa::Bytes(4));
    if (!cycles || times == 0 || peak == kFftPeak) return cycles;
    *failure = fmt::format("its peak is at {}, expected {}", peak, kFftPeak);
    return std::nullopt;
  };
  const std::optional<std::uint64_t> without = run(0), with = without ? run(1) : without;
  if (!with) return std::nullopt;
  return static_cast<double>(*with - *without);
}

/// Runs from TCMs: what the others are compared with.
bool is_base(const PlacementRow& row) {
  return row.code == "ITCM" && row.data == "DTCM";
}

void fill_ratios(std::vector<PlacementRow>& rows) {
  for (PlacementRow& row : rows) {
    const auto base = std::find_if(rows.begin(), rows.end(), [&](const PlacementRow& other) {
      return is_base(other) && other.core_mhz == row.core_mhz && other.axi_mhz == row.axi_mhz;
    });
    if (base == rows.end() || !base->failure.empty()) {
      throw std::runtime_error(fmt::format("{}: no run from TCMs beside it", row.name()));
    }
    row.measured_ratio = row.measured_cycles / base->measured_cycles;
    row.simulated_ratio = row.simulated_cycles / base->simulated_cycles;
  }
}

/// Least squares over the runs from flash at each clock that was measured with several wait states.
std::vector<WaitStateSlope> slopes_of(const std::vector<PlacementRow>& rows) {
  std::map<std::pair<double, double>, std::vector<const PlacementRow*>> groups;
  for (const PlacementRow& row : rows) {
    if (row.code == "flash" && row.failure.empty()) groups[{row.core_mhz, row.axi_mhz}].push_back(&row);
  }
  std::vector<WaitStateSlope> slopes;
  for (const auto& [clocks, group] : groups) {
    if (group.size() < 2) continue;
    double states = 0, measured = 0, simulated = 0;
    const double n = static_cast<double>(group.size());
    for (const PlacementRow* row : group) {
      states += row->flash_wait_states / n;
      measured += row->measured_cycles / n;
      simulated += row->simulated_cycles / n;
    }
    double square = 0, with_measured = 0, with_simulated = 0;
    for (const PlacementRow* row : group) {
      const double d = row->flash_wait_states - states;
      square += d * d;
      with_measured += d * (row->measured_cycles - measured);
      with_simulated += d * (row->simulated_cycles - simulated);
    }
    slopes.push_back({clocks.first, clocks.second, with_measured / square, with_simulated / square});
  }
  return slopes;
}

void summarise(PlacementReport& report) {
  double sum = 0;
  int ran = 0;
  for (const PlacementRow& row : report.rows) {
    if (is_base(row)) continue;
    ++report.compared;
    if (!row.failure.empty()) continue;
    ++ran;
    const double points = std::abs(row.points());
    sum += points;
    if (points <= 2) ++report.within_2_points;
    if (points > report.worst_points) {
      report.worst_points = points;
      report.worst = row.name();
    }
  }
  if (ran > 0) report.mean_points = sum / ran;
}

}  // namespace

std::string PlacementRow::name() const {
  return fmt::format("code in {}, data in {}, {:.0f}/{:.0f} MHz, {} WS", code, data, core_mhz, axi_mhz,
                     flash_wait_states);
}

PlacementReport score_placements(const std::function<void(std::size_t, std::size_t)>& progress) {
  PlacementReport report;
  report.rows = measured_rows();
  const Board board = memory_model::load_board(kBoard);
  GuestProgram program(board);
  program.add("start.S", embedded("start.S"));
  program.add("fft_tables.h", fft_tables());
  program.add("fft.c", embedded("fft.c"), kFftFlags);
  std::map<std::pair<std::string, std::string>, sim::Firmware> linked;
  std::size_t done = 0;
  for (PlacementRow& row : report.rows) {
    const Setting setting = setting_of(row, board);
    auto firmware = linked.find({row.code, row.data});
    if (firmware == linked.end()) {
      firmware = linked.emplace(std::pair(row.code, row.data), program.link(setting.layout)).first;
    }
    row.simulated_cycles = cycles_of(row, setting, firmware->second, &row.failure).value_or(0);
    progress(++done, report.rows.size());
  }
  fill_ratios(report.rows);
  report.slopes = slopes_of(report.rows);
  summarise(report);
  return report;
}

}  // namespace cli
