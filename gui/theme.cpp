#include "gui/theme.h"

namespace gui {

namespace {

// Kinds and causes keep their hue in both themes, so that a legend learnt once stays true.
constexpr Palette kDark = {
    .window = rgb(0x14161a),
    .canvas = rgb(0x181b21),
    .panel = rgb(0x1d2027),
    .raised = rgb(0x292e38),
    .border = rgb(0x343a46),
    .grid = rgb(0x262a33),
    .text = rgb(0xdce0e8),
    .dim_text = rgb(0x8d95a5),
    .inverse_text = rgb(0x10131a),
    .accent = rgb(0x5aa9ff),
    .selection = rgb(0x5aa9ff, 0.16),
    .cursor = rgb(0xf2f5fa),
    .peak = rgb(0xffb454),
    .capacity = rgb(0xff6b6b),
    .problem = rgb(0xff5468),
    .good = rgb(0x5fd08a),
    .worse = rgb(0xff7a70),
    .planned = rgb(0xdce0e8, 0.55),
    .heat_read = rgb(0x6cc6ff),
    .heat_write = rgb(0xff8a4c),
    .kinds = {rgb(0x5b9fe3), rgb(0x4db38c), rgb(0xb587d6), rgb(0xd9a650), rgb(0xe07598), rgb(0x8a8fe0),
              rgb(0x7f8899), rgb(0xc78e62), rgb(0x4fb3bd), rgb(0x5d6575)},
    .causes = {rgb(0x4db38c), rgb(0xd9a650), rgb(0xc78e62), rgb(0xb587d6), rgb(0xe07598), rgb(0x5b9fe3),
               rgb(0x8a8fe0), rgb(0xff7a59), rgb(0x7f8899)},
};

constexpr Palette kLight = {
    .window = rgb(0xf2f3f6),
    .canvas = rgb(0xffffff),
    .panel = rgb(0xfafbfc),
    .raised = rgb(0xe4e7ed),
    .border = rgb(0xcfd4dd),
    .grid = rgb(0xe9ecf1),
    .text = rgb(0x1d222b),
    .dim_text = rgb(0x667080),
    .inverse_text = rgb(0x10131a),
    .accent = rgb(0x1769d2),
    .selection = rgb(0x1769d2, 0.14),
    .cursor = rgb(0x1d222b),
    .peak = rgb(0xc26a00),
    .capacity = rgb(0xd63a3a),
    .problem = rgb(0xd1263c),
    .good = rgb(0x1d8a4c),
    .worse = rgb(0xc8372d),
    .planned = rgb(0x1d222b, 0.5),
    .heat_read = rgb(0x0a6fc2),
    .heat_write = rgb(0xd2500c),
    .kinds = {rgb(0x82b7ec), rgb(0x72c7a6), rgb(0xc9a6e2), rgb(0xe8c06f), rgb(0xee9bb6), rgb(0xacb0ee),
              rgb(0xaab1be), rgb(0xdcad88), rgb(0x74c8d0), rgb(0xbcc2cc)},
    .causes = {rgb(0x72c7a6), rgb(0xe8c06f), rgb(0xdcad88), rgb(0xc9a6e2), rgb(0xee9bb6), rgb(0x82b7ec),
               rgb(0xacb0ee), rgb(0xff9a80), rgb(0xaab1be)},
};

}  // namespace

Colour mixed(Colour a, Colour b, double share) {
  Colour result = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const double from = a >> shift & 0xff, to = b >> shift & 0xff;
    result |= static_cast<Colour>(from + (to - from) * share + 0.5) << shift;
  }
  return result;
}

const Palette& palette(Theme theme) {
  return theme == Theme::kDark ? kDark : kLight;
}

}  // namespace gui
