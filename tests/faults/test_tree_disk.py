"""A disk that fills up while a folder is made on it: nothing of it is live, and the room is given back."""

import os

import pytest
from archives import tar, tar_gz, tree_of
from test_disk import free_bytes, small_disk

OLD = {"a.lua": b"old", "sub/b": b"old"}
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount file systems")
FIELDS = {"path": "game", "format": "archive"}


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk") as folder:
        yield folder


@pytest.fixture
def sidecar(disk, source, start_sidecar):
    running = start_sidecar(fileDir=str(disk), download={"retries": 1, "minFreePercent": 0})
    assert running.update("v1", source.put("/v1", tar(OLD)), **FIELDS).status == 200
    return running


def check_refused(answer, disk, before):
    assert answer.status == 507, answer
    assert answer.json["reason"] == "NoSpace"
    assert "No space left" in answer.json["message"]
    assert tree_of(disk / "game") == OLD
    assert not list((disk / ".okg-sidecar/staging").iterdir())
    assert before - free_bytes(disk) < 64 * 1024, "the room is given back"


def check_heals(sidecar, source, disk):
    new = {"a.lua": b"new"}
    assert sidecar.update("v3", source.put("/v3", tar(new)), **FIELDS).status == 200
    assert tree_of(disk / "game") == new


def test_a_disk_that_is_full_in_the_middle_of_unpacking(disk, sidecar, source):
    """The archive fits; what is in it does not."""
    body = tar_gz({f"f{n}": bytes(500_000) for n in range(40)})
    assert len(body) < 100_000
    before = free_bytes(disk)
    check_refused(sidecar.update("v2", source.put("/v2", body), **FIELDS), disk, before)
    check_heals(sidecar, source, disk)


def manifest(source, sizes):
    """The URL of a manifest of random files."""
    import hashlib
    import json
    files = []
    for number, size in enumerate(sizes):
        content = os.urandom(size)
        source.put(f"/v2/{number}", content)
        files.append({"path": str(number), "sha256": hashlib.sha256(content).hexdigest(), "bytes": size})
    return source.put("/v2/manifest.json", json.dumps({"files": files}).encode())


NEARLY_FULL = {
    "one large file": lambda source: ("archive", source.put("/v2", tar_gz({"f": bytes(20_000_000)}))),
    "many files": lambda source: ("archive", source.put("/v2", tar_gz({f"f{n}": bytes(100_000) for n in range(200)}))),
    "many small files": lambda source: ("archive", source.put("/v2", tar_gz({f"d{n % 50}/f{n}": b"x" * 100 for n in range(4000)}))),
    "a manifest": lambda source: ("manifest", manifest(source, [500_000] * 20)),
}


@pytest.mark.parametrize("what", NEARLY_FULL)
def test_a_tenth_of_the_volume_stays_free_while_a_folder_is_made(disk, source, start_sidecar, what):
    sidecar = start_sidecar(fileDir=str(disk), download={"retries": 0})
    assert sidecar.update("v1", source.put("/v1", tar(OLD)), **FIELDS).status == 200
    form, url = NEARLY_FULL[what](source)
    before = free_bytes(disk)
    answer = sidecar.update("v2", url, path="game", format=form)
    assert answer.status == 507, answer
    assert answer.json["reason"] == "NoSpace", answer
    assert "minFreePercent" in answer.json["message"], answer
    assert tree_of(disk / "game") == OLD
    assert before - free_bytes(disk) < 64 * 1024, "the room is given back"
    check_heals(sidecar, source, disk)


def test_a_disk_that_is_full_in_the_middle_of_many_small_files(disk, sidecar, source):
    body = tar_gz({f"d{n % 50}/f{n}": b"x" * 100 for n in range(4000)})
    before = free_bytes(disk)
    check_refused(sidecar.update("v2", source.put("/v2", body), **FIELDS), disk, before)
    check_heals(sidecar, source, disk)


def test_a_disk_that_is_full_in_the_middle_of_a_manifest(disk, sidecar, source):
    url = manifest(source, [1_000_000] * 12)
    before = free_bytes(disk)
    check_refused(sidecar.update("v2", url, path="game", format="manifest"), disk, before)
    check_heals(sidecar, source, disk)
