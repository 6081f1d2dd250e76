"""Kept content goes live again, without its source."""

import hashlib
import urllib.parse

import pytest
from sidecar import request
from waiting import wait_until


def roll_back(sidecar, **fields):
    body = urllib.parse.urlencode(fields).encode() if fields else None
    return request(sidecar.base + "/hot-update/rollback", "POST", body)


def test_rolls_back_to_the_previous_version_when_the_source_is_gone(nginx, source, start_sidecar):
    sidecar = start_sidecar(nginx)
    for version in ("v2", "v3"):
        assert sidecar.update(version, source.put(f"/{version}/index.html", version.encode())).status == 200
    source.stop()
    source.stop = lambda: None
    answer = roll_back(sidecar)
    assert answer.status == 200, answer
    assert answer.json["result"] == "Succeeded"
    assert answer.json["version"] == "v2"
    assert answer.json["recorded"] is True
    assert answer.json["sha256"] == hashlib.sha256(b"v2").hexdigest()
    assert answer.json["url"].endswith("/v2/index.html")
    assert "SIGHUP" in answer.json["message"]
    assert nginx.get() == b"v2"
    status = sidecar.status()
    assert status["live"]["index.html"]["version"] == "v2"
    assert status["kept"] == {"index.html": ["v3", "original"]}


def test_a_second_rollback_goes_back_to_where_the_first_came_from(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    for version in ("v1", "v2"):
        sidecar.update(version, source.put("/a", version.encode()))
    assert roll_back(sidecar).json["version"] == "v1"
    assert (shared / "a").read_bytes() == b"v1"
    assert roll_back(sidecar).json["version"] == "v2"
    assert (shared / "a").read_bytes() == b"v2"
    assert game.wait_for(4) == 4


def test_rolls_back_to_the_version_and_path_that_are_named(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, keepVersions=3)
    for version in ("v1", "v2", "v3"):
        sidecar.update(version, source.put("/a", version.encode()))
    sidecar.update("v9", source.put("/b", b"b"))
    assert roll_back(sidecar, version="v1", path="a").json["version"] == "v1"
    assert (shared / "a").read_bytes() == b"v1"
    assert (shared / "b").read_bytes() == b"b"


def test_rolls_back_to_the_content_that_the_pod_came_with(game, source, start_sidecar, shared):
    (shared / "a").write_bytes(b"from the image")
    sidecar = start_sidecar(game)
    sidecar.update("v1", source.put("/a", b"v1"))
    answer = roll_back(sidecar)
    assert answer.status == 200, answer
    assert answer.json["version"] == "original", answer
    assert answer.json["url"] == "", answer
    assert (shared / "a").read_bytes() == b"from the image"
    sidecar.kill()
    sidecar.start()
    assert (shared / "a").read_bytes() == b"from the image"
    assert sidecar.status()["live"]["a"]["version"] == "original"


def test_only_keep_versions_many_are_kept(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, keepVersions=1)
    for i in range(5):
        sidecar.update(f"v{i}", source.put("/a", str(i).encode()))
    assert sidecar.status()["kept"] == {"a": ["v3"]}
    assert len(list((shared / ".okg-sidecar" / "kept").iterdir())) == 1
    answer = roll_back(sidecar, version="v0")
    assert answer.status == 404, answer
    assert answer.json["stage"] == "request", answer
    assert "v3" in answer.json["message"], answer
    assert answer.json["result"] == "Failed"
    assert (shared / "a").read_bytes() == b"4"


def test_says_so_when_there_is_nothing_to_roll_back_to(game, source, start_sidecar):
    sidecar = start_sidecar(game, keepVersions=0)
    assert roll_back(sidecar).status == 404
    sidecar.update("v1", source.put("/a", b"1"))
    sidecar.update("v2", source.put("/a", b"2"))
    answer = roll_back(sidecar)
    assert answer.status == 404, answer
    assert answer.json["reason"] == "NothingKept", answer
    assert "keepVersions" in answer.json["message"], answer


@pytest.mark.parametrize("body", [b"path=../a", b"version=-", b"url=http://h/a", b"scope=all", b"wait=1"])
def test_a_wrong_rollback_is_refused(start_sidecar, body):
    sidecar = start_sidecar()
    assert request(sidecar.base + "/hot-update/rollback", "POST", body).status == 400


def test_kept_content_that_somebody_wrote_to_does_not_go_live(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    sidecar.update("v1", source.put("/a", b"v1"))
    sidecar.update("v2", source.put("/a", b"v2"))
    kept, = (shared / ".okg-sidecar" / "kept").iterdir()
    kept.write_bytes(b"by hand")
    answer = roll_back(sidecar)
    assert answer.status == 422, answer
    assert "kept content" in answer.json["message"], answer
    assert (shared / "a").read_bytes() == b"v2"


def test_a_rollback_that_the_game_cannot_be_notified_of_is_reverted(things, game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, signal={"waitSeconds": 0.1})
    sidecar.update("v1", source.put("/a", b"v1"))
    sidecar.update("v2", source.put("/a", b"v2"))
    game.stop()
    answer = roll_back(sidecar)
    assert answer.status == 500
    assert answer.json["stage"] == "trigger"
    assert (shared / "a").read_bytes() == b"v2"
    assert sidecar.status()["kept"] == {"a": ["v1"]}


def test_a_rollback_can_be_asked_for_as_json_and_without_waiting(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    sidecar.update("v1", source.put("/a", b"v1"))
    sidecar.update("v2", source.put("/a", b"v2"))
    answer = request(sidecar.base + "/hot-update/rollback", "POST", b'{"version": "v1", "wait": false}', {"Content-Type": "application/json"})
    assert answer.status == 202, answer
    wait_until(lambda: (shared / "a").read_bytes() == b"v1", what="v1 is live again")
    wait_until(lambda: len(sidecar.status()["results"]) == 3, what="it ended")
    last = sidecar.status()["results"][-1]
    assert last["version"] == "v1"
    assert last["durationMs"] >= 0
    assert {"fetchMs", "publishMs", "triggerMs", "recordMs"} <= set(last["stages"])
