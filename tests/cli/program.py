"""Runs m7scope as a user does, for the whole-program tests."""
import json
import os
import pathlib
import subprocess
import unittest

PROGRAM = os.environ["M7SCOPE"]
SHARED = pathlib.Path(os.environ["M7SCOPE_SHARED"])


def run(*arguments, **options):
    """The finished process of `m7scope ARGUMENTS`."""
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=600, **options)


def run_json(test, *arguments):
    """What `m7scope ARGUMENTS --json` printed; fails `test` where the exit code is not 0."""
    done = run(*arguments, "--json")
    test.assertEqual(done.returncode, 0, done.stderr + done.stdout[-2000:])
    return json.loads(done.stdout)


def require_shared(folder):
    """The folder of real models or goldens beside the project; skips the test where it is absent."""
    path = SHARED / folder
    if not path.is_dir():
        raise unittest.SkipTest(f"{path} is absent: real models are not part of the project")
    return path


def assert_checked(test, report):
    """Every step ran in the binary and equalled the reference."""
    test.assertGreater(len(report["steps"]), 0)
    test.assertEqual(report["check"]["steps"], len(report["steps"]), report["check"])
    test.assertEqual(report["check"]["equal"], report["check"]["steps"], report["check"])
    test.assertGreaterEqual(report["arena_bytes"], report["arena_lower_bound_bytes"])
    test.assertGreater(report["stack_bytes"], 0)
    # What the binary touched is what the plan gave it, to the granule in which touches are kept.
    test.assertLessEqual(report["arena_touched_bytes"], report["arena_bytes"])
    test.assertGreater(report["arena_touched_bytes"] + 16, report["arena_bytes"])
