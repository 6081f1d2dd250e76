import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cluster"))

from game_pods import GamePods, remove_all  # noqa: E402
from install_tools import tool  # noqa: E402, F401  (a fixture)
from node import Node, leftovers  # noqa: E402
from source import Source  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def images():
    """The folder in which scripts/test left the images that are shipped."""
    return pathlib.Path(os.environ.get("OKG_IMAGES", ROOT / "build/images"))


@pytest.fixture(scope="session")
def node(images):
    with Node() as started:
        for archive in ("okg-sidecar.tar", "game-2048.tar"):
            started.import_image(images / archive)
        yield started
    assert leftovers() == []


@pytest.fixture
def pages(node, things):
    """A file server that pods reach, with the example game's pages at /v1/index.html and /v2/index.html."""
    things.append(Source(address=node.host_address))
    for version in ("v1", "v2"):
        things[-1].put(f"/{version}/index.html", (ROOT / f"examples/game-2048/{version}/index.html").read_bytes())
    return things[-1]


@pytest.fixture
def emptied(node):
    """The namespace `default` without game, permissions, result ConfigMap and configuration, before and after the test."""
    yield
    remove_all(node)


@pytest.fixture
def game(node, emptied):
    """The namespace `default` with the shipped permissions, result ConfigMap and configuration."""
    return GamePods(node)
