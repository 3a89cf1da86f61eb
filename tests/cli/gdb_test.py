"""Debugs with the real gdb, as a user does: m7scope run --gdb on one side, gdb-multiarch on the other."""
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import program

START = r"""
  .syntax unified
  .cpu cortex-m7
  .fpu fpv5-sp-d16
  .thumb
  .section .isr_vector, "a"
  .word __stack_top
  .word reset + 1
  .text
  .type reset, %function
  .global reset
reset:
  ldr r0, =0xe000ed88
  ldr r1, [r0]
  orr r1, r1, #0x00f00000
  str r1, [r0]
  dsb
  isb
  bl main
  sub sp, sp, #8
  str r0, [sp, #4]
  ldr r0, =0x20026
  str r0, [sp]
  mov r1, sp
  movs r0, #0x20
  bkpt 0xab
  .size reset, . - reset
  .ltorg
"""

SCRIPT = """
MEMORY { CODE (rx) : ORIGIN = 0x08000000, LENGTH = 1M  RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 64K }
SECTIONS {
  .isr_vector : { KEEP(*(.isr_vector)) } > CODE
  .text : { *(.text*) *(.rodata*) } > CODE
  .bss : { *(.bss*) *(COMMON) } > RAM
  __stack_top = ORIGIN(RAM) + LENGTH(RAM);
}
"""

PROGRAM = r"""struct point { int x, y; };
int counter;
volatile int sink;
float scale;

__attribute__((noinline)) int weigh(int a, int b) {
  int product = a * b;                       // line 7
  struct point p = {a, product};             // line 8
  counter += p.y;                            // line 9
  return p.x + p.y;                          // line 10
}

__attribute__((noinline)) float half(float x) {
  float y = x * scale;                       // line 14
  return y;                                  // line 15
}

__attribute__((noinline)) int poke(volatile int *where) {
  *where = 1;                                // line 19
  return 0;
}

int main(void) {
  scale = 0.5f;
  int sum = 0;
  for (int i = 1; i <= 10; ++i) {
    sum += weigh(i, i + 1);
  }
  sink = (int)half(21.0f);                   // line 29
#ifdef FAULT
  poke((volatile int *)0x90000000);
#endif
#ifdef ENDLESS
  for (;;) ++sink;                           // line 34
#endif
  return sum & 0x7f;
}
"""

BOARD = "stm32f746"


@unittest.skipUnless(shutil.which("gdb-multiarch") and shutil.which("arm-none-eabi-gcc"),
                     "gdb-multiarch or arm-none-eabi-gcc is not installed")
class Gdb(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder_holder = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.folder_holder.name)
        for name, text in (("start.s", START), ("link.ld", SCRIPT), ("demo.c", PROGRAM)):
            (cls.folder / name).write_text(text)

    @classmethod
    def tearDownClass(cls):
        cls.folder_holder.cleanup()

    def build(self, *flags):
        """An ELF file of the program above."""
        elf = self.folder / ("demo" + "".join(flags).replace("-", "_") + ".elf")
        if not elf.exists():
            subprocess.run(["arm-none-eabi-gcc", "-mcpu=cortex-m7", "-mthumb", "-mfloat-abi=hard",
                            "-mfpu=fpv5-sp-d16", "-O0", "-g", "-nostdlib", "-ffreestanding",
                            "-Wl,--no-warn-rwx-segments", "-T", "link.ld", "demo.c", "start.s", *flags, "-o",
                            elf], cwd=self.folder, check=True, timeout=60)
        return elf

    def serve(self, elf, *flags):
        """m7scope waiting for gdb, and the place where it listens."""
        server = subprocess.Popen([program.PROGRAM, "run", elf, "--board", BOARD, "--gdb", ":0", "--json", *flags],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.stderr.close)
        self.addCleanup(server.kill)
        line = server.stderr.readline()
        place = re.search(r"target remote (\S+)", line)
        self.assertTrue(place, line)
        return server, place.group(1)

    def command(self, elf, place, *commands):
        """gdb's command line for these commands."""
        line = ["gdb-multiarch", "-batch", "-nx", "-ex", "set pagination off", "-ex", "set remotetimeout 20",
                "-ex", f"target remote {place}"]
        for command in commands:
            line += ["-ex", command]
        return [*line, str(elf)]

    def debug(self, elf, *commands, flags=()):
        """What gdb printed, and m7scope's exit code, JSON and errors, after these commands."""
        server, place = self.serve(elf, *flags)
        done = subprocess.run(self.command(elf, place, *commands), capture_output=True, text=True, timeout=120)
        out, err = server.communicate(timeout=60)
        return done.stdout + done.stderr, server.returncode, json.loads(out), err

    def plain(self, elf):
        """The JSON of the same run without a debugger."""
        return json.loads(program.run("run", elf, "--board", BOARD, "--json").stdout)

    def test_a_session_with_breakpoints_steps_and_watchpoints_ends_as_a_run_without(self):
        elf = self.build()
        text, code, report, _ = self.debug(
            elf, "break weigh", "continue", "next", "step", "next", "info locals", "delete", "hbreak half",
            "continue", "next", "info registers s0", "print y", "finish", "watch sink", "continue", "continue")
        self.assertIn("Breakpoint 1, weigh (a=1, b=2) at demo.c:7", text)
        self.assertRegex(text, r"(?m)^8\t")
        self.assertRegex(text, r"(?m)^9\t")
        self.assertRegex(text, r"(?m)^10\t")
        self.assertIn("product = 2", text)
        self.assertIn("p = {x = 1, y = 2}", text)
        self.assertIn("half (x=21) at demo.c:14", text)
        self.assertIn("= 10.5", text)
        self.assertRegex(text, r"s0 +21 ")
        self.assertIn("Old value = 0\nNew value = 10", text)
        self.assertRegex(text, r"m7scope: store of 4 bytes to 0x2\w+ at 0x08\w+ \(demo\.c:29\)")
        self.assertIn("exited with code 0157", text)  # 111, in octal as gdb has it
        self.assertEqual(code, 1)
        plain = self.plain(elf)
        for key in ("end", "exit_code", "instructions", "cycles", "loads", "stores"):
            self.assertEqual(report[key], plain[key], key)

    def test_reads_and_writes_variables_registers_and_memory(self):
        text, code, report, _ = self.debug(
            self.build(), "break weigh", "continue", "set var a = 100", "print a * b", "print $sp == $msp",
            "print/x $xpsr & 0x1000000", "print/x *(unsigned*)0xe000ed00", "set var *(int*)0x2000f000 = 0x1234abcd",
            "x/2xh 0x2000f000", "info registers psp primask basepri faultmask control fpscr d15", "set var $r7 = $r7",
            "x/i $pc", "print *(int*)0x90000000", "delete", "continue")
        self.assertIn("= 200", text)
        self.assertRegex(text, r"\$2 = 1")
        self.assertIn("= 0x1000000", text)
        self.assertIn("= 0x411fc271", text)
        self.assertRegex(text, r"0x2000f000:\s+0xabcd\s+0x1234")
        for name in ("psp", "primask", "basepri", "faultmask", "control", "fpscr", "d15"):
            self.assertRegex(text, rf"(?m)^{name} +")
        self.assertIn("Cannot access memory at address 0x90000000", text)
        self.assertEqual(report["end"], "exit")

    def test_read_and_access_watchpoints_say_which_access_hit(self):
        text, _, _, _ = self.debug(self.build(), "break half", "rwatch scale", "awatch counter", "continue",
                                   "continue", "delete 3", "continue", "continue", "bt 1", "kill")
        self.assertIn("m7scope: load of 4 bytes from", text)
        self.assertIn("Hardware access (read/write) watchpoint 3: counter", text)
        self.assertIn("Hardware read watchpoint 2: scale", text)
        self.assertIn("Value = 0.5", text)

    def test_monitor_tells_cycles_by_cause_and_resets(self):
        elf = self.build()
        text, code, report, _ = self.debug(elf, "break half", "continue", "monitor cycles", "monitor help",
                                           "monitor nonsense", "monitor reset", "maintenance flush register-cache",
                                           "info registers pc", "delete", "continue")
        found = re.search(r"(\d+) cycles, (\d+) instructions since reset\n((?:  \S+ +\d+\n)+)", text)
        self.assertTrue(found, text)
        causes = [int(row.split()[1]) for row in found.group(3).splitlines()]
        self.assertEqual(sum(causes), int(found.group(1)))
        self.assertGreater(int(found.group(2)), 100)
        self.assertIn("unknown command 'nonsense'", text)
        self.assertRegex(text, r"pc +0x\w+ +0x\w+ <reset>")
        self.assertEqual(report["cycles"], self.plain(elf)["cycles"])

    def test_a_fault_is_explained_and_shows_its_line(self):
        text, code, report, _ = self.debug(self.build("-DFAULT"), "continue", "bt", "frame", "continue")
        self.assertIn("m7scope: BusFault: store of 4 bytes to 0x90000000", text)
        self.assertIn("received signal SIGSEGV", text)
        self.assertRegex(text, r"#0 .*poke \(where=0x90000000\) at demo\.c:19")
        self.assertRegex(text, r"#1 .* in main \(\) at demo\.c:")
        self.assertIn("terminated with signal SIGSEGV", text)
        self.assertEqual(code, 3)
        self.assertEqual(report["fault"]["source"], "demo.c:19")

    def test_control_c_stops_an_endless_loop(self):
        elf = self.build("-DENDLESS")
        server, place = self.serve(elf)
        gdb = subprocess.Popen(self.command(elf, place, "continue", "print sink > 10", "info line", "kill"),
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        time.sleep(3)
        gdb.send_signal(signal.SIGINT)
        text, _ = gdb.communicate(timeout=60)
        self.assertIn("received signal SIGINT", text)
        self.assertIn("$1 = 1", text)
        self.assertIn("demo.c:34", text)
        server.communicate(timeout=60)
        self.assertEqual(server.returncode, 0)

    def test_a_limit_on_cycles_stops_where_it_was_reached(self):
        text, code, _, err = self.debug(self.build("-DENDLESS"), "continue", "bt", "continue",
                                        flags=("--max-cycles", "100000"))
        self.assertIn("still running after 100000 cycles", text)
        self.assertRegex(text, r"main \(\) at demo\.c:34")
        self.assertEqual(code, 5)

    def test_load_puts_the_program_into_flash(self):
        elf = self.build()
        text, _, report, _ = self.debug(elf, "set var *(int*)0x20000000 = 5", "load", "compare-sections",
                                        "monitor reset", "continue")
        self.assertIn("Loading section .text", text)
        self.assertIn('Section .text, range', text)
        self.assertNotIn("MIS-MATCHED", text)
        self.assertIn("exited with code 0157", text)

    def test_detach_lets_the_program_run_to_its_end(self):
        elf = self.build()
        text, code, report, _ = self.debug(elf, "break half", "continue", "detach")
        self.assertEqual(report["end"], "exit")
        self.assertEqual(report["cycles"], self.plain(elf)["cycles"])

    def test_places_that_cannot_be_listened_at(self):
        elf = self.build()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for place, says in ((f":{port}", f"port {port} of 127.0.0.1 is in use"), ("3333", "expected :PORT"),
                                (":", "expected :PORT"), (":99999", "from 0 to 65535"), (":12x", "expected :PORT"),
                                ("no.such.host.invalid:1", "no.such.host.invalid")):
                done = program.run("run", elf, "--board", BOARD, "--gdb", place)
                self.assertEqual(done.returncode, 2, place)
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
                self.assertIn(says, done.stderr)

    def test_control_c_while_waiting_for_gdb_ends_the_program(self):
        server, _ = self.serve(self.build())
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
        self.assertEqual(server.returncode, 130)


if __name__ == "__main__":
    unittest.main()
