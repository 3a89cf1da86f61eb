// Each row of the timing tables, at its edge: blocked one cycle before, ready on time.
#include "isa/scoreboard.h"

#include <gtest/gtest.h>

namespace isa::timing {
namespace {

/// Instructions made of nothing but what a test is about, one behind the other in memory.
class Machine {
 public:
  Machine() : board_(idle_pipeline()) { alone(); }

  Scoreboard::Issued issue(TimedOp op, const Scoreboard::Dynamic& dynamic = {}) {
    op.address = at_;
    op.bytes = 4;
    at_ = at_ + Bytes(4);
    return board_.issue(op, dynamic);
  }
  /// `n` instructions that take a cycle each.
  void alone(int n = 1) {
    TimedOp op;
    op.single = true;
    for (int i = 0; i < n; ++i) issue(op);
  }
  Scoreboard& board() { return board_; }

 private:
  Scoreboard board_;
  Address at_{0x1000};
};

Resource resource_for(Role role) {
  if (role == Role::Flags) return kFlagsResource;
  if (role == Role::FpFlags) return kFpscrResource;
  return role >= Role::FpOperand ? kFirstSingle : 3;
}

TimedOp with(Units units) {
  TimedOp op;
  op.units = units;
  return op;
}

TimedOp producer(Kind kind, Role role) {
  TimedOp op;
  op.writes.push_back({resource_for(role), kind, 0});
  return op;
}

TimedOp consumer(Role role) {
  TimedOp op;
  op.reads.push_back({resource_for(role), role});
  return op;
}

TEST(Latencies, AConsumerWaitsForJustTheLatencyOfItsRow) {
  for (const LatencyRow& row : latencies()) {
    for (std::size_t r = 1; r < kRoles; ++r) {
      if (!(row.roles >> r & 1)) continue;
      auto role = static_cast<Role>(r);
      SCOPED_TRACE(testing::Message() << "kind " << static_cast<int>(row.producer) << " role " << r);
      for (int distance = 1; distance <= row.cycles + 1; ++distance) {
        Machine machine;
        int produced = machine.issue(producer(row.producer, role)).cycle;
        machine.alone(distance - 1);
        TimedOp use = consumer(role);
        use.single = true;
        auto used = machine.issue(use);
        EXPECT_EQ(used.cycle, produced + std::max<int>(distance, row.cycles));
        EXPECT_EQ(used.causes[Cause::kDependency], std::max(0, row.cycles - distance));
      }
    }
  }
}

TEST(Latencies, OnlyALatencyOfZeroLetsAPairDepend) {
  for (const LatencyRow& row : latencies()) {
    for (std::size_t r = 1; r < kRoles; ++r) {
      if (!(row.roles >> r & 1)) continue;
      Machine machine;
      machine.issue(producer(row.producer, static_cast<Role>(r)));
      EXPECT_EQ(machine.issue(consumer(static_cast<Role>(r))).younger, row.cycles == 0)
          << "kind " << static_cast<int>(row.producer) << " role " << r;
    }
  }
}

TEST(Pairs, WhatNoRowForbidsShares) {
  for (int older = 0; older < 14; ++older) {
    for (int younger = 0; younger < 14; ++younger) {
      bool forbidden = false;
      for (const ForbidRow& row : forbidden_pairs()) {
        bool applies = row.older == 1 << older && row.younger == 1 << younger;
        forbidden |= applies && row.when == When::Always;
      }
      Machine machine;
      machine.issue(with(static_cast<Units>(1 << older)));
      EXPECT_EQ(machine.issue(with(static_cast<Units>(1 << younger))).younger, !forbidden)
          << older << " ; " << younger;
    }
  }
}

TEST(Pairs, TwoLoadsShareOnlyWhereTheirBanksDiffer) {
  for (bool first : {false, true}) {
    for (bool second : {false, true}) {
      Machine machine;
      AccessFact a{.odd_word = first}, b{.odd_word = second};
      machine.issue(with(kLoad), {std::span(&a, 1)});
      EXPECT_EQ(machine.issue(with(kLoad), {std::span(&b, 1)}).younger, first != second);
    }
  }
}

TEST(Pairs, ATransferSharesWithTheFirstOfARunOfMultiplyAccumulatesOnly) {
  for (int before = 1; before <= 5; ++before) {
    for (bool transfer_first : {false, true}) {
      Machine machine;
      machine.issue(with(kFpMac));
      machine.alone(before - 1);
      machine.issue(with(transfer_first ? kFpTransfer : kFpMac));
      bool shares = machine.issue(with(transfer_first ? kFpMac : kFpTransfer)).younger;
      // The first cycle is shared with nothing where the filler is missing: the second of the run is in it.
      if (before == 1) continue;
      EXPECT_EQ(shares, before >= 4) << before;
    }
  }
}

TEST(Pairs, AGapHoldsForJustItsCycles) {
  for (const GapRow& row : gaps()) {
    for (int distance = 1; distance <= row.cycles + 1; ++distance) {
      Machine machine;
      int first = machine.issue(with(row.after)).cycle;
      machine.alone(distance - 1);
      TimedOp op = with(row.unit);
      op.single = true;
      bool any = row.slots == GapSlots::Any;
      auto issued = machine.issue(op);
      EXPECT_EQ(issued.cycle, first + (any ? std::max<int>(distance, row.cycles) : distance));
      EXPECT_EQ(issued.causes[Cause::kStructural], any ? std::max(0, row.cycles - distance) : 0);
    }
  }
}

TEST(Pairs, ATransferCloselyBehindAMultiplyAccumulateIsNotTheYounger) {
  for (int distance = 1; distance <= 5; ++distance) {
    Machine machine;
    machine.issue(with(kFpMac));
    machine.alone(distance);
    machine.issue(with(kAlu));  // distance + 1 cycles behind
    EXPECT_EQ(machine.issue(with(kFpTransfer)).younger, distance + 1 >= 4) << distance;
  }
}

TEST(Classes, HoldTheIssueStageForTheirCycles) {
  for (const ClassRow& row : classes()) {
    Machine machine;
    TimedOp op = with(row.units);
    op.single = row.slots == Slots::Single;
    op.cycles = row.cycles;
    int first = machine.issue(op).cycle;
    bool joined = machine.issue(with(0)).younger;
    EXPECT_EQ(joined, row.slots == Slots::Either) << row.name;
    EXPECT_EQ(machine.issue(with(0)).cycle, first + row.cycles) << row.name;
  }
}

TEST(Classes, EveryRowNamesItsSource) {
  for (const ClassRow& row : classes()) EXPECT_STRNE(row.source, "") << row.name;
  for (const LatencyRow& row : latencies()) EXPECT_STRNE(row.source, "");
  for (const ForbidRow& row : forbidden_pairs()) EXPECT_STRNE(row.source, "");
  for (const GapRow& row : gaps()) EXPECT_STRNE(row.source, "");
}

TEST(Early, TheOlderRunsEarlyWhereItsOperandsAreThereInTime) {
  TimedOp add = producer(Kind::None, Role::Late);
  add.early_role = Role::EarlyAdd;
  add.reads.push_back({5, Role::Late});
  add.produces = Kind::LateAlu;
  TimedOp source = producer(Kind::LateAlu, Role::Late);
  source.writes[0].resource = 5;
  for (int distance = 1; distance <= 3; ++distance) {
    Machine machine;
    machine.issue(source);
    machine.alone(distance - 1);
    if (distance == 1) machine.issue(with(0));  // so that `add` is the older
    machine.issue(add);
    // A late result reaches an early operand in two cycles; before that, `add` runs late.
    EXPECT_EQ(machine.issue(consumer(Role::Late)).younger, distance >= 2) << distance;
  }
}

TEST(Early, TheYoungerAdditionRunsLate) {
  TimedOp add = producer(Kind::None, Role::Late);
  add.early_role = Role::EarlyAdd;
  add.produces = Kind::LateAlu;
  Machine machine;
  machine.issue(with(0));
  EXPECT_TRUE(machine.issue(add).younger);
  auto use = machine.issue(consumer(Role::Shifted));
  EXPECT_EQ(use.causes[Cause::kDependency], 1u);
}

TEST(Early, AShiftRunsEarlyInTheYoungerSlotWhereTheShifterIsFree) {
  TimedOp shift = producer(Kind::None, Role::Late);
  shift.units = kShiftMov;
  shift.early_role = Role::Shift;
  shift.produces = Kind::LateAlu;
  for (bool taken : {false, true}) {
    Machine machine;
    machine.issue(with(taken ? kShifter : kAlu));
    EXPECT_TRUE(machine.issue(shift).younger);
    EXPECT_EQ(machine.issue(consumer(Role::Shifted)).causes[Cause::kDependency], taken ? 1u : 0u);
  }
}

}  // namespace
}  // namespace isa::timing
