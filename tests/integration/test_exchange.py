"""How a folder goes live, by the real binary: which files stay the ones they were, and what happens where nothing can be exchanged."""

import errno
import os

import pytest
from archives import manifest_of, tar, tar_zst, tree_of, zipped
from game import OthersGame
from no_exchange import build
from sidecar import request
from waiting import wait_until

LARGE = bytes(range(256)) * 2000  # is written before it is known to be the same
V1 = {"same.lua": b"same", "deep/same": b"same too", "large": LARGE, "other": b"one", "gone": b"x"}
V2 = {"same.lua": b"same", "deep/same": b"same too", "large": LARGE, "other": b"two", "come": b"x"}


def inodes(folder):
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def roll_back(sidecar, path):
    return request(sidecar.base + "/hot-update/rollback", "POST", f"path={path}".encode())


@pytest.fixture
def others_game(things, tmp_path):
    things.append(OthersGame(f"others-game-{os.getpid()}-{tmp_path.name}"))
    return things[-1]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to run the game as another user")
@pytest.mark.parametrize("mode", ["mirror", "overlay"])
@pytest.mark.parametrize("pack", [tar_zst, zipped], ids=lambda pack: pack.__name__)
def test_the_files_of_an_archive_that_did_not_change_keep_their_inode(others_game, source, start_sidecar, shared, pack, mode):
    sidecar = start_sidecar(others_game)
    assert sidecar.update("v1", source.put("/v1", pack(V1)), path="game", format="archive").status == 200
    before = inodes(shared / "game")
    assert sidecar.update("v2", source.put("/v2", pack(V2)), path="game", format="archive", mode=mode).status == 200
    after = inodes(shared / "game")
    kept = ["same.lua", "deep/same", "large", *(["gone"] if mode == "overlay" else [])]
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["other"] != before["other"]
    assert tree_of(shared / "game") == (V2 if mode == "mirror" else {**V1, **V2})
    assert roll_back(sidecar, "game").status == 200
    assert inodes(shared / "game") == before
    assert tree_of(shared / "game") == V1


def test_a_game_that_can_write_gets_files_of_its_own(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    assert sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive").status == 200
    before = inodes(shared / "game")
    assert sidecar.update("v2", source.put("/v2", tar(V2)), path="game", format="archive").status == 200
    (shared / "game/same.lua").write_bytes(b"written by the game")
    assert not set(before.values()) & set(inodes(shared / "game").values())
    assert roll_back(sidecar, "game").status == 200
    assert tree_of(shared / "game") == V1


@pytest.fixture(scope="module")
def no_exchange(tmp_path_factory):
    return build(tmp_path_factory.mktemp("preloaded"))


@pytest.mark.parametrize("path", ["game", "."])
@pytest.mark.parametrize("format_", ["archive", "manifest"])
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.ENOTSUP], ids=errno.errorcode.get)
def test_where_nothing_can_be_exchanged_a_folder_goes_live_by_renames_and_the_answer_says_so(game, source, start_sidecar, shared, no_exchange, number, format_, path):
    sidecar = start_sidecar(game, env=no_exchange(number))

    def send(version, files):
        body = tar(files) if format_ == "archive" else manifest_of(source, files)
        answer = sidecar.update(version, source.put("/" + version, body), path=path, format=format_)
        assert answer.status == 200, answer
        assert tree_of(shared / path) == files
        return answer.json["exchanged"]

    assert send("v1", V1) == ("exchange" if path == "game" else "exchanges"), "nothing is there that it could change places with"
    assert send("v2", V2) == "renames"
    ended = sidecar.status()["results"][-1]
    assert ended["exchanged"] == "renames"
    assert sidecar.get(f"/hot-update/updates/{ended['id']}").json["exchanged"] == "renames"
    answer = roll_back(sidecar, path)
    assert (answer.status, answer.json["exchanged"]) == (200, "renames"), answer
    assert tree_of(shared / path) == V1
    assert not list((shared / ".okg-sidecar/staging").iterdir())
    assert not [each for each in (shared / ".okg-sidecar/kept").rglob("\x01*")], "nothing waits aside"
    asked = len(source.requests)
    sidecar.kill()
    sidecar.start()
    assert tree_of(shared / path) == V1
    assert len(source.requests) == asked


def test_what_the_game_does_not_take_is_reverted_by_renames(game, source, start_sidecar, shared, no_exchange):
    sidecar = start_sidecar(game, env=no_exchange(errno.EINVAL), signal={"waitSeconds": 0.1})
    assert sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive").status == 200
    game.stop()
    answer = sidecar.update("v2", source.put("/v2", tar(V2)), path="game", format="archive")
    assert answer.status == 500, answer
    wait_until(lambda: tree_of(shared / "game") == V1, what="the old folder is live")
    assert not list((shared / ".okg-sidecar/staging").iterdir())


def test_another_error_of_the_exchange_fails_the_update(game, source, start_sidecar, shared, no_exchange):
    sidecar = start_sidecar(game, env=no_exchange(errno.EIO))
    assert sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive").status == 200
    answer = sidecar.update("v2", source.put("/v2", tar(V2)), path="game", format="archive")
    assert (answer.status, answer.json["reason"]) == (500, "DiskError"), answer
    assert tree_of(shared / "game") == V1
