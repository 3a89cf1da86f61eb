// A life in words: the details pane, the clipboard and the state file say the same.
#pragma once

#include <string>
#include <vector>

#include "gui/document.h"

namespace gui {

struct Field {
  std::string label, value;
  std::string hint;  ///< more, for who asks; may be empty
  bool is_heading = false;
};

std::vector<Field> describe_life(const Document& document, const traces::Life& life);
/// "name: value" lines.
std::string to_text(const std::vector<Field>& fields);

}  // namespace gui
