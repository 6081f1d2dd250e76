"""Games written for the runtimes that games are written for; compiled once for a machine."""

import contextlib
import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from waiting import wait_until

GAMES = pathlib.Path(__file__).parent / "games"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "okg-sidecar" / "field-games"
RUNTIMES = ["C", "Go", "Python", "Node.js", "Java", "Lua"]


def compiled(source, *command, folder=GAMES):
    """The folder where `command`, run in `folder` with its own as "OUT", has put what it makes of `source`."""
    text = (folder / source).read_bytes() + repr(command).encode()
    kept = CACHE / hashlib.sha256(text).hexdigest()[:16]
    if not kept.exists():
        made = kept.with_name(f"{kept.name}.{os.getpid()}")
        made.mkdir(parents=True)
        subprocess.run([each.replace("OUT", str(made)) for each in command], cwd=folder, check=True)
        try:
            made.rename(kept)
        except OSError:  # another run was quicker
            shutil.rmtree(made)
    return kept


def program(runtime):
    """What a game of this runtime is started with."""
    if runtime == "C":
        return [compiled("plain_game.c", "gcc", "-O1", "-pthread", "-o", "OUT/plain_game", "plain_game.c") / "plain_game"]
    if runtime == "Go":
        return [compiled("plain_game.go", "go", "build", "-o", "OUT/plain_game_go", "plain_game.go") / "plain_game_go"]
    if runtime == "Java":
        return ["java", "-XX:TieredStopAtLevel=1", "-cp", compiled("PlainGame.java", "javac", "-d", "OUT", "PlainGame.java"), "PlainGame"]
    interpreter, file = {"Python": (sys.executable, "plain_game.py"), "Node.js": ("node", "plain_game.js"),
                         "Lua": ("lua5.3", "plain_game.lua")}[runtime]
    return [interpreter, GAMES / file]


def command_line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
    except OSError:  # it has ended meanwhile
        return []


class PlainGame:
    """Notes that it is ready, and each signal that it handles. `wrapped` makes of the game's arguments those of what starts it."""

    def __init__(self, folder, runtime="C", handles=None, wrapped=lambda argv: argv, more=(), **popen):
        folder.mkdir(parents=True, exist_ok=True)
        self.notes = folder / f"notes-{time.monotonic_ns()}"
        asked = "none" if handles is None else str(int(handles))
        if runtime == "Java" and handles is not None:
            asked = signal.Signals(handles).name[3:]
        self.argv = [str(each) for each in [*program(runtime), self.notes, asked, *more]]
        self.process = subprocess.Popen(wrapped(self.argv), cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **popen)
        wait_until(lambda: self.notes.exists() and "ready" in self.notes.read_text(), what="the game is ready")
        [self.pid] = [pid for pid in self.pids() if command_line(pid) == self.argv] or [self.process.pid]

    @property
    def process_name(self):
        return str(self.notes)

    def pids(self):
        """The game and what started it."""
        pids = [int(each.name) for each in pathlib.Path("/proc").iterdir() if each.name.isdigit()]
        return [pid for pid in pids if any(str(self.notes) in each for each in command_line(pid))]

    def count(self):
        return self.notes.read_text().count("signal")

    def wait_for(self, count):
        wait_until(lambda: self.count() >= count, what=f"{count} signals")
        return self.count()

    def lives(self):
        return self.process.poll() is None and (self.pid == self.process.pid or command_line(self.pid) == self.argv)

    def stop(self):
        self.process.kill()
        while pids := self.pids():  # what starts the game may have started it again meanwhile
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.process.wait(20)
