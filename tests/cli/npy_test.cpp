#include "cli/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cli/errors.h"

namespace cli {
namespace {

std::vector<std::uint8_t> npy(const std::string& header, std::size_t body) {
  std::vector<std::uint8_t> file = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  file.push_back(static_cast<std::uint8_t>(header.size()));
  file.push_back(static_cast<std::uint8_t>(header.size() >> 8U));
  file.insert(file.end(), header.begin(), header.end());
  for (std::size_t i = 0; i < body; ++i) file.push_back(static_cast<std::uint8_t>(i));
  return file;
}

std::string error_of(const std::vector<std::uint8_t>& file) {
  try {
    parse_npy(file, "a.npy");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Npy, ReadsShapeTypeAndBytes) {
  const auto file = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n", 24);
  const NpyArray array = parse_npy(file, "a.npy");
  EXPECT_EQ(array.type, NpyArray::Type::kFloat32);
  EXPECT_THAT(array.shape, testing::ElementsAre(2, 3));
  EXPECT_EQ(array.bytes.size(), 24U);
  EXPECT_EQ(array.bytes[5], 5);
}

TEST(Npy, ReadsScalarsAndOneDimension) {
  EXPECT_TRUE(
      parse_npy(npy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", 1), "a").shape.empty());
  EXPECT_THAT(parse_npy(npy("{'descr': '|i1', 'fortran_order': False, 'shape': (4,), }", 4), "a").shape,
              testing::ElementsAre(4));
}

TEST(Npy, NamesWhatIsWrong) {
  EXPECT_EQ(error_of({1, 2, 3}), "a.npy: does not begin with the .npy magic bytes");
  EXPECT_EQ(error_of(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 8)),
            "a.npy: elements are '<f8', expected '<f4' (float32), '|i1' (int8) or '|u1' (uint8)");
  EXPECT_EQ(error_of(npy("{'descr': '|i1', 'fortran_order': True, 'shape': (1,), }", 1)),
            "a.npy: is in Fortran order, expected C order (numpy.ascontiguousarray)");
  EXPECT_EQ(error_of(npy("{'descr': '|i1', 'fortran_order': False, 'shape': (9,), }", 4)),
            "a.npy: 4 bytes of data, expected 9 for shape (9,) of '|i1'");
  EXPECT_EQ(error_of(npy("{'descr': '|i1', 'fortran_order': False, 'shape': (99999, 99999), }", 4)),
            "a.npy: shape (99999, 99999) is empty or too large");
  EXPECT_EQ(error_of(npy("{'fortran_order': False}", 0)),
            "a.npy: header has no usable 'descr', expected '<f4', '|i1' or '|u1'");
}

TEST(Npy, RejectsAHeaderLongerThanTheFile) {
  auto file = npy("{}", 0);
  file[8] = 0xFF;
  EXPECT_EQ(error_of(file), "a.npy: header of 255 bytes in a file of 12 bytes");
}

}  // namespace
}  // namespace cli
