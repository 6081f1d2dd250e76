"""File systems that cannot exchange two names, such as NFS and gVisor's."""

import pathlib
import subprocess


def build(folder):
    """environment(errno): that of a sidecar on a file system that answers so."""
    library = folder / "no_exchange.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, pathlib.Path(__file__).with_suffix(".c")], check=True)
    return lambda number: {"LD_PRELOAD": str(library), "NO_EXCHANGE": str(number)}
