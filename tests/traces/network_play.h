// Plays the loads and stores of a random network, as engines run them in one arena, and keeps the truth.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/traces/attribution.h"
#include "traces/life_tracker.h"

namespace traces::test {

/// How an engine calls its kernels.
enum class Style {
  kDirect,      ///< one function calls the kernels
  kDispatched,  ///< through a function that looks up the operator
  kInlined,     ///< all is one function
  kMarked,      ///< with step marks, and a function a step
};

class NetworkPlay {
 public:
  /// Draws a number below `bound`.
  using Draw = std::function<std::uint32_t(std::uint32_t bound)>;

  NetworkPlay(Style style, Draw draw);

  /// Plays an inference of so many operators.
  void infer(std::uint32_t operators);

  /// Takes the lives so far after each operator.
  void look_between_operators(std::function<void(const std::vector<Life>&)> look) { look_ = std::move(look); }

  LifeTracker& tracker() { return tracker_; }
  /// Tensors and scratch buffers, those that anything read.
  std::vector<TrueLife> truth() const;
  /// The lives in the arena.
  std::vector<Life> lives();

 private:
  struct Tensor {
    std::uint32_t address = 0, bytes = 0;
    std::size_t truth = 0;
  };

  void call(std::uint32_t function);
  void leave();
  void pass(std::uint64_t cycles);
  void read(const Tensor& tensor, std::uint32_t offset, std::uint32_t bytes);
  void write(const Tensor& tensor, std::uint32_t offset, std::uint32_t bytes);
  std::uint32_t pc() const;

  Tensor named(const std::string& name, std::uint32_t address, std::uint32_t bytes);
  /// A tensor in a place where none of `live` lies.
  Tensor place(const std::string& name, std::uint32_t bytes, const std::vector<Tensor>& live);

  Tensor convolution(const Tensor& in, const std::vector<Tensor>& live);
  Tensor depthwise_in_place(const Tensor& in);
  Tensor relu_in_place(const Tensor& in);
  Tensor pool(const Tensor& in, const std::vector<Tensor>& live);
  Tensor add(const Tensor& a, const Tensor& b, const std::vector<Tensor>& live);
  Tensor shifted_copy(const Tensor& in, const std::vector<Tensor>& live);
  void begin_operator(std::uint32_t function);
  void end_operator();

  Style style_;
  Draw draw_;
  std::function<void(const std::vector<Life>&)> look_;
  LifeTracker tracker_;
  std::vector<TrueLife> truth_;
  std::vector<std::uint32_t> functions_;
  std::uint32_t operator_ = 0, loop_ = 0;
  std::uint64_t now_ = 0;
};

}  // namespace traces::test
