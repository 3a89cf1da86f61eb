// What a piece may say after the pieces before it. The reader asks it of files, the writer of itself.
#pragma once

#include <cstdint>
#include <vector>

#include "traces/format/piece.h"

namespace traces {

/// Cycles stay below this, so that sums and differences of them cannot wrap.
inline constexpr std::uint64_t kMaxCycle = std::uint64_t{1} << 60;
/// Of one text, in bytes.
inline constexpr std::size_t kMaxText = 64u << 10;
/// Cells of one Heat.
inline constexpr std::uint64_t kMaxHeatCells = std::uint64_t{1} << 24;

/// Throws PieceError where a number of the header cannot be.
void check(const About& about);

/// Follows a trace piece by piece: which texts, steps, lives there are, how far it has come.
class PieceCheck {
 public:
  /// Throws PieceError naming what is wrong ("life 7: region is 9, expected at most 2"); otherwise the piece
  /// counts as added. After a throw the object is of no use.
  void add(const Piece& piece);

  /// The last cycle that the trace knows of.
  std::uint64_t reached() const { return reached_; }
  std::uint64_t lives() const { return lives_; }
  std::uint64_t steps() const { return steps_; }
  std::uint64_t strings() const { return strings_; }

 private:
  struct Extent {
    std::uint64_t begin, end;
  };

  void check_text(const char* what, std::uint64_t number, const char* field, StringId id) const;
  void check_clocks(const Piece& piece);
  void check_steps(const Piece& piece);
  void check_buffers(const std::vector<Buffer>& buffers);
  void check_life(const Life& life) const;
  void check_samples(const Piece& piece);
  void check_heat(const Heat& heat, std::uint64_t number) const;
  void check_findings(const std::vector<Finding>& findings) const;
  void check_profile(const Piece& piece);
  void check_listings(const Piece& piece);
  void check_end(const End& end) const;

  std::vector<Extent> regions_;
  std::uint64_t strings_ = 1, symbols_ = 0, steps_ = 0, buffers_ = 0, lives_ = 0, heat_ = 0, functions_ = 0,
                lines_ = 0, calls_ = 0, listings_ = 0, sources_ = 0;
  std::uint64_t last_clock_ = 0, last_step_ = 0, last_sample_ = 0, reached_ = 0;
  bool any_sample_ = false, ended_ = false;
};

}  // namespace traces
