"""Each subcommand does what the README says."""
import json
import os
import pathlib
import signal
import struct
import subprocess
import tempfile
import time
import unittest
import xml.dom.minidom
import zlib

import program


def png(width, height, channels=3):
    """A PNG file of a plain gradient."""
    rows = b"".join(
        b"\0" + bytes((x * 3 + y * 5 + c * 40) & 0xFF for x in range(width) for c in range(channels))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 0, 0, 0, 0)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def npy(descr, shape, body):
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + body


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder_holder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.folder_holder.name)

    def tearDown(self):
        self.folder_holder.cleanup()

    def test_infer_prints_a_table_with_every_step(self):
        done = program.run("infer", "zoo:mlperf-kws-dscnn", "--check")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = program.run_json(self, "infer", "zoo:mlperf-kws-dscnn")
        for step in report["steps"]:
            self.assertIn(step["op"], done.stdout)
        self.assertIn(f"{len(report['steps'])} of {len(report['steps'])} steps equal to the reference", done.stdout)
        self.assertNotIn("\x1b", done.stdout)
        self.assertEqual(report["macs"], sum(step["macs"] for step in report["steps"]))

    def test_infer_takes_the_same_image_as_png_npy_and_raw_bytes(self):
        pixels = bytes((i * 7) & 0xFF for i in range(32 * 32 * 3))
        rows = b"".join(b"\0" + pixels[y * 96 : y * 96 + 96] for y in range(32))

        def chunk(kind, body):
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

        (self.folder / "image.png").write_bytes(
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
        )
        (self.folder / "image.npy").write_bytes(npy("|u1", (32, 32, 3), pixels))
        (self.folder / "image.raw").write_bytes(bytes(p ^ 0x80 for p in pixels))
        crcs = set()
        for kind in ("png", "npy", "raw"):
            report = program.run_json(
                self, "infer", "zoo:mlperf-resnet8", "--input", self.folder / f"image.{kind}", "--check"
            )
            program.assert_checked(self, report)
            crcs.add(report["outputs"][0]["crc32"])
        self.assertEqual(len(crcs), 1, crcs)

    def test_infer_resizes_an_image_of_another_size(self):
        (self.folder / "photo.png").write_bytes(png(50, 70))
        report = program.run_json(self, "infer", "zoo:mlperf-resnet8", "--input", self.folder / "photo.png", "--check")
        program.assert_checked(self, report)

    def test_compile_writes_a_tree_that_its_own_makefile_builds(self):
        report = program.run_json(self, "compile", "zoo:mlperf-ad-fc", "-o", self.folder / "engine")
        self.assertTrue(pathlib.Path(report["elf"]).is_file())
        made = subprocess.run(["make", "-C", self.folder / "engine"], capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        json.loads((self.folder / "engine" / "plan.json").read_text())
        xml.dom.minidom.parseString((self.folder / "engine" / "plan.svg").read_text())

    def test_run_executes_the_compiled_image_and_names_its_steps(self):
        elf = program.run_json(self, "compile", "zoo:mlperf-ad-fc", "-o", self.folder / "engine")["elf"]
        (self.folder / "input.bin").write_bytes(bytes(640))
        report = program.run_json(self, "run", elf, "--files", self.folder)
        self.assertEqual(report["end"], "exit")
        self.assertEqual({step["op"] for step in report["steps"]}, {"FULLY_CONNECTED"})
        self.assertGreater((self.folder / "output.bin").stat().st_size, 0)

    def test_run_stops_at_the_cycle_budget(self):
        elf = program.run_json(self, "compile", "zoo:mlperf-ad-fc", "-o", self.folder / "engine")["elf"]
        (self.folder / "input.bin").write_bytes(bytes(640))
        done = program.run("run", elf, "--files", self.folder, "--max-cycles", 10_000)
        self.assertEqual(done.returncode, 5)
        self.assertIn("--max-cycles", done.stderr)

    def test_plan_reports_arena_and_lower_bound(self):
        plan = program.run_json(self, "plan", "zoo:mlperf-resnet8")
        self.assertGreaterEqual(plan["arena_bytes"], plan["arena_lower_bound_bytes"])
        worse = program.run_json(self, "plan", "zoo:mlperf-resnet8", "--no-in-place")
        self.assertGreater(worse["arena_bytes"], plan["arena_bytes"])
        done = program.run("plan", "zoo:mlperf-resnet8", "--svg", self.folder / "plan.svg")
        self.assertEqual(done.returncode, 0)
        xml.dom.minidom.parseString((self.folder / "plan.svg").read_text())

    def test_models_lists_the_zoo_and_exports_a_file_that_infers_the_same(self):
        names = [row["name"] for row in program.run_json(self, "models")]
        for name in ("mcunet-in0", "mcunet-vww1", "mlperf-resnet8"):
            self.assertIn(name, names)
        path = self.folder / "proxyless.tflite"
        done = program.run("models", "--export", "proxyless-w0.3-r64", "-o", path)
        self.assertEqual(done.returncode, 0, done.stderr)
        ours = program.run_json(self, "infer", "zoo:proxyless-w0.3-r64")
        file = program.run_json(self, "infer", path)
        self.assertEqual(ours["outputs"], file["outputs"])

    def test_boards_lists_and_shows_boards(self):
        names = [row["name"] for row in program.run_json(self, "boards")]
        for name in ("stm32f746", "stm32h743", "mps2-an500"):
            self.assertIn(name, names)
            program.run_json(self, "boards", name)
        self.assertIn("DTCM", program.run("boards", "stm32f746").stdout)

    def test_an_interrupt_leaves_no_half_written_file(self):
        output = self.folder / "engine"
        process = subprocess.Popen(
            [program.PROGRAM, "compile", "zoo:mcunet-in2", "-o", output],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")},
        )
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        self.assertIn(process.returncode, (130, 0))
        left = [str(p) for p in self.folder.rglob("*") if ".part" in p.name]
        self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()
