#include "gui/fold/relations.h"

#include <gtest/gtest.h>

namespace gui {
namespace {

/// conv writes `a`, pool reads it and writes `b`; `c` is written meanwhile by somebody else.
traces::Trace chain(bool with_steps) {
  traces::Trace trace;
  trace.strings = {"", "conv", "pool", "tick"};
  trace.regions = {{"SRAM", "sram", 0x20000000, 0x1000, true}};
  const auto add = [&](std::uint32_t address, std::uint64_t born, std::uint64_t died, traces::StringId writer,
                       traces::StringId reader, std::int32_t born_step, std::int32_t died_step) {
    traces::Life life;
    life.id = static_cast<std::uint32_t>(trace.lives.size());
    life.address = 0x20000000 + address;
    life.bytes = 64;
    life.born = life.last_write = born;
    life.first_read = life.last_read = died;
    life.writer = writer;
    life.reader = reader;
    if (with_steps) life.born_step = born_step, life.died_step = died_step;
    trace.lives.push_back(life);
  };
  add(0, 10, 100, 1, 2, 0, 1);
  add(64, 60, 200, 2, 1, 1, 2);
  add(128, 20, 150, 3, 3, -1, -1);
  trace.reached = 300;
  return trace;
}

TEST(Relations, AConsumerIsWhatTheReaderWrote) {
  for (const bool with_steps : {true, false}) {
    const traces::Trace trace = chain(with_steps);
    const Folded folded = fold(trace);
    EXPECT_EQ(consumers_of(folded, trace.lives[0]), std::vector<std::uint32_t>{1}) << with_steps;
    EXPECT_EQ(producers_of(folded, trace.lives[1]), std::vector<std::uint32_t>{0}) << with_steps;
  }
}

TEST(Relations, WhatNobodyReadHasNoConsumers) {
  traces::Trace trace = chain(true);
  trace.lives[0].first_read = trace.lives[0].last_read = traces::kNever;
  const Folded folded = fold(trace);
  EXPECT_TRUE(consumers_of(folded, trace.lives[0]).empty());
  EXPECT_TRUE(producers_of(folded, trace.lives[0]).empty());
}

}  // namespace
}  // namespace gui
