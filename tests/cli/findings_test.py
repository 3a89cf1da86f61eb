"""No false alarm: on published networks the findings of a trace report no problem, and explain every byte by
which the plan's peak is above what the binary needed."""
import pathlib
import tempfile
import unittest

import program

SHARED = [
    "mcunet-vww1",
    "mcunet-person-det",
    "mlperf-resnet8",
    "mlperf-vww-mbv1",
    "mlperf-kws-dscnn",
    "mlperf-ad-fc",
]
ZOO = ["odd-1", "odd-2", "odd-3", "mcunet-in0", "mbv2-w0.3-r64", "proxyless-w0.3-r64"]


class Findings(unittest.TestCase):
    def summary_of(self, model, *options):
        with tempfile.TemporaryDirectory() as folder:
            trace = pathlib.Path(folder) / "a.m7t"
            program.run_json(self, "infer", model, "--trace", trace, *options)
            return program.run_json(self, "trace", "summary", trace)

    def assert_no_problem(self, model, *options):
        summary = self.summary_of(model, *options)
        findings = summary["findings"]
        self.assertEqual([f["text"] for f in findings if f["problem"]], [])
        for finding in findings:
            self.assertIn(
                finding["kind"], ("lifetime-longer-than-needed", "write-never-read", "arena-untouched"), finding
            )

        untouched = [b["name"] for b in summary["buffers"] if b["bytes_written"] == 0]
        self.assertEqual(untouched, [], "the plan was watched")
        # The plan's claim is what was observed, but for what findings explain.
        unexplained = summary["arena"]["planned_bytes"] - summary["arena"]["peak_bytes"]
        self.assertGreaterEqual(unexplained, 0)
        self.assertLessEqual(unexplained, sum(f["saves_bytes"] for f in findings))

    def test_report_no_problem_on_the_real_networks(self):
        models = program.require_shared("models")
        for name in SHARED:
            with self.subTest(model=name):
                self.assert_no_problem(models / f"{name}.tflite")

    def test_report_no_problem_on_networks_of_the_zoo(self):
        for name in ZOO:
            with self.subTest(model=name):
                self.assert_no_problem(f"zoo:{name}")

    def test_report_no_problem_without_buffers_in_place_and_with_the_arena_elsewhere(self):
        self.assert_no_problem("zoo:mlperf-kws-dscnn", "--no-in-place")
        self.assert_no_problem("zoo:mlperf-kws-dscnn", "--board", "stm32f746")


if __name__ == "__main__":
    unittest.main()
