#include "gui/style.h"

#include <filesystem>

namespace gui {

namespace {

constexpr const char* kFontFolder = "/usr/share/fonts/truetype/dejavu/";
constexpr float kTextPoints = 13, kLargePoints = 22;

ImFont* load(const char* file, double points, double scale) {
  const std::string path = std::string(kFontFolder) + file;
  const float pixels = static_cast<float>(points * scale);
  // Latin, and what the views write: dots, arrows, multiplication sign, geometric marks.
  static const ImWchar glyphs[] = {0x20,   0x17f,  0x2010, 0x2027, 0x2190, 0x21ff,
                                   0x2200, 0x22ff, 0x25a0, 0x25ff, 0};
  ImFontAtlas* atlas = ImGui::GetIO().Fonts;
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    ImFontConfig config;
    config.OversampleH = 2;
    config.OversampleV = 1;
    if (ImFont* font = atlas->AddFontFromFileTTF(path.c_str(), pixels, &config, glyphs)) return font;
  }
  ImFontConfig config;
  config.SizePixels = pixels;
  return atlas->AddFontDefault(&config);
}

ImVec4 vector(Colour colour) {
  return ImGui::ColorConvertU32ToFloat4(colour);
}

}  // namespace

Fonts load_fonts(double scale) {
  Fonts fonts;
  fonts.text = load("DejaVuSans.ttf", kTextPoints, scale);
  fonts.bold = load("DejaVuSans-Bold.ttf", kTextPoints, scale);
  fonts.code = load("DejaVuSansMono.ttf", kTextPoints - 1, scale);
  fonts.large = load("DejaVuSans-Bold.ttf", kLargePoints, scale);
  return fonts;
}

void apply_style(Theme theme, double scale) {
  const Palette& p = palette(theme);
  ImGuiStyle style;
  if (theme == Theme::kDark)
    ImGui::StyleColorsDark(&style);
  else
    ImGui::StyleColorsLight(&style);
  style.WindowRounding = 0;
  style.WindowBorderSize = 0;
  style.ChildRounding = 0;
  style.FrameRounding = 4;
  style.GrabRounding = 4;
  style.PopupRounding = 6;
  style.TabRounding = 4;
  style.ScrollbarSize = 11;
  style.ScrollbarRounding = 6;
  style.WindowPadding = ImVec2(10, 8);
  style.FramePadding = ImVec2(8, 4);
  style.ItemSpacing = ImVec2(8, 5);
  style.CellPadding = ImVec2(6, 3);

  ImVec4* colours = style.Colors;
  colours[ImGuiCol_Text] = vector(p.text);
  colours[ImGuiCol_TextDisabled] = vector(p.dim_text);
  colours[ImGuiCol_WindowBg] = vector(p.panel);
  colours[ImGuiCol_ChildBg] = vector(faded(p.panel, 0));
  colours[ImGuiCol_PopupBg] = vector(p.panel);
  colours[ImGuiCol_Border] = vector(p.border);
  colours[ImGuiCol_FrameBg] = vector(p.raised);
  colours[ImGuiCol_FrameBgHovered] = vector(mixed(p.raised, p.accent, 0.2));
  colours[ImGuiCol_FrameBgActive] = vector(mixed(p.raised, p.accent, 0.35));
  colours[ImGuiCol_MenuBarBg] = vector(p.window);
  colours[ImGuiCol_ScrollbarBg] = vector(faded(p.panel, 0));
  colours[ImGuiCol_ScrollbarGrab] = vector(p.border);
  colours[ImGuiCol_ScrollbarGrabHovered] = vector(mixed(p.border, p.text, 0.3));
  colours[ImGuiCol_ScrollbarGrabActive] = vector(p.accent);
  colours[ImGuiCol_CheckMark] = vector(p.accent);
  colours[ImGuiCol_SliderGrab] = vector(p.accent);
  colours[ImGuiCol_SliderGrabActive] = vector(p.accent);
  colours[ImGuiCol_Button] = vector(p.raised);
  colours[ImGuiCol_ButtonHovered] = vector(mixed(p.raised, p.accent, 0.35));
  colours[ImGuiCol_ButtonActive] = vector(mixed(p.raised, p.accent, 0.6));
  colours[ImGuiCol_Header] = vector(faded(p.accent, 0.22));
  colours[ImGuiCol_HeaderHovered] = vector(faded(p.accent, 0.16));
  colours[ImGuiCol_HeaderActive] = vector(faded(p.accent, 0.32));
  colours[ImGuiCol_Separator] = vector(p.border);
  colours[ImGuiCol_SeparatorHovered] = vector(p.accent);
  colours[ImGuiCol_SeparatorActive] = vector(p.accent);
  colours[ImGuiCol_Tab] = vector(p.panel);
  colours[ImGuiCol_TabHovered] = vector(mixed(p.raised, p.accent, 0.35));
  colours[ImGuiCol_TabActive] = vector(p.raised);
  colours[ImGuiCol_TabUnfocused] = vector(p.panel);
  colours[ImGuiCol_TabUnfocusedActive] = vector(p.raised);
  colours[ImGuiCol_TableHeaderBg] = vector(p.raised);
  colours[ImGuiCol_TableBorderStrong] = vector(p.border);
  colours[ImGuiCol_TableBorderLight] = vector(p.grid);
  colours[ImGuiCol_TableRowBgAlt] = vector(faded(p.raised, 0.35));
  colours[ImGuiCol_TextSelectedBg] = vector(faded(p.accent, 0.35));
  colours[ImGuiCol_NavHighlight] = vector(p.accent);

  style.ScaleAllSizes(static_cast<float>(scale));
  ImGui::GetStyle() = style;
}

}  // namespace gui
