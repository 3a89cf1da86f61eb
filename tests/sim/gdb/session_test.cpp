#include "sim/gdb/session.h"

#include <gmock/gmock.h>

#include "fake_target.h"
#include "sim/gdb/hex.h"

namespace sim::gdb {
namespace {

using test::FakeTarget;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A session without acknowledgements, as gdb uses it.
class SessionTest : public testing::Test {
 protected:
  SessionTest() { EXPECT_EQ(raw(frame("QStartNoAckMode")), "+$OK#9a"); }

  std::string raw(const std::string& bytes) {
    session_.receive(bytes);
    return session_.take_output();
  }
  /// The payloads of the replies to a command, joined by a blank.
  std::string ask(const std::string& command) { return payloads(raw(frame(command))); }
  static std::string payloads(const std::string& bytes) {
    PacketReader reader;
    reader.add(bytes);
    std::string text;
    while (auto item = reader.next()) {
      EXPECT_EQ(item->kind, PacketReader::Kind::kPacket);
      text += (text.empty() ? "" : " ") + item->payload;
    }
    return text;
  }
  std::string stop(const Stop& stop) {
    session_.stopped(stop);
    return payloads(session_.take_output());
  }
  static std::string text_of(const std::string& hex) {
    auto bytes = from_hex(hex);
    return bytes ? std::string(bytes->begin(), bytes->end()) : "no hex: " + hex;
  }
  std::string monitor(const std::string& command) { return text_of(ask("qRcmd," + to_hex(command))); }
  /// A whole document, read in pieces of `size`.
  std::string document(const std::string& name, unsigned size) {
    std::string text;
    for (int i = 0; i < 10000; ++i) {
      std::string part = ask(fmt::format("qXfer:{}:{:x},{:x}", name, text.size(), size));
      if (part.empty() || (part[0] != 'l' && part[0] != 'm')) return "refused: " + part;
      auto bytes = unescape(std::string_view(part).substr(1));
      text.append(bytes->begin(), bytes->end());
      if (part[0] == 'l') return text;
    }
    return "endless";
  }

  FakeTarget target_;
  Session session_{target_};
};

TEST(Session, AcknowledgesUntilToldNotTo) {
  FakeTarget target;
  Session session(target);
  session.receive(frame("qC"));
  EXPECT_EQ(session.take_output(), "+" + frame("QC1"));
  session.receive("$qC#00");
  EXPECT_EQ(session.take_output(), "-");
  session.receive("-");  // gdb did not get it: once more
  EXPECT_EQ(session.take_output(), frame("QC1"));
  session.receive(frame("QStartNoAckMode") + "+" + frame("qC"));
  EXPECT_EQ(session.take_output(), "+" + frame("OK") + frame("QC1"));
}

TEST_F(SessionTest, TellsWhatItCan) {
  std::string features = ask("qSupported:multiprocess+;swbreak+;hwbreak+");
  for (const char* feature : {"PacketSize=4000", "qXfer:features:read+", "qXfer:memory-map:read+",
                              "QStartNoAckMode+", "vContSupported+", "swbreak+", "hwbreak+"}) {
    EXPECT_THAT(features, HasSubstr(feature));
  }
  EXPECT_EQ(ask("vCont?"), "vCont;c;C;s;S;r");
}

TEST_F(SessionTest, AnswersWhatItDoesNotKnowWithAnEmptyPacket) {
  for (const char* command : {"vMustReplyEmpty", "qTStatus", "!", "R00", "Z9,0,0", "vFlashX",
                              "qXfer:auxv:read::0,10", "", "\xff"}) {
    EXPECT_EQ(raw(frame(command)), "$#00") << command;
  }
}

TEST_F(SessionTest, TheDescriptionComesInPiecesOfAnySize) {
  std::string whole = document("features:read:target.xml", 0x1000);
  EXPECT_THAT(whole, HasSubstr("org.gnu.gdb.arm.m-profile"));
  EXPECT_THAT(whole, HasSubstr("org.gnu.gdb.arm.vfp"));
  EXPECT_EQ(document("features:read:target.xml", 7), whole);
  EXPECT_EQ(ask("qXfer:features:read:other.xml:0,10"), "E02");
  EXPECT_EQ(ask("qXfer:features:read:target.xml:ffffffffff,10"), "l");
}

TEST_F(SessionTest, TheMemoryMapHasFlashAndRam) {
  std::string map = document("memory-map:read:", 0x1000);
  EXPECT_THAT(map, HasSubstr("<memory type=\"flash\" start=\"0x8000000\" length=\"0x1000\">"));
  EXPECT_THAT(map, HasSubstr("<memory type=\"ram\" start=\"0x20000000\" length=\"0x800\"/>"));
  EXPECT_THAT(map, HasSubstr("start=\"0x40000000\" length=\"0x20000000\""));
}

TEST_F(SessionTest, RegistersAreLittleEndianInTheOrderOfTheDescription) {
  target_.registers[0] = 0x11223344;
  target_.registers[static_cast<std::size_t>(Register::kD0) + 1] = 0x0102030405060708;
  std::string all = ask("g");
  EXPECT_EQ(all.size(), (23u * 4 + 16 * 8 + 4) * 2);
  EXPECT_THAT(all, StartsWith("44332211"));
  EXPECT_EQ(all.substr((23 * 4 + 8) * 2, 16), "0807060504030201");
  EXPECT_EQ(ask("p18"), "0807060504030201");  // 24: d1
  EXPECT_EQ(ask("P18=1122334455667788"), "OK");
  EXPECT_EQ(target_.read_register(static_cast<Register>(24)), 0x8877665544332211u);
  EXPECT_EQ(ask("P0=01000080"), "OK");
  EXPECT_EQ(target_.registers[0], 0x80000001u);
  std::string ones(all.size(), '1');
  EXPECT_EQ(ask("G" + ones), "OK");
  EXPECT_EQ(ask("g"), ones);
}

TEST_F(SessionTest, RegisterCommandsThatAreWrongChangeNothing) {
  std::string before = ask("g");
  for (const char* command : {"p28", "p", "pzz", "p0x", "P0=11", "P0=1122334455", "P28=11111111", "P0", "G00",
                              "Gzz", "P0=1122334g"}) {
    EXPECT_EQ(ask(command), "E16") << command;
  }
  EXPECT_EQ(ask("g"), before);
}

TEST_F(SessionTest, MemoryIsReadAsFarAsItGoes) {
  target_.ram[0] = 0xab;
  target_.ram[0x7ff] = 0xcd;
  EXPECT_EQ(ask("m20000000,2"), "ab00");
  EXPECT_EQ(ask("m200007ff,4"), "cd");
  EXPECT_EQ(ask("m20000800,4"), "E0e");
  EXPECT_EQ(ask("m20000000,0"), "");
  EXPECT_EQ(ask("m20000000,ffffffffffffffff").size(), 0x800u * 2);
}

TEST_F(SessionTest, MemoryIsWrittenInHexOrBinaryOrNotAtAll) {
  EXPECT_EQ(ask("M20000000,2:1234"), "OK");
  EXPECT_EQ(ask("X20000002,2:}\x03}\x5d"), "OK");
  EXPECT_EQ(ask("X20000000,0:"), "OK");
  EXPECT_THAT(std::vector(target_.ram.begin(), target_.ram.begin() + 5),
              ElementsAre(0x12, 0x34, '#', '}', 0));
  for (const char* command : {"M20000000,2:12", "M20000000,1:1", "X20000000,3:ab", "X20000000,1:}",
                              "M20000000", "M2,1", "Mzz,1:00", "X20000000,ffffffffffffffff:a"}) {
    EXPECT_EQ(ask(command), "E16") << command;
  }
  EXPECT_EQ(ask("M200007ff,2:1234"), "E0e");
  EXPECT_EQ(target_.ram[0x7ff], 0);
}

TEST_F(SessionTest, BreakpointsAndWatchpointsComeAndGo) {
  EXPECT_EQ(ask("Z0,8000100,2"), "OK");
  EXPECT_EQ(ask("Z1,8000104,4"), "OK");
  EXPECT_EQ(ask("Z4,20000010,8"), "OK");
  EXPECT_THAT(target_.points, ElementsAre(Point{PointKind::kSoftwareBreak, isa::Address(0x8000100), 2},
                                          Point{PointKind::kHardwareBreak, isa::Address(0x8000104), 4},
                                          Point{PointKind::kAccessWatch, isa::Address(0x20000010), 8}));
  EXPECT_EQ(ask("z1,8000104,4"), "OK");
  EXPECT_EQ(target_.points.size(), 2u);
  target_.most_points = 2;
  EXPECT_EQ(ask("Z2,20000000,4"), "E0e");
  for (const char* command :
       {"Z0", "Z0,", "Z0,8000100", "Z0,8000100,", "Z2,20000000,0", "Z2,ffffffff,2", "Z0,8000100,2;X1,0"}) {
    EXPECT_EQ(ask(command), "E16") << command;
  }
}

TEST_F(SessionTest, ContinuesAndReportsTheStop) {
  EXPECT_EQ(ask("?"), "T05thread:1;");
  EXPECT_EQ(ask("vCont;c"), "");
  auto resume = session_.take_resume();
  ASSERT_TRUE(resume);
  EXPECT_EQ(resume->how, Resume::How::kContinue);
  EXPECT_FALSE(session_.take_resume());
  EXPECT_EQ(stop({.signal = Signal::kSegmentation, .explanation = "BusFault\n"}),
            "O" + to_hex("BusFault\n") + " T0bthread:1;");
  EXPECT_EQ(ask("?"), "T0bthread:1;");
}

TEST_F(SessionTest, StepsInAllItsForms) {
  struct {
    const char* command;
    Resume::How how;
  } const cases[] = {{"s", Resume::How::kStep},
                     {"S05", Resume::How::kStep},
                     {"vCont;s:1;c", Resume::How::kStep},
                     {"vCont;S05:1", Resume::How::kStep},
                     {"c", Resume::How::kContinue},
                     {"C0b", Resume::How::kContinue},
                     {"vCont;C0b", Resume::How::kContinue}};
  for (const auto& row : cases) {
    EXPECT_EQ(ask(row.command), "") << row.command;
    EXPECT_EQ(session_.take_resume()->how, row.how) << row.command;
    EXPECT_EQ(stop({}), "T05thread:1;");
  }
  ask("vCont;r8000100,8000110:1");
  auto resume = session_.take_resume();
  EXPECT_EQ(resume->how, Resume::How::kStepRange);
  EXPECT_EQ(resume->begin, isa::Address(0x8000100));
  EXPECT_EQ(resume->end, isa::Address(0x8000110));
}

TEST_F(SessionTest, WrongResumptionsLeaveItStopped) {
  for (const char* command :
       {"vCont;", "vCont;x", "vCont;r1", "vCont;r1,", "vCont;C", "czz", "C", "S;", "s123456789"}) {
    EXPECT_EQ(ask(command), "E16") << command;
    EXPECT_FALSE(session_.take_resume()) << command;
  }
}

TEST_F(SessionTest, GoesOnElsewhereWhenToldAnAddress) {
  ask("c8000200");
  EXPECT_EQ(target_.read_register(Register::kPc), 0x8000200u);
  EXPECT_TRUE(session_.take_resume());
}

TEST_F(SessionTest, StopRepliesNameTheWatchpointAndTheAddress) {
  struct {
    PointKind kind;
    const char* reply;
  } const cases[] = {{PointKind::kWriteWatch, "T05thread:1;watch:20000010;"},
                     {PointKind::kReadWatch, "T05thread:1;rwatch:20000010;"},
                     {PointKind::kAccessWatch, "T05thread:1;awatch:20000010;"},
                     {PointKind::kSoftwareBreak, "T05thread:1;"}};
  for (const auto& row : cases) {
    ask("c");
    EXPECT_EQ(stop({.point = Point{row.kind, isa::Address(0x20000010), 4}}), row.reply);
  }
  // Only a gdb that knows the words gets them.
  ask("qSupported:swbreak+;hwbreak+");
  ask("c");
  EXPECT_EQ(stop({.point = Point{PointKind::kSoftwareBreak, isa::Address(0x8000100), 2}}),
            "T05thread:1;swbreak:;");
  ask("c");
  EXPECT_EQ(stop({.point = Point{PointKind::kHardwareBreak, isa::Address(0x8000100), 2}}),
            "T05thread:1;hwbreak:;");
}

TEST_F(SessionTest, TheEndOfTheProgramIsItsExitCodeOrItsSignal) {
  ask("c");
  EXPECT_EQ(stop({.kind = Stop::Kind::kExited, .exit_code = 42}), "W2a");
  EXPECT_EQ(ask("?"), "W2a");
  ask("c");
  EXPECT_EQ(stop({.kind = Stop::Kind::kTerminated, .signal = Signal::kSegmentation}), "X0b");
}

TEST_F(SessionTest, OnlyControlCGetsThroughWhileItRuns) {
  EXPECT_EQ(raw(frame("c") + frame("g")), "");
  session_.take_resume();
  EXPECT_FALSE(session_.take_interrupt());
  EXPECT_GT(session_.waiting(), 0u);
  FakeTarget other;
  Session session(other);
  session.receive(frame("c"));
  session.receive("\x03");
  EXPECT_TRUE(session.take_interrupt());
  EXPECT_FALSE(session.take_interrupt());
  // The command that waited is answered behind the stop.
  session_.stopped({.signal = Signal::kInterrupt});
  EXPECT_THAT(session_.take_output(), StartsWith(frame("T02thread:1;") + "$00000000"));
}

TEST_F(SessionTest, KillAndDetach) {
  EXPECT_EQ(ask("D"), "OK");
  EXPECT_EQ(session_.take_resume()->how, Resume::How::kDetach);
  stop({});
  EXPECT_EQ(ask("vKill;1"), "OK");
  EXPECT_EQ(session_.take_resume()->how, Resume::How::kKill);
  stop({});
  EXPECT_EQ(ask("k"), "");
  EXPECT_EQ(session_.take_resume()->how, Resume::How::kKill);
}

TEST_F(SessionTest, LoadErasesAndWritesFlash) {
  EXPECT_EQ(ask("vFlashErase:8000400,400"), "OK");
  EXPECT_EQ(ask("vFlashWrite:8000400:ab}\x03"), "OK");
  EXPECT_EQ(ask("vFlashDone"), "OK");
  EXPECT_EQ(target_.flash[0x3ff], 0);
  EXPECT_THAT(std::vector(target_.flash.begin() + 0x400, target_.flash.begin() + 0x404),
              ElementsAre('a', 'b', '#', 0xff));
  EXPECT_EQ(target_.flash[0x7ff], 0xff);
  EXPECT_EQ(target_.flash[0x800], 0);
}

TEST_F(SessionTest, FlashCommandsOutsideFlashChangeNothing) {
  EXPECT_EQ(ask("vFlashErase:20000000,4"), "E.memtype");
  EXPECT_EQ(ask("vFlashErase:8000400,ffffffff"), "E16");
  EXPECT_EQ(ask("vFlashErase:8000400"), "E16");
  EXPECT_EQ(ask("vFlashWrite:8000400"), "E16");
  EXPECT_EQ(ask("vFlashWrite:8000fff:ab"), "E0e");
  EXPECT_EQ(ask("vFlashWrite::ab"), "E16");
  EXPECT_EQ(target_.flash, std::vector<std::uint8_t>(0x1000));
}

TEST_F(SessionTest, CompareSectionsGetsGdbsCrc) {
  const std::string text = "123456789";
  std::copy(text.begin(), text.end(), target_.ram.begin());
  EXPECT_EQ(ask("qCRC:20000000,9"), "C376e6e7");  // CRC-32/MPEG-2's check value
  EXPECT_EQ(ask("qCRC:20000000,801"), "E0e");
  EXPECT_EQ(ask("qCRC:20000000,ffffffffffff"), "E16");
}

TEST_F(SessionTest, MonitorShowsCyclesByCause) {
  target_.causes[isa::Cause::kIssue] = 1000;
  target_.causes[isa::Cause::kDLoad] = 234;
  std::string text = monitor("cycles");
  EXPECT_THAT(text, HasSubstr("1234 cycles, 40 instructions"));
  EXPECT_THAT(text, HasSubstr(" 1000\n"));
  EXPECT_THAT(text, HasSubstr(" 234\n"));
}

TEST_F(SessionTest, MonitorResetsAndHelps) {
  EXPECT_THAT(monitor(" reset \n"), HasSubstr("reset"));
  EXPECT_EQ(target_.resets, 1);
  for (const char* command : {"help", "dance", ""}) {
    for (const char* known : {"cycles", "reset", "help"}) EXPECT_THAT(monitor(command), HasSubstr(known));
  }
  EXPECT_THAT(monitor("dance"), HasSubstr("unknown command 'dance'"));
  EXPECT_EQ(ask("qRcmd,6"), "E16");
}

TEST(Session, ABoardWithoutFpuHasNoFpuRegisters) {
  struct Integer : FakeTarget {
    Integer() { plain.fpu = memory_model::FpuPrecision::kNone; }
    const memory_model::Board& board() const override { return plain; }
    memory_model::Board plain = test::two_memories();
  } target;
  Session session(target);
  session.receive(frame("g"));
  EXPECT_EQ(session.take_output().size(), std::string("+$#00").size() + 23 * 4 * 2);
  session.receive(frame("p17"));
  EXPECT_EQ(session.take_output(), "+" + frame("E16"));
}

}  // namespace
}  // namespace sim::gdb
