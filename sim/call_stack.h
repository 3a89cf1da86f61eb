// Which functions are running, worked out from where blocks go on. It never looks at the stack pointer: a
// return is a branch to where a call would return to. So it follows code without symbols, longjmp, and
// the threads of an RTOS, whose stacks it keeps apart.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "isa/branch_predictor.h"
#include "sim/function_table.h"

namespace sim {

class CallStack {
 public:
  struct Frame {
    std::uint32_t function = 0;   ///< number in the FunctionTable
    std::uint32_t begin = 0;      ///< of the function
    std::uint32_t bytes = 0;      ///< of the function; 0: unknown
    std::uint32_t return_to = 0;  ///< where its caller goes on
    std::uint32_t call_site = 0;  ///< address of the instruction that called
    bool exception = false;       ///< a handler; `key` is the address of the frame that the core pushed
    std::uint32_t key = 0;
  };

  /// Hears of every change. `called` comes when the frame is there, `left` before it goes; with `returns`
  /// false another function takes its place and returns for it (a tail call).
  class Observer {
   public:
    virtual void called(const Frame& frame) = 0;
    virtual void left(const Frame& frame, bool returns) = 0;

   protected:
    ~Observer() = default;
  };

  /// Both must outlive this.
  CallStack(FunctionTable& functions, Observer& observer) : functions_(functions), observer_(observer) {}

  /// As after a reset: one frame, of the function at `pc`.
  void reset(std::uint32_t pc);

  /// A block whose last instruction is `branch` went on at `to`.
  void went(const isa::Branch& branch, std::uint32_t to) {
    using enum isa::BranchKind;
    if (branch.kind == kCall) {
      if (to != branch.next.value) call(branch, to);
    } else if ((branch.kind == kReturn || branch.kind == kIndirect) && !frames_.empty() &&
               frames_.back().return_to == to) {
      pop();
    } else if (frames_.empty() || to - frames_.back().begin >= frames_.back().bytes) {
      go_elsewhere(branch, to);
    }
  }

  /// The core pushed a frame at `frame` and goes to the handler at `handler`; without a new frame
  /// (tail-chaining) one handler takes another's place.
  void exception(std::uint32_t frame, std::uint32_t handler);
  /// The core popped the frame at `frame` and goes on at `to`.
  void exception_return(std::uint32_t frame, std::uint32_t to);

  const std::vector<Frame>& frames() const { return frames_; }

 private:
  /// Deeper recursion is not followed; nor are more threads.
  static constexpr std::size_t kMaxDepth = 4096, kMaxThreads = 256;
  /// How far down a return looks for its caller.
  static constexpr std::size_t kLookDown = 256;

  void call(const isa::Branch& branch, std::uint32_t to);
  void go_elsewhere(const isa::Branch& branch, std::uint32_t to);
  /// The top function went on as another one, and never comes back: a tail call.
  void replace(std::uint32_t function);
  void push(const Frame& frame);
  void pop();
  void pop_to(std::size_t depth);
  Frame frame_of(std::uint32_t function) const;

  FunctionTable& functions_;
  Observer& observer_;
  std::vector<Frame> frames_;
  std::uint64_t beyond_ = 0;  ///< calls deeper than kMaxDepth that have not returned
  /// Threads that do not run, with the frame that each was interrupted with, the oldest first.
  std::vector<std::pair<std::uint32_t, std::vector<Frame>>> parked_;
};

}  // namespace sim
