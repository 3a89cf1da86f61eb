#!/usr/bin/env python3
"""Prints every benchmark: how fast m7scope works beside a peer measured in the same run.

bench.py M7SCOPE. Times are the best of three, so that other work on the machine counts little.
- simulate: `m7scope run` against `qemu-system-arm -M mps2-an500` on the same ELF and input, start-up included. QEMU
  watches nothing; m7scope times every instruction, load and store.
- m7scope bench: MIPS with all timing on against the same emulator without hooks, in the same process.
- plan: reading the file, passes and planner; beside it how far the arena is from the bound no placement can beat.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

SIMULATED = ["mlperf-kws-dscnn", "mcunet-vww1", "mcunet-in1"]
PLANNED = ["mcunet-vww1", "proxyless-w0.3-r176", "mcunet-in4"]
REPEATS = 3


def best_seconds(command, folder):
    """Wall time of the fastest of REPEATS runs."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       stdin=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def simulate(program, folder):
    print(f"{'simulate':22}{'instructions':>14}{'m7scope s':>11}{'MIPS':>8}{'QEMU s':>9}{'m7scope / QEMU':>16}")
    for name in SIMULATED:
        elf = json.loads(subprocess.run(
            [program, "compile", f"zoo:{name}", "--board", "mps2-an500", "-o", folder / name, "--json"],
            check=True, capture_output=True, text=True).stdout)["elf"]
        (folder / "input.bin").write_bytes(bytes(i * 89 & 0xFF for i in range(1 << 18)))
        ours = [program, "run", elf, "--board", "mps2-an500", "--files", folder]
        report = json.loads(subprocess.run(ours + ["--json"], check=True, capture_output=True, text=True).stdout)
        qemu = ["qemu-system-arm", "-M", "mps2-an500", "-nographic", "-monitor", "none", "-serial", "none",
                "-semihosting-config", "enable=on,target=native", "-kernel", elf]
        ours_s, qemu_s = best_seconds(ours, folder), best_seconds(qemu, folder)
        print(f"{name:22}{report['instructions']:14,}{ours_s:11.2f}{report['instructions'] / ours_s / 1e6:8.0f}"
              f"{qemu_s:9.2f}{ours_s / qemu_s:16.2f}")


def plan(program, folder):
    print(f"\n{'plan':22}{'seconds':>14}{'arena / lower bound':>22}")
    for name in PLANNED:
        path = folder / f"{name}.tflite"
        subprocess.run([program, "models", "--export", name, "-o", path], check=True, capture_output=True)
        command = [program, "plan", path, "--json"]
        report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        ratio = report["arena_bytes"] / report["arena_lower_bound_bytes"]
        print(f"{name:22}{best_seconds(command, folder):14.2f}{ratio:22.3f}")


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        simulate(program, pathlib.Path(folder))
        plan(program, pathlib.Path(folder))
    print(flush=True)
    subprocess.run([program, "bench"], check=True)


if __name__ == "__main__":
    main()
