"""The real window under Xvfb: keys and mouse go in as events of the X server, the state file tells what is shown."""
import json
import unittest

import view


class WindowTest(view.FolderTest):
    @classmethod
    def setUpClass(cls):
        cls.display = view.Display()
        cls.addClassCleanup(cls.display.close)

    def setUp(self):
        super().setUp()
        self.trace = view.sample(self.folder / "a.m7t")

    def open(self, *arguments):
        return view.Window(self, self.display, *arguments)

    def over_canvas(self, window, x=0.5, y=0.7):
        left, top, right, bottom = window.wait("the canvas", lambda s: "canvas" in s["marks"])["marks"]["canvas"]
        point = left + (right - left) * x, top + (bottom - top) * y
        window.move(*point)
        return point

    def test_open_zoom_and_back(self):
        window = self.open(self.trace)
        whole = window.wait("a trace", lambda s: s["file"] == str(self.trace))["view"]["time"]
        self.over_canvas(window)
        window.key("w")
        nearer = window.wait("a zoom", lambda s: s["view"]["time"] != whole)["view"]["time"]
        self.assertLess(nearer[1] - nearer[0], whole[1] - whole[0])
        window.key("d")
        window.wait("a move to later", lambda s: s["view"]["time"][0] > nearer[0])
        moved = window.state()["view"]["time"]
        window.do("click", 4)  # the wheel, away from the user
        window.wait("a zoom by the wheel", lambda s: s["view"]["time"][1] - s["view"]["time"][0] < moved[1] - moved[0] - 1)
        window.key("0")
        window.wait("the whole run", lambda s: s["view"]["time"] == whole)
        self.assertEqual(window.quit(), 0)

    def test_a_click_pins_a_life_and_a_drag_selects(self):
        window = self.open(self.trace)
        window.click("peak")
        window.wait("the live table", lambda s: s["table"]["size"] > 0 and s["view"]["side"] == "live")
        window.click("live.row0")
        state = window.wait("a pinned life", lambda s: s["view"]["pinned"] is not None)
        self.assertEqual(state["name"], state["table"]["rows"][0][0])
        window.key("Escape")
        window.wait("no pin", lambda s: s["view"]["pinned"] is None)

        start = self.over_canvas(window, 0.3)
        end = self.over_canvas(window, 0.6)
        window.drag(start, end)
        selection = window.wait("a selection", lambda s: s["view"]["selection"])["view"]["selection"]
        self.assertGreater(selection[1], selection[0])
        window.key("Escape")
        window.wait("no selection", lambda s: s["view"]["selection"] is None)

    def test_search_walks_over_hits_and_tells_wrong_patterns(self):
        window = self.open(self.trace)
        window.key("ctrl+f")
        window.wait("the search field", lambda s: s["types"])
        window.type("layer_")
        hits = window.wait("hits", lambda s: s["filter"]["pattern"] == "layer_" and s["filter"]["hits"] > 0)
        self.assertLess(hits["filter"]["shown"], hits["lives"])
        window.key("Return")
        found = window.wait("the first hit", lambda s: s["view"]["pinned"] is not None)
        self.assertIn("layer_", found["name"])
        window.key("n")
        window.wait("the next hit", lambda s: s["view"]["pinned"] not in (None, found["view"]["pinned"]))
        window.key("ctrl+f")
        window.wait("the search field", lambda s: s["types"])
        window.type("(")
        window.wait("the error", lambda s: s["filter"]["error"] != "")
        window.key("BackSpace")
        window.wait("no error", lambda s: s["filter"]["error"] == "" and s["filter"]["shown"] == s["lives"])

    def test_tables_sort_and_steps_zoom(self):
        window = self.open(self.trace)
        window.click("steps.row3")
        state = window.wait("the step", lambda s: s["view"]["pinned_step"] == 3)
        self.assertEqual(state["view"]["side"], "details")
        window.key("period")
        window.wait("the next step", lambda s: s["view"]["pinned_step"] == 4)
        window.click("side.Live here")
        window.click("live.name")
        window.wait("names in order", lambda s: [r[0] for r in s["table"]["rows"]] == sorted(r[0] for r in s["table"]["rows"]))

    def test_two_traces_are_compared(self):
        other = view.sample(self.folder / "b.m7t", seed=2)
        window = self.open(self.trace, other)
        state = window.wait("two traces", lambda s: s["second"] == str(other))
        self.assertEqual(state["view"]["compare"], "overlay")
        self.assertEqual(state["view"]["drawer"], "compare")
        self.over_canvas(window)
        window.key("c")
        window.wait("side by side", lambda s: s["view"]["compare"] == "side-by-side")
        window.click("compare.row2")
        window.wait("a step", lambda s: s["view"]["pinned_step"] is not None)

    def test_pictures_and_tables_are_saved(self):
        window = self.open(self.trace)
        window.key("p")
        table = window.wait("the live table", lambda s: s["table"]["size"] > 0)["table"]
        window.key("ctrl+s")
        window.wait("the question", lambda s: s["asks"] and s["types"])
        picture = self.folder / "shot.png"
        window.type(str(picture))
        window.key("Return")
        window.wait("the picture", lambda s: s["message"] == f"saved {picture}")
        self.assertEqual(view.png_size(picture), (1280, 860))

        window.click("menu")
        window.click("menu.Save live table as CSV...")
        window.wait("the question", lambda s: s["asks"] and s["types"])
        csv = self.folder / "live.csv"
        window.type(str(csv))
        window.key("Return")
        window.wait("the table", lambda s: s["message"] == f"saved {csv}")
        lines = csv.read_text().splitlines()
        self.assertEqual(lines[0].split(","), table["columns"])
        self.assertEqual(len(lines), table["size"] + 1)

    def test_bookmarks_stay_beside_the_trace(self):
        window = self.open(self.trace)
        window.key("b")
        window.wait("the question", lambda s: s["asks"] and s["types"])
        window.type("why so high")
        window.key("Return")
        cursor = window.wait("a bookmark", lambda s: s["view"]["bookmarks"])["view"]["cursor"]
        notes = json.loads((self.folder / "a.m7t.notes.json").read_text())
        self.assertEqual(notes["bookmarks"], [{"cycle": cursor, "text": "why so high"}])
        self.assertEqual(window.quit(), 0)
        again = self.open(self.trace)
        again.wait("the bookmark again", lambda s: s["view"]["bookmarks"][0]["text"] == "why so high")

    def test_files_that_are_dropped_are_opened(self):
        other, foreign = view.sample(self.folder / "b.m7t", seed=2), self.folder / "foreign.m7t"
        foreign.write_text("no trace")
        window = self.open(self.trace)
        self.over_canvas(window)
        window.drop(other)
        window.wait("the dropped trace", lambda s: s["file"] == str(other))
        window.drop(foreign)
        state = window.wait("a complaint", lambda s: s["is_error"])
        self.assertIn("foreign.m7t", state["message"])
        self.assertEqual(state["file"], str(other))
        window.drop(self.trace, other)
        window.wait("two traces", lambda s: s["file"] == str(self.trace) and s["second"] == str(other))

    def test_the_last_file_and_layout_are_remembered(self):
        window = self.open(self.trace)
        window.key("t")
        window.wait("the light theme", lambda s: s["view"]["theme"] == "light")
        x, y = window.mark("side splitter")
        wide = window.state()["view"]["side_width"]
        window.drag((x, y), (x - 80, y))
        width = window.wait("a wider pane", lambda s: s["view"]["side_width"] > wide + 78)["view"]["side_width"]
        self.assertEqual(window.quit(), 0)
        again = self.open()
        state = again.wait("the same trace", lambda s: s["file"] == str(self.trace))
        self.assertEqual(state["view"]["theme"], "light")
        self.assertAlmostEqual(state["view"]["side_width"], width, delta=1)

    def test_a_trace_that_grows_is_followed_to_its_end(self):
        whole, growing = self.trace.read_bytes(), self.folder / "grow.m7t"
        size = len(whole) // 8
        growing.write_bytes(whole[:size])
        window = self.open(growing, "--follow")
        seen = window.wait("a live trace", lambda s: s["live"])
        for piece in range(1, 7):
            with growing.open("ab") as file:
                file.write(whole[piece * size : (piece + 1) * size])
            seen = window.wait("news", lambda s: s["cycles"] > seen["cycles"] or s["lives"] > seen["lives"])
            self.assertTrue(seen["live"])
            self.assertEqual(seen["view"]["time"][1], max(seen["cycles"], 16))
        with growing.open("ab") as file:
            file.write(whole[7 * size :])
        end = window.wait("the end", lambda s: not s["live"])
        self.assertEqual((end["lives"], end["steps"], end["cut"]), (200, 12, ""))

    def test_a_run_that_was_killed_stays_in_sight(self):
        whole, growing = self.trace.read_bytes(), self.folder / "grow.m7t"
        growing.write_bytes(whole[: len(whole) // 2])
        window = self.open(growing, "--follow")
        window.wait("a live trace", lambda s: s["live"] and s["lives"] > 0)
        self.over_canvas(window)
        window.key("p")
        window.wait("the live table", lambda s: s["table"]["size"] > 0)
        self.assertEqual(window.quit(), 0)


if __name__ == "__main__":
    unittest.main()
