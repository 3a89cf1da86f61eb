// Writes small valid .tflite files into the folder named on the command line.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/reference/tiny_file.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: tflite_reader_fuzz_seeds FOLDER\n", stderr);
    return 2;
  }
  int number = 0;
  for (const reference::TinyFile& file : reference::seed_files()) {
    const std::vector<std::uint8_t> bytes = file.bytes();
    std::ofstream out(std::filesystem::path(argv[1]) / ("seed" + std::to_string(number++) + ".tflite"),
                      std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out) return 1;
  }
  return 0;
}
