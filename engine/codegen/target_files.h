// The files of engine/target as text, embedded when the library is built.
#pragma once

#include <map>
#include <string>

namespace engine {

/// File name ("m7_startup.c") -> text.
const std::map<std::string, std::string>& target_files();

}  // namespace engine
