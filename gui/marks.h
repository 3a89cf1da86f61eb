// Where things were drawn in the last frame, by name, so that tests can point the mouse at them.
#pragma once

#include <map>
#include <string>

namespace gui {

struct Mark {
  double left = 0, top = 0, right = 0, bottom = 0;  ///< pixels of the window
  bool operator==(const Mark&) const = default;
};

class Marks {
 public:
  void clear() { marks_.clear(); }
  /// The item that ImGui has just drawn.
  void item(const std::string& name);
  void set(const std::string& name, const Mark& mark) { marks_[name] = mark; }
  const std::map<std::string, Mark>& all() const { return marks_; }

 private:
  std::map<std::string, Mark> marks_;
};

}  // namespace gui
