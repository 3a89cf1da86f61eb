"""What infer and run write with --trace, from the command line."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from program import PROGRAM, run, run_json

MODEL = "zoo:mlperf-ad-fc"


class RecordTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def summary(self, trace):
        return run_json(self, "trace", "summary", trace)

    def test_a_trace_says_what_infer_says(self):
        report = run_json(self, "infer", MODEL, "--trace", self.folder / "a.m7t")
        summary = self.summary(self.folder / "a.m7t")
        self.assertEqual(summary["cycles"], report["cycles"])
        self.assertEqual(summary["causes"], report["causes"])
        self.assertEqual([s["cycles"] for s in summary["steps"]], [s["cycles"] for s in report["steps"]])
        self.assertEqual([s["name"] for s in summary["steps"]], [s["name"] for s in report["steps"]])
        self.assertEqual([f for f in summary["findings"] if f.get("is_problem")], [])

    def test_the_trace_does_not_change_the_report(self):
        with_trace = run("infer", MODEL, "--json", "--trace", self.folder / "a.m7t")
        self.assertEqual(with_trace.stdout, run("infer", MODEL, "--json").stdout)

    def test_equal_runs_in_different_folders_write_equal_bytes(self):
        files = []
        for name in ("one", "two"):
            here = self.folder / name
            here.mkdir()
            done = run("infer", MODEL, "--trace", "t.m7t", cwd=here)
            self.assertEqual(done.returncode, 0, done.stderr)
            files.append((here / "t.m7t").read_bytes())
        self.assertEqual(files[0], files[1])

    def test_run_traces_an_image_that_infer_would_have_run(self):
        done = run("compile", MODEL, "-o", self.folder / "out")
        self.assertEqual(done.returncode, 0, done.stderr)
        elf = next((self.folder / "out").glob("*.elf"))
        (self.folder / "files").mkdir()
        (self.folder / "files" / "input.bin").write_bytes(bytes(640))
        trace = self.folder / "run.m7t"
        report = run_json(self, "run", elf, "--files", self.folder / "files", "--trace", trace)
        summary = self.summary(trace)
        self.assertEqual(summary["cycles"], report["cycles"])
        self.assertEqual(len(summary["steps"]), len(report["steps"]))

    def test_a_place_that_cannot_be_written_is_one_line_and_bad_input(self):
        for place in (self.folder / "absent" / "a.m7t", "/dev/full", self.folder):
            done = run("infer", MODEL, "--trace", place)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertIn(str(place), done.stderr)

    def half_a_run(self):
        """A run that goes on, and its trace, in which something of the run itself has reached the file."""
        trace = self.folder / "a.m7t"
        process = subprocess.Popen([PROGRAM, "infer", "zoo:mcunet-in2", "--trace", trace],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            if trace.exists() and trace.stat().st_size > 200_000:
                break
            time.sleep(0.02)
        return process, trace

    def test_a_run_that_is_killed_leaves_a_file_that_opens(self):
        process, trace = self.half_a_run()
        process.kill()
        self.assertEqual(process.wait(), -signal.SIGKILL)
        done = run("trace", "summary", trace, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(json.loads(done.stdout)["cycles"], 0)
        self.assertIn("cut short", done.stderr)

    def test_ctrl_c_ends_the_trace_in_order(self):
        process, trace = self.half_a_run()
        os.kill(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        done = run("trace", "summary", trace)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("stopped", done.stdout)

    def test_a_trace_and_a_debugger_exclude_each_other(self):
        done = run("run", "a.elf", "--gdb", ":0", "--trace", self.folder / "a.m7t")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--gdb", done.stderr)


if __name__ == "__main__":
    unittest.main()
