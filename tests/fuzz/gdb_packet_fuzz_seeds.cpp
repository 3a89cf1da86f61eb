// Writes seeds for gdb_packet_fuzz into a folder: short conversations as gdb has them.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <vector>

#include "sim/gdb/hex.h"
#include "sim/gdb/packet.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: gdb_packet_fuzz_seeds FOLDER\n";
    return 2;
  }
  const std::vector<std::vector<std::string>> conversations = {
      {"qSupported:swbreak+;hwbreak+", "vMustReplyEmpty", "QStartNoAckMode", "Hg0", "?", "qfThreadInfo", "qC",
       "qXfer:features:read:target.xml:0,ffb", "qXfer:memory-map:read::0,ffb"},
      {"g", "p10", "P10=11223344", "m20000000,40", "M20000000,2:abcd", "X20000000,3:a}\x03"},
      {"Z0,8000100,2", "Z2,20000010,4", "vCont;c:1;c", "z2,20000010,4", "vCont;r8000100,8000108:1", "s",
       "D;1"},
      {"vFlashErase:8000000,400", "vFlashWrite:8000000:ab}]", "vFlashDone", "qCRC:8000000,100"},
      {"qRcmd," + sim::gdb::to_hex("cycles"), "qRcmd," + sim::gdb::to_hex("reset"), "c8000100", "vKill;1"},
  };
  std::filesystem::create_directories(argv[1]);
  int number = 0;
  for (const std::vector<std::string>& packets : conversations) {
    std::ofstream out(std::filesystem::path(argv[1]) / ("seed" + std::to_string(number++)), std::ios::binary);
    for (const std::string& packet : packets) out << sim::gdb::frame(packet) << '+';
    out << '\x03';
    if (!out) return 1;
  }
  return 0;
}
