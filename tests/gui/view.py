"""Runs m7scope-view as a user does: for pictures, and in a window under Xvfb that xdotool drives."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

VIEW = os.environ["M7SCOPE_VIEW"]
SAMPLE = os.environ["GUI_SAMPLE"]
DROP = os.environ["GUI_DROP"]
PATIENCE = 60  # seconds; a machine under load may need one for a frame


def run(*arguments, **options):
    """The finished process of `m7scope-view ARGUMENTS`."""
    return subprocess.run([VIEW, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options)


def sample(path, seed=1, lives=200):
    """Writes a synthetic trace."""
    subprocess.run([SAMPLE, path, str(seed), str(lives)], check=True)
    return path


def program_beside_a_viewer(folder):
    """A copy of m7scope whose viewer, beside it, tells its state."""
    program = pathlib.Path(shutil.copy(os.environ["M7SCOPE"], folder))
    viewer = folder / "m7scope-view"
    viewer.write_text(f'#!/bin/sh\nexec "{VIEW}" "$@" --state-file "$VIEW_STATE" --size 1280x860\n')
    viewer.chmod(0o755)
    return program


class FolderTest(unittest.TestCase):
    """A test with a folder of its own, which also holds what the viewer remembers."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.environment = dict(os.environ, XDG_CONFIG_HOME=str(self.folder / "config"))
        self.settings = self.folder / "config" / "m7scope" / "viewer.json"


class Display:
    """An X server without a screen."""

    def __init__(self, size="1300x900"):
        if not shutil.which("Xvfb") or not shutil.which("xdotool"):
            raise RuntimeError("Xvfb and xdotool are needed: bash tools/setup.sh installs them")
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.name = ":" + self.server.stdout.readline().strip()

    def close(self):
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()


class Window:
    """The viewer in a window. Input goes in as events of the X server; what is shown comes out of its state file."""

    def __init__(self, test, display, *arguments, starter=None):
        """`starter`: a program that starts the viewer, with all of `arguments`; see `program_beside_a_viewer`."""
        self.test = test
        self.state_file = test.folder / "state.json"
        self.state_file.unlink(missing_ok=True)
        self.environment = dict(test.environment, DISPLAY=display.name, VIEW_STATE=str(self.state_file))
        own = [] if starter else ["--state-file", str(self.state_file), "--size", "1280x860"]
        self.process = subprocess.Popen([str(starter or VIEW), *map(str, arguments), *own], env=self.environment,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        start_new_session=True)
        test.addCleanup(self.kill)
        self.wait("a first frame", lambda state: True)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # the viewer too, where another program has started it
        self.process.communicate()

    def state(self):
        try:
            return json.loads(self.state_file.read_text())
        except FileNotFoundError:
            return None

    def wait(self, what, holds):
        """The first state for which `holds` is true; fails the test where none comes."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            state = self.state()
            if state is not None and holds(state):
                return state
            if self.process.poll() is not None:
                self.test.fail(f"the viewer ended while waiting for {what}: {self.process.communicate()[1]}")
            time.sleep(0.02)
        self.test.fail(f"waited {PATIENCE} s for {what}; shown: {json.dumps(self.state(), indent=1)[:3000]}")

    def do(self, *xdotool):
        subprocess.run(["xdotool", *map(str, xdotool)], env=self.environment, check=True)

    def key(self, name):
        self.do("key", name)

    def type(self, text):
        self.do("type", "--delay", "40", text)

    def mark(self, name):
        """The middle of what the viewer drew under this name."""
        left, top, right, bottom = self.wait(name, lambda state: state["settled"] and name in state["marks"])["marks"][name]
        return (left + right) / 2, (top + bottom) / 2

    def move(self, x, y):
        self.do("mousemove", round(x), round(y))

    def click(self, where, button=1):
        x, y = self.mark(where) if isinstance(where, str) else where
        self.move(x, y)
        time.sleep(0.1)  # a hover before the press, as a hand does
        self.do("click", button)

    def drag(self, start, end):
        self.move(*start)
        self.do("mousedown", 1)
        for i in range(1, 6):
            self.move(start[0] + (end[0] - start[0]) * i / 5, start[1] + (end[1] - start[1]) * i / 5)
            time.sleep(0.05)
        self.do("mouseup", 1)

    def drop(self, *files):
        """Drops files where the mouse is."""
        subprocess.run([DROP, *map(str, files)], env=self.environment, check=True)

    def quit(self):
        """Ends the viewer by its key; its exit code."""
        self.key("ctrl+q")
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.test.fail("Ctrl+Q does not end the viewer")


def png_size(path):
    head = path.read_bytes()[:24]
    if not re.match(rb"\x89PNG\r\n\x1a\n....IHDR", head, re.DOTALL):
        raise AssertionError(f"{path} is no PNG")
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
