"""What tests of a sidecar beside a game share: a shared directory, a game, a sidecar for it."""

import pytest

from game import Nginx, SignalCounter
from sidecar import Sidecar


@pytest.fixture
def shared(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    return folder


@pytest.fixture
def game(things, tmp_path):
    things.append(SignalCounter(tmp_path / "game"))
    return things[-1]


@pytest.fixture
def nginx(things, tmp_path, shared):
    (shared / "index.html").write_bytes(b"<html>V1</html>")
    things.append(Nginx(tmp_path / "nginx", shared))
    return things[-1]


@pytest.fixture
def start_sidecar(things, tmp_path, shared):
    """start_sidecar(game, **settings): a sidecar for that game; sends SIGHUP to nginx and SIGUSR1 to anything else."""

    def start(a_game=None, host=None, env=None, wait_ready=True, more_argv=(), **settings):
        config = {"fileDir": str(shared), "storageConfig": {"type": "Local"}}
        if a_game is None:
            config["loadPatchType"] = "none"
        else:
            name = "SIGHUP" if isinstance(a_game, Nginx) else "SIGUSR1"
            config["signal"] = {"processName": a_game.process_name, "signalName": name}
        for key, value in settings.items():
            config[key] = {**config[key], **value} if isinstance(config.get(key), dict) else value
        things.append(Sidecar(tmp_path / "sidecar", config, host=host, env=env, wait_ready=wait_ready, more_argv=more_argv))
        return things[-1]

    return start
