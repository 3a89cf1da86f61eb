"""What other programs read in the files that `m7scope trace export` writes."""
import collections
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree

import program

SAMPLE = os.environ["M7SCOPE_SAMPLE_TRACE"]
KINDS = ("inference", "cut", "hostile", "no-steps", "empty")
FORMATS = ("chrome", "callgrind", "folded", "svg", "vcd", "summary", "github")


def tool(*arguments, **options):
    """What another program printed; fails where it fails."""
    if shutil.which(arguments[0]) is None:
        raise AssertionError(f"{arguments[0]} is missing: tools/packages.txt names its package")
    done = subprocess.run(list(map(str, arguments)), capture_output=True, timeout=120, **options)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.stderr.decode()}")
    return done.stdout.decode(errors="replace")


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.keeper = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.keeper.name)
        for kind in KINDS:
            subprocess.run([SAMPLE, kind, cls.folder / f"{kind}.m7t"], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.keeper.cleanup()

    def export(self, kind, form, *more):
        """The file of the trace `kind` as the format `form`."""
        out = self.folder / f"{kind}.{form}"
        done = program.run("trace", "export", self.folder / f"{kind}.m7t", "--format", form, "-o", out, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return out

    def summary(self, kind="inference"):
        return program.run_json(self, "trace", "summary", self.folder / f"{kind}.m7t")

    # Chrome's trace JSON: Debian 12 has no program that reads it, so its rules are checked one by one.

    def test_chrome_keeps_the_rules_of_the_format(self):
        for kind in KINDS:
            with self.subTest(kind):
                events = json.loads(self.export(kind, "chrome").read_text())["traceEvents"]
                processes = {e["pid"] for e in events if e.get("name") == "process_name"}
                threads = {(e["pid"], e["tid"]) for e in events if e.get("name") == "thread_name"}
                lives = collections.defaultdict(list)
                for e in events:
                    self.assertIn(e["ph"], "MBECbei")
                    self.assertIn(e["pid"], processes)
                    if e["ph"] == "M":
                        continue
                    self.assertIn((e["pid"], e["tid"]), threads)
                    self.assertGreaterEqual(e["ts"], 0)
                    if e["ph"] in "be":
                        lives[e["pid"], e["cat"], e["id"]].append(e)
                for pair in lives.values():
                    self.assertEqual([e["ph"] for e in pair], ["b", "e"])
                    self.assertLessEqual(pair[0]["ts"], pair[1]["ts"])

    def test_chrome_slices_of_a_thread_nest_in_the_order_of_time(self):
        for kind in KINDS:
            with self.subTest(kind):
                events = json.loads(self.export(kind, "chrome").read_text())["traceEvents"]
                slices = [e for e in events if e["ph"] in "BE"]
                self.assertEqual([e["ts"] for e in slices], sorted(e["ts"] for e in slices))
                around = []
                for e in slices:
                    if e["ph"] == "B":
                        around.append((e["name"], e["args"]))
                    else:
                        self.assertEqual(around.pop(), (e["name"], e["args"]))
                self.assertEqual(around, [])

    def test_chrome_tells_each_step_and_its_cycles(self):
        events = json.loads(self.export("inference", "chrome").read_text())["traceEvents"]
        steps = self.summary()["steps"]
        told = [(e, events[i + 1]) for i, e in enumerate(events) if e.get("cat") == "step" and e["ph"] == "B"]
        self.assertEqual([begin["args"]["cycles"] for begin, _ in told], [s["cycles"] for s in steps])
        for (begin, end), step in zip(told, steps):
            self.assertEqual((end["ph"], end["name"], end["args"]), ("E", begin["name"], begin["args"]))
            self.assertAlmostEqual(end["ts"] - begin["ts"], step["cycles"] / 216, delta=1e-5)  # at 216 MHz

    # Callgrind, read by Valgrind's own callgrind_annotate.

    def annotate(self, path, *flags):
        return tool("callgrind_annotate", *flags, path, cwd=self.folder)

    def test_callgrind_annotate_reads_every_trace(self):
        for kind in KINDS:
            with self.subTest(kind):
                text = self.annotate(self.export(kind, "callgrind"))
                self.assertNotIn("malformed", text)
                self.assertIn("Cy", text)

    def test_callgrind_annotate_finds_the_runs_totals_and_top_function(self):
        text = self.annotate(self.export("inference", "callgrind"), "--threshold=100", "--auto=no")
        report = self.summary()
        totals = re.search(r"^([\d,]+) \(100.0%\) +([\d,]+) .*PROGRAM TOTALS", text, re.M)
        self.assertEqual(int(totals[1].replace(",", "")), report["cycles"])
        self.assertEqual(int(totals[2].replace(",", "")), report["instructions"])
        told = re.findall(r"^ *([\d,]+) \([ \d.]+%\).* \S*?:(\(?[\w ]+\)?) \[", text, re.M)
        cycles = {name: int(count.replace(",", "")) for count, name in told}
        for function in report["functions"]:
            self.assertEqual(cycles[function["name"]], function["cycles"])

    def test_callgrind_annotate_shows_source_lines(self):
        (self.folder / "kernels.c").write_text("".join(f"line number {i};\n" for i in range(1, 200)))
        text = self.annotate(self.export("inference", "callgrind"), "--auto=yes", "--show=Cy")
        lines = self.rows("inference", "lines")
        top = max(lines, key=lambda row: int(row["cycles"]))
        self.assertRegex(text, rf"{int(top['cycles']):,} \([ \d.]+%\) +line number {top['line']};")

    def test_callgrind_annotate_shows_who_calls_whom(self):
        text = self.annotate(self.export("inference", "callgrind"), "--tree=calling", "--inclusive=yes", "--show=Cy", "--auto=no")
        top = self.summary()["functions"][0]
        self.assertRegex(text, rf"> .*{top['name']} \(\d+x\)")

    # Folded stacks, by a parser of three lines.

    def test_folded_stacks_sum_to_the_runs_cycles(self):
        for kind in KINDS:
            with self.subTest(kind):
                total = 0
                for line in self.export(kind, "folded").read_text().splitlines():
                    stack, count = line.rsplit(" ", 1)
                    self.assertTrue(all(stack.split(";")), line)
                    total += int(count)
                self.assertEqual(total, self.summary(kind)["cycles"])

    # CSV, by Python's csv and by sqlite3.

    def rows(self, kind, name):
        """The rows of a table as Python reads them."""
        with self.table(kind, name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file, strict=True))

    def table(self, kind, name):
        out = self.folder / f"{kind}-{name}.csv"
        done = program.run("trace", "export", self.folder / f"{kind}.m7t", "--format", "csv", "--table", name, "-o", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        return out

    def test_csv_writes_a_file_for_each_table(self):
        for kind in KINDS:
            with self.subTest(kind):
                folder = self.export(kind, "csv")
                names = sorted(path.name for path in folder.iterdir())
                self.assertEqual(names, ["buffers.csv", "findings.csv", "functions.csv", "lines.csv", "lives.csv",
                                         "regions.csv", "samples.csv", "steps.csv"])
                for path in folder.iterdir():
                    with path.open(newline="", encoding="utf-8") as file:
                        rows = list(csv.reader(file, strict=True))
                    self.assertEqual({len(row) for row in rows}, {len(rows[0])}, path)

    def test_csv_rows_are_the_traces(self):
        rows = self.rows("inference", "steps")
        steps = self.summary()["steps"]
        self.assertEqual([int(row["cycles"]) for row in rows], [step["cycles"] for step in steps])
        self.assertEqual([row["op"] for row in rows], [step["op"] for step in steps])
        self.assertEqual([int(row["d_load"]) for row in rows], [step["causes"]["d-load"] for step in steps])

    def test_sqlite_imports_the_tables(self):
        for kind in ("inference", "hostile"):
            with self.subTest(kind):
                folder = self.export(kind, "csv")
                imports = [f".import {folder}/{name}.csv {name}" for name in ("steps", "lives", "regions")]
                text = tool("sqlite3", "-bail", ":memory:", ".mode csv", *imports,
                            "select sum(cycles), count(*) from steps;",
                            "select count(*) from lives join regions on lives.region = regions.name;")
                steps = self.summary(kind)["steps"]
                counted = len(self.rows(kind, "lives"))
                self.assertGreater(counted, 10)
                self.assertEqual(text.split(), [f"{sum(s['cycles'] for s in steps)},{len(steps)}", str(counted)])

    # SVG, by an XML parser and by librsvg.

    def test_svg_is_a_picture(self):
        for kind in KINDS:
            with self.subTest(kind):
                path = self.export(kind, "svg")
                self.assertEqual(xml.etree.ElementTree.parse(path).getroot().tag, "{http://www.w3.org/2000/svg}svg")
                tool("rsvg-convert", "-o", self.folder / "picture.png", path)
                self.assertEqual((self.folder / "picture.png").read_bytes()[:4], b"\x89PNG")

    # VCD, by GTKWave's converters: to its own format and back.

    def test_gtkwave_reads_the_values_of_the_vcd(self):
        for kind in KINDS:
            with self.subTest(kind):
                path = self.export(kind, "vcd")
                tool("vcd2fst", path, self.folder / "waves.fst")
                back = tool("fst2vcd", self.folder / "waves.fst")
                ours, theirs = waves(path.read_text()), waves(back)
                self.assertEqual(ours.keys(), theirs.keys())
                for name in ours:
                    self.assertEqual(ours[name], theirs[name], name)

    def test_vcd_tells_the_samples(self):
        told = waves(self.export("inference", "vcd").read_text())["m7scope.cycles.d_load"]
        samples = self.rows("inference", "samples")
        expected = []
        for sample in samples:
            if not expected or expected[-1] != int(sample["d_load"]):
                expected.append(int(sample["d_load"]))
        # The first value stands at time 0; behind the last sample all is 0.
        self.assertEqual([value for _, value in told], expected + ([0] if expected[-1] != 0 else []))

    # Summaries for GitHub.

    def test_summary_has_the_shape_that_github_action_benchmark_asks_for(self):
        for kind in KINDS:
            with self.subTest(kind):
                figures = json.loads(self.export(kind, "summary").read_text())
                self.assertGreater(len(figures), 0)
                self.assertEqual(len({figure["name"] for figure in figures}), len(figures))
                for figure in figures:
                    self.assertEqual(sorted(figure), ["extra", "name", "unit", "value"])
                    self.assertIsInstance(figure["value"], (int, float))
        report = self.summary()
        values = {figure["name"]: figure["value"] for figure in json.loads(self.export("inference", "summary").read_text())}
        self.assertEqual(values["sample.tflite on stm32f746: cycles"], report["cycles"])
        # Memories that follow each other are one, told by the name that the report has for it too.
        peaks = {region["name"]: region["peak_bytes"] for region in report["regions"]}
        told = {name.split(": peak ")[1]: value for name, value in values.items() if ": peak " in name}
        self.assertGreater(len(told), 0)
        for name, value in told.items():
            self.assertEqual(value, peaks[name])

    def test_github_page_is_short_and_its_tables_have_even_rows(self):
        for kind in KINDS:
            with self.subTest(kind):
                text = self.export(kind, "github").read_text()
                self.assertLess(len(text), 1 << 20)
                for table in re.findall(r"(?:^\|.*\n)+", text, re.M):
                    self.assertEqual(len({row.count("|") for row in table.splitlines()}), 1, table)

    # All of them.

    def test_the_same_trace_gives_the_same_bytes(self):
        for form in FORMATS:
            with self.subTest(form):
                first = self.export("inference", form).read_bytes()
                self.assertEqual(first, self.export("inference", form).read_bytes())
                done = program.run("trace", "export", self.folder / "inference.m7t", "--format", form, "-o", "-")
                self.assertEqual(first.decode(), done.stdout)

    def test_a_cap_keeps_the_file_whole(self):
        out = self.folder / "capped.json"
        done = program.run("trace", "export", self.folder / "inference.m7t", "--format", "chrome", "-o", out,
                           "--max-size", "150K")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"^m7scope: .*capped.json: \d+ pieces of detail left out to stay below 153600 bytes")
        self.assertLessEqual(out.stat().st_size, 150 << 10)
        json.loads(out.read_text())

    def test_errors_are_one_line_and_leave_no_file(self):
        trace = self.folder / "inference.m7t"
        out = self.folder / "none"
        cases = [
            ((trace, "--format", "chrome", "-o", self.folder / "no" / "such"), "cannot be written: No such file"),
            ((trace, "--format", "chrome", "-o", "/dev/full"), "/dev/full: cannot be written: No space left"),
            ((trace, "--format", "chrome", "-o", out, "--max-size", "1K"), "as chrome: needs more than the 1024 bytes"),
            ((trace, "--format", "chrome", "-o", out, "--max-size", "lots"), "--max-size: 'lots', expected bytes"),
            ((trace, "--format", "csv", "-o", out, "--table", "x"), "--table: 'x', expected one of regions, steps"),
            ((trace, "--format", "svg", "-o", out, "--table", "steps"), "--table: is for --format csv"),
            ((trace, "--format", "csv", "-o", "-"), "expected --table with it"),
            ((trace, "--format", "csv", "-o", trace), "cannot be made a folder"),
            ((self.folder / "absent.m7t", "--format", "svg", "-o", out), "absent.m7t"),
            ((pathlib.Path(__file__), "--format", "svg", "-o", out), "exports_test.py"),
        ]
        for arguments, expected in cases:
            with self.subTest(expected):
                done = program.run("trace", "export", *arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(expected, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir() if "part" in path.name or path.name == "none"], [])


class ExportsOfARun(unittest.TestCase):
    """The exports of a network that really ran."""

    @classmethod
    def setUpClass(cls):
        cls.keeper = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.keeper.name)
        cls.trace = cls.folder / "ad.m7t"
        done = program.run("infer", "zoo:mlperf-ad-fc", "--trace", cls.trace, "--json")
        assert done.returncode == 0, done.stderr
        cls.inference = json.loads(done.stdout)

    @classmethod
    def tearDownClass(cls):
        cls.keeper.cleanup()

    def export(self, form, *more):
        out = self.folder / form
        done = program.run("trace", "export", self.trace, "--format", form, "-o", out, *more)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return out

    def test_callgrind_annotate_tells_the_runs_cycles_and_its_source(self):
        path = self.export("callgrind", "--sources", self.folder / "sources")
        text = tool("callgrind_annotate", "--auto=yes", "--show=Cy,Ir", "--threshold=100",
                    f"--include={self.folder / 'sources'}", path)
        totals = re.search(r"^([\d,]+) \(100.0%\) +([\d,]+) \(100.0%\) +PROGRAM TOTALS", text, re.M)
        self.assertEqual(int(totals[1].replace(",", "")), self.inference["cycles"])
        self.assertEqual(int(totals[2].replace(",", "")), self.inference["instructions"])
        self.assertNotIn("(in no function)", text)
        # The line that took the most cycles stands in the annotated source with them.
        lines = self.folder / "lines.csv"
        program.run("trace", "export", self.trace, "--format", "csv", "--table", "lines", "-o", lines)
        with lines.open(newline="") as file:
            cycles = collections.Counter()
            for row in csv.DictReader(file):
                cycles[row["file"], int(row["line"])] += int(row["cycles"])
        known = [place for place, _ in cycles.most_common() if (self.folder / "sources" / place[0]).is_file()]
        source = (self.folder / "sources" / known[0][0]).read_text().splitlines()[known[0][1] - 1]
        self.assertNotEqual(source.strip(), "")
        shown = [row for row in text.splitlines() if row.endswith(source)]
        self.assertTrue(any(f"{cycles[known[0]]:,} (" in row for row in shown), (source, shown))

    def test_callgrind_annotate_includes_what_main_calls(self):
        text = tool("callgrind_annotate", "--inclusive=yes", "--auto=no", "--show=Cy", self.export("callgrind"))
        report = program.run_json(self, "trace", "summary", self.trace)
        for name in ("main", "m7_model_invoke"):
            inclusive = next(f["inclusive_cycles"] for f in report["functions"] if f["name"] == name)
            self.assertRegex(text, rf"(?m)^ *{inclusive:,} \([ \d.]+%\) +\S*:{name}\b")

    def test_every_format_tells_the_same_cycles(self):
        folded = self.export("folded").read_text().splitlines()
        self.assertEqual(sum(int(line.rsplit(" ", 1)[1]) for line in folded), self.inference["cycles"])
        figures = {f["name"]: f["value"] for f in json.loads(self.export("summary").read_text())}
        self.assertIn(self.inference["cycles"], figures.values())
        self.assertIn(f"{self.inference['cycles']:,} cycles", self.export("github").read_text())
        steps = [e["args"]["cycles"] for e in json.loads(self.export("chrome").read_text())["traceEvents"]
                 if e.get("cat") == "step" and e["ph"] == "B"]
        self.assertEqual(steps, [step["cycles"] for step in self.inference["steps"]])


def waves(text):
    """Name -> [(time, value), ...] of a VCD, values as numbers or texts, each change once."""
    names, scope = {}, []
    values = collections.defaultdict(list)
    time = 0
    head, _, body = text.partition("$enddefinitions $end")
    for line in head.splitlines():
        words = line.split()
        if words[:1] == ["$scope"]:
            scope.append(words[2])
        elif words[:1] == ["$upscope"]:
            scope.pop()
        elif words[:1] == ["$var"]:
            names[words[3]] = ".".join([*scope, words[4]])
    for line in body.splitlines():
        if line.startswith("#"):
            time = int(line[1:])
            continue
        if line == "" or line.startswith("$"):
            continue
        value, code = line.rsplit(" ", 1)
        kind, value = value[0], value[1:]
        if kind == "b":
            value = int(value, 2) if "x" not in value else "x"
        elif kind == "r":
            value = float(value)
        else:  # GTKWave escapes more characters than it has to
            value = re.sub(r"\\([0-7]{3}|.)", lambda found: chr(int(found[1], 8)) if found[1].isdigit() else found[1], value)
        name = names[code]
        if not values[name] or values[name][-1][1] != value:
            values[name].append((time, value))
    return {name: values[name] for name in names.values()}


if __name__ == "__main__":
    unittest.main()
