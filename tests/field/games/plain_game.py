"""plain_game.py NOTES none|NUMBER: a game that handles that one signal, or none."""

import signal
import sys


def note(line):
    with open(sys.argv[1], "a") as file:
        file.write(line + "\n")


if sys.argv[2] != "none":
    signal.signal(int(sys.argv[2]), lambda *_: note("signal"))
note("ready")
while True:
    signal.pause()
