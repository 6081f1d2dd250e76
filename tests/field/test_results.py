"""Results that an API server does not take, or that others have spoilt."""

import json
import shutil

import pytest

from kube_stub import LATEST
from waiting import wait_until

WEBHOOK_IS_DOWN = {"code": 500, "reason": "InternalError",
                   "message": 'Internal error occurred: failed calling webhook "pods.example.com": connection refused'}


@pytest.fixture
def start(kube, game, start_sidecar):
    return lambda **options: start_sidecar(
        game, env=kube.environment(), more_argv=["--service-account-dir", kube.folder],
        storageConfig={"type": "InKube", "inKube": {"annotationKey": "example.com/result"}}, **options)


def data(kube):
    return kube.objects["configmaps"]["data"]


def test_a_webhook_for_pods_that_is_down_does_not_keep_the_config_map_from_being_written(kube, start, source):
    sidecar = start()
    kube.failing["pods"] = WEBHOOK_IS_DOWN
    answer = sidecar.update("v2", source.put("/map", b"v2"))
    assert answer.status == 200, answer
    assert answer.json["recorded"] is False, answer
    assert "failed calling webhook" in answer.json["recordError"], answer
    assert json.loads(data(kube)["games.pod"])["version"] == "v2"
    assert json.loads(data(kube)[LATEST])["map"]["version"] == "v2"
    kube.failing.clear()
    wait_until(lambda: "example.com/result" in kube.objects["pods"]["metadata"].get("annotations", {}))


def entry(url, requested_at):
    return {"version": "v9", "url": url, "requestedAt": requested_at}


def test_a_latest_of_the_year_9999_is_ignored_and_the_next_update_is_read_by_new_pods(kube, start, source):
    data(kube)[LATEST] = json.dumps({"map": entry(source.put("/v9/map", b"v9"), "9999-12-31T23:59:59.999999Z")})
    sidecar = start()
    sidecar.wait_ready()
    assert "requestedAt 9999-12-31T23:59:59.999999Z is in the future" in sidecar.log()
    assert sidecar.update("v2", source.put("/map", b"v2")).json["recorded"] is True
    latest = json.loads(data(kube)[LATEST])["map"]
    assert latest["version"] == "v2", latest
    assert latest["requestedAt"] < "9000", latest


SPOILT = {"deep without an end": '{"recorded":' + "[" * 100_000, "deep": "[" * 100_000 + "]" * 100_000, "cut": "{", "null": "null",
          "strange": '{"map":{"forgotten":"yes"}}', "other types": '{"map":{"version":{},"url":[]}}'}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=range(len(SPOILT)))
def test_a_spoilt_entry_neither_ends_the_sidecar_nor_keeps_it_from_being_ready(kube, start, source, spoilt):
    data(kube)[LATEST] = data(kube)["games.pod"] = data(kube)["games-pod"] = spoilt
    sidecar = start()
    sidecar.wait_ready()
    assert sidecar.update("v2", source.put("/map", b"v2")).json["recorded"] is True
    assert json.loads(data(kube)[LATEST])["map"]["version"] == "v2"


@pytest.mark.parametrize("until, restored", [("registry/game:v3", False), ("sha256:" + "3" * 64, False), ("registry/game:v4", True)])
def test_a_pod_whose_image_is_that_until_which_an_update_counts_restores_nothing(kube, start, source, shared, until, restored):
    first = start()
    assert first.update("v2", source.put("/map", b"v2"), until=until).json["recorded"] is True
    first.stop()
    assert json.loads(data(kube)[LATEST])["map"]["until"] == until
    kube.objects["pods"]["spec"] = {"containers": [{"name": "game", "image": "registry/game:v3"}]}
    kube.objects["pods"]["status"] = {"containerStatuses": [{"name": "game", "imageID": "registry/game@sha256:" + "3" * 64}]}
    for each in [*shared.glob(".okg-sidecar/*"), shared / "map"]:
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    (shared / "map").write_bytes(b"of the image")
    start().wait_ready()
    assert (shared / "map").read_bytes() == (b"v2" if restored else b"of the image")


def test_until_is_the_name_of_an_image(start, source):
    answer = start().update("v2", source.put("/map", b"v2"), until="the next image")
    assert answer.status == 400, answer
    assert "until 'the next image' is no image" in answer.json["message"], answer
