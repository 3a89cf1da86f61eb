#include "cli/accuracy/sequences.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <regex>
#include <span>
#include <sstream>

#include "cli/accuracy/csv.h"
#include "cli/accuracy/guest_machine.h"
#include "cli/embedded.h"
#include "cli/errors.h"
#include "cli/guest_program.h"

namespace cli {
namespace {

using memory_model::Board;

/// ITCM below this is left to sequences that store through a pointer of 0.
constexpr isa::Bytes kScratch(0x1000);
constexpr isa::Bytes kStart(0x400);
constexpr isa::Bytes kMostCode(48 << 10);
constexpr int kWarmRounds = 6;
constexpr std::uint64_t kMostCycles = 4'000'000;

/// How many copies are measured. Many let stores queue up; sequences with branches stay within what a small
/// set-associative branch target cache holds. The differences divide by 2 and 3, those of short sequences
/// also by 4 and 5.
struct Copies {
  int few, many;
};

std::vector<std::string> statements(const std::string& code) {
  std::vector<std::string> out;
  std::istringstream in(code);
  for (std::string line; std::getline(in, line);) {
    std::istringstream parts(line);
    for (std::string part; std::getline(parts, part, ';');) out.push_back(part);
  }
  return out;
}

bool branches(const std::string& code) {
  static const std::regex branch(
      R"((^|[\s;:])(b(eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)?|blx?|bx|cbn?z|tb[bh])(\.[nw])?\s|\bpc\b)",
      std::regex::icase);
  return std::regex_search(code, branch);
}

Copies copies_of(const std::string& code) {
  constexpr std::size_t kLong = 12;
  if (branches(code)) return {2, 8};
  return statements(code).size() > kLong ? Copies{4, 16} : Copies{20, 80};
}

/// Named labels (`loop:`) become local to their copy; numeric ones already are.
std::string copy_of(const std::string& code, const std::string& suffix) {
  static const std::regex label(R"((^|[;\n])\s*([A-Za-z_][A-Za-z0-9_]*)\s*:)");
  std::string out = code;
  for (std::sregex_iterator at(code.begin(), code.end(), label), end; at != end; ++at) {
    const std::string name = (*at)[2];
    out = std::regex_replace(out, std::regex("\\b" + name + "\\b"), name + suffix);
  }
  return out;
}

std::string lines_of(const std::string& code) {
  std::string text;
  for (const std::string& statement : statements(code)) text += "  " + statement + "\n";
  return text;
}

std::string label_of(std::size_t row, int copies) {
  return fmt::format("sequence_{}_{}", row, copies);
}

/// Setup, barriers, copies, barriers; literals of each part behind it.
std::string assembly_of(const Sequence& sequence, std::size_t row, int copies) {
  const std::string label = label_of(row, copies);
  std::string text = fmt::format("  .global {0}\n  .type {0}, %function\n  .balign 32\n{0}:\n", label);
  text += lines_of(copy_of(sequence.setup, "_" + label));
  text += fmt::format("  b.w {0}_begin\n  .ltorg\n  .balign 32\n", label);
  text += fmt::format("  .rept 6\n  nop.w\n  .endr\n{0}_begin:\n  dsb\n  isb\n", label);
  for (int i = 0; i < copies; ++i) {
    text += lines_of(copy_of(sequence.code, fmt::format("_{}_{}", label, i)));
  }
  text += fmt::format("  isb\n  dsb\n  b.w sequence_done\n  .ltorg\n  .size {0}, . - {0}\n{0}_end:\n", label);
  return text;
}

std::string fpu_line(const Board& board) {
  switch (board.fpu) {
    case memory_model::FpuPrecision::kDouble:
      return "  .fpu fpv5-d16\n";
    case memory_model::FpuPrecision::kSingle:
      return "  .fpu fpv5-sp-d16\n";
    case memory_model::FpuPrecision::kNone:
      break;
  }
  return "";
}

/// What the assembler or linker says, in one line that a user can read: the first error, without the
/// temporary file it speaks of.
std::string first_complaint(const std::string& output) {
  std::istringstream in(output);
  std::string first;
  for (std::string line; std::getline(in, line);) {
    const std::size_t error = line.find("rror: ");
    if (error != std::string::npos) return line.substr(error + 6);
    if (first.empty() && line.find("Assembler messages") == std::string::npos) first = line;
  }
  return first;
}

class Scorer {
 public:
  Scorer(const std::vector<Sequence>& sequences, const Board& board,
         const std::function<void(std::size_t)>& progress)
      : sequences_(sequences), board_(board), progress_(progress), scores_(sequences.size()) {
    const memory_model::Region itcm = region_of(board_, memory_model::RegionKind::kItcm);
    layout_.start = part(itcm, kScratch, kStart);
    layout_.code = part(itcm, kScratch + kStart, itcm.size - kScratch - kStart);
    layout_.data = layout_.control = region_of(board_, memory_model::RegionKind::kDtcm);
  }

  std::vector<SequenceScore> scores() {
    std::vector<std::size_t> rows(sequences_.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    for (auto begin = rows.begin(); begin != rows.end();) {
      auto end = begin;
      for (isa::Bytes size; end != rows.end() && (end == begin || size < kMostCode); ++end) {
        size += likely_size(sequences_[*end]);
      }
      score(std::span(begin, end));
      begin = end;
    }
    return std::move(scores_);
  }

 private:
  static isa::Bytes likely_size(const Sequence& s) {
    const Copies copies = copies_of(s.code);
    return isa::Bytes(static_cast<std::int64_t>(4 * statements(s.code).size()) * (copies.few + copies.many) +
                      256);
  }

  /// Rows that do not build are looked for by halving: a row may break its neighbours (an unclosed comment,
  /// a conditional without an end), so the assembler's line numbers do not tell.
  void score(std::span<const std::size_t> rows) {
    std::string text = "  .syntax unified\n  .cpu cortex-m7\n" + fpu_line(board_) + "  .thumb\n  .text\n";
    for (const std::size_t row : rows) {
      const Copies copies = copies_of(sequences_[row].code);
      text += assembly_of(sequences_[row], row, copies.few) + assembly_of(sequences_[row], row, copies.many);
    }
    sim::Firmware firmware;
    try {
      GuestProgram program(board_);
      program.add("start.S", embedded("start.S"));
      program.add("frame.S", embedded("sequences.S"));
      program.add("rows.s", text);
      firmware = program.link(layout_);
      for (const std::size_t row : rows) require_whole(firmware, row);
    } catch (const GuestBuildError& error) {
      if (rows.size() == 1) {
        scores_[rows[0]].failure = "does not assemble: " + first_complaint(error.what());
        progress_(++done_);
        return;
      }
      score(rows.first(rows.size() / 2));
      score(rows.subspan(rows.size() / 2));
      return;
    }
    for (const std::size_t row : rows) {
      measure(row, firmware);
      progress_(++done_);
    }
  }

  /// An unclosed comment or conditional swallows what follows without a word of the assembler.
  void require_whole(const sim::Firmware& firmware, std::size_t row) const {
    const Copies copies = copies_of(sequences_[row].code);
    for (const int n : {copies.few, copies.many}) {
      if (firmware.symbol(label_of(row, n)) != nullptr &&
          firmware.symbol(label_of(row, n) + "_end") != nullptr)
        continue;
      throw GuestBuildError("a comment or a conditional does not end");
    }
  }

  void measure(std::size_t row, const sim::Firmware& firmware) {
    SequenceScore& score = scores_[row];
    const Copies copies = copies_of(sequences_[row].code);
    const std::optional<double> few = round(row, copies.few, firmware, &score.failure);
    const std::optional<double> many = few ? round(row, copies.many, firmware, &score.failure) : few;
    if (many) score.simulated = (*many - *few) / (copies.many - copies.few);
  }

  /// Cycles of one warm round.
  std::optional<double> round(std::size_t row, int copies, const sim::Firmware& firmware,
                              std::string* failure) const {
    const isa::Address entry = firmware.symbol(label_of(row, copies))->address;
    const auto cycles = [&](std::uint32_t rounds) {
      GuestMachine machine(board_, firmware);
      machine.control({rounds, entry.value | 1U});
      return machine.run(board_.full_speed_point, kMostCycles, failure);
    };
    const std::optional<std::uint64_t> shorter = cycles(kWarmRounds);
    const std::optional<std::uint64_t> longer = shorter ? cycles(kWarmRounds + 1) : shorter;
    if (!longer) return std::nullopt;
    return static_cast<double>(*longer - *shorter);
  }

  const std::vector<Sequence>& sequences_;
  const Board& board_;
  const std::function<void(std::size_t)>& progress_;
  GuestLayout layout_;
  std::vector<SequenceScore> scores_;
  std::size_t done_ = 0;
};

double half_of_last_decimal(std::string_view number) {
  const std::size_t point = number.find('.');
  const std::size_t decimals = point == std::string_view::npos ? 0 : number.size() - point - 1;
  return 0.5 * std::pow(10.0, -static_cast<double>(decimals));
}

}  // namespace

std::vector<Sequence> read_sequences(std::string_view csv, const std::string& where) {
  std::vector<Sequence> sequences;
  for (const CsvRow& row : read_csv(csv, {"name", "setup", "asm", "cycles", "source"}, where)) {
    const std::string& number = row.fields[3];
    Sequence s{row.fields[0], row.fields[1], row.fields[2], 0, half_of_last_decimal(number), row.fields[4]};
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), s.cycles);
    if (error != std::errc() || stop != number.data() + number.size() || !std::isfinite(s.cycles) ||
        s.cycles <= 0) {
      throw InputError(
          fmt::format("{}:{}: cycles is '{}', expected a positive number", where, row.line, number));
    }
    if (s.code.find_first_not_of(" \t\r\n;") == std::string::npos) {
      throw InputError(fmt::format("{}:{}: asm is empty, expected instructions", where, row.line));
    }
    sequences.push_back(std::move(s));
  }
  if (sequences.empty()) throw InputError(fmt::format("{}: no rows behind the header", where));
  return sequences;
}

bool exact(const Sequence& sequence, const SequenceScore& score) {
  if (!score.simulated) return false;
  constexpr double kRounding = 1e-9;
  const double difference = std::abs(*score.simulated - sequence.cycles);
  return difference < 0.05 - kRounding && difference <= sequence.tolerance + kRounding;
}

std::vector<SequenceScore> score_sequences(const std::vector<Sequence>& sequences, const Board& board,
                                           const std::function<void(std::size_t)>& progress) {
  return Scorer(sequences, board, progress).scores();
}

}  // namespace cli
