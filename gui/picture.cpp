#include "gui/picture.h"

#include <png.h>

#include <string>

#include "gui/errors.h"
#include "gui/files.h"

namespace gui {

namespace {

void append(png_structp png, png_bytep bytes, png_size_t count) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(bytes), count);
}

[[noreturn]] void fail(png_structp, png_const_charp why) {
  throw ViewError(why);
}

}  // namespace

void write_png(const Picture& picture, const std::filesystem::path& path) {
  std::vector<png_byte> rgb;
  rgb.reserve(picture.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i + 3 < picture.rgba.size(); i += 4)
    rgb.insert(rgb.end(), picture.rgba.begin() + i, picture.rgba.begin() + i + 3);
  const std::size_t row = static_cast<std::size_t>(picture.width) * 3;

  std::string file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &file, append, nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(picture.width), static_cast<png_uint_32>(picture.height),
               8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  // Flat areas and repeated letters: unfiltered rows compress best.
  png_set_filter(png, 0, PNG_FILTER_NONE);
  png_set_compression_level(png, 9);
  png_write_info(png, info);
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y)
    png_write_row(png, rgb.data() + y * row);
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  write_file(path, file);
}

}  // namespace gui
