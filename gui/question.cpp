#include <fmt/format.h>
#include <imgui.h>
// ImGui must come first.
#include <imgui_stdlib.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "gui/actions.h"
#include "gui/errors.h"
#include "gui/files.h"
#include "gui/viewer.h"
#include "gui/widgets.h"

namespace gui {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSuffix = ".m7t";
constexpr std::size_t kMostEntries = 500;

const char* title_of(Ask ask) {
  switch (ask) {
    case Ask::kOpen:
      return "Open a trace";
    case Ask::kOpenSecond:
      return "Compare with a trace";
    case Ask::kSavePicture:
      return "Save a picture";
    case Ask::kSaveTable:
      return "Save the live table as CSV";
    case Ask::kBookmark:
      return "Bookmark the cursor";
    case Ask::kNothing:
      break;
  }
  return "";
}

/// Folders, then traces, of the folder that the answer is in.
std::vector<fs::path> entries_beside(const std::string& answer) {
  fs::path folder(answer);
  std::error_code error;
  if (!fs::is_directory(folder, error)) folder = folder.parent_path();
  if (folder.empty()) folder = fs::current_path(error);
  std::vector<fs::path> folders, files;
  for (fs::directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && at != end && folders.size() + files.size() < kMostEntries; at.increment(error)) {
    const fs::path& path = at->path();
    if (path.filename().string().starts_with(".")) continue;
    std::error_code ignored;
    if (at->is_directory(ignored))
      folders.push_back(path);
    else if (path.extension() == kSuffix)
      files.push_back(path);
  }
  std::sort(folders.begin(), folders.end());
  std::sort(files.begin(), files.end());
  std::vector<fs::path> all;
  if (folder.has_relative_path()) all.push_back(folder / "..");
  all.insert(all.end(), folders.begin(), folders.end());
  all.insert(all.end(), files.begin(), files.end());
  return all;
}

/// Whether a trace was chosen.
bool draw_entries(Session& session) {
  bool chosen = false;
  ImGui::BeginChild("entries", points(session, 0, 220), true);
  for (const fs::path& path : entries_beside(session.answer)) {
    std::error_code error;
    const bool is_folder = fs::is_directory(path, error);
    const std::string name = path.filename().string() + (is_folder ? "/" : "");
    if (is_folder) ImGui::PushStyleColor(ImGuiCol_Text, colours(session).accent);
    if (ImGui::Selectable(name.c_str(), session.answer == path.string(),
                          ImGuiSelectableFlags_DontClosePopups)) {
      session.answer = (is_folder ? fs::weakly_canonical(path, error) / "" : path).string();
      chosen = !is_folder;
    }
    if (is_folder) ImGui::PopStyleColor();
  }
  ImGui::EndChild();
  return chosen;
}

void answer(Session& session) {
  const Ask asked = session.ask;
  const std::string text = session.answer;
  session.ask = Ask::kNothing;
  if (asked == Ask::kBookmark) return add_bookmark(session, text);
  if (text.empty()) return session.complain("no file was named");
  if (asked == Ask::kOpen) session.open(text);
  if (asked == Ask::kOpenSecond) session.open_second(text);
  if (asked == Ask::kSavePicture) session.save_picture = text;
  if (asked == Ask::kSaveTable) {
    try {
      write_file(text, session.live_table.to_csv());
      session.say("saved " + text);
    } catch (const ViewError& error) {
      session.complain(error.what());
    }
  }
}

}  // namespace

void draw_question(Session& session) {
  constexpr const char* kId = "###question";
  if (session.ask == Ask::kNothing) return;
  if (!ImGui::IsPopupOpen(kId)) ImGui::OpenPopup(kId);
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos(ImVec2(window.x / 2, window.y * 0.4f), ImGuiCond_Always, ImVec2(0.5f, 0.5f));
  ImGui::SetNextWindowSize(ImVec2(std::min(points(session, 560, 0).x, window.x), 0));
  const std::string title = fmt::format("{}{}", title_of(session.ask), kId);
  if (!ImGui::BeginPopupModal(title.c_str(), nullptr, ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove))
    return;
  const bool opens = session.ask == Ask::kOpen || session.ask == Ask::kOpenSecond;
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const char* what = session.ask == Ask::kBookmark ? "what is here" : "file";
  bool done =
      ImGui::InputTextWithHint("##answer", what, &session.answer,
                               ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  session.marks.item("answer");
  if (opens && draw_entries(session)) done = true;
  if (ImGui::Button("OK")) done = true;
  session.marks.item("answer.ok");
  ImGui::SameLine();
  if (ImGui::Button("Cancel")) session.ask = Ask::kNothing;
  session.marks.item("answer.cancel");
  if (done) answer(session);
  if (session.ask == Ask::kNothing) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

}  // namespace gui
