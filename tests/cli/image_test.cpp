#include "cli/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include "cli/errors.h"
#include "cli/files.h"

namespace cli {
namespace {

class Image : public testing::Test {
 protected:
  /// Writes `pixels` as a PNG of `width` columns; `format` is one of libpng's PNG_FORMAT_*.
  std::filesystem::path png(const std::vector<std::uint8_t>& pixels, unsigned width, unsigned format) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.format = format;
    image.width = width;
    image.height = static_cast<unsigned>(pixels.size()) / (width * PNG_IMAGE_SAMPLE_CHANNELS(format));
    const auto path = folder_.path() / "image.png";
    EXPECT_NE(png_image_write_to_file(&image, path.c_str(), 0, pixels.data(), 0, nullptr), 0);
    return path;
  }
  TemporaryFolder folder_;
};

TEST_F(Image, KeepsPixelsWhereTheSizeFits) {
  const auto path = png({1, 2, 3, 4, 5, 6}, 2, PNG_FORMAT_RGB);
  EXPECT_THAT(load_png(path, 1, 2, 3), testing::ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(Image, ReadsColourAsGreyAndGreyAsColour) {
  EXPECT_THAT(load_png(png({9, 9, 9}, 1, PNG_FORMAT_RGB), 1, 1, 1), testing::ElementsAre(9));
  EXPECT_THAT(load_png(png({7}, 1, PNG_FORMAT_GRAY), 1, 1, 3), testing::ElementsAre(7, 7, 7));
}

TEST_F(Image, ResizesAPlainImageToAPlainImage) {
  const auto path = png(std::vector<std::uint8_t>(5 * 7, 42), 5, PNG_FORMAT_GRAY);
  EXPECT_THAT(load_png(path, 3, 2, 1), testing::Each(42));
}

TEST_F(Image, RejectsATruncatedFile) {
  const auto path = png(std::vector<std::uint8_t>(64 * 64, 42), 64, PNG_FORMAT_GRAY);
  std::vector<std::uint8_t> bytes = read_file(path);
  bytes.resize(bytes.size() - 20);
  write_file(path, bytes);
  EXPECT_THROW(load_png(path, 64, 64, 1), InputError);
}

}  // namespace
}  // namespace cli
