#include "gui/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gui/describe.h"
#include "gui/errors.h"
#include "gui/navigation.h"
#include "gui/notes.h"

namespace gui {

namespace {

constexpr double kPanShare = 0.08, kZoomFactor = 0.8, kMargin = 0.15;

constexpr KeyRow kRows[] = {
    {Action::kZoomIn, 'w', "W", "zoom in", "Move"},
    {Action::kZoomOut, 's', "S", "zoom out", "Move"},
    {Action::kPanLeft, 'a', "A", "earlier", "Move"},
    {Action::kPanRight, 'd', "D", "later", "Move"},
    {Action::kWhole, '0', "0", "the whole run", "Move"},
    {Action::kFit, 'f', "F", "centre on what is pinned or selected; again: fit it", "Move"},
    {Action::kPeak, 'p', "P", "jump to the peak", "Move"},
    {Action::kPrevious, ',', ",", "previous life, or previous step where one is pinned", "Move"},
    {Action::kNext, '.', ".", "next life, or next step", "Move"},

    {Action::kSearch, '/', "/  or Ctrl+F", "search", "Find"},
    {Action::kNextHit, 'n', "N", "next hit", "Find"},
    {Action::kPreviousHit, 'N', "Shift+N", "previous hit", "Find"},
    {Action::kSelectPinned, 'r', "R", "select the time of what is pinned", "Find"},
    {Action::kBookmark, 'b', "B", "bookmark the cursor", "Find"},
    {Action::kEscape, 0, "Esc", "close, unselect, unpin, show all again", "Find"},

    {Action::kMode, 'm', "M", "lives, or live bytes stacked", "Show"},
    {Action::kAxis, 'x', "X", "cycles, or steps of equal width", "Show"},
    {Action::kHeat, 'h', "H", "heat of reads and writes", "Show"},
    {Action::kPlanned, 'o', "O", "outlines of planned lives", "Show"},
    {Action::kMinimap, 'i', "I", "minimap", "Show"},
    {Action::kCompare, 'c', "C", "compare: overlay, side by side, off", "Show"},
    {Action::kDrawer, 'q', "Q", "tables below", "Show"},
    {Action::kSide, 'e', "E", "pane on the right", "Show"},
    {Action::kTheme, 't', "T", "dark or light", "Show"},

    {Action::kCopy, 0, "Ctrl+C", "copy what is pinned, else the live table as CSV", "File"},
    {Action::kOpen, 0, "Ctrl+O", "open a trace (or drop one on the window)", "File"},
    {Action::kSavePicture, 0, "Ctrl+S", "save a picture", "File"},
    {Action::kKeySheet, '?', "?", "this sheet", "File"},
    {Action::kQuit, 0, "Ctrl+Q", "quit", "File"},
};

const traces::Life* pinned_life(const Session& session) {
  const auto& lives = session.document->trace().lives;
  return session.state.pinned && *session.state.pinned < lives.size() ? &lives[*session.state.pinned]
                                                                      : nullptr;
}

TimeRange span_of(const traces::Life& life) {
  return {static_cast<double>(life.born), static_cast<double>(life.died())};
}

/// What F, R and the arrows mean: the selection, else the pinned life, else the pinned step.
std::optional<TimeRange> span_of_interest(const Session& session, bool with_selection) {
  if (with_selection && session.state.selection) return session.state.selection;
  if (const traces::Life* life = pinned_life(session)) return span_of(*life);
  const auto& steps = session.document->trace().steps;
  if (session.state.pinned_step && *session.state.pinned_step < steps.size()) {
    const traces::Step& step = steps[*session.state.pinned_step];
    return TimeRange{static_cast<double>(step.begin), static_cast<double>(step.end)};
  }
  return std::nullopt;
}

void fit(Session& session) {
  ViewState& state = session.state;
  const std::optional<TimeRange> wanted = span_of_interest(session, true);
  if (!wanted) return;
  const TimeRange centre = centred(state.time, (wanted->begin + wanted->end) / 2, session.whole());
  const bool fits = wanted->length() <= state.time.length();
  const double tolerance = state.time.length() * 1e-6;
  const bool is_centred = std::abs(centre.begin - state.time.begin) <= tolerance;
  state.time = fits && !is_centred ? centre : fitted(*wanted, kMargin, session.whole());
}

void bring_into_sight(Session& session, const TimeRange& span) {
  TimeRange& time = session.state.time;
  if (span.begin >= time.begin && span.end <= time.end) return;
  const bool fits = span.length() <= time.length();
  time = fits ? centred(time, (span.begin + span.end) / 2, session.whole())
              : fitted(span, kMargin, session.whole());
}

/// Lives of the pinned life's region in the order of birth; those that are hidden are passed over.
void walk_lives(Session& session, int direction) {
  const auto& lives = session.document->trace().lives;
  const traces::Life* from = pinned_life(session);
  const double start = session.state.cursor.value_or(session.state.time.begin);
  const auto key = [](const traces::Life& life) { return std::pair(life.born, life.id); };
  const auto origin = from ? key(*from) : std::pair(static_cast<std::uint64_t>(std::max(start, 0.0)), 0u);
  const traces::Life* best = nullptr;
  for (const traces::Life& life : lives) {
    if (!session.filter.shows(life.id) || (from && life.region != from->region)) continue;
    if (direction > 0 ? key(life) <= origin : key(life) >= origin) continue;
    if (best == nullptr || (direction > 0 ? key(life) < key(*best) : key(life) > key(*best))) best = &life;
  }
  if (best != nullptr) pin(session, best->id);
}

void walk(Session& session, int direction) {
  const auto& steps = session.document->trace().steps;
  if (!session.state.pinned_step || session.state.pinned) return walk_lives(session, direction);
  const std::int64_t next = std::int64_t{*session.state.pinned_step} + direction;
  if (next >= 0 && next < static_cast<std::int64_t>(steps.size()))
    zoom_to_step(session, static_cast<std::size_t>(next));
}

void walk_hits(Session& session, int direction) {
  const std::vector<std::uint32_t>& hits = session.filter.hits();
  if (hits.empty()) return;
  const auto at =
      session.state.pinned ? std::find(hits.begin(), hits.end(), *session.state.pinned) : hits.end();
  const std::size_t count = hits.size();
  std::size_t next = direction > 0 ? 0 : count - 1;
  if (at != hits.end())
    next =
        (static_cast<std::size_t>(at - hits.begin()) + count + static_cast<std::size_t>(direction)) % count;
  pin(session, hits[next]);
  session.say(fmt::format("hit {} of {}", next + 1, count));
}

/// One thing at a time, the topmost first.
void escape(Session& session) {
  ViewState& state = session.state;
  if (session.ask != Ask::kNothing)
    session.ask = Ask::kNothing;
  else if (state.key_sheet)
    state.key_sheet = false;
  else if (state.layout.only)
    state.layout.only.reset();
  else if (state.selection)
    state.selection.reset();
  else if (state.pinned || state.pinned_step || state.pinned_function)
    state.pinned.reset(), state.pinned_step.reset(), state.pinned_function.reset();
  else
    state.filter = {};
}

void keep_bookmarks(Session& session) {
  try {
    save_notes(session.document->path(), session.state.bookmarks);
    session.say(fmt::format("bookmarks are in {}", notes_path(session.document->path()).filename().string()));
  } catch (const ViewError& error) {
    session.complain(error.what());
  }
}

void ask_for_bookmark(Session& session) {
  if (!session.state.cursor) return session.complain("no cursor: click into the canvas first");
  session.ask = Ask::kBookmark;
  session.answer.clear();
}

void copy(Session& session) {
  if (const traces::Life* life = pinned_life(session)) {
    session.clipboard = traces::name_of(session.document->trace(), *life) + "\n" +
                        to_text(describe_life(*session.document, *life));
    session.say("copied what is pinned");
  } else {
    session.clipboard = session.live_table.to_csv();
    session.say("copied the table of what is live, as CSV");
  }
}

template <typename T>
void flip(T& value, T a, T b) {
  value = value == a ? b : a;
}

void carry_out_on_trace(Action action, Session& session) {
  ViewState& state = session.state;
  const TimeRange whole = session.whole();
  const double about = state.mouse_cycle.value_or((state.time.begin + state.time.end) / 2);
  switch (action) {
    case Action::kPanLeft:
      state.time = panned(state.time, -kPanShare, whole);
      break;
    case Action::kPanRight:
      state.time = panned(state.time, kPanShare, whole);
      break;
    case Action::kZoomIn:
      state.time = zoomed(state.time, kZoomFactor, about, whole);
      break;
    case Action::kZoomOut:
      state.time = zoomed(state.time, 1 / kZoomFactor, about, whole);
      break;
    case Action::kWhole:
      state.time = whole;
      for (RegionView& region : state.regions) region.begin = region.end = 0;
      break;
    case Action::kFit:
      fit(session);
      break;
    case Action::kPrevious:
      walk(session, -1);
      break;
    case Action::kNext:
      walk(session, 1);
      break;
    case Action::kPeak:
      if (!session.document->fullest().empty()) jump_to_peak(session, 0);
      break;
    case Action::kSelectPinned:
      state.selection = span_of_interest(session, false);
      break;
    case Action::kNextHit:
      walk_hits(session, 1);
      break;
    case Action::kPreviousHit:
      walk_hits(session, -1);
      break;
    case Action::kCompare:
      if (!session.second) {
        session.ask = Ask::kOpenSecond;
        session.answer.clear();
      } else {
        state.compare = static_cast<CompareMode>((static_cast<int>(state.compare) + 1) % 3);
      }
      break;
    case Action::kBookmark:
      ask_for_bookmark(session);
      break;
    case Action::kCopy:
      copy(session);
      break;
    default:
      break;
  }
}

}  // namespace

std::span<const KeyRow> key_rows() {
  return kRows;
}

void carry_out(Action action, Session& session) {
  ViewState& state = session.state;
  switch (action) {
    case Action::kEscape:
      escape(session);
      break;
    case Action::kSearch:
      session.focus_search = true;
      break;
    case Action::kMode:
      flip(state.mode, Mode::kLives, Mode::kStacked);
      break;
    case Action::kAxis:
      flip(state.axis, Axis::kCycles, Axis::kSteps);
      break;
    case Action::kHeat:
      state.heat = !state.heat;
      break;
    case Action::kPlanned:
      state.planned = !state.planned;
      break;
    case Action::kMinimap:
      state.minimap = !state.minimap;
      break;
    case Action::kSide:
      state.layout.side_open = !state.layout.side_open;
      break;
    case Action::kDrawer:
      state.layout.drawer_open = !state.layout.drawer_open;
      break;
    case Action::kTheme:
      flip(state.theme, Theme::kDark, Theme::kLight);
      break;
    case Action::kOpen:
      session.ask = Ask::kOpen;
      session.answer.clear();
      break;
    case Action::kSavePicture:
      session.ask = Ask::kSavePicture;
      session.answer = (session.document ? session.document->path().filename().string() : "m7scope") + ".png";
      break;
    case Action::kKeySheet:
      state.key_sheet = !state.key_sheet;
      break;
    case Action::kQuit:
      session.quit = true;
      break;
    default:
      if (session.document) carry_out_on_trace(action, session);
  }
}

void jump_to_peak(Session& session, std::size_t index) {
  const double cycle = static_cast<double>(session.document->fullest().at(index).peak.cycle);
  session.state.cursor = cycle;
  session.state.layout.side = Panel::kLive;
  if (!session.state.time.contains(cycle))
    session.state.time = centred(session.state.time, cycle, session.whole());
}

void pin(Session& session, std::uint32_t life) {
  const auto& lives = session.document->trace().lives;
  if (life >= lives.size()) return;
  session.state.pinned = life;
  session.state.pinned_step.reset();
  session.state.pinned_function.reset();
  session.state.layout.side = Panel::kDetails;
  bring_into_sight(session, span_of(lives[life]));
}

void jump_to(Session& session, double cycle) {
  session.state.cursor = cycle;
  bring_into_sight(session, {cycle, cycle});
}

void add_bookmark(Session& session, const std::string& text) {
  if (!session.state.cursor) return;
  std::vector<Bookmark>& all = session.state.bookmarks;
  const Bookmark bookmark{*session.state.cursor, text};
  all.insert(std::upper_bound(all.begin(), all.end(), bookmark,
                              [](const Bookmark& a, const Bookmark& b) { return a.cycle < b.cycle; }),
             bookmark);
  keep_bookmarks(session);
}

void remove_bookmark(Session& session, std::size_t index) {
  session.state.bookmarks.erase(session.state.bookmarks.begin() + static_cast<std::ptrdiff_t>(index));
  keep_bookmarks(session);
}

void pin_function(Session& session, traces::StringId function) {
  session.state.pinned.reset();
  session.state.pinned_step.reset();
  session.state.pinned_function = function;
  session.state.layout.side = Panel::kDetails;
}

void jump_to_finding(Session& session, std::size_t index) {
  const traces::Trace& trace = session.document->trace();
  if (index >= trace.findings.size()) return;
  const traces::Finding& finding = trace.findings[index];
  const double cycle = static_cast<double>(finding.cycle);
  session.state.cursor = cycle;
  const traces::Life* touched = nullptr;
  for (const traces::Life& life : trace.lives) {
    const bool alive = life.born <= finding.cycle && life.died() >= finding.cycle;
    const bool there = finding.address >= life.address && finding.address - life.address < life.bytes;
    if (alive && there && finding.bytes > 0) touched = &life;
  }
  if (touched != nullptr) pin(session, touched->id);
  bring_into_sight(session, {cycle, cycle});
}

void zoom_to_step(Session& session, std::size_t index) {
  const auto& steps = session.document->trace().steps;
  if (index >= steps.size()) return;
  const TimeRange span{static_cast<double>(steps[index].begin), static_cast<double>(steps[index].end)};
  session.state.pinned.reset();
  session.state.pinned_function.reset();
  session.state.pinned_step = static_cast<std::uint32_t>(index);
  session.state.cursor = (span.begin + span.end) / 2;
  session.state.time = fitted(span, kMargin, session.whole());
}

}  // namespace gui
