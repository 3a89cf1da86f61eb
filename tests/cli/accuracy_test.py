"""The timing model is scored as the README says, and every cycle of a run is accounted for."""
import json
import pathlib
import tempfile
import unittest
import xml.dom.minidom

import program

HEADER = "name,setup,asm,cycles,source\n"
# The loop: its MOV, eight iterations, and 8 cycles because its end is not foreseen.
GOOD = HEADER + """\
"two ALU operations, in quotes",,"add.w r0,r1,r2; eor.w r3,r4,r5",1,test
loads from one bank,"ldr r1,=0x20000000","ldr.w r2,[r1]; ldr.w r3,[r1,#8]",2,test
a loop with a numeric label,,"mov.w r0,#8
.balign 8
1: subs.w r0,r0,#1; bne.w 1b",17,test
"""
BAD = """\
no such instruction,,frobnicate r0,1,test
a load from nowhere,"ldr r1,=0x60000000","ldr r2,[r1]",1,test
for ever,,"1: add.w r0,r0,#1; b 1b",1,test
an open conditional,,".if 0; nop",1,test
an open comment,,"nop /* and so on",1,test
"""


class Accuracy(unittest.TestCase):
    def setUp(self):
        self.folder_holder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.folder_holder.name)

    def tearDown(self):
        self.folder_holder.cleanup()

    def write(self, text, name="mine.csv"):
        path = self.folder / name
        path.write_text(text)
        return path

    def sequences(self, text):
        return program.run_json(self, "accuracy", "--holdout", self.write(text))["sequences"]

    def test_bad_rows_are_misses_with_a_reason_and_leave_the_others_alone(self):
        good = self.sequences(GOOD)
        self.assertEqual(good["total"], 3)
        mixed = self.sequences(GOOD + BAD)
        self.assertEqual(mixed["total"], 8)
        self.assertEqual(mixed["exact"], good["exact"])
        reasons = {miss["name"]: miss["reason"] for miss in mixed["misses"]}
        for name, text in [
            ("no such instruction", "does not assemble: bad instruction"),
            ("a load from nowhere", "0x60000000"),
            ("for ever", "still running after"),
            ("an open conditional", "does not assemble"),
            ("an open comment", "does not assemble"),
        ]:
            self.assertIn(text, reasons[name])
        self.assertTrue(all(miss["simulated"] is None for miss in mixed["misses"]))

    def test_a_held_out_file_scores_sequences_only(self):
        report = program.run_json(self, "accuracy", "--holdout", self.write(GOOD))
        self.assertEqual(set(report), {"board", "sequences"})
        self.assertEqual(
            set(report["sequences"]),
            {"total", "exact", "mean_error_percent", "worst_error_percent", "worst", "misses"},
        )
        self.assertEqual(report["sequences"]["exact"], 3, report["sequences"]["misses"])

    def test_a_wrong_number_of_cycles_is_a_miss(self):
        wrong = self.sequences(GOOD.replace(",1,test", ",1.1,test").replace(",2,test", ",2.04,test"))
        self.assertEqual(wrong["exact"], 1)
        self.assertEqual({m["reason"] for m in wrong["misses"]}, {"not explained"})
        self.assertEqual([m["measured"] for m in wrong["misses"]], [1.1, 2.04])
        self.assertEqual([m["simulated"] for m in wrong["misses"]], [1.0, 2.0])

    def test_two_runs_print_the_same_bytes(self):
        path = self.write(GOOD + BAD)
        first = program.run("accuracy", "--holdout", path, "--json")
        self.assertEqual(first.stdout, program.run("accuracy", "--holdout", path, "--json").stdout)

    def test_a_malformed_file_is_one_error_with_place_found_and_expected(self):
        for text, error in [
            ("name,setup\n", ":1: the header is name,setup, expected name,setup,asm,cycles,source"),
            ("", ":1: the file is empty, expected the header"),
            (HEADER, ": no rows behind the header"),
            (HEADER + "a,,nop,1\n", ":2: 4 fields, expected 5"),
            (HEADER + "a,,nop,1,s\nb,,nop,one,s\n", ":3: cycles is 'one', expected a positive number"),
            (HEADER + "a,,nop,-1,s\n", ":2: cycles is '-1', expected a positive number"),
            (HEADER + "a,,nop,nan,s\n", ":2: cycles is 'nan', expected a positive number"),
            (HEADER + "a,, ; ,1,s\n", ":2: asm is empty, expected instructions"),
            (HEADER + 'a,,"nop,1,s\n', ":2: a quoted field does not end"),
            (HEADER + 'a,,no"p,1,s\n', ":2: a quote inside the field"),
            (HEADER + 'a,,"nop"x,1,s\n', ":2: text behind a closing quote"),
        ]:
            path = self.write(text)
            done = program.run("accuracy", "--holdout", path)
            self.assertEqual(done.returncode, 2, text)
            self.assertEqual(done.stdout, "")
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(f"{path}{error}", done.stderr)
        self.assertEqual(program.run("accuracy", "--holdout", self.folder / "absent.csv").returncode, 2)

    def test_the_built_in_sequences_agree(self):
        report = program.run_json(self, "accuracy", "--only", "sequences")["sequences"]
        self.assertGreaterEqual(report["exact"], 0.95 * report["total"], report["misses"])
        self.assertGreater(report["total"], 150)

    def test_every_placement_is_compared_with_its_measurement(self):
        report = program.run_json(self, "accuracy", "--only", "placements")["placements"]
        compared = [row for row in report["all"] if (row["code"], row["data"]) != ("ITCM", "DTCM")]
        self.assertEqual(report["rows"], len(compared))
        self.assertGreaterEqual(len(compared), 56)
        points = {json.dumps(row): abs(row["points"]) for row in compared if "points" in row}
        self.assertAlmostEqual(report["worst_points"], max(points.values()), places=3)
        self.assertAlmostEqual(report["mean_points"], sum(points.values()) / len(points), places=3)
        self.assertEqual(report["within_2_points"], sum(p <= 2 for p in points.values()))
        for slope in report["wait_states"]:
            self.assertLess(abs(slope["error_percent"]), 20, slope)
        # What the caches hide and what they do not: TCM is fastest, slower memories cost more.
        at_speed = {(r["code"], r["data"]): r["simulated_cycles"] for r in compared
                    if r["core_mhz"] == 480 and r["flash_wait_states"] == 4 and "points" in r}
        order = ["AXI_SRAM", "SRAM1", "SRAM2", "SDRAM 32-bit 100 MHz", "SDRAM 16-bit 100 MHz", "SDRAM 8-bit 100 MHz"]
        cycles = [at_speed["ITCM", data] for data in order]
        self.assertEqual(cycles, sorted(cycles))

    def test_each_cache_ends_where_the_board_page_says(self):
        for board in ("stm32f746", "stm32h743", "stm32h723"):
            picture = self.folder / f"{board}.svg"
            walks = program.run_json(self, "accuracy", "--only", "walks", "--board", board, "-o", picture)["walks"]
            page = program.run_json(self, "boards", board)
            cached = {"chase": page["dcache"]["size"], "load": page["dcache"]["size"], "fetch": page["icache"]["size"]}
            seen = set()
            for walk in walks:
                kind, region = walk["kind"], walk["region"]
                largest = max((p["bytes"] for p in walk["points"]), default=0)
                if region in ("ITCM", "DTCM"):
                    self.assertIsNone(walk["knee_bytes"], walk)
                elif region in ("flash", "SRAM1", "AXI_SRAM") and kind in cached and largest > cached[kind]:
                    self.assertEqual(walk["knee_bytes"], cached[kind], walk)
                    seen.add(kind)
            self.assertEqual(seen, set(cached))
            xml.dom.minidom.parse(str(picture))


class Profiles(unittest.TestCase):
    NETWORK = "zoo:mlperf-kws-dscnn"

    def test_the_causes_of_a_run_its_profile_and_an_annotation_sum_to_its_cycles(self):
        report = program.run_json(self, "infer", self.NETWORK, "--profile", "--annotate", "main")
        self.assertEqual(sum(report["causes"].values()), report["cycles"])
        profile = report["profile"]
        self.assertEqual(profile["cycles"], report["cycles"])
        overhead = sum(profile["overhead"].values())
        for rows in (profile["functions"], profile["lines"]):
            self.assertEqual(sum(row["cycles"] for row in rows) + overhead, report["cycles"])
            self.assertEqual(sum(row["instructions"] for row in rows), report["instructions"])
            for row in rows:
                self.assertEqual(sum(row["causes"].values()), row["cycles"], row)
                self.assertLessEqual(row["paired"], row["instructions"])
        for step in report["steps"]:
            self.assertEqual(sum(step["causes"].values()), step["cycles"], step)
        main = next(row for row in profile["functions"] if row["function"] == "main")
        annotation = report["annotation"]
        self.assertEqual(annotation["cycles"], main["cycles"])
        self.assertEqual(sum(i["cycles"] for i in annotation["instructions"]), main["cycles"])
        self.assertEqual(sum(i["executions"] for i in annotation["instructions"]), main["instructions"])
        self.assertTrue(any(i["source"].startswith("main.c:") for i in annotation["instructions"]))

    def test_watching_changes_no_cycle_and_runs_are_the_same(self):
        plain = program.run_json(self, "infer", self.NETWORK)
        watched = program.run_json(self, "infer", self.NETWORK, "--profile")
        del watched["profile"]
        self.assertEqual(plain, watched)

    def test_the_same_firmware_takes_the_same_cycles_under_run(self):
        with tempfile.TemporaryDirectory() as folder:
            made = program.run_json(self, "compile", self.NETWORK, "--board", "stm32h743", "-o", folder)
            folder = pathlib.Path(folder)
            (folder / "input.bin").write_bytes(bytes(1 << 16))
            command = ["run", made["elf"], "--board", "stm32h743", "--files", folder, "--json"]
            first, second = program.run(*command), program.run(*command)
            self.assertEqual(first.returncode, 0, first.stderr)
            self.assertEqual(first.stdout, second.stdout)
            text = program.run(*command[:-1], "--profile", "--annotate", "main").stdout
            for part in ("function", "line", "main at 0x", "all "):
                self.assertIn(part, text)
            tables = text[: text.index("main at 0x")].splitlines()
            self.assertLessEqual(max(len(line) for line in tables), 100, max(tables, key=len))

    def test_code_that_sets_up_no_clocks_runs_at_those_it_is_given(self):
        with tempfile.TemporaryDirectory() as folder:
            made = program.run_json(self, "compile", self.NETWORK, "--board", "mps2-an500", "-o", folder)
            (pathlib.Path(folder) / "input.bin").write_bytes(bytes(1 << 16))
            reset, full = (
                program.run_json(self, "run", made["elf"], "--board", "mps2-an500", "--files", folder,
                                 "--operating-point", point)
                for point in ("reset", "full")
            )
            self.assertEqual(reset["instructions"], full["instructions"])
            self.assertLessEqual(full["ms"], reset["ms"])

    def test_an_unknown_function_is_refused_and_similar_ones_are_offered(self):
        done = program.run("infer", self.NETWORK, "--annotate", "ain")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no such function; it has main", done.stderr)


class Bench(unittest.TestCase):
    def test_it_prints_a_row_for_each_kind_of_program(self):
        rows = program.run_json(self, "bench", "--turns", "1")
        self.assertEqual([row["program"] for row in rows], ["mcunet-vww1", "mix", "fft"])
        for row in rows:
            self.assertEqual(
                list(row),
                ["program", "instructions", "mips", "bare_mips", "ratio", "real_time", "traced_mips", "traced_ratio"],
            )
            self.assertGreater(row["instructions"], 5_000_000)
            self.assertGreater(row["real_time"], 0)
            self.assertAlmostEqual(row["ratio"], row["mips"] / row["bare_mips"], places=6)
            self.assertAlmostEqual(row["traced_ratio"], row["traced_mips"] / row["mips"], places=6)


if __name__ == "__main__":
    unittest.main()
