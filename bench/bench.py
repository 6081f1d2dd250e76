"""Measures every figure in one run, prints one table, writes bench/results.json. Usage: bench.py [--quick] [--skip GROUP …]

--quick leaves out what depends on the machine's mood, and measures the rest shortly."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path[:0] = [str(BENCH), str(ROOT / "tests/harness"), str(ROOT / "tests/cluster")]
os.environ.setdefault("OKG_SIDECAR", str(ROOT / "build/release/okg-sidecar"))

import cluster_figures  # noqa: E402
import local  # noqa: E402
import trees  # noqa: E402
from figure import print_table, write_results  # noqa: E402


def figures(folder, quick, skip):
    groups = {
        "size": lambda: local.size(folder / "size"),
        "idle": lambda: local.idle(folder / "idle", 10 if quick else 60),
        "trees": lambda: trees.figures(folder / "trees", quick),
        "cluster": lambda: cluster_figures.figures(folder / "cluster", quick),
    }
    if not quick:
        groups |= {
            "start": lambda: local.start(folder / "start", 31),
            "small": lambda: local.small_update(folder / "small", 101),
            "large": lambda: local.large_update(folder / "large", 5, 1 << 30),
            "health": lambda: local.health(folder / "health", 60),
        }
    found = []
    for name, measure in groups.items():
        if name in skip:
            continue
        print(f"bench: {name}", file=sys.stderr)
        found += measure()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--skip", nargs="*", default=[])
    chosen = parser.parse_args()
    # On a disk: a temporary folder in memory would make every fsync free.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    try:
        found = figures(folder, chosen.quick, chosen.skip)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print_table(found)
    write_results(found, BENCH / "results.json")
    if not chosen.quick and "parsers" not in chosen.skip:
        subprocess.run([ROOT / "build/release/bench/parsers", "--benchmark_min_time=0.2"], check=True)
    missed = [figure.name for figure in found if figure.passed is False]
    if missed:
        print(f"bench: not met: {'; '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
