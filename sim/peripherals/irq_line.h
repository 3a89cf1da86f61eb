// Interrupt lines, some of which several peripherals share (TIM1's update and TIM10, for one).
#pragma once

#include <map>

#include "sim/device.h"

namespace sim::peripherals {

/// The wires to the NVIC. A line is high while at least one of its users holds it.
class SharedLines {
 public:
  /// `nvic` may be null: then nobody listens.
  void connect(InterruptLines* nvic) { nvic_ = nvic; }
  void hold(unsigned irq) {
    if (users_[irq]++ == 0 && nvic_) nvic_->set_line(irq, true);
  }
  void release(unsigned irq) {
    if (--users_[irq] == 0 && nvic_) nvic_->set_line(irq, false);
  }

 private:
  InterruptLines* nvic_ = nullptr;
  std::map<unsigned, int> users_;
};

/// One peripheral's end of a line.
class IrqLine {
 public:
  IrqLine(SharedLines& lines, unsigned irq) : lines_(&lines), irq_(irq) {}
  void set(bool level) {
    if (level == level_) return;
    level_ = level;
    if (level)
      lines_->hold(irq_);
    else
      lines_->release(irq_);
  }
  bool level() const { return level_; }

 private:
  SharedLines* lines_;
  unsigned irq_;
  bool level_ = false;
};

}  // namespace sim::peripherals
