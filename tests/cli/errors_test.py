"""Bad input gives one clear line on standard error and the exit code of its kind; never a crash."""
import json
import pathlib
import struct
import tempfile
import unittest

import program


class Errors(unittest.TestCase):
    def setUp(self):
        self.folder_holder = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.folder_holder.name)

    def tearDown(self):
        self.folder_holder.cleanup()

    def expect(self, code, *arguments, says):
        """One line on standard error with every text of `says`."""
        done = program.run(*arguments)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        lines = done.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        for text in says:
            self.assertIn(text, lines[0])

    def file(self, name, content):
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def model(self):
        path = self.folder / "kws.tflite"
        self.assertEqual(program.run("models", "--export", "mlperf-kws-dscnn", "-o", path).returncode, 0)
        return path

    def test_a_network_too_big_for_the_board_exits_with_4_and_the_missing_bytes(self):
        self.expect(4, "infer", "zoo:mcunet-in4", "--board", "stm32f746", says=["missing", "stm32f746"])
        self.expect(4, "plan", "zoo:mbv2-w1.0-r224", "--board", "stm32f746", says=["missing", "stm32f746"])

    def test_does_not_fit_in_json_names_the_region_and_the_bytes(self):
        done = program.run("infer", "zoo:mcunet-in4", "--board", "stm32f746", "--json")
        self.assertEqual(done.returncode, 4)
        report = json.loads(done.stdout)
        self.assertFalse(report["fits"])
        self.assertGreater(report["missing"]["bytes"], 0)
        self.assertTrue(report["missing"]["region"])

    def test_model_files_that_are_no_models(self):
        good = self.model().read_bytes()
        self.expect(2, "infer", self.folder / "none.tflite", says=["none.tflite", "cannot be read"])
        self.expect(2, "infer", self.folder, says=["folder"])
        self.expect(2, "infer", self.file("empty.tflite", b""), says=["empty.tflite"])
        self.expect(2, "infer", self.file("cut.tflite", good[: len(good) // 2]), says=["cut.tflite"])
        self.expect(2, "infer", self.file("magic.tflite", good[:4] + b"NOPE" + good[8:]), says=["magic.tflite", "TFL3"])
        self.expect(2, "infer", self.file("text.tflite", b"hello world " * 100), says=["text.tflite"])
        self.expect(2, "infer", "zoo:nothing", says=["nothing"])

    def test_inputs_that_do_not_fit_the_network(self):
        self.expect(2, "infer", "zoo:mlperf-ad-fc", "--input", "seed:x", says=["seed:x", "seed:N"])
        self.expect(2, "infer", "zoo:mlperf-ad-fc", "--input", self.file("short.bin", b"123"), says=["short.bin", "3 bytes", "640"])
        self.expect(2, "infer", "zoo:mlperf-ad-fc", "--input", self.file("a.png", b"no image"), says=["a.png"])
        self.expect(2, "infer", "zoo:mlperf-resnet8", "--input", self.file("b.png", b"no image"), says=["b.png", "PNG"])
        self.expect(2, "infer", "zoo:mlperf-ad-fc", "--input", self.file("a.npy", b"\x93NUMPY"), says=["a.npy"])

    def test_firmware_that_is_no_firmware(self):
        self.expect(2, "run", self.folder / "none.elf", says=["none.elf"])
        self.expect(2, "run", self.file("text.elf", b"hello"), says=["text.elf"])
        self.expect(2, "run", program.PROGRAM, says=["m7scope", "ARM"])
        self.expect(2, "run", self.file("raw.bin", bytes(64)), says=["raw.bin", "--base"])
        self.expect(2, "run", self.file("raw.bin", bytes(64)), "--base", "zzz", says=["--base", "zzz"])

    def test_firmware_outside_the_boards_memory(self):
        # One PT_LOAD segment at 0xC0000000, where an STM32F746 has nothing.
        ident = b"\x7fELF\x01\x01\x01" + bytes(9)
        head = struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, 0xC0000001, 52, 0, 0x05000000, 52, 32, 1, 0, 0, 0)
        segment = struct.pack("<IIIIIIII", 1, 84, 0xC0000000, 0xC0000000, 16, 16, 5, 4)
        elf = self.file("far.elf", ident + head + segment + struct.pack("<IIII", 0x20001000, 0xC0000009, 0, 0))
        self.expect(2, "run", elf, says=["far.elf", "0xc0000000"])

    def test_boards_that_are_no_boards(self):
        self.expect(2, "infer", "zoo:mlperf-ad-fc", "--board", "stm32f999", says=["stm32f999"])
        self.expect(2, "boards", self.file("bad.toml", b"name = 3\n"), says=["bad.toml"])
        self.expect(2, "boards", self.file("syntax.toml", b"[[[\n"), says=["syntax.toml"])

    def test_outputs_that_cannot_be_written(self):
        blocker = self.file("blocker", b"")
        self.expect(2, "compile", "zoo:mlperf-ad-fc", "-o", blocker / "engine", says=["blocker"])
        self.expect(2, "plan", "zoo:mlperf-ad-fc", "--svg", self.folder / "no" / "plan.svg", says=["plan.svg"])

    def test_usage_errors_exit_with_2(self):
        for arguments in ([], ["infer"], ["dance"], ["infer", "zoo:mlperf-ad-fc", "--speed", "9"], ["run", "a", "--max-cycles", "-1"]):
            done = program.run(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertNotEqual(done.stderr, "")


if __name__ == "__main__":
    unittest.main()
