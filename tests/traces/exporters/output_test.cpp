#include "traces/exporters/output.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/traces/exporters/exported.h"
#include "tests/traces/sample_trace.h"

namespace traces {
namespace {

TEST(Output, IsAnErrorWhereWhatTheFormatNeedsHasNoRoom) {
  std::ostringstream stream;
  Output out(stream, 5);
  out.write("12345");
  EXPECT_THROW(out.write("6"), ExportError);
  EXPECT_EQ(stream.str(), "12345");
}

TEST(Output, LeavesOutDetailBelowTheReserveAndCountsIt) {
  std::ostringstream stream;
  Output out(stream, Output::kReserve + 3);
  EXPECT_TRUE(out.detail("12"));
  EXPECT_FALSE(out.detail("34"));
  EXPECT_FALSE(out.detail("5")) << "what comes behind a gap is left out too";
  out.write("the end");
  EXPECT_EQ(stream.str(), "12the end");
  EXPECT_EQ(out.left_out(), 2U);
  EXPECT_EQ(out.bytes(), 9U);
}

TEST(Output, IsAnErrorWhereTheStreamFails) {
  std::ostringstream stream;
  stream.setstate(std::ios::badbit);
  Output out(stream, 100);
  EXPECT_THROW(out.write("x"), ExportError);
}

TEST(Output, LetsTheHeartbeatEndTheWork) {
  std::ostringstream stream;
  Output out(stream, 100 << 20, [&] {
    if (stream.str().size() > 3 << 20) throw std::runtime_error("stopped");
  });
  const std::string piece(100'000, 'x');
  EXPECT_THROW(while (true) out.write(piece), std::runtime_error);
  EXPECT_LT(stream.str().size(), 5U << 20U);
}

TEST(Exporters, StayBelowTheirCapOrSaySo) {
  const Trace trace = sample_trace({.lives = 3000});
  using Export = ExportResult (*)(const Trace&, std::ostream&, const ExportOptions&);
  for (const Export write : {export_chrome, export_callgrind, export_folded, export_vcd, export_benchmark,
                             export_markdown, export_svg}) {
    for (const std::uint64_t cap : {1'000U, 20'000U, 300'000U}) {
      std::ostringstream stream;
      try {
        const ExportResult result = write(trace, stream, {.cap_bytes = cap, .heartbeat = {}});
        EXPECT_EQ(result.bytes, stream.str().size());
      } catch (const ExportError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr(std::to_string(cap)));
      }
      EXPECT_LE(stream.str().size(), cap);
    }
  }
}

TEST(Exporters, GiveTheSameBytesForTheSameTrace) {
  const Trace trace = sample_trace();
  EXPECT_EQ(exported(export_chrome, trace), exported(export_chrome, trace));
  EXPECT_EQ(exported(export_callgrind, trace), exported(export_callgrind, trace));
  EXPECT_EQ(exported(export_vcd, trace), exported(export_vcd, trace));
}

}  // namespace
}  // namespace traces
