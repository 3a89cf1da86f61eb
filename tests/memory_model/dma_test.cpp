// Another bus master beside the core: a memory-to-memory DMA that moves bytes and takes the bus.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "memory_model/interconnect.h"
#include "memory_model/memory_system.h"
#include "toy_board.h"

namespace memory_model {
namespace {

using isa::Address;
using isa::Cycles;
using namespace test;

/// Copies `bytes` in bursts of a line, one after the other.
class Dma : public sc_core::sc_module, public tlm::tlm_bw_transport_if<> {
 public:
  SC_HAS_PROCESS(Dma);
  tlm::tlm_initiator_socket<64> socket{"socket"};
  std::uint32_t from = 0, to = 0, bytes = 0;
  std::uint64_t failed = 0;

  explicit Dma(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.bind(*this);
    SC_METHOD(step);
  }

 private:
  /// One burst: a line is read, then written. (Not a thread: sanitizers do not know SystemC's stacks.)
  void step() {
    const std::uint32_t line = step_ / 2 * kLineBytes;
    const bool write = step_ % 2;
    if (line >= bytes) return;
    ++step_;
    next_trigger(move((write ? to : from) + line, write));
  }
  /// How long it takes.
  sc_core::sc_time move(std::uint32_t address, bool write) {
    tlm::tlm_generic_payload payload;
    payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(address);
    payload.set_data_ptr(line_.data());
    payload.set_data_length(kLineBytes);
    payload.set_streaming_width(kLineBytes);
    sc_core::sc_time delay;
    socket->b_transport(payload, delay);
    failed += payload.is_response_error();
    return delay;
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase&, sc_core::sc_time&) override {
    return tlm::TLM_COMPLETED;
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

  std::array<std::uint8_t, kLineBytes> line_{};
  std::uint32_t step_ = 0;
};

class DmaTest : public ::testing::Test {
 protected:
  DmaTest() {
    memory_.set_operating_point(toy_point(0));
    const SimulationScope here = memory_.interconnect().scope();
    dma_ = std::make_unique<Dma>("dma");
    dma_->socket.bind(memory_.interconnect().port("AXI"));
    dma_->from = kAxiSram;
    dma_->to = kAhbSram;
    dma_->bytes = 4096;
    std::iota(source_.begin(), source_.end(), std::uint8_t{1});
    memory_.interconnect().attach_storage(Address(kAxiSram), source_);
    memory_.interconnect().attach_storage(Address(kAhbSram), sink_);
  }

  Board board_ = toy_board();
  MemorySystem memory_{board_};
  std::unique_ptr<Dma> dma_;
  std::vector<std::uint8_t> source_ = std::vector<std::uint8_t>(0x80000),
                            sink_ = std::vector<std::uint8_t>(0x80000);
};

TEST_F(DmaTest, MovesBytesAsTheCoresTimeGoesOn) {
  memory_.advance(Cycles(200));
  EXPECT_EQ(sink_[0], 1);
  EXPECT_EQ(sink_[4095], 0) << "not there yet";
  memory_.advance(Cycles(10000));
  EXPECT_TRUE(std::equal(source_.begin(), source_.begin() + 4096, sink_.begin()));
  EXPECT_EQ(sink_[4096], 0);
  EXPECT_EQ(dma_->failed, 0u);
}

TEST_F(DmaTest, TheCoreWaitsForTheBusWhileItRuns) {
  std::uint64_t now = 100, bus = 0;
  for (std::uint32_t n = 0; n < 64; ++n) {
    const Stall stall = memory_.load(Address(kAhbSram + 0x10000 + 32 * n), 4, Cycles(now));
    bus += stall.bus;
    now += n % 7 + stall.total();  // out of step with the DMA
  }
  EXPECT_GT(bus, 64u);
  now += 10000;
  for (std::uint32_t n = 64; n < 128; ++n) {
    const Stall stall = memory_.load(Address(kAhbSram + 0x10000 + 32 * n), 4, Cycles(now));
    EXPECT_EQ(stall.bus, 0u) << "it has ended";
    now += 20 + stall.total();
  }
}

TEST_F(DmaTest, MemoryThatItDoesNotTouchIsAsFastAsEver) {
  const Stall beside = memory_.load(Address(kFlash), 4, Cycles(100));
  EXPECT_EQ(beside.bus, 0u);
}

TEST_F(DmaTest, WithoutStorageATransferFails) {
  dma_->from = kSdram;
  memory_.advance(Cycles(100000));
  EXPECT_GT(dma_->failed, 0u);
}

TEST_F(DmaTest, AttachingComesBeforeTheFirstTransfer) {
  memory_.load(Address(kAxiSram), 4, Cycles(100));
  EXPECT_THROW(memory_.interconnect().port("AXI"), std::logic_error);
  EXPECT_THROW(memory_.interconnect().attach_storage(Address(0x24000004), source_), BoardError);
}

TEST(Dma, ABusThatIsNotThereIsNamed) {
  const Board board = toy_board();
  MemorySystem memory(board);
  try {
    memory.interconnect().port("AHB9");
    FAIL();
  } catch (const BoardError& error) {
    EXPECT_STREQ(error.what(), "board toy: no bus 'AHB9'");
  }
}

}  // namespace
}  // namespace memory_model
