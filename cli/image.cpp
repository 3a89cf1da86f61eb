#include "cli/image.h"

#include <fmt/format.h>
#include <png.h>

#include <stb/stb_image_resize.h>

#include "cli/errors.h"
#include "cli/files.h"

namespace cli {

std::vector<std::uint8_t> load_png(const std::filesystem::path& path, int height, int width, int channels) {
  const std::vector<std::uint8_t> file = read_file(path);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) {
    throw InputError(fmt::format("{}: not a PNG image: {}", path.string(), image.message));
  }
  constexpr std::uint64_t kMaxPixels = 64U << 20U;
  if (std::uint64_t{image.width} * image.height > kMaxPixels) {
    png_image_free(&image);
    throw InputError(fmt::format("{}: {} x {} pixels, expected at most {}", path.string(), image.width,
                                 image.height, kMaxPixels));
  }
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image));
  const png_color black{0, 0, 0};  // behind transparent pixels
  if (png_image_finish_read(&image, &black, pixels.data(), 0, nullptr) == 0) {
    throw InputError(fmt::format("{}: damaged PNG image: {}", path.string(), image.message));
  }
  if (static_cast<int>(image.height) == height && static_cast<int>(image.width) == width) return pixels;
  std::vector<std::uint8_t> resized(static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
                                    static_cast<std::size_t>(channels));
  if (stbir_resize_uint8(pixels.data(), static_cast<int>(image.width), static_cast<int>(image.height), 0,
                         resized.data(), width, height, 0, channels) == 0) {
    throw InputError(fmt::format("{}: cannot be resized to {} x {}", path.string(), width, height));
  }
  return resized;
}

}  // namespace cli
