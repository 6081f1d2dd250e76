"""Runs the node of the end-to-end tests until it is interrupted, with a file server for the example game's pages."""

import pathlib
import signal
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/cluster"), str(ROOT / "tests/harness")]

from binaries import CURRENT  # noqa: E402
from node import Node  # noqa: E402
from source import Source  # noqa: E402


def interrupt(*_):
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # one is enough; stopping takes some seconds
    raise KeyboardInterrupt


def run():
    with Node() as node:
        for archive in ("okg-sidecar.tar", "game-2048.tar"):
            node.import_image(ROOT / "build/images" / archive)
        pages = Source(address=node.host_address)
        for version in ("v1", "v2"):
            pages.put(f"/{version}/index.html", (ROOT / f"examples/game-2048/{version}/index.html").read_bytes())
        print(f"export KUBECONFIG={node.kubeconfig} PATH={CURRENT}:$PATH\nSOURCE={pages.url('')}\nRunning; Ctrl-C stops it.", flush=True)
        while True:
            signal.pause()


for each in (signal.SIGINT, signal.SIGTERM):
    signal.signal(each, interrupt)
try:
    run()
except KeyboardInterrupt:
    print("Stopped.")
