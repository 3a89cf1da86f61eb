"""`m7scope report`: one page that needs nothing else, looked at in a real browser."""
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import program

WRITE_SAMPLE_TRACE = os.environ["M7SCOPE_WRITE_SAMPLE_TRACE"]


class Links(html.parser.HTMLParser):
    """Everything by which a page could reach outside itself."""

    def __init__(self):
        super().__init__()
        self.found, self.scripts = [], 0

    def handle_starttag(self, tag, attributes):
        self.scripts += tag == "script"
        self.found += [(tag, name, value) for name, value in attributes if name in ("src", "href", "xlink:href", "data")]
        self.found += [(tag, name, value) for name, value in attributes if name.startswith("on")]


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.chromium = shutil.which("chromium")
        if cls.chromium is None:
            raise AssertionError("chromium is not installed; tools/packages.txt names it")

    def setUp(self):
        self.folder_holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder_holder.cleanup)
        self.folder = pathlib.Path(self.folder_holder.name)

    def report(self, *arguments):
        """The report of a synthetic trace, and the trace's file."""
        trace, page = self.folder / "a.m7t", self.folder / "a.html"
        subprocess.run([WRITE_SAMPLE_TRACE, trace, *map(str, arguments)], check=True)
        done = program.run("report", trace, "-o", page)
        self.assertEqual(done.returncode, 0, done.stderr)
        return page, trace

    def browse(self, page, *arguments):
        """Standard output of a headless browser that loads the page; fails where the page logged anything."""
        done = subprocess.run(
            [self.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
             f"--user-data-dir={self.folder}/profile", *arguments, page.as_uri()],
            capture_output=True, text=True, timeout=180)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("CONSOLE", done.stderr)
        return done.stdout

    def test_a_browser_shows_its_sections_and_numbers(self):
        page, trace = self.report()
        summary = json.loads(program.run("trace", "summary", trace, "--json").stdout)
        dom = self.browse(page, "--dump-dom")
        for heading in ["What is in DTCM+SRAM1 at the peak", "Every byte over time", "Steps", "Functions", "Findings"]:
            self.assertIn(f"<h2>{heading}</h2>", dom)
        self.assertIn(f"<b>{summary['cycles']:,}</b>", dom)
        self.assertIn(f"<b>{summary['regions'][-1]['peak_bytes']:,}</b>", dom)
        for step in summary["steps"]:
            self.assertIn(f"{step['cycles']:,}", dom)

    def test_it_reaches_for_nothing_outside_itself(self):
        links = Links()
        links.feed(self.report()[0].read_text())
        self.assertEqual(links.found, [])
        self.assertEqual(links.scripts, 1)

    def test_names_that_try_to_become_markup_stay_names(self):
        page, _ = self.report("--hostile")
        links = Links()
        links.feed(page.read_text())
        self.assertEqual(links.found, [])
        self.assertEqual(links.scripts, 1)
        dom = self.browse(page, "--dump-dom")
        self.assertNotIn("<title>owned", dom)
        self.assertIn("&lt;script&gt;", dom)

    def test_a_click_on_a_head_sorts_its_table(self):
        page, trace = self.report()
        click = """<script>
          var head = Array.from(document.querySelectorAll("th")).find(h => h.textContent === "cycles");
          head.click();
          var rows = Array.from(head.closest("table").tBodies[0].rows);
          document.title = JSON.stringify(rows.map(r => Number(r.cells[head.cellIndex].dataset.key)));
        </script>"""
        page.write_text(page.read_text().replace("</body>", click + "</body>"))
        title = re.search(r"<title>(.*?)</title>", self.browse(page, "--dump-dom")).group(1)
        cycles = [step["cycles"] for step in json.loads(program.run("trace", "summary", trace, "--json").stdout)["steps"]]
        self.assertEqual(json.loads(title), sorted(cycles, reverse=True))
        self.assertNotEqual(cycles, sorted(cycles, reverse=True))

    def test_it_can_be_looked_at_light_and_dark(self):
        page, _ = self.report()
        pictures = []
        for scheme in (0, 1):
            picture = self.folder / f"{scheme}.png"
            self.browse(page, f"--blink-settings=preferredColorScheme={scheme}", f"--screenshot={picture}",
                        "--window-size=1320,1600", "--hide-scrollbars")
            pictures.append(picture.read_bytes())
            self.assertGreater(len(pictures[-1]), 50_000)  # an empty page is a tenth of it
        self.assertNotEqual(*pictures)

    def test_many_lives_still_give_a_small_page(self):
        page, _ = self.report("--lives", 300_000)
        self.assertLess(page.stat().st_size, 4_000_000)

    def test_it_is_written_whole_or_not_at_all(self):
        _, trace = self.report()
        done = program.run("report", trace, "-o", self.folder / "none" / "a.html")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        done = program.run("report", self.folder / "none.m7t", "-o", self.folder / "b.html")
        self.assertEqual(done.returncode, 2)
        self.assertFalse((self.folder / "b.html").exists())
