#include "sim/gdb/packet.h"

#include <gmock/gmock.h>

#include "sim/gdb/hex.h"

namespace sim::gdb {
namespace {

using ::testing::ElementsAre;
using Kind = PacketReader::Kind;

TEST(Packet, AFrameEndsWithTheSumOfItsBytes) {
  EXPECT_EQ(frame("OK"), "$OK#9a");
  EXPECT_EQ(frame(""), "$#00");
  EXPECT_EQ(frame("\xff\xff"), "$\xff\xff#fe");
}

TEST(Packet, TheReaderWaitsForTheLastDigitOfTheChecksum) {
  PacketReader reader;
  reader.add("$OK#9");
  EXPECT_FALSE(reader.next());
  reader.add("a");
  auto item = reader.next();
  ASSERT_TRUE(item);
  EXPECT_EQ(item->kind, Kind::kPacket);
  EXPECT_EQ(item->payload, "OK");
  EXPECT_FALSE(reader.next());
}

TEST(Packet, AcknowledgementsAndControlCStandBetweenPackets) {
  PacketReader reader;
  reader.add(std::string("+-\x03") + frame("g") + frame("?"));
  std::vector<Kind> kinds;
  while (auto item = reader.next()) kinds.push_back(item->kind);
  EXPECT_THAT(kinds, ElementsAre(Kind::kAck, Kind::kNack, Kind::kInterrupt, Kind::kPacket, Kind::kPacket));
}

TEST(Packet, AWrongOrMalformedChecksumIsCorrupt) {
  for (const char* bytes : {"$OK#9b", "$OK#zz", "$OK#+-"}) {
    PacketReader reader;
    reader.add(bytes);
    EXPECT_EQ(reader.next()->kind, Kind::kCorrupt) << bytes;
    EXPECT_FALSE(reader.next()) << bytes;
  }
}

TEST(Packet, APacketThatBeginsAnewWithinAnotherIsTheOneThatCounts) {
  PacketReader reader;
  reader.add("$m2000" + frame("g"));
  auto item = reader.next();
  EXPECT_EQ(item->kind, Kind::kPacket);
  EXPECT_EQ(item->payload, "g");
}

TEST(Packet, ThePayloadMayBeAsLongAsToldAndNoLonger) {
  PacketReader reader;
  reader.add(frame(std::string(kMaxPayload, 'x')));
  EXPECT_EQ(reader.next()->payload.size(), kMaxPayload);
  reader.add(frame(std::string(kMaxPayload + 1, 'x')));
  EXPECT_EQ(reader.next()->kind, Kind::kCorrupt);
}

TEST(Packet, AnEndlessPacketIsDroppedRatherThanKept) {
  PacketReader reader;
  reader.add("$" + std::string(kMaxPayload, 'x'));
  EXPECT_FALSE(reader.next());
  reader.add("xx");
  EXPECT_EQ(reader.next()->kind, Kind::kCorrupt);
  EXPECT_EQ(reader.waiting(), 0u);
}

TEST(Packet, ControlCIsTakenFromTheFrontWhilePacketsStay) {
  PacketReader reader;
  reader.add("++" + frame("g"));
  EXPECT_FALSE(reader.take_interrupt());
  EXPECT_EQ(reader.next()->payload, "g");
  reader.add("+\x03");
  EXPECT_TRUE(reader.take_interrupt());
  EXPECT_FALSE(reader.take_interrupt());
  // Inside a packet it is data.
  reader.add(frame("X0,1:\x03"));
  EXPECT_FALSE(reader.take_interrupt());
}

TEST(Hex, GoesThereAndBack) {
  std::vector<std::uint8_t> bytes = {0x00, 0x9a, 0xff};
  EXPECT_EQ(to_hex(bytes), "009aff");
  EXPECT_EQ(from_hex("009aFF"), bytes);
  EXPECT_FALSE(from_hex("009"));
  EXPECT_FALSE(from_hex("0g"));
}

TEST(Hex, EscapesWhatWouldEndAPacket) {
  std::string special = "#$}*a";
  EXPECT_EQ(escape(special),
            "}\x03}\x04}\x5d}\x0a"
            "a");
  auto back = unescape(escape(special));
  ASSERT_TRUE(back);
  EXPECT_EQ(std::string(back->begin(), back->end()), special);
  EXPECT_FALSE(unescape("a}"));
}

TEST(Hex, TheScannerStopsAtTheFirstThingThatDoesNotMatch) {
  Scanner scan("20000000,1f:rest");
  EXPECT_EQ(scan.word(), 0x20000000u);
  EXPECT_FALSE(scan.word());
  EXPECT_TRUE(scan.take(","));
  EXPECT_EQ(scan.number(), 0x1fu);
  EXPECT_EQ(scan.rest(), ":rest");
  EXPECT_FALSE(Scanner("100000000").word());
  EXPECT_FALSE(Scanner("10000000000000000").number());
  EXPECT_FALSE(Scanner("-1").number());
}

}  // namespace
}  // namespace sim::gdb
