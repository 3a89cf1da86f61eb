"""`m7scope trace summary`, `trace diff` and `view`: what they print, and their exit codes."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import program

WRITE_SAMPLE_TRACE = os.environ["M7SCOPE_WRITE_SAMPLE_TRACE"]


class TraceCommands(unittest.TestCase):
    def setUp(self):
        self.folder_holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder_holder.cleanup)
        self.folder = pathlib.Path(self.folder_holder.name)

    def sample(self, name, *arguments):
        """A synthetic trace file."""
        path = self.folder / name
        subprocess.run([WRITE_SAMPLE_TRACE, path, *map(str, arguments)], check=True)
        return path

    def printed(self, *arguments, code=0):
        done = program.run(*arguments)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return done.stdout

    def refused(self, *arguments, says):
        """Exit code 2, and one line on standard error with every text of `says`."""
        done = program.run(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        for text in says:
            self.assertIn(text, done.stderr)


class Summary(TraceCommands):
    def test_json_has_the_members_that_programs_read(self):
        summary = json.loads(self.printed("trace", "summary", self.sample("a.m7t"), "--json"))
        self.assertIsInstance(summary["cycles"], int)
        self.assertEqual(sum(summary["causes"].values()), summary["cycles"])
        self.assertEqual(len(summary["steps"]), 12)
        for step in summary["steps"]:
            self.assertEqual(sum(step["causes"].values()), step["cycles"])
        self.assertTrue(summary["regions"])
        for region in summary["regions"]:
            self.assertLessEqual({"name", "capacity", "peak_bytes", "peak_cycle", "owners"}, region.keys())
            self.assertLessEqual(region["peak_bytes"], region["capacity"])
            self.assertEqual(sum(owner["bytes"] for owner in region["owners"]), region["peak_bytes"])
            for owner in region["owners"]:
                self.assertLessEqual({"name", "kind", "bytes"}, owner.keys())
        self.assertTrue(summary["findings"])
        for finding in summary["findings"]:
            self.assertLessEqual({"kind", "count", "where"}, finding.keys())

    def test_the_page_and_its_json_agree(self):
        path = self.sample("a.m7t")
        page, summary = self.printed("trace", "summary", path), json.loads(self.printed("trace", "summary", path, "--json"))
        self.assertIn(f"cycles   {summary['cycles']:,}", page)
        for region in summary["regions"]:
            if region["peak_bytes"] > 0:
                self.assertRegex(page, rf"{region['peak_bytes']:,} of {region['capacity']:,} .*{re.escape(region['name'])}")
        for owner in summary["regions"][-1]["owners"][:5]:
            self.assertIn(owner["name"], page)

    def test_one_table_filtered_and_cut(self):
        path = self.sample("a.m7t")
        self.assertEqual(len(self.printed("trace", "summary", path, "--only", "steps").splitlines()), 4 + 12)
        convs = self.printed("trace", "summary", path, "--only", "steps", "--match", "^conv_2d").splitlines()[4:]
        self.assertEqual(len(convs), 3)
        cut = self.printed("trace", "summary", path, "--only", "lives", "--rows", 5).splitlines()
        self.assertEqual(len(cut), 2 + 5 + 1)
        self.assertRegex(cut[-1], r"^\d+ more$")
        for table in ["owners", "causes", "functions", "buffers", "findings"]:
            self.assertTrue(self.printed("trace", "summary", path, "--only", table).strip(), table)

    def test_owners_at_a_cycle_are_the_lives_of_that_cycle(self):
        path = self.sample("a.m7t")
        at_peak = json.loads(self.printed("trace", "summary", path, "--json"))["regions"][-1]
        owners = self.printed("trace", "summary", path, "--only", "owners", "--at", at_peak["peak_cycle"], "--rows", 0)
        self.assertIn(f"{at_peak['name']}: {at_peak['peak_bytes']:,} of", owners)
        lives = self.printed("trace", "summary", path, "--only", "lives", "--at", at_peak["peak_cycle"], "--rows", 0)
        for owner in at_peak["owners"]:
            if owner["kind"] != "stack":
                self.assertIn(owner["name"], lives)

    def test_a_cut_file_is_shown_as_far_as_it_goes_with_a_warning(self):
        whole = self.sample("a.m7t").read_bytes()
        cut = self.folder / "cut.m7t"
        cut.write_bytes(whole[: len(whole) // 2])
        done = program.run("trace", "summary", cut)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn("cut.m7t", done.stderr)
        self.assertIn("cut short", done.stderr)
        self.assertIn("ended    cut short", done.stdout)

    def test_files_and_flags_that_cannot_be_used(self):
        text = self.folder / "text.m7t"
        text.write_text("hello")
        self.refused("trace", "summary", self.folder / "none.m7t", says=["none.m7t", "No such file"])
        self.refused("trace", "summary", text, says=["text.m7t"])
        self.refused("trace", "summary", self.folder, says=[self.folder.name])
        path = self.sample("a.m7t")
        self.refused("trace", "summary", path, "--match", "(", says=["--match", "("])
        self.assertEqual(program.run("trace", "summary", path, "--only", "nothing").returncode, 2)
        self.assertEqual(program.run("trace").returncode, 2)


class Diff(TraceCommands):
    def test_of_a_trace_with_itself_is_empty_and_passes_no_threshold(self):
        path = self.sample("a.m7t")
        printed = self.printed("trace", "diff", path, path, "--fail-on", "cycles>0,peak>0,step>0%,stack>0")
        self.assertIn("none of 12 changed", printed)
        diff = json.loads(self.printed("trace", "diff", path, path, "--json"))
        self.assertEqual({metric["delta"] for metric in diff["metrics"].values()}, {0})

    def test_a_passed_threshold_is_named_and_exits_with_1(self):
        a, b = self.sample("a.m7t"), self.sample("b.m7t", "--seed", 2)
        done = program.run("trace", "diff", a, b, "--fail-on", "cycles>2%,peak>0")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"^m7scope: cycles changed by \+\d+\.\d+ % \([\d,]+ to [\d,]+\), allowed at most \+2 %\n$")
        self.assertEqual(program.run("trace", "diff", a, b, "--fail-on", "cycles>50%,peak>0").returncode, 0)
        # The other way round everything that rose has fallen.
        self.assertEqual(program.run("trace", "diff", b, a, "--fail-on", "cycles>0").returncode, 0)

    def test_json_repeats_what_failed(self):
        a, b = self.sample("a.m7t"), self.sample("b.m7t", "--seed", 2)
        diff = json.loads(self.printed("trace", "diff", a, b, "--json", "--fail-on", "cycles>2%", code=1))
        self.assertEqual(len(diff["failed"]), 1)
        cycles = diff["metrics"]["cycles"]
        self.assertEqual(cycles["b"] - cycles["a"], cycles["delta"])
        summary = json.loads(self.printed("trace", "summary", b, "--json"))
        self.assertEqual([step["cycles"]["b"] for step in diff["steps"]], [step["cycles"] for step in summary["steps"]])

    def test_steps_of_one_run_only_are_listed(self):
        short, long = self.sample("short.m7t", "--steps", 4), self.sample("long.m7t", "--steps", 6)
        diff = json.loads(self.printed("trace", "diff", short, long, "--json"))
        self.assertEqual([step["a"] for step in diff["steps"]].count(None), 2)
        self.assertEqual(len(re.findall(r" new ", self.printed("trace", "diff", short, long))), 2)

    def test_expressions_that_cannot_be_understood(self):
        path = self.sample("a.m7t")
        for bad in ["", "cycles", "cycles>two", "cycles>2%,"]:
            self.refused("trace", "diff", path, path, "--fail-on", bad, says=["METRIC>NUMBER"])
        self.refused("trace", "diff", path, path, "--fail-on", "cycels>2%", says=["cycels", "peak:"])
        self.refused("trace", "diff", path, self.folder / "none.m7t", says=["none.m7t"])


class RealRun(TraceCommands):
    def test_a_plan_that_wastes_memory_is_seen_in_what_the_binary_did(self):
        good, bad = self.folder / "good.m7t", self.folder / "bad.m7t"
        self.printed("infer", "zoo:mlperf-kws-dscnn", "--trace", good)
        self.printed("infer", "zoo:mlperf-kws-dscnn", "--no-in-place", "--trace", bad)
        for trace in [good, bad]:
            summary = json.loads(self.printed("trace", "summary", trace, "--json"))
            self.assertEqual(summary["ended"], "exit")
            self.assertEqual(sum(summary["causes"].values()), summary["cycles"])
            self.assertEqual(summary["arena"]["peak_bytes"], summary["arena"]["planned_bytes"])
            for region in summary["regions"]:
                self.assertEqual(sum(owner["bytes"] for owner in region["owners"]), region["peak_bytes"])
        self.assertIn("arena changed by", program.run("trace", "diff", good, bad, "--fail-on", "arena>0").stderr)
        self.printed("trace", "diff", good, bad, "--fail-on", "arena>0,peak>0", code=1)
        self.printed("trace", "diff", bad, good, "--fail-on", "arena>0,peak>0", code=0)


class View(TraceCommands):
    def test_hands_everything_to_the_viewer_beside_it(self):
        help_text = self.printed("view", "--help")
        self.assertIn("m7scope-view", help_text)
        self.assertIn("--png", help_text)
        self.refused("view", self.folder / "none.m7t", "--png", self.folder / "x.png", says=["none.m7t"])
