// Files that travel inside the program: guest sources and tables of measurements.
#pragma once

#include <string_view>

namespace cli {

/// The text of an embedded file, by its name ("fft.c"). Throws InputError where there is none of that name.
std::string_view embedded(std::string_view name);

}  // namespace cli
