"""`--view`: a run is shown as it happens, and the program stays until the viewer is closed."""
import subprocess
import unittest

import view


class LiveTest(view.FolderTest):
    @classmethod
    def setUpClass(cls):
        cls.display = view.Display()
        cls.addClassCleanup(cls.display.close)

    def test_a_network_is_shown_while_it_runs_and_its_report_is_printed(self):
        program, trace = view.program_beside_a_viewer(self.folder), self.folder / "kws.m7t"
        window = view.Window(self, self.display, "infer", "zoo:mlperf-kws-dscnn", "--view", "--trace", trace, starter=program)
        end = window.wait("the end of the run", lambda s: not s["live"] and s["steps"] == 12)
        self.assertEqual((end["file"], end["cut"]), (str(trace), ""))
        self.assertIsNone(window.process.poll(), "the program waits for its viewer")
        self.assertEqual(window.quit(), 0)
        self.assertIn("all steps", window.process.communicate()[0])
        whole = subprocess.run([program, "infer", "zoo:mlperf-kws-dscnn", "--trace", self.folder / "again.m7t"], capture_output=True)
        self.assertEqual(whole.returncode, 0)
        self.assertEqual(trace.read_bytes(), (self.folder / "again.m7t").read_bytes(), "being watched changes nothing")

    def test_without_a_display_the_run_goes_on(self):
        program = view.program_beside_a_viewer(self.folder)
        self.environment.pop("DISPLAY", None)
        done = subprocess.run([program, "infer", "zoo:mlperf-ad-fc", "--view"], capture_output=True, text=True, timeout=120,
                              env=dict(self.environment, VIEW_STATE=str(self.folder / "state.json")))
        self.assertEqual(done.returncode, 0)
        self.assertIn("all steps", done.stdout)
        self.assertIn("DISPLAY", done.stderr)

    def test_without_a_viewer_one_line_says_so(self):
        program = view.program_beside_a_viewer(self.folder)
        (self.folder / "m7scope-view").unlink()
        done = subprocess.run([program, "infer", "zoo:mlperf-ad-fc", "--view"], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 2)
        self.assertIn("m7scope-view: cannot be started", done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
