import pytest

from fixtures import *  # noqa: F403
from sidecar import Sidecar


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """One sidecar for all tests of a file that change nothing: no game, no settings."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "shared").mkdir()
    config = {"fileDir": str(folder / "shared"), "storageConfig": {"type": "Local"}, "loadPatchType": "none"}
    started = Sidecar(folder / "sidecar", config, env={"POD_NAME": "game-0.blue"})
    yield started
    assert started.stop() == 0
    assert not started.sanitizer_reports()
