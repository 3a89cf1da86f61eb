#include "sim/call_stack.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "sim/call_tree.h"
#include "sim/heap_watch.h"

namespace sim {
namespace {

using enum isa::BranchKind;

/// Functions of 0x100 bytes each, by their first letter: main is at 0x1000, a at 0x2000, b at 0x3000, ...
Firmware firmware(const std::vector<std::string>& names) {
  Firmware firmware;
  std::uint32_t address = 0x1000;
  for (const std::string& name : names) {
    firmware.symbols.push_back({name, isa::Address(address), isa::Bytes(0x100), true});
    address += 0x1000;
  }
  return firmware;
}

/// A stack that is driven branch by branch.
struct Driven final : CallStack::Observer {
  explicit Driven(const Firmware& firmware) : functions(firmware), stack(functions, *this) {
    stack.reset(0x1000);
  }
  void called(const CallStack::Frame& frame) override { log += "+" + functions[frame.function].name; }
  void left(const CallStack::Frame& frame, bool returns) override {
    log += (returns ? "-" : "~") + functions[frame.function].name;
  }
  /// A branch of this kind at `from` goes to `to`. Instructions are 2 bytes long.
  void went(isa::BranchKind kind, std::uint32_t from, std::uint32_t to) {
    isa::Branch branch;
    branch.kind = kind;
    branch.at = isa::Address(from);
    branch.next = isa::Address(from + 2);
    stack.went(branch, to);
  }
  std::string path() const {
    std::vector<std::string> names;
    for (const CallStack::Frame& f : stack.frames()) names.push_back(functions[f.function].name);
    return fmt::format("{}", fmt::join(names, ">"));
  }

  FunctionTable functions;
  std::string log;
  CallStack stack;
};

TEST(CallStack, CallsAndReturnsNest) {
  const Firmware image = firmware({"main", "a", "b"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.went(kCall, 0x2010, 0x3000);
  EXPECT_EQ(d.path(), "main>a>b");
  d.went(kReturn, 0x3020, 0x2012);
  d.went(kReturn, 0x2020, 0x1012);
  EXPECT_EQ(d.path(), "main");
  EXPECT_EQ(d.log, "+main+a+b-b-a");
}

TEST(CallStack, BranchesInsideAFunctionChangeNothing) {
  const Firmware image = firmware({"main", "a"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.went(kConditional, 0x2010, 0x2000);  // a loop to the function's first instruction
  d.went(kIndirect, 0x2010, 0x2040);     // a jump table
  d.went(kReturn, 0x2020, 0x2022);       // a conditional return that is not taken
  d.went(kCall, 0x2030, 0x2032);         // a conditional call that is not taken
  EXPECT_EQ(d.path(), "main>a");
}

TEST(CallStack, EveryRecursionHasItsFrame) {
  const Firmware image = firmware({"main", "a"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  for (int i = 0; i < 3; ++i) d.went(kCall, 0x2010, 0x2000);
  EXPECT_EQ(d.path(), "main>a>a>a>a");
  for (int i = 0; i < 3; ++i) d.went(kReturn, 0x2020, 0x2012);
  EXPECT_EQ(d.path(), "main>a");
  d.went(kReturn, 0x2020, 0x1012);
  EXPECT_EQ(d.path(), "main");
}

TEST(CallStack, RecursionDeeperThanItsBoundComesBack) {
  const Firmware image = firmware({"main", "a"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  constexpr int kDeep = 100'000;
  for (int i = 0; i < kDeep; ++i) d.went(kCall, 0x2010, 0x2000);
  EXPECT_LE(d.stack.frames().size(), 4096u);
  for (int i = 0; i < kDeep; ++i) d.went(kReturn, 0x2020, 0x2012);
  EXPECT_EQ(d.path(), "main>a");
}

TEST(CallStack, ATailCallReturnsForItsCaller) {
  const Firmware image = firmware({"main", "a", "b"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.went(kDirect, 0x2010, 0x3000);
  EXPECT_EQ(d.path(), "main>b");
  d.went(kReturn, 0x3020, 0x1012);
  EXPECT_EQ(d.path(), "main");
  EXPECT_EQ(d.log, "+main+a~a+b-b");
}

TEST(CallStack, AFunctionPointerMayBeATailCallToo) {
  const Firmware image = firmware({"main", "a", "b"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.went(kIndirect, 0x2010, 0x3000);
  EXPECT_EQ(d.path(), "main>b");
}

TEST(CallStack, AReturnPastSeveralFramesLeavesThemAll) {
  const Firmware image = firmware({"main", "a", "b"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.went(kCall, 0x2010, 0x3000);
  d.went(kReturn, 0x3020, 0x1012);
  EXPECT_EQ(d.path(), "main");
}

TEST(CallStack, LongjmpLeavesWhatItJumpsOver) {
  const Firmware image = firmware({"main", "a", "b"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.went(kCall, 0x2010, 0x3000);
  d.went(kReturn, 0x3020, 0x1080);  // amid main, where setjmp returned to
  EXPECT_EQ(d.path(), "main");
}

TEST(CallStack, AHandlerRunsOnTopAndGoesWithItsFrame) {
  const Firmware image = firmware({"main", "a", "handler"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.stack.exception(0x20008000, 0x3000);
  EXPECT_EQ(d.path(), "main>a>handler");
  d.stack.exception_return(0x20008000, 0x2044);
  EXPECT_EQ(d.path(), "main>a");
}

TEST(CallStack, OneHandlerTakesTheOthersPlaceInATailChain) {
  const Firmware image = firmware({"main", "first", "second"});
  Driven d(image);
  d.stack.exception(0x20008000, 0x2000);
  d.stack.exception(0x20008000, 0x3000);
  EXPECT_EQ(d.path(), "main>second");
  d.stack.exception_return(0x20008000, 0x1044);
  EXPECT_EQ(d.path(), "main");
}

TEST(CallStack, ThreadsKeepTheirStacksApart) {
  const Firmware image = firmware({"main", "a", "b", "switch"});
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.stack.exception(0x20001000, 0x4000);
  d.stack.exception_return(0x20002000, 0x3000);  // a new thread begins at b
  EXPECT_EQ(d.path(), "b");
  d.stack.exception(0x20001f00, 0x4000);
  d.stack.exception_return(0x20001000, 0x2044);
  EXPECT_EQ(d.path(), "main>a");
  d.stack.exception(0x20001000, 0x4000);
  d.stack.exception_return(0x20001f00, 0x3044);
  EXPECT_EQ(d.path(), "b");
}

TEST(CallStack, CodeWithoutSymbolsIsNamedByItsAddress) {
  const Firmware image;
  Driven d(image);
  d.went(kCall, 0x1010, 0x2000);
  d.went(kConditional, 0x2010, 0x2004);
  EXPECT_EQ(d.path(), "0x00001000>0x00002000");
  d.went(kReturn, 0x2020, 0x1012);
  EXPECT_EQ(d.path(), "0x00001000");
}

TEST(CallTree, EqualPathsAreOneNode) {
  CallTree tree;
  const std::uint32_t a = tree.call(0, 1);
  const std::uint32_t b = tree.call(a, 2);
  EXPECT_EQ(tree.call(0, 1), a);
  EXPECT_NE(tree.call(0, 2), b);
  tree.charge(b, 7, 3);
  tree.charge(b, 1, 1);
  EXPECT_EQ(tree.nodes()[a].calls, 2u);
  EXPECT_EQ(tree.nodes()[b].cycles, 8u);
  EXPECT_EQ(tree.nodes()[b].parent, a);
}

TEST(CallTree, PastItsBoundACallCountsAsItsCaller) {
  CallTree tree;
  std::uint32_t last = 0;
  for (std::uint32_t i = 1; i <= CallTree::kMaxNodes + 10; ++i) last = tree.call(0, i);
  EXPECT_EQ(last, 0u);
  EXPECT_EQ(tree.nodes().size(), CallTree::kMaxNodes);
}

/// What the last call of a function of the heap gave.
std::optional<HeapWatch::Event> after(HeapWatch& heap, Driven& d, bool returns = true) {
  return heap.left(d.stack.frames(), returns);
}

TEST(HeapWatch, AnAllocationIsKnownWhenItReturns) {
  const Firmware image = firmware({"main", "malloc"});
  Driven d(image);
  std::uint32_t r0 = 24;
  HeapWatch heap(d.functions, [&](unsigned) { return r0; });
  d.went(kCall, 0x1010, 0x2000);
  heap.called(d.stack.frames());
  r0 = 0x20000100;
  const auto event = after(heap, d);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->allocated, 0x20000100u);
  EXPECT_EQ(event->bytes, 24u);
  EXPECT_EQ(event->call_site, 0x1010u);
  EXPECT_EQ(d.functions[event->caller].name, "main");
}

TEST(HeapWatch, CallsInsideACallAreItsOwnBusiness) {
  const Firmware image = firmware({"main", "calloc", "malloc"});
  Driven d(image);
  const std::uint32_t r[] = {3, 8};
  HeapWatch heap(d.functions, [&](unsigned n) { return r[n]; });
  d.went(kCall, 0x1010, 0x2000);
  heap.called(d.stack.frames());
  d.went(kCall, 0x2010, 0x3000);
  heap.called(d.stack.frames());
  EXPECT_FALSE(after(heap, d));
  d.went(kReturn, 0x3010, 0x2012);
  const auto event = after(heap, d);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->bytes, 24u);
}

TEST(HeapWatch, ATailCallIsTheSameCall) {
  const Firmware image = firmware({"main", "malloc", "_malloc_r"});
  Driven d(image);
  std::uint32_t r[] = {40, 99};
  HeapWatch heap(d.functions, [&](unsigned n) { return r[n]; });
  d.went(kCall, 0x1010, 0x2000);
  heap.called(d.stack.frames());
  EXPECT_FALSE(after(heap, d, false));
  d.went(kDirect, 0x2010, 0x3000);
  heap.called(d.stack.frames());
  r[0] = 0x20000200;
  const auto event = after(heap, d);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->bytes, 40u);  // malloc's argument, not _malloc_r's second
}

TEST(HeapWatch, AFailedReallocLeavesTheBlockAsItWas) {
  const Firmware image = firmware({"main", "realloc"});
  Driven d(image);
  std::uint32_t r[] = {0x20000100, 64};
  HeapWatch heap(d.functions, [&](unsigned n) { return r[n]; });
  d.went(kCall, 0x1010, 0x2000);
  heap.called(d.stack.frames());
  r[0] = 0;
  EXPECT_FALSE(after(heap, d));
}

}  // namespace
}  // namespace sim
