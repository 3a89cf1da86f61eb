#include "traces/report/page_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "traces/text.h"
#include "traces/timeline_style.h"
#include "traces/trace.h"

namespace traces {
namespace {

constexpr const char* kLayout = R"css(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:14px/1.5 system-ui,"DejaVu Sans",Helvetica,Arial,sans-serif}
main{max-width:1280px;margin:0 auto;padding:28px 28px 60px}
h1{font-size:24px;margin:0 0 2px;letter-spacing:-.2px;overflow-wrap:anywhere}
h2{font-size:17px;margin:38px 0 10px}
p{margin:6px 0;max-width:90ch}
.dim{color:var(--dim)}
code{font:12.5px/1.5 "DejaVu Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.warning,.note{border-left:4px solid var(--line);background:var(--card);padding:8px 14px;margin:14px 0;max-width:none}
.warning{border-color:var(--problem)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(158px,1fr));gap:10px;margin:20px 0 14px}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
.card b{display:block;font-size:21px;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.card span{display:block;color:var(--dim);font-size:12.5px}
.meter{height:6px;border-radius:3px;background:var(--line);margin-top:8px;overflow:hidden}
.meter i{display:block;height:100%;background:var(--peak)}
.panel{background:var(--card);border:1px solid var(--line);border-radius:8px;overflow-x:auto}
.panel svg{display:block;min-width:900px;width:100%;height:auto}
.strip{display:flex;height:26px;border-radius:5px;overflow:hidden;background:var(--line);margin:8px 0 12px}
.strip i{display:block;min-width:1px;border-right:1px solid var(--card)}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:4px 7px;text-align:left;white-space:nowrap;border-bottom:1px solid var(--line)}
td.wide{white-space:normal;min-width:26ch;overflow-wrap:anywhere}
th{font-weight:600;font-size:12.5px;color:var(--dim);background:var(--card);cursor:pointer;user-select:none}
th.number,td.number{text-align:right}
th[aria-sort=ascending]::after{content:" ↑"}th[aria-sort=descending]::after{content:" ↓"}
tr:last-child td{border-bottom:0}
tbody tr:hover td{background:var(--hover)}
.bar{display:inline-block;width:46px;height:9px;margin-right:8px;border-radius:2px;background:var(--line);text-align:left}
.bar i{display:block;height:100%;background:var(--bar);border-radius:2px}
.mini{display:flex;width:104px;height:12px;border-radius:2px;overflow:hidden;background:var(--line)}
.mini i{display:block}
.chip{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px;vertical-align:-1px}
.problem{color:var(--problem);font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 2px;color:var(--dim);font-size:12.5px}
footer{margin-top:44px;color:var(--dim);font-size:12.5px}
@page{size:A4 landscape;margin:12mm}
@media print{body{font-size:10.5px}main{max-width:none;padding:0}.panel{overflow:visible}.panel svg{min-width:0}
h2{break-after:avoid}tr,.card,svg{break-inside:avoid}thead{display:table-header-group}}
)css";

std::string colours(bool dark) {
  std::string css = dark
                        ? ":root{--page:#14161a;--card:#1d2027;--line:#343a46;--hover:#262b35;--text:#dce0e8;"
                          "--dim:#9aa2b1;--peak:#ffb454;--problem:#ff6b7c;--bar:#5a8fd0;color-scheme:dark}"
                        : ":root{--page:#f2f3f6;--card:#ffffff;--line:#dde1e8;--hover:#f2f5fa;--text:#1d222b;"
                          "--dim:#606a7a;--peak:#d07f12;--problem:#c81e36;--bar:#86aede;color-scheme:light}";
  return css + timeline_css(dark) + [dark] {
    std::string chips;
    for (std::size_t i = 0; i < kLifeKinds; ++i) {
      chips += fmt::format(".k{}{{background:{}}}", i, kind_colour(i, dark));
    }
    for (std::size_t i = 0; i < isa::kCauses; ++i) {
      chips += fmt::format(".c{}{{background:{}}}", i, cause_colour(i, dark));
    }
    return chips;
  }();
}

}  // namespace

const char* const kSortScript = R"js(
document.querySelectorAll("th").forEach(function (head) {
  head.addEventListener("click", function () {
    var table = head.closest("table"), body = table.tBodies[0], column = head.cellIndex;
    var down = head.getAttribute("aria-sort") !== "descending" && head.classList.contains("number") ||
               head.getAttribute("aria-sort") === "ascending";
    var key = function (row) {
      var cell = row.cells[column];
      return cell.dataset.key !== undefined ? Number(cell.dataset.key) : cell.textContent;
    };
    var rows = Array.from(body.rows);
    rows.sort(function (a, b) {
      var x = key(a), y = key(b);
      var order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
      return down ? -order : order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
    table.querySelectorAll("th").forEach(function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  });
});
)js";

std::string page_css() {
  return colours(false) + "@media (prefers-color-scheme:dark){" + colours(true) + "}" + kLayout;
}

Cell text_cell(std::string_view text) {
  return {escaped(text), ""};
}

Cell number_cell(std::uint64_t n) {
  return {grouped(n), fmt::format("{}", n)};
}

Cell decimal_cell(double value, int digits, const char* unit) {
  return {fmt::format("{:.{}f}{}", value, digits, unit), fmt::format("{}", value)};
}

Cell share_cell(double share) {
  return {fmt::format("<span class=\"bar\"><i style=\"width:{:.1f}%\"></i></span>{:.1f} %",
                      100 * std::clamp(share, 0.0, 1.0), 100 * share),
          fmt::format("{}", share)};
}

Cell causes_cell(const isa::CauseCycles& causes) {
  const double total = static_cast<double>(causes.total().value);
  if (total == 0) return {"", "0"};
  std::string strips, text;
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    const double percent = 100 * static_cast<double>(causes.by[i]) / total;
    if (percent < 0.05) continue;
    strips += fmt::format("<i class=\"c{}\" style=\"width:{:.1f}%\"></i>", i, percent);
    text += fmt::format("{}{} {:.1f} %", text.empty() ? "" : ", ", isa::to_string(static_cast<isa::Cause>(i)),
                        percent);
  }
  const double issued = static_cast<double>(causes[isa::Cause::kIssue]) / total;
  return {fmt::format("<div class=\"mini\" title=\"{}\">{}</div>", text, strips), fmt::format("{}", issued)};
}

std::string HtmlTable::to_html() const {
  std::string html = "<div class=\"panel\"><table><thead><tr>";
  for (const Heading& heading : headings_) {
    html += fmt::format(
        "<th{}{}>{}</th>", heading.is_number ? " class=\"number\"" : "",
        heading.explanation.empty() ? "" : fmt::format(" title=\"{}\"", escaped(heading.explanation)),
        escaped(heading.title));
  }
  html += "</tr></thead><tbody>\n";
  for (const std::vector<Cell>& row : rows_) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size() && i < headings_.size(); ++i) {
      const char* css = headings_[i].is_number ? " class=\"number\""
                        : headings_[i].wraps   ? " class=\"wide\""
                                               : "";
      const std::string key = row[i].sort_key.empty() ? "" : fmt::format(" data-key=\"{}\"", row[i].sort_key);
      html += fmt::format("<td{}{}>{}</td>", css, key, row[i].html);
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace traces
