#include "gui/picture.h"

#include <fmt/format.h>
#include <png.h>

#include <span>

#include "gui/errors.h"
#include "gui/files.h"

namespace gui {

void write_png(const Picture& picture, const std::filesystem::path& path) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(picture.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i + 3 < picture.rgba.size(); i += 4)
    rgb.insert(rgb.end(), picture.rgba.begin() + i, picture.rgba.begin() + i + 3);

  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  std::vector<char> file(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t bytes = file.size();
  if (!png_image_write_to_memory(&image, file.data(), &bytes, 0, rgb.data(), 0, nullptr))
    throw ViewError(fmt::format("{}: {}", path.string(), image.message));
  write_file(path, {file.data(), bytes});
}

}  // namespace gui
