// What is remembered of each byte of writable memory: when it was written and read.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <unordered_map>
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
  /// The instruction that read last is remembered for this many bytes together.
  static constexpr std::uint32_t kLineBytes = 32;

  std::array<ShadowWord, kWords> words;
  std::array<std::uint32_t, kWords> owner{};                  ///< container, as the tracker numbers them
  std::array<std::array<std::uint16_t, 4>, kWords> writer{};  ///< the instruction that wrote (StoreSites)
  std::array<std::uint32_t, kBytes / kLineBytes> reader_pc{};
};

/// Instructions that store, by small numbers.
class StoreSites {
 public:
  /// 0 where there are too many to number.
  std::uint16_t number(std::uint32_t pc) {
    Recent& recent = recent_[pc / 2 % recent_.size()];
    if (recent.pc == pc) return recent.number;
    if (pcs_.size() > 0xffff && !numbers_.contains(pc)) return 0;
    const auto [known, is_new] = numbers_.try_emplace(pc, static_cast<std::uint16_t>(pcs_.size()));
    if (is_new) pcs_.push_back(pc);
    recent = {pc, known->second};
    return known->second;
  }
  std::uint32_t pc(std::uint16_t number) const { return pcs_[number]; }

 private:
  struct Recent {
    std::uint32_t pc = 0;
    std::uint16_t number = 0;
  };
  std::vector<std::uint32_t> pcs_{0};
  std::unordered_map<std::uint32_t, std::uint16_t> numbers_;
  std::array<Recent, 256> recent_{};
};

/// Pages come into being when they are first used.
class ByteShadow {
 public:
  // calloc: the table takes host memory only where it is used.
  ByteShadow() : pages_(static_cast<ShadowPage**>(std::calloc(kPages, sizeof(ShadowPage*))), &std::free) {
    if (pages_ == nullptr) throw std::bad_alloc();
  }

  /// Null: not used yet, or not memory that is followed.
  ShadowPage* find(std::uint32_t address) const { return pages_[address / ShadowPage::kBytes]; }
  ShadowPage& make(std::uint32_t address) {
    const std::uint32_t number = address / ShadowPage::kBytes;
    owned_.push_back(std::make_unique<ShadowPage>());
    used_.push_back(number);
    pages_[number] = owned_.back().get();
    return *owned_.back();
  }
  /// Numbers of the pages in use (address / ShadowPage::kBytes), in the order in which they came.
  const std::vector<std::uint32_t>& used() const { return used_; }
  ShadowPage& page(std::uint32_t number) const { return *pages_[number]; }

 private:
  static constexpr std::size_t kPages = (std::size_t{1} << 32) / ShadowPage::kBytes;

  std::unique_ptr<ShadowPage*[], decltype(&std::free)> pages_;  // by number
  std::vector<std::unique_ptr<ShadowPage>> owned_;
  std::vector<std::uint32_t> used_;
};

}  // namespace traces
