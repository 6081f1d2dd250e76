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


def test_a_disk_that_is_full_in_the_middle_of_many_small_files(disk, sidecar, source):
    body = tar_gz({f"d{n % 50}/f{n}": b"x" * 100 for n in range(4000)})
    before = free_bytes(disk)
    check_refused(sidecar.update("v2", source.put("/v2", body), **FIELDS), disk, before)
    check_heals(sidecar, source, disk)


def test_a_disk_that_is_full_in_the_middle_of_a_manifest(disk, sidecar, source):
    import hashlib
    import json
    files = []
    for n in range(12):
        content = os.urandom(1_000_000)
        source.put(f"/v2/{n}", content)
        files.append({"path": str(n), "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)})
    url = source.put("/v2/manifest.json", json.dumps({"files": files}).encode())
    before = free_bytes(disk)
    check_refused(sidecar.update("v2", url, path="game", format="manifest"), disk, before)
    check_heals(sidecar, source, disk)
