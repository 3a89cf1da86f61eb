#include "isa/units.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace isa {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};

TEST(Units, AddressesAndSizesMixOnlyWhereItMakesSense) {
  EXPECT_EQ(Address(0x20000010) - Address(0x20000000), Bytes(16));
  EXPECT_EQ(Address(0x20000000) - Address(0x20000010), Bytes(-16));
  EXPECT_EQ(Address(0x20000000) + Bytes(4), Address(0x20000004));
  EXPECT_EQ(Bytes(3) * 4, Bytes(12));
  static_assert(!Addable<Address, Address>);
  static_assert(!Addable<Bytes, Cycles>);
  static_assert(!Addable<Address, Cycles>);
  static_assert(!std::is_convertible_v<int, Bytes>);
}

TEST(Units, PrintAsPeopleWriteThem) {
  EXPECT_EQ(fmt::format("{}", Address(0x2000)), "0x00002000");
  EXPECT_EQ(fmt::format("{}", Bytes(-5)), "-5");
  EXPECT_EQ(fmt::format("{:>6}", Cycles(42)), "    42");
}

}  // namespace
}  // namespace isa
