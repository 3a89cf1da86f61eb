"""Start-up code in the style of ST's tools boots: clocks, caches, MPU, interrupts, serial port, faults."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))

import program  # noqa: E402

FLAGS = ["-mcpu=cortex-m7", "-mthumb", "-mfloat-abi=hard", "-O2", "-g", "-ffreestanding", "-nostdlib", "-Wall", "-Wextra",
         "-Werror"]
TYPED = "first line\nsecond one\n"


def build(folder, linker, fpu, *sources):
    """The ELF and the raw image of `sources`."""
    elf, raw = folder / "firmware.elf", folder / "firmware.bin"
    subprocess.run(["arm-none-eabi-gcc", *FLAGS, f"-mfpu={fpu}", "-T", HERE / linker, HERE / "startup.c",
                    *(HERE / s for s in sources), "-lgcc", "-o", elf], check=True)
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", elf, raw], check=True)
    return elf, raw


def value(text, name):
    return int(re.search(rf"^{name} (\d+)$", text, re.MULTILINE).group(1))


class Boot(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def run_it(self, image, board, *more):
        done = program.run("run", image, "--board", board, "--json", "--max-cycles", "200000000", *more, input=TYPED)
        self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr)
        return json.loads(done.stdout)

    def check(self, report, name, core_hz, baud_divider, kernel_hz):
        text = report["console"]
        self.assertTrue(text.startswith(f"{name} core {core_hz}\n"), text)
        # SysTick is at 1 kHz of the clock that firmware believes in: the cycles agree if the clock tree does.
        self.assertAlmostEqual(value(text, "cycles of a tick"), core_hz // 1000, delta=3)
        self.assertEqual(value(text, "timer interrupts"), 20)
        self.assertAlmostEqual(value(text, "timer cycles"), core_hz // 10000, delta=5)
        self.assertEqual(value(text, "timer sum"), 105)  # 0.5 x (1 + ... + 20)
        self.assertIn("fpu kept\n", text)
        # Ten bytes of ten bits; the program's own loop adds a little.
        bits = 100 * baud_divider * core_hz // kernel_hz
        self.assertGreaterEqual(value(text, "cycles of 10 bytes"), bits)
        self.assertLess(value(text, "cycles of 10 bytes"), bits + 1000)
        self.assertIn("fault CFSR 130 MMFAR 4\n", text)  # MMARVALID, DACCVIOL
        self.assertIn(f"fault CFSR {0x8200} BFAR {0x58030000}\n", text)  # BFARVALID, PRECISERR
        self.assertEqual(value(text, "faults survived"), 2)
        self.assertTrue(text.endswith("poll> first line\ninterrupt> second one\ndone\n"), text)
        self.assertEqual(report["notes"], [])
        self.assertEqual([fault["kind"] for fault in report["faults_taken"]], ["MemManage", "BusFault"])
        self.assertIn("0x58030000", report["faults_taken"][1]["reason"])

    def test_f746_at_216_mhz_boots_from_elf_and_raw_image(self):
        elf, raw = build(self.folder, "f746.ld", "fpv5-sp-d16", "stm32f746.c", "application.c")
        report = self.run_it(elf, "stm32f746")
        self.check(report, "STM32F746", 216_000_000, 938, 108_000_000)
        again = self.run_it(raw, "stm32f746", "--base", "0x08000000")
        self.assertEqual(again["console"], report["console"])
        self.assertEqual(again["cycles"], report["cycles"])

    def test_h743_at_480_mhz_boots_from_elf_and_raw_image(self):
        elf, raw = build(self.folder, "h743.ld", "fpv5-d16", "stm32h743.c", "application.c")
        report = self.run_it(elf, "stm32h743")
        self.check(report, "STM32H743", 480_000_000, 1042, 120_000_000)
        again = self.run_it(raw, "stm32h743", "--base", "0x08000000")
        self.assertEqual(again["console"], report["console"])

    def test_a_wrong_crystal_is_told(self):
        elf, _ = build(self.folder, "h743.ld", "fpv5-d16", "stm32h743.c", "application.c")
        report = self.run_it(elf, "stm32h743", "--hse", "25000000")
        self.assertTrue(any("1500.000 MHz" in note and "--hse" in note for note in report["notes"]), report["notes"])

    def test_the_serial_port_can_be_chosen(self):
        elf, _ = build(self.folder, "f746.ld", "fpv5-sp-d16", "stm32f746.c", "application.c")
        other = program.run("run", elf, "--board", "stm32f746", "--json", "--max-cycles", "30000000", "--uart-device",
                            "uart4", input=TYPED)
        report = json.loads(other.stdout)
        self.assertEqual(report["console"], "")
        self.assertTrue(any("USART1" in note for note in report["notes"]), report["notes"])
        wrong = program.run("run", elf, "--board", "stm32f746", "--uart-device", "usart9")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("expected a serial port of stm32f746: USART2", wrong.stderr)

    def test_qemu_and_m7scope_print_the_same(self):
        qemu = shutil.which("qemu-system-arm")
        self.assertIsNotNone(qemu, "qemu-system-arm is not installed (bash tools/setup.sh)")
        elf, _ = build(self.folder, "an500.ld", "fpv5-d16", "an500.c")
        ours = self.run_it(elf, "mps2-an500")
        theirs = subprocess.run([qemu, "-M", "mps2-an500", "-display", "none", "-monitor", "none", "-serial", "stdio",
                                 "-semihosting-config", "enable=on,target=native", "-kernel", elf],
                                input=TYPED, capture_output=True, text=True, timeout=60)
        self.assertEqual(theirs.returncode, 0, theirs.stdout + theirs.stderr)
        self.assertEqual(ours["console"], theirs.stdout)
        self.assertIn("FIRST LINE\n", ours["console"])


if __name__ == "__main__":
    unittest.main()
