// The far ends of a serial port: standard input, a pseudo-terminal, a TCP port.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "sim/peripherals/console.h"

namespace sim::peripherals {
namespace {

using ::testing::HasSubstr;

/// What comes within five seconds, up to `length` bytes.
std::string receive(ConsolePort& port, std::size_t length) {
  std::string text;
  auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (text.size() < length && std::chrono::steady_clock::now() < end) {
    if (auto byte = port.receive()) text += static_cast<char>(*byte);
  }
  return text;
}

void send(ConsolePort& port, std::string_view text) {
  for (char c : text) port.send(static_cast<std::uint8_t>(c));
}

std::string read_all(int fd, std::size_t length) {
  std::string text(length, 0);
  std::size_t got = 0;
  while (got < length) {
    ssize_t n = read(fd, text.data() + got, length - got);
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  text.resize(got);
  return text;
}

TEST(Console, APipeIsReadToItsEndAlsoWhereItIsLate) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::string out;
  auto console = stdio_console([&](std::string_view text) { out += text; }, ends[0]);
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_EQ(write(ends[1], "ab", 2), 2);
    close(ends[1]);
  });
  // Late by less than the patience: the first question already has the answer.
  EXPECT_EQ(console->receive(), std::optional<std::uint8_t>('a'));
  EXPECT_EQ(console->receive(), std::optional<std::uint8_t>('b'));
  EXPECT_FALSE(console->at_end());
  EXPECT_EQ(console->receive(), std::nullopt);
  EXPECT_TRUE(console->at_end());
  send(*console, "hi");
  EXPECT_EQ(out, "hi");
  writer.join();
  close(ends[0]);
}

TEST(Console, ASilentPipeHoldsTheRunUpOnce) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  auto console = stdio_console(nullptr, ends[0]);
  EXPECT_EQ(console->receive(), std::nullopt);
  auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(console->receive(), std::nullopt);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(150));
  EXPECT_FALSE(console->at_end());
  close(ends[0]);
  close(ends[1]);
}

TEST(Console, APseudoTerminalCarriesBytesBothWays) {
  std::string name;
  auto console = pty_console([&](std::string_view where) { name = where; });
  int fd = open(name.c_str(), O_RDWR | O_NOCTTY);
  ASSERT_GE(fd, 0) << name;
  send(*console, "out\n");
  EXPECT_EQ(read_all(fd, 4), "out\n");
  EXPECT_EQ(write(fd, "in\r", 3), 3);
  EXPECT_EQ(receive(*console, 3), "in\r");
  close(fd);
}

TEST(Console, ATcpPortKeepsOutputForItsFirstClient) {
  std::string where;
  auto console = tcp_console(0, [&](std::string_view text) { where = text; });
  ASSERT_THAT(where, HasSubstr("127.0.0.1:"));
  send(*console, "early ");
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(where.substr(10))));
  ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  EXPECT_EQ(write(fd, "hello", 5), 5);
  EXPECT_EQ(receive(*console, 5), "hello");
  send(*console, "late");
  EXPECT_EQ(read_all(fd, 10), "early late");
  close(fd);
}

TEST(Console, ATakenTcpPortIsRefused) {
  std::string where;
  auto first = tcp_console(0, [&](std::string_view text) { where = text; });
  auto port = static_cast<std::uint16_t>(std::stoi(where.substr(10)));
  EXPECT_THROW(tcp_console(port, nullptr), std::runtime_error);
}

}  // namespace
}  // namespace sim::peripherals
