"""What else is where a folder goes live: mounts, and folders that nest without end. No update takes them along, none fails by them for good."""

import contextlib
import os
import resource
import subprocess

import pytest
from archives import tar, tree_of
from limits import documented
from sidecar import request
from waiting import wait_until

FILES = {"a.lua": b"one", "saves/x": b""}
OPEN_FILES, LEVELS = 700, 800
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount file systems")


@contextlib.contextmanager
def mounted(folder, what=None):
    """Another folder of the same file system, or a file system of its own."""
    subprocess.run(["mount", *(["--bind", what] if what else ["-t", "tmpfs", "none"]), folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def send(sidecar, source, version, files=FILES, **fields):
    return sidecar.update(version, source.put(f"/{version}", tar(files)), format="archive", **{"path": "game", **fields})


def nest(folder, levels=LEVELS):
    at = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)


@needs_root
@pytest.mark.parametrize("what", ["own", "bind"])
def test_a_folder_in_which_something_is_mounted_stays_where_it_is(game, source, start_sidecar, shared, tmp_path, what):
    (tmp_path / "saves").mkdir()
    sidecar = start_sidecar(game)
    assert send(sidecar, source, "v1").status == 200
    assert send(sidecar, source, "v2", {**FILES, "a.lua": b"two"}).status == 200
    with mounted(shared / "game/saves", tmp_path / "saves" if what == "bind" else None):
        (shared / "game/saves/1").write_bytes(b"of a player")
        before = tree_of(shared)
        asked = len(source.requests)
        rollback = request(sidecar.base + "/hot-update/rollback", "POST", b"path=game")
        for answer in (send(sidecar, source, "v3"), send(sidecar, source, "v3", mode="overlay"), send(sidecar, source, "v3", path="game/saves"), rollback):
            assert (answer.status, answer.json["reason"]) == (400, "TargetIsMountPoint"), answer
            assert f"{shared}/game/saves is a mount point" in answer.json["message"], answer
        assert len(source.requests) == asked, "it is seen before anything is fetched"
        answer = send(sidecar, source, "v3", path=".")
        assert (answer.status, answer.json["reason"]) == (400, "TargetIsMountPoint"), answer
        assert tree_of(shared) == before
        assert send(sidecar, source, "v4", {"beside": b"4"}, path=".", mode="overlay").status == 200
        assert tree_of(shared) == {**before, "beside": b"4"}
    assert send(sidecar, source, "v5").status == 200


@needs_root
@pytest.mark.parametrize("what", ["own", "bind"])
def test_what_is_mounted_in_kept_content_is_not_deleted_with_it(game, source, start_sidecar, shared, tmp_path, what):
    (tmp_path / "saves").mkdir()
    sidecar = start_sidecar(game, keepVersions=1)
    assert send(sidecar, source, "v1").status == 200
    assert send(sidecar, source, "v2", {"a.lua": b"two"}).status == 200
    [kept] = (shared / ".okg-sidecar/kept").iterdir()
    with mounted(kept / "game/saves", tmp_path / "saves" if what == "bind" else None):
        (kept / "game/saves/1").write_bytes(b"of a player")
        assert send(sidecar, source, "v3").status == 200
        sidecar.kill()
        sidecar.start()
        assert (kept / "game/saves/1").read_bytes() == b"of a player"
        assert "it is a mount point" in sidecar.log()
    assert send(sidecar, source, "v4").status == 200
    assert not kept.exists()


@pytest.fixture
def few_open_files():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_an_overlay_takes_as_many_levels_as_the_page_names(game, source, start_sidecar, shared):
    most = documented("levels of folders in one that is updated by overlay")
    sidecar = start_sidecar(game, keepVersions=0)
    (shared / "game").mkdir()
    nest(shared / "game", most)
    assert send(sidecar, source, "v1", mode="overlay").status == 200
    (shared / "game" / "/".join("d" * most) / "d").mkdir()
    answer = send(sidecar, source, "v2", {"a.lua": b"two"}, mode="overlay")
    assert (answer.status, answer.json["reason"]) == (400, "PathBlocked"), answer
    assert f"nest deeper than {most}" in answer.json["message"], answer
    assert tree_of(shared / "game") == FILES


def test_folders_that_nest_without_end_are_removed(few_open_files, game, source, start_sidecar, shared):
    """A game may make them, by mistake: in a folder that goes into kept/, and is removed there."""
    sidecar = start_sidecar(game, keepVersions=0)
    assert send(sidecar, source, "v1").status == 200
    nest(shared / "game")
    assert send(sidecar, source, "v2", mode="overlay").status == 400
    assert send(sidecar, source, "v3").status == 200
    state = shared / ".okg-sidecar"
    wait_until(lambda: not list((state / "kept").iterdir()), what="the old folder is removed")
    assert tree_of(shared / "game") == FILES
    sidecar.kill()
    for folder in ("game", ".okg-sidecar/staging", ".okg-sidecar/kept"):
        nest(shared / folder)
    sidecar.start()
    assert send(sidecar, source, "v4").status == 200
    wait_until(lambda: not list((state / "kept").iterdir()) and not list((state / "staging").iterdir()), what="all of it is removed")
    assert tree_of(shared / "game") == FILES
