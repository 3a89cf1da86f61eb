#!/usr/bin/env python3
"""Fails when an include runs upward or sideways between the top-level folders.

Level 1: isa, reference. Level 2: memory_model, traces. Level 3: sim, engine. Level 4: cli, gui.
A folder may include itself and any folder of a lower level.
"""
import pathlib
import re
import sys

LEVEL = {"isa": 1, "reference": 1, "memory_model": 2, "traces": 2, "sim": 3, "engine": 3, "cli": 4, "gui": 4}
SUFFIXES = {".h", ".hpp", ".c", ".cpp", ".inc"}
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')


def violations(root):
    """(file, line number, included path) of each include that breaks the order, and how many were looked at."""
    bad, seen = [], 0
    for folder, level in LEVEL.items():
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in SUFFIXES:
                continue
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                seen += 1
                # "../sim/x.h" is caught as well as "sim/x.h".
                parts = [p for p in match.group(1).split("/")[:-1] if p not in (".", "..")]
                target = parts[0] if parts else folder
                if target in LEVEL and target != folder and LEVEL[target] >= level:
                    bad.append((path.relative_to(root), number, match.group(1)))
    return bad, seen


def self_test(scratch):
    """A planted upward and a planted sideways include must both be found."""
    (scratch / "isa").mkdir(parents=True)
    (scratch / "sim").mkdir()
    (scratch / "isa" / "a.h").write_text('#include "sim/machine.h"\n')
    (scratch / "sim" / "b.h").write_text('#include "engine/plan.h"\n#include "isa/units.h"\n')
    found, _ = violations(scratch)
    return [str(path) for path, _, _ in found] == ["isa/a.h", "sim/b.h"]


def main():
    import tempfile

    root = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        if not self_test(pathlib.Path(scratch) / "planted"):
            sys.exit("layers: the check does not see planted violations")
    bad, seen = violations(root)
    for path, number, target in bad:
        print(f"{path}:{number}: includes {target}, which is not on a lower level")
    if bad or seen == 0:
        sys.exit(f"layers: {len(bad)} violations in {seen} includes")
    print(f"layers: {seen} includes, all downward")


if __name__ == "__main__":
    main()
