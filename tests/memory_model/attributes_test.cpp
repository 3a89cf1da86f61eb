#include "memory_model/attributes.h"

#include <gtest/gtest.h>

namespace memory_model {
namespace {

using isa::Address;

constexpr Attributes kWriteThrough{MemoryType::kNormal, true, false, false, false};
constexpr Attributes kWriteBackAllocate{MemoryType::kNormal, true, true, true, false};
constexpr Attributes kWriteBack{MemoryType::kNormal, true, true, false, false};
constexpr Attributes kNotCacheable{MemoryType::kNormal, false, false, false, false};
constexpr Attributes kDevice{MemoryType::kDevice, false, false, false, true};

MpuRegion region(std::uint32_t base, std::uint64_t size, std::uint8_t access) {
  MpuRegion r;
  r.enabled = true;
  r.base = Address(base);
  r.size = size;
  r.access = access;
  r.tex = 1;
  r.c = r.b = true;
  return r;
}

TEST(Attributes, TheDefaultMapIsThatOfTheArchitecture) {
  EXPECT_EQ(default_attributes(Address(0x08000000)), kWriteThrough);
  EXPECT_EQ(default_attributes(Address(0x1fffffff)), kWriteThrough);
  EXPECT_EQ(default_attributes(Address(0x20000000)), kWriteBackAllocate);
  EXPECT_EQ(default_attributes(Address(0x40000000)), kDevice);
  EXPECT_EQ(default_attributes(Address(0x60000000)), kWriteBackAllocate);
  EXPECT_EQ(default_attributes(Address(0x90000000)), kWriteThrough);
  EXPECT_EQ(default_attributes(Address(0xd0000000)), kDevice);
  EXPECT_EQ(default_attributes(Address(0xe000ed00)).type, MemoryType::kStronglyOrdered);
}

TEST(Attributes, TexCAndBNameTheTypeAndTheInnerPolicy) {
  auto of = [](int tex, bool c, bool b, bool s = false) {
    MpuRegion r = region(0, 32, 3);
    r.tex = static_cast<std::uint8_t>(tex);
    r.c = c;
    r.b = b;
    r.s = s;
    return region_attributes(r);
  };
  EXPECT_EQ(of(0, false, false).type, MemoryType::kStronglyOrdered);
  EXPECT_EQ(of(0, false, true), kDevice);
  EXPECT_EQ(of(0, true, false), kWriteThrough);
  EXPECT_EQ(of(0, true, true), kWriteBack);
  EXPECT_EQ(of(1, false, false), kNotCacheable);
  EXPECT_EQ(of(1, true, true), kWriteBackAllocate);
  EXPECT_EQ(of(2, false, false), kDevice);
  EXPECT_EQ(of(4, false, false), kNotCacheable);
  EXPECT_EQ(of(7, false, true), kWriteBackAllocate);
  EXPECT_EQ(of(6, true, false), kWriteThrough);
  EXPECT_EQ(of(5, true, true), kWriteBack);
  EXPECT_EQ(of(1, true, true, true), kNotCacheable) << "shareable is not cached";
}

TEST(Attributes, TheRegionWithTheHighestNumberDecides) {
  AttributeMap map;
  MpuRegion inner = region(0x20001000, 0x1000, 3);
  inner.c = inner.b = false;
  map.set_mpu(std::vector{region(0x20000000, 0x10000, 3), inner}, true, false);
  EXPECT_EQ(map.at(Address(0x20000fff)), kWriteBackAllocate);
  EXPECT_EQ(map.at(Address(0x20001000)), kNotCacheable);
  EXPECT_EQ(map.at(Address(0x20001fff)), kNotCacheable);
  EXPECT_EQ(map.at(Address(0x20002000)), kWriteBackAllocate);
}

TEST(Attributes, ADisabledSubregionLetsTheOneBelowThrough) {
  AttributeMap map;
  MpuRegion holed = region(0x20000000, 0x800, 0);
  holed.subregions = 0b0000'0100;  // the third eighth: 0x200 to 0x2ff
  map.set_mpu(std::vector{region(0x20000000, 0x10000, 3), holed}, true, false);
  EXPECT_FALSE(map.permitted(Address(0x200001ff), AccessKind::kLoad, true));
  EXPECT_TRUE(map.permitted(Address(0x20000200), AccessKind::kLoad, true));
  EXPECT_TRUE(map.permitted(Address(0x200002ff), AccessKind::kLoad, true));
  EXPECT_FALSE(map.permitted(Address(0x20000300), AccessKind::kLoad, true));
}

TEST(Attributes, SubregionsOfARegionBelow256BytesDoNotCount) {
  AttributeMap map;
  MpuRegion small = region(0x20000000, 128, 3);
  small.subregions = 0xff;
  map.set_mpu(std::vector{small}, true, false);
  EXPECT_TRUE(map.permitted(Address(0x20000000), AccessKind::kLoad, false));
}

TEST(Attributes, AccessPermissionsAreThoseOfAp) {
  struct Row {
    std::uint8_t access;
    bool load, store, user_load, user_store;
  };
  for (const Row& row :
       {Row{0, false, false, false, false}, Row{1, true, true, false, false}, Row{2, true, true, true, false},
        Row{3, true, true, true, true}, Row{5, true, false, false, false}, Row{6, true, false, true, false},
        Row{7, true, false, true, false}}) {
    AttributeMap map;
    map.set_mpu(std::vector{region(0x20000000, 0x1000, row.access)}, true, false);
    const Address at(0x20000010);
    EXPECT_EQ(map.permitted(at, AccessKind::kLoad, true), row.load) << int{row.access};
    EXPECT_EQ(map.permitted(at, AccessKind::kStore, true), row.store) << int{row.access};
    EXPECT_EQ(map.permitted(at, AccessKind::kLoad, false), row.user_load) << int{row.access};
    EXPECT_EQ(map.permitted(at, AccessKind::kStore, false), row.user_store) << int{row.access};
    EXPECT_EQ(map.permitted(at, AccessKind::kFetch, false), row.user_load) << int{row.access};
  }
}

TEST(Attributes, OutsideTheRegionsOnlyPrivilegedCodeWithBackgroundGetsThrough) {
  AttributeMap map;
  const Address out(0x24000000);
  map.set_mpu(std::vector{region(0x20000000, 0x1000, 3)}, true, false);
  EXPECT_FALSE(map.permitted(out, AccessKind::kLoad, true));
  EXPECT_TRUE(map.permitted(Address(0xe000ed94), AccessKind::kStore, true)) << "the MPU's own registers";
  map.set_mpu(std::vector{region(0x20000000, 0x1000, 3)}, true, true);
  EXPECT_TRUE(map.permitted(out, AccessKind::kLoad, true));
  EXPECT_FALSE(map.permitted(out, AccessKind::kLoad, false));
  map.reset();
  EXPECT_TRUE(map.permitted(out, AccessKind::kLoad, false)) << "MPU off";
}

TEST(Attributes, CodeDoesNotRunWhereItIsNeverExecuted) {
  AttributeMap map;
  EXPECT_FALSE(map.permitted(Address(0x40000000), AccessKind::kFetch, true));
  EXPECT_TRUE(map.permitted(Address(0x20000000), AccessKind::kFetch, true));
  MpuRegion never = region(0x20000000, 0x1000, 3);
  never.execute_never = true;
  map.set_mpu(std::vector{never}, true, true);
  EXPECT_FALSE(map.permitted(Address(0x20000000), AccessKind::kFetch, true));
  EXPECT_TRUE(map.permitted(Address(0x20000000), AccessKind::kLoad, true));
}

TEST(Attributes, ARegionMayCoverTheWholeAddressSpace) {
  AttributeMap map;
  map.set_mpu(std::vector{region(0, std::uint64_t{1} << 32, 6)}, true, false);
  EXPECT_TRUE(map.permitted(Address(0xffffffff), AccessKind::kLoad, false));
  EXPECT_FALSE(map.permitted(Address(0x80000000), AccessKind::kStore, true));
}

}  // namespace
}  // namespace memory_model
