#include "traces/exporters/output.h"

namespace traces {
namespace {

constexpr std::uint64_t kBeatBytes = 1U << 20U;

}  // namespace

void Output::write(std::string_view text) {
  if (text.size() > cap_ - bytes_) {
    throw ExportError(fmt::format("needs more than the {} bytes it may take", cap_));
  }
  stream_.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream_) throw ExportError("cannot be written");
  bytes_ += text.size();
  if (heartbeat_ && bytes_ >= next_beat_) {
    next_beat_ = bytes_ + kBeatBytes;
    heartbeat_();
  }
}

bool Output::detail(std::string_view text) {
  if (left_out_ > 0 || bytes_ + text.size() + kReserve > cap_) {
    ++left_out_;
    return false;
  }
  write(text);
  return true;
}

}  // namespace traces
