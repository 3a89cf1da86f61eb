"""The same ELF under QEMU's mps2-an500 prints the same outputs: an outside functional oracle."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import program

NETWORKS = ["mlperf-kws-dscnn", "mlperf-ad-fc", "odd-1", "mcunet-in0"]
QEMU = "qemu-system-arm"


class Qemu(unittest.TestCase):
    def test_qemu_and_m7scope_give_the_same_outputs(self):
        self.assertIsNotNone(shutil.which(QEMU), f"{QEMU} is not installed (bash tools/setup.sh)")
        for name in NETWORKS:
            with self.subTest(network=name), tempfile.TemporaryDirectory() as folder:
                self.compare(name, pathlib.Path(folder))

    def compare(self, name, folder):
        elf = pathlib.Path(
            program.run_json(self, "compile", f"zoo:{name}", "--board", "mps2-an500", "-o", folder / "engine")["elf"]
        )
        # Any bytes will do as an input, as long as both machines read the same ones.
        for machine in ("ours", "qemu"):
            (folder / machine).mkdir()
            (folder / machine / "input.bin").write_bytes(bytes((i * 89 + 41) & 0xFF for i in range(1 << 20)))

        ours = program.run("run", elf, "--board", "mps2-an500", "--files", folder / "ours", "--json")
        self.assertEqual(ours.returncode, 0, ours.stderr)
        qemu = subprocess.run(
            [QEMU, "-M", "mps2-an500", "-nographic", "-monitor", "none", "-serial", "none", "-semihosting-config",
             "enable=on,target=native", "-kernel", elf],
            cwd=folder / "qemu", capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL,
        )
        self.assertEqual(qemu.returncode, 0, qemu.stdout + qemu.stderr)
        expected = (folder / "qemu" / "output.bin").read_bytes()
        self.assertGreater(len(expected), 0)
        self.assertEqual((folder / "ours" / "output.bin").read_bytes(), expected)
        lines = [line for line in json.loads(ours.stdout)["console"].splitlines() if line.startswith("output ")]
        self.assertGreater(len(lines), 0)
        printed = (qemu.stdout + qemu.stderr).splitlines()
        self.assertEqual(lines, [line for line in printed if line.startswith("output ")])


if __name__ == "__main__":
    unittest.main()
