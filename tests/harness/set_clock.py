"""A wall clock that is set: by NTP after a start, or by whoever resumes a machine that was suspended."""

import pathlib
import subprocess


def build(folder):
    """environment(seconds): that of a sidecar whose clock is so much ahead of that of files and games."""
    library = folder / "set_clock.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, pathlib.Path(__file__).with_suffix(".c")], check=True)
    return lambda seconds: {"LD_PRELOAD": str(library), "SET_CLOCK": str(seconds)}
