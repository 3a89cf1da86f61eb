#include "network_play.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace traces::test {
namespace {

constexpr std::uint32_t kRam = 0x20000000, kArena = kRam + 0x1000, kArenaBytes = 0x10000;
constexpr std::uint32_t kScratch = kArena + 0xc000;  // tensors lie below
constexpr StringId kArenaName = 1;

enum : std::uint32_t {
  kMain = 1,
  kInvoke,
  kNode,
  kMark,
  kFill,
  kRow,
  kClear,
  kConvolution,
  kDepthwise,
  kRelu,
  kPool,
  kAdd,
  kCopy,
  kStep = 100
};

}  // namespace

NetworkPlay::NetworkPlay(Style style, Draw draw)
    : style_(style),
      draw_(std::move(draw)),
      tracker_({{kRam, 0x20000, 0}}, {{kArena, kArenaBytes, kArenaName, LifeKind::kStatic}}) {
  call(kMain);
}

void NetworkPlay::call(std::uint32_t function) {
  functions_.push_back(function);
  tracker_.call(function);
  pass(5);
}

void NetworkPlay::leave() {
  pass(5);
  functions_.pop_back();
  tracker_.leave();
}

void NetworkPlay::pass(std::uint64_t cycles) {
  tracker_.at(now_ += cycles);
}

std::uint32_t NetworkPlay::pc() const {
  return functions_.back() * 0x100000 + (style_ == Style::kInlined ? operator_ * 0x1000 : 0) + loop_ * 0x100;
}

void NetworkPlay::read(const Tensor& tensor, std::uint32_t offset, std::uint32_t bytes) {
  while (bytes != 0) {
    const std::uint32_t size = (tensor.address + offset) % 4 == 0 && bytes >= 4 ? 4 : 1;
    tracker_.load(tensor.address + offset, size, pc());
    truth_[tensor.truth].died = now_;
    pass(2);
    offset += size;
    bytes -= size;
  }
}

void NetworkPlay::write(const Tensor& tensor, std::uint32_t offset, std::uint32_t bytes) {
  while (bytes != 0) {
    const std::uint32_t size = (tensor.address + offset) % 4 == 0 && bytes >= 4 ? 4 : 1;
    tracker_.store(tensor.address + offset, size, pc() + 4);
    TrueLife& truth = truth_[tensor.truth];
    if (truth.born == kNever) truth.born = now_;
    pass(3);
    offset += size;
    bytes -= size;
  }
}

NetworkPlay::Tensor NetworkPlay::named(const std::string& name, std::uint32_t address, std::uint32_t bytes) {
  truth_.push_back({name + " " + std::to_string(operator_), address, bytes, kNever, 0});
  return {address, bytes, truth_.size() - 1};
}

NetworkPlay::Tensor NetworkPlay::place(const std::string& name, std::uint32_t bytes,
                                       const std::vector<Tensor>& live) {
  std::uint32_t address = kArena + draw_(4) * 16;
  for (bool moved = true; moved;) {
    moved = false;
    for (const Tensor& other : live) {
      if (address < other.address + other.bytes && other.address < address + bytes) {
        address = (other.address + other.bytes + 3) / 4 * 4 + draw_(2) * 16;
        moved = true;
      }
    }
  }
  return named(name, address, bytes);
}

void NetworkPlay::begin_operator(std::uint32_t function) {
  loop_ = 0;
  if (style_ == Style::kInlined) return;
  if (style_ == Style::kMarked) {
    call(kMark);
    tracker_.step(static_cast<std::int32_t>(operator_));
    leave();
    call(kStep + operator_);
  }
  if (style_ == Style::kDispatched) call(kNode);
  call(function);
}

void NetworkPlay::end_operator() {
  if (style_ == Style::kInlined) return;
  leave();
  if (style_ == Style::kDispatched || style_ == Style::kMarked) leave();
}

/// Columns are gathered in a scratch buffer; each is multiplied with all filters.
NetworkPlay::Tensor NetworkPlay::convolution(const Tensor& in, const std::vector<Tensor>& live) {
  const std::uint32_t piece = 16 + draw_(4) * 16, pieces = 8 + draw_(40);
  const Tensor out = place("convolution", piece * pieces, live);
  const std::uint32_t column = std::min(in.bytes, 64 + draw_(8) * 32);
  const Tensor scratch = named("columns", kScratch, column);
  const bool has_fill = style_ != Style::kInlined && draw_(2) == 0;
  const bool has_row = style_ != Style::kInlined && draw_(2) == 0;
  begin_operator(kConvolution);
  if (draw_(4) == 0) {
    if (style_ != Style::kInlined) call(kClear);
    write(out, 0, out.bytes);
    if (style_ != Style::kInlined) leave();
  }
  for (std::uint32_t i = 0; i < pieces; ++i) {
    loop_ = 1;
    if (has_fill) call(kFill);
    const std::uint32_t begin = (in.bytes - column) * i / std::max(1U, pieces - 1);
    for (std::uint32_t k = 0; k < column; k += 4) {
      read(in, begin + k, std::min(4U, column - k));
      write(scratch, k, std::min(4U, column - k));
    }
    if (has_fill) leave();
    loop_ = 2;
    if (has_row) call(kRow);
    for (int filters = 0; filters < 2; ++filters) {
      read(scratch, 0, column);
      write(out, i * piece + static_cast<std::uint32_t>(filters) * piece / 2, piece / 2);
    }
    if (has_row) leave();
  }
  end_operator();
  return out;
}

/// One channel after the other goes into a buffer, and its results take its place.
NetworkPlay::Tensor NetworkPlay::depthwise_in_place(const Tensor& in) {
  const std::uint32_t channels = 4 + draw_(3) * 4, pixels = in.bytes / channels;
  const Tensor out = named("depthwise", in.address, pixels * channels);
  const Tensor buffer = named("channel", kScratch, pixels);
  const bool has_row = style_ != Style::kInlined && draw_(2) == 0;
  begin_operator(kDepthwise);
  for (std::uint32_t c = 0; c < channels; ++c) {
    loop_ = 1;
    for (std::uint32_t p = 0; p < pixels; ++p) {
      read(in, p * channels + c, 1);
      write(buffer, p, 1);
    }
    loop_ = 2;
    if (has_row) call(kRow);
    for (std::uint32_t p = 0; p < pixels; ++p) {
      for (std::uint32_t tap = 0; tap < 3; ++tap) read(buffer, (p + tap) % pixels, 1);
      write(out, p * channels + c, 1);
    }
    if (has_row) leave();
  }
  end_operator();
  return out;
}

NetworkPlay::Tensor NetworkPlay::relu_in_place(const Tensor& in) {
  const Tensor out = named("relu", in.address, in.bytes);
  begin_operator(kRelu);
  for (std::uint32_t i = 0; i + 4 <= in.bytes; i += 4) {
    read(in, i, 4);
    pass(8);
    write(out, i, 4);
  }
  end_operator();
  return out;
}

/// Reads only some of what there is.
NetworkPlay::Tensor NetworkPlay::pool(const Tensor& in, const std::vector<Tensor>& live) {
  const Tensor out = place("pool", std::max(16U, in.bytes / 16 * 4), live);
  begin_operator(kPool);
  for (std::uint32_t i = 0; i < in.bytes / 16; ++i) {
    read(in, i * 16, 4);
    pass(20);
    write(out, i * 4, 4);
  }
  end_operator();
  return out;
}

NetworkPlay::Tensor NetworkPlay::add(const Tensor& a, const Tensor& b, const std::vector<Tensor>& live) {
  const std::uint32_t bytes = std::min(a.bytes, b.bytes);
  const bool in_place = draw_(2) == 0;
  const Tensor out = in_place ? named("add", a.address, bytes) : place("add", bytes, live);
  begin_operator(kAdd);
  for (std::uint32_t i = 0; i < bytes; i += 4) {
    read(a, i, std::min(4U, bytes - i));
    read(b, i, std::min(4U, bytes - i));
    pass(10);
    write(out, i, std::min(4U, bytes - i));
  }
  end_operator();
  return out;
}

/// The output begins below the input and follows what has been read.
NetworkPlay::Tensor NetworkPlay::shifted_copy(const Tensor& in, const std::vector<Tensor>& live) {
  const std::uint32_t shift = 64;
  const bool has_room =
      in.address >= kArena + shift && std::none_of(live.begin(), live.end(), [&](const Tensor& t) {
        return t.truth != in.truth && t.address < in.address && in.address - shift < t.address + t.bytes;
      });
  const Tensor out = has_room ? named("copy", in.address - shift, in.bytes) : place("copy", in.bytes, live);
  begin_operator(kCopy);
  for (std::uint32_t i = 0; i < in.bytes; i += 4) {
    read(in, i, std::min(4U, in.bytes - i));
    pass(12);
    write(out, i, std::min(4U, in.bytes - i));
  }
  end_operator();
  return out;
}

void NetworkPlay::infer(std::uint32_t operators) {
  Tensor last = place("input", 1024 + draw_(8) * 128, {});
  write(last, 0, last.bytes);
  if (style_ != Style::kInlined) call(kInvoke);
  std::vector<Tensor> live{last};
  for (std::uint32_t i = 0; i < operators; ++i) {
    ++operator_;
    if (look_) look_(tracker_.take(false));
    const bool is_shared = live.size() > 1;  // a residual waits for an addition
    const std::uint32_t kind = draw_(8);
    Tensor next;
    if (kind < 3) {
      next = convolution(last, live);
    } else if (kind == 3 && !(is_shared && live.front().truth == last.truth) && last.bytes <= 2048) {
      next = depthwise_in_place(last);
    } else if (kind == 4 && !(is_shared && live.front().truth == last.truth)) {
      next = relu_in_place(last);
    } else if (kind == 5 && last.bytes >= 512) {
      next = pool(last, live);
    } else if (kind == 6 && is_shared && live.front().truth != last.truth) {
      next = add(last, live.front(), live);
      live = {next};
      last = next;
      continue;
    } else if (kind == 7) {
      next = shifted_copy(last, live);
    } else {
      next = convolution(last, live);
    }
    // The tensor before is dead now, unless it is kept for an addition.
    const bool is_whole =
        next.address >= last.address + last.bytes || last.address >= next.address + next.bytes;
    if (live.size() == 1 && is_whole && draw_(4) == 0) {
      live = {last, next};
    } else if (is_shared) {
      live = {live.front(), next};
    } else {
      live = {next};
    }
    last = next;
  }
  if (style_ == Style::kMarked) tracker_.step(-1);
  if (style_ != Style::kInlined) leave();
  ++operator_;
  loop_ = 3;
  read(last, 0, last.bytes);
}

std::vector<TrueLife> NetworkPlay::truth() const {
  std::vector<TrueLife> read;
  std::copy_if(truth_.begin(), truth_.end(), std::back_inserter(read),
               [](const TrueLife& life) { return life.born != kNever && life.died > life.born; });
  return read;
}

std::vector<Life> NetworkPlay::lives() {
  std::vector<Life> found;
  for (const Life& life : tracker_.take(true)) {
    if (life.owner == kArenaName && life.touched != 0) found.push_back(life);
  }
  return found;
}

}  // namespace traces::test
