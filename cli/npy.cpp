#include "cli/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <regex>

#include "cli/errors.h"

namespace cli {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// The header is a Python dict literal with exactly three keys; a pattern each is enough and rejects the
/// rest.
std::string field(const std::string& header, const std::string& pattern, const std::string& where,
                  const char* name, const char* expected) {
  std::smatch match;
  if (!std::regex_search(header, match, std::regex(pattern))) {
    throw InputError(fmt::format("{}: header has no usable '{}', expected {}", where, name, expected));
  }
  return match[1];
}

}  // namespace

NpyArray parse_npy(std::span<const std::uint8_t> file, const std::string& where) {
  if (file.size() < 12 ||
      !std::equal(kMagic.begin(), kMagic.end(), reinterpret_cast<const char*>(file.data()))) {
    throw InputError(fmt::format("{}: does not begin with the .npy magic bytes", where));
  }
  const int major = file[6];
  if (major < 1 || major > 3) {
    throw InputError(fmt::format("{}: .npy version {}, expected 1, 2 or 3", where, major));
  }
  const std::size_t length_size = major == 1 ? 2 : 4;
  std::size_t header_size = 0;
  for (std::size_t i = 0; i < length_size; ++i)
    header_size |= static_cast<std::size_t>(file[8 + i]) << (8 * i);
  const std::size_t start = 8 + length_size;
  constexpr std::size_t kMaxHeader = 4096;
  if (header_size > kMaxHeader || start + header_size > file.size()) {
    throw InputError(
        fmt::format("{}: header of {} bytes in a file of {} bytes", where, header_size, file.size()));
  }
  const std::string header(reinterpret_cast<const char*>(file.data()) + start, header_size);

  NpyArray array;
  const std::string descr = field(header, "'descr': *'([^']*)'", where, "descr", "'<f4', '|i1' or '|u1'");
  std::int64_t element = 1;
  if (descr == "<f4") {
    array.type = NpyArray::Type::kFloat32;
    element = 4;
  } else if (descr == "|i1") {
    array.type = NpyArray::Type::kInt8;
  } else if (descr == "|u1") {
    array.type = NpyArray::Type::kUint8;
  } else {
    throw InputError(fmt::format(
        "{}: elements are '{}', expected '<f4' (float32), '|i1' (int8) or '|u1' (uint8)", where, descr));
  }
  if (field(header, "'fortran_order': *(True|False)", where, "fortran_order", "False") != "False") {
    throw InputError(
        fmt::format("{}: is in Fortran order, expected C order (numpy.ascontiguousarray)", where));
  }
  const std::string dims = field(header, R"('shape': *\(([0-9, ]*)\))", where, "shape", "a tuple of sizes");
  static const std::regex kNumber("[0-9]+");
  std::int64_t elements = 1;
  for (std::sregex_iterator it(dims.begin(), dims.end(), kNumber), end; it != end; ++it) {
    constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;
    const std::int64_t n = it->str().size() > 9 ? kMaxElements + 1 : std::stoll(it->str());
    if (n < 1 || elements > kMaxElements / n) {
      throw InputError(fmt::format("{}: shape ({}) is empty or too large", where, dims));
    }
    elements *= n;
    array.shape.push_back(n);
  }
  const std::size_t body = file.size() - start - header_size;
  if (body != static_cast<std::size_t>(elements * element)) {
    throw InputError(fmt::format("{}: {} bytes of data, expected {} for shape ({}) of '{}'", where, body,
                                 elements * element, dims, descr));
  }
  const auto data = file.subspan(start + header_size);
  array.bytes.assign(data.begin(), data.end());
  return array;
}

}  // namespace cli
