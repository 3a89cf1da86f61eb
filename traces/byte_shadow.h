// What is remembered of each byte of writable memory: when it was written and read.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace traces {

/// Four bytes of the guest: a cache line of the host. All are ticks of the CallTree; 0: never.
struct alignas(64) ShadowWord {
  std::array<std::uint32_t, 4> born{};   ///< first write of what the byte holds
  std::array<std::uint32_t, 4> wrote{};  ///< last write; 0: nothing wrote it
  std::array<std::uint32_t, 4> first{};  ///< first read of what it holds
  std::array<std::uint32_t, 4> read{};   ///< last read
};

/// 4 KiB of the guest.
struct ShadowPage {
  static constexpr std::uint32_t kBytes = 4096, kWords = kBytes / 4;
  /// Instructions are remembered for this many bytes together.
  static constexpr std::uint32_t kLineBytes = 32;

  std::array<ShadowWord, kWords> words;
  std::array<std::uint32_t, kWords> owner{};  ///< container, as the tracker numbers them
  std::array<std::uint32_t, kBytes / kLineBytes> writer_pc{}, reader_pc{};
};

/// Pages come into being when they are first used.
class ByteShadow {
 public:
  ByteShadow() : pages_(std::size_t{1} << 20) {}

  /// Null: not used yet, or not memory that is followed.
  ShadowPage* find(std::uint32_t address) const { return pages_[address / ShadowPage::kBytes].get(); }
  ShadowPage& make(std::uint32_t address) {
    const std::uint32_t number = address / ShadowPage::kBytes;
    pages_[number] = std::make_unique<ShadowPage>();
    used_.push_back(number);
    return *pages_[number];
  }
  /// Addresses of the pages in use, in the order in which they came.
  const std::vector<std::uint32_t>& used() const { return used_; }
  ShadowPage& page(std::uint32_t number) const { return *pages_[number]; }

 private:
  std::vector<std::unique_ptr<ShadowPage>> pages_;  ///< by address / ShadowPage::kBytes
  std::vector<std::uint32_t> used_;
};

}  // namespace traces
