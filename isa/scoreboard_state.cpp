// A scoreboard as bytes, and back. Whatever can no longer change the cost of any code is zero, and what
// differs only in its history is the same: few states arise, so that costs can be remembered by state.
#include <algorithm>

#include "isa/check.h"
#include "isa/scoreboard.h"

namespace isa::timing {
namespace {

constexpr int kLongAgo = StoreBuffer::kLongAgo;

constexpr int kOldestAge = 7;
constexpr std::size_t kCodes = kKinds * (kOldestAge + 1);

std::uint8_t code_of(Kind kind, int age) {
  return static_cast<std::uint8_t>(static_cast<int>(kind) * (kOldestAge + 1) + age);
}

/// The cycles that each role still has to wait, `age` cycles behind the issue.
std::array<int, kRoles> waits(Kind kind, int age) {
  std::array<int, kRoles> wait{};
  const auto& row = latency_table()[static_cast<std::size_t>(kind)];
  for (std::size_t r = 0; r < kRoles; ++r) wait[r] = std::max(0, row[r] - age);
  return wait;
}

/// Of all codes with the same waits, the first; 0 where nothing has to wait. `reach` is 1 where the next
/// instruction may still join the last cycle.
std::array<std::uint8_t, kCodes> make_canonical(int reach) {
  std::array<std::uint8_t, kCodes> canonical{};
  for (std::size_t kind = 1; kind < kKinds; ++kind) {
    for (int age = 1; age <= kOldestAge; ++age) {
      auto wait = waits(static_cast<Kind>(kind), age - reach);
      std::uint8_t code = code_of(static_cast<Kind>(kind), age);
      canonical[code] = code;
      if (wait == std::array<int, kRoles>{}) {
        canonical[code] = 0;
        continue;
      }
      for (std::uint8_t other = code_of(Kind::EarlyAlu, 1); other < code; ++other) {
        int other_age = other % (kOldestAge + 1);
        if (other_age == 0) continue;
        if (waits(static_cast<Kind>(other / (kOldestAge + 1)), other_age - reach) == wait) {
          canonical[code] = other;
          break;
        }
      }
    }
  }
  return canonical;
}

std::uint8_t canonical(Kind kind, int age, int reach) {
  static const std::array<std::uint8_t, kCodes> table[2] = {make_canonical(0), make_canonical(1)};
  if (kind == Kind::None || age > kOldestAge) return 0;
  CHECK(age >= 1);
  return table[reach][code_of(kind, age)];
}

/// Writes small numbers one behind the other.
class Writer {
 public:
  explicit Writer(PipelineState& state) : state_(state) {}
  void put(int value) {
    CHECK(value >= 0 && value < 256 && next_ < state_.bytes.size());
    state_.bytes[next_++] = static_cast<std::uint8_t>(value);
  }

 private:
  PipelineState& state_;
  std::size_t next_ = 0;
};

class Reader {
 public:
  explicit Reader(const PipelineState& state) : state_(state) {}
  int get() { return state_.bytes[next_++]; }

 private:
  const PipelineState& state_;
  std::size_t next_ = 0;
};

/// When something of this age happened, as seen at an entry; age 0 is long ago.
int when(int age) {
  return age == 0 ? kLongAgo : -age;
}

}  // namespace

PipelineState Scoreboard::state() const {
  PipelineState state;
  Writer out(state);
  int reach = open_.open ? 1 : 0;
  auto age_of = [&](int then) { return cycle_ + 1 - then; };
  auto age_below = [&](int then, int limit) { return age_of(then) - reach < limit ? age_of(then) : 0; };

  for (const InFlight& value : in_flight_) out.put(canonical(value.kind, age_of(value.issue), reach));
  for (std::size_t i = 0; i < kGaps; ++i) out.put(age_below(last_of_gap_[i], gaps()[i].cycles));
  out.put(age_below(flags_set_, kEarlyFlags));
  out.put(age_below(multiply_accumulate_end_, 2));

  Open open = open_.open ? open_ : Open();
  out.put(open.open | open.has_bank << 1 | (open.has_bank && open.odd_word) << 2 | open.in_run << 3);
  out.put(open.units & 0xff);
  out.put(open.units >> 8);
  out.put(std::min(open.lag, kOldestAge));

  out.put(std::min(cycle_ - front_.arrived, kFetchQueue - 1) | front_.redirected << 2);
  out.put(narrow_);

  StoreBuffer stores = stores_;
  // A store may join the last cycle only where that has none yet.
  bool store_may_join = open.open && !(open.units & kStore);
  stores.forget_before(store_may_join ? cycle_ : cycle_ + 1);
  for (int done : stores.done) out.put(std::max(0, done - cycle_));
  for (int free : stores.bank_free) out.put(std::max(0, free - cycle_));
  return state;
}

Scoreboard::Scoreboard(const PipelineState& entry) {
  Reader in(entry);
  for (InFlight& value : in_flight_) {
    int code = in.get();
    if (code != 0) value = {static_cast<Kind>(code / (kOldestAge + 1)), -(code % (kOldestAge + 1))};
  }
  for (int& last : last_of_gap_) last = when(in.get());
  flags_set_ = when(in.get());
  multiply_accumulate_end_ = when(in.get());

  int bits = in.get();
  open_.open = bits & 1;
  open_.has_bank = bits & 2;
  open_.odd_word = bits & 4;
  open_.in_run = bits & 8;
  int low = in.get(), high = in.get();
  open_.units = static_cast<Units>(low | high << 8);
  open_.lag = in.get();

  int front = in.get();
  front_.arrived = cycle_ - (front & 3);
  front_.redirected = front & 4;
  narrow_ = in.get();

  auto later = [&](int left) { return left == 0 ? kLongAgo : cycle_ + left; };
  for (int& done : stores_.done) done = later(in.get());
  for (int& free : stores_.bank_free) free = later(in.get());
}

}  // namespace isa::timing
