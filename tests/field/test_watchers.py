"""What a game that watches its files itself hears of an update: inotify on the file, on its folder, and beside it."""

import hashlib
import json
import urllib.parse

import pytest

from archives import tar
from inotify import Watch
from sidecar import request
from waiting import wait_until


@pytest.fixture
def watch(things):
    def start(path):
        things.append(Watch(path))
        return things[-1]

    return start


@pytest.fixture
def sidecar(start_sidecar):
    return start_sidecar(loadPatchType="none")


def hears(watcher, event):
    wait_until(lambda: event in watcher.events(), what=f"the watcher hears {event}, and heard {watcher.heard}")


def roll_back(sidecar, version, path):
    body = urllib.parse.urlencode({"version": version, "path": path}).encode()
    return request(sidecar.base + "/hot-update/rollback", "POST", body)


def test_a_watcher_of_the_folder_hears_of_a_file_by_its_name(sidecar, source, shared, watch):
    assert sidecar.update("v1", source.put("/v1", b"v1"), path="map.json").status == 200
    for act in (lambda: sidecar.update("v2", source.put("/v2", b"v2"), path="map.json"), lambda: roll_back(sidecar, "v1", "map.json")):
        folder, file = watch(shared), watch(shared / "map.json")
        assert act().status == 200
        hears(folder, "MOVED_TO map.json")
        hears(file, "DELETE_SELF")
        assert "MODIFY" not in file.heard
        assert not {"CREATE map.json", "DELETE map.json"} & set(folder.heard)


def test_a_watcher_of_a_file_whose_old_content_is_linked_hears_attrib_alone(start_sidecar, source, shared, watch):
    endpoint = source.put("/reload", b"")
    port = int(endpoint.split(":")[2].split("/")[0])
    sidecar = start_sidecar(loadPatchType="request", request={"port": port, "path": "/reload", "method": "GET"})
    assert sidecar.update("v1", source.put("/v1", b"v1"), path="map.json").status == 200
    file = watch(shared / "map.json")
    assert sidecar.update("v2", source.put("/v2", b"v2"), path="map.json").status == 200
    assert set(file.events()) == {"ATTRIB"}


def archive_of(source, version, files):
    return {"url": source.put(f"/{version}.tar", tar(files)), "format": "archive"}


def manifest_of(source, version, files):
    for name, content in files.items():
        source.put(f"/{version}/{name}", content)
    listed = [{"path": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()]
    return {"url": source.put(f"/{version}/manifest.json", json.dumps({"files": listed}).encode()), "format": "manifest"}


@pytest.mark.parametrize("form", [archive_of, manifest_of], ids=["archive", "manifest"])
def test_a_watcher_beside_the_folder_hears_of_a_tree_and_one_in_it_does_not(sidecar, source, shared, watch, form):
    def update(version):
        files = {"same": b"same", "changed": version.encode()}
        return sidecar.update(version, **form(source, version, files), path="game")

    assert update("v1").status == 200
    for act in (lambda: update("v2"), lambda: roll_back(sidecar, "v1", "game")):
        beside, folder = watch(shared), watch(shared / "game")
        files = [watch(shared / "game" / name) for name in ("same", "changed")]
        assert act().status == 200
        hears(beside, "MOVED_TO game")
        hears(folder, "MOVE_SELF")
        for each in files:  # the inodes of before live on in what is kept
            assert set(each.events()) <= {"ATTRIB"}
        assert not [event for event in folder.heard if " " in event], folder.heard
