"""m7scope-view --png draws without a display, and tells what it cannot draw in one line."""
import json
import unittest

import view


class Pictures(view.FolderTest):
    def setUp(self):
        super().setUp()
        self.trace = view.sample(self.folder / "a.m7t")
        self.out = self.folder / "out.png"
        self.environment.pop("DISPLAY", None)
        self.environment.pop("WAYLAND_DISPLAY", None)

    def draw(self, *arguments):
        done = view.run(self.trace, "--png", self.out, *arguments, env=self.environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return self.out.read_bytes()

    def test_the_picture_has_the_size_that_was_asked_for(self):
        self.draw()
        self.assertEqual(view.png_size(self.out), (1600, 900))
        self.draw("--size", "900x500")
        self.assertEqual(view.png_size(self.out), (900, 500))

    def test_the_same_view_gives_the_same_bytes(self):
        self.assertEqual(self.draw("--size", "900x500"), self.draw("--size", "900x500"))

    def test_each_option_changes_the_picture(self):
        size = ("--size", "900x500")
        plain = self.draw(*size)
        seen = {plain}
        for arguments in [("--theme", "light"), ("--mode", "stacked"), ("--heat",), ("--scale", "2"), ("--at", "300000"),
                          *[("--panel", name) for name in ("canvas", "summary", "details", "live", "findings", "steps",
                                                           "functions", "compare")]]:
            picture = self.draw(*size, *arguments)
            self.assertNotIn(picture, seen, arguments)
            seen.add(picture)

    def test_two_traces_are_drawn_in_comparison(self):
        other = view.sample(self.folder / "b.m7t", seed=2)
        alone = self.draw("--size", "900x500")
        self.assertNotEqual(alone, self.draw(other, "--size", "900x500"))

    def test_the_cursor_of_a_picture_is_where_it_was_asked_for(self):
        state = self.folder / "state.json"
        self.draw("--at", "300000", "--panel", "live", "--state-file", state)
        shown = json.loads(state.read_text())
        self.assertEqual(shown["view"]["cursor"], 300000)
        self.assertEqual(shown["view"]["only"], "live")
        for row in shown["table"]["rows"]:
            born, died = int(row[4]), int(row[5])
            self.assertTrue(born <= 300000 <= died, row)
        self.assertGreater(shown["table"]["size"], 0)

    def test_a_script_sets_the_scene(self):
        script, state = self.folder / "scene.txt", self.folder / "state.json"
        script.write_text("# a comment\nstep 2\nselect 1000 5000\nkey M\ntab functions\n")
        self.draw("--script", script, "--state-file", state)
        shown = json.loads(state.read_text())["view"]
        self.assertEqual(shown["pinned_step"], 2)
        self.assertEqual(shown["selection"], [1000, 5000])
        self.assertEqual(shown["mode"], "stacked")
        self.assertEqual(shown["drawer"], "functions")

    def test_what_a_window_remembers_plays_no_part(self):
        before = self.draw("--size", "900x500")
        self.settings.parent.mkdir(parents=True)
        self.settings.write_text(json.dumps({"theme": "light", "drawer_open": False, "recent": ["/x.m7t"]}))
        settings = self.settings.read_text()
        self.assertEqual(before, self.draw("--size", "900x500"))
        self.assertEqual(settings, self.settings.read_text())

    def expect_error(self, *arguments, says):
        done = view.run(*arguments, env=self.environment)
        self.assertEqual(done.returncode, 2, (arguments, done.stdout, done.stderr))
        lines = done.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        for text in says:
            self.assertIn(text, lines[0])
        self.assertEqual(done.stdout, "")

    def test_what_cannot_be_drawn_is_told_in_one_line(self):
        foreign = self.folder / "foreign.m7t"
        foreign.write_bytes(b"\x7fELF" + bytes(200))
        out = ("--png", self.out)
        self.expect_error(self.folder / "absent.m7t", *out, says=["absent.m7t"])
        self.expect_error(foreign, *out, says=["foreign.m7t"])
        self.expect_error(self.trace, foreign, *out, says=["foreign.m7t"])
        self.expect_error(*out, says=["--png", "no trace"])
        self.expect_error(self.trace, *out, "--size", "12x", says=["--size", "12x", "WIDTHxHEIGHT"])
        self.expect_error(self.trace, *out, "--size", "99999x10", says=["--size", "99999x10"])
        self.expect_error(self.trace, "--png", self.folder / "no" / "folder.png", says=["folder.png"])
        script = self.folder / "scene.txt"
        script.write_text("step 0\nfrobnicate\n")
        self.expect_error(self.trace, *out, "--script", script, says=["scene.txt:2", "frobnicate", "expected"])
        script.write_text("step 99999\n")
        self.expect_error(self.trace, *out, "--script", script, says=["scene.txt:1", "99999"])
        self.assertFalse(self.out.exists())

    def test_a_window_without_a_display_is_told_in_one_line(self):
        self.expect_error(self.trace, says=["cannot open a window", "--png"])

    def test_a_trace_that_was_cut_is_drawn(self):
        whole = self.trace.read_bytes()
        self.trace.write_bytes(whole[: len(whole) * 2 // 3])
        state = self.folder / "state.json"
        self.draw("--state-file", state)
        self.assertNotEqual(json.loads(state.read_text())["cut"], "")


if __name__ == "__main__":
    unittest.main()
