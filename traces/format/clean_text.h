// Texts in traces are valid UTF-8 without control characters, so that every reader can print them.
#pragma once

#include <string>
#include <string_view>

namespace traces {

/// Valid UTF-8, and of the control characters only the tab.
bool is_clean(std::string_view text);
/// The text with U+FFFD for each byte that is_clean minds, cut to `max_bytes` (then it ends in "...").
std::string clean(std::string_view text, std::size_t max_bytes);

}  // namespace traces
