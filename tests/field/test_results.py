"""Results that an API server does not take, or that others have spoilt."""

import hashlib
import json
import shutil
import threading

import pytest

from kube_stub import LATEST
from signer import Signer
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


def test_a_pod_that_is_patched_too_often_does_not_keep_the_config_map_from_being_written(kube, start, source):
    sidecar = start()
    kube.failing["pods"] = {"code": 429, "reason": "TooManyRequests", "message": "too many requests for pods"}
    answer = sidecar.update("v2", source.put("/map", b"v2"))
    assert answer.json["recorded"] is False, answer
    assert "too many requests for pods" in answer.json["recordError"], answer
    assert json.loads(data(kube)[LATEST])["map"]["version"] == "v2"


def test_a_webhook_for_pods_that_never_answers_does_not_keep_the_config_map_from_being_written(kube, start, source):
    sidecar = start()
    kube.holding["pods"] = threading.Event()
    sidecar.update("v2", source.put("/map", b"v2"), wait="false")
    wait_until(lambda: LATEST in data(kube), "the latest is written")
    assert json.loads(data(kube)["games.pod"])["version"] == "v2"
    assert json.loads(data(kube)[LATEST])["map"]["version"] == "v2"
    kube.holding.pop("pods").set()
    wait_until(lambda: "example.com/result" in kube.objects["pods"]["metadata"].get("annotations", {}))


def entry(url, requested_at):
    return {"version": "v9", "url": url, "requestedAt": requested_at}


def test_a_latest_of_the_year_9999_is_ignored_and_the_next_update_is_read_by_new_pods(kube, start, source):
    data(kube)[LATEST] = json.dumps({"map": entry(source.put("/v9/map", b"v9"), "9999-12-31T23:59:59.999999Z")})
    sidecar = start()
    sidecar.wait_ready()
    [ignored] = sidecar.status()["ignored"]
    assert (ignored["path"], ignored["reason"]) == ("map", "RecordUnreadable"), ignored
    assert "requestedAt 9999-12-31T23:59:59.999999Z is in the future" in ignored["why"], ignored
    assert ignored["why"] in sidecar.log()
    assert sidecar.update("v2", source.put("/map", b"v2")).json["recorded"] is True
    latest = json.loads(data(kube)[LATEST])["map"]
    assert latest["version"] == "v2", latest
    assert latest["requestedAt"] < "9000", latest


def test_whoever_writes_the_latest_says_what_a_new_pod_runs(kube, start, source, shared):
    """With the checksum of content of their own: closed by who may write it, by signatures and by allowedSources."""
    theirs = {**entry(source.put("/theirs/map", b"theirs"), "2026-01-01T00:00:00Z"), "sha256": hashlib.sha256(b"theirs").hexdigest()}
    data(kube)[LATEST] = json.dumps({"map": theirs})
    sidecar = start()
    sidecar.wait_ready()
    assert (shared / "map").read_bytes() == b"theirs"


@pytest.mark.skipif(not shutil.which("minisign"), reason="minisign is not installed")
def test_whoever_writes_the_latest_orders_an_older_version_that_was_signed(kube, start, source, shared, tmp_path):
    """Under its own name: not what is signed for another one."""
    signer = Signer(tmp_path)
    old = {"url": source.put("/map", b"v1"), "sha256": hashlib.sha256(b"v1").hexdigest(), "requestedAt": "2026-01-01T00:00:00Z",
           "signature": signer.sign(b"v1", "path=map version=v1").decode()}
    data(kube)[LATEST] = json.dumps({"map": {**old, "version": "v3"}})
    sidecar = start(signature={"publicKeyFiles": [str(signer.public)]})
    sidecar.wait_ready()
    assert [each["reason"] for each in sidecar.status()["ignored"]] == ["SignatureInvalid"]
    assert sidecar.stop() == 0
    data(kube)[LATEST] = json.dumps({"map": {**old, "version": "v1"}})
    sidecar.start()
    assert (shared / "map").read_bytes() == b"v1"


SPOILT = {"deep without an end": '{"recorded":' + "[" * 100_000, "deep": "[" * 100_000 + "]" * 100_000, "cut": "{", "null": "null",
          "strange": '{"map":{"forgotten":"yes"}}', "other types": '{"map":{"version":{},"url":[]}}'}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=range(len(SPOILT)))
def test_a_spoilt_entry_neither_ends_the_sidecar_nor_keeps_it_from_being_ready(kube, start, source, spoilt):
    data(kube)[LATEST] = data(kube)["games.pod"] = data(kube)["games-pod"] = spoilt
    sidecar = start()
    sidecar.wait_ready()
    [ignored] = sidecar.status()["ignored"]
    assert ignored["reason"] == "RecordUnreadable", ignored
    whole = not spoilt.startswith('{"map"')
    assert ignored["path"] == ("" if whole else "map"), ignored
    assert not whole or f"key {LATEST} of the result ConfigMap" in ignored["why"], ignored
    assert sidecar.update("v2", source.put("/map", b"v2")).json["recorded"] is True
    assert json.loads(data(kube)[LATEST])["map"]["version"] == "v2"


DIGEST = "sha256:" + "3" * 64


def pod_of(kube, image, image_id):
    kube.objects["pods"]["spec"] = {"containers": [{"name": "game", "image": image}]}
    kube.objects["pods"]["status"] = {"containerStatuses": [{"name": "game", "image": image, "imageID": image_id}]}


def test_requests_to_one_pod_leave_room_for_the_results_of_others(kube, start, source):
    """63 of them, with long URLs, would fill what all pods of a cluster share: 31 have been."""
    pod_of(kube, "game:v3", "game@" + DIGEST)
    url = source.put("/map", b"v1")
    long = {"version": "v1", "url": f"{url}?{'x' * 8000}", "sha256": "0" * 64, "requestedAt": "2026-01-01T00:00:00Z", "until": "game:v3"}
    files = {f"maps/{number}.json": long for number in range(31)}
    data(kube)[LATEST] = json.dumps(files)
    data(kube)["games.pod"] = json.dumps({"files": {path: {**each, "scope": "pod"} for path, each in files.items()}})
    before = dict(data(kube))
    sidecar = start()
    sidecar.wait_ready()
    assert sidecar.update("v1", long["url"]).status == 200
    wait_until(lambda: sidecar.status().get("recordErrorReason") == "ConfigMapFull", "it is full")
    assert "may take 256 KiB" in sidecar.status()["recordError"]
    assert data(kube) == before
    assert sidecar.update("v2", url).status == 200
    wait_until(lambda: "recordErrorReason" not in sidecar.status(), "it is recorded")
    assert json.loads(data(kube)["games.pod"])["files"].keys() == json.loads(data(kube)[LATEST]).keys() == {*files, "map"}


def added_pod(sidecar, shared):
    """Nothing on its disk but what comes with the image."""
    sidecar.stop()
    for each in [*shared.glob(".okg-sidecar/*"), shared / "map"]:
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    (shared / "map").write_bytes(b"of the image")


@pytest.mark.parametrize("until, image, image_id, restored", [
    ("registry/game:v3", "registry/game:v3", "registry/game@" + DIGEST, False),
    (DIGEST, "registry/game:v3", "registry/game@" + DIGEST, False),
    ("registry/game:v4", "registry/game:v3", "registry/game@" + DIGEST, True),
    ("r.example.com/game@" + DIGEST, "r.example.com/game:v3", "docker-pullable://r.example.com/game@" + DIGEST, False),
    ("docker.io/library/game:v3", "game:v3", "docker.io/library/game@" + DIGEST, False),
    ("game:v3", "docker.io/library/game:v3", "docker.io/library/game@" + DIGEST, False),
    ("game:v3", "game:v3@" + DIGEST, "", False),
    (DIGEST, "game:v3@" + DIGEST, "", False),
    ("game", "game:latest", "docker.io/library/game@" + DIGEST, False),
    ("registry:5000/game", "registry:5000/game:v3", "registry:5000/game@" + DIGEST, True),
])
def test_a_pod_whose_image_is_that_until_which_an_update_counts_restores_nothing(kube, start, source, shared, until, image, image_id, restored):
    first = start()
    assert first.update("v2", source.put("/map", b"v2"), until=until).json["recorded"] is True
    assert json.loads(data(kube)[LATEST])["map"]["until"] == until
    pod_of(kube, image, image_id)
    added_pod(first, shared)
    start().wait_ready()
    assert (shared / "map").read_bytes() == (b"v2" if restored else b"of the image")


def test_a_pod_whose_image_is_still_pulled_is_not_updated_before_its_digest_is_known(kube, start, source, shared):
    first = start()
    assert first.update("v2", source.put("/map", b"v2"), until=DIGEST).json["recorded"] is True
    pod_of(kube, "registry/game:v3", "")
    added_pod(first, shared)
    second = start(wait_ready=False)
    wait_until(lambda: f"map counts until {DIGEST}" in second.get("/readyz").json.get("message", ""), "it asks for the digest")
    pod_of(kube, "registry/game:v3", "registry/game@" + DIGEST)
    second.wait_ready()
    assert (shared / "map").read_bytes() == b"of the image"


def test_a_native_sidecar_does_not_wait_for_the_image_of_a_game_that_waits_for_it(kube, start, source, shared):
    first = start()
    assert first.update("v2", source.put("/map", b"v2"), until=DIGEST).json["recorded"] is True
    pod_of(kube, "registry/game:v3", "")
    kube.objects["pods"]["spec"]["initContainers"] = [{"name": "sidecar", "restartPolicy": "Always"}]
    kube.objects["pods"]["status"]["containerStatuses"][0]["state"] = {"waiting": {"reason": "PodInitializing"}}
    added_pod(first, shared)
    second = start()
    assert (shared / "map").read_bytes() == b"v2"
    assert "name the image as the pod's spec does" in second.log()


def test_until_is_the_name_of_an_image(start, source):
    answer = start().update("v2", source.put("/map", b"v2"), until="the next image")
    assert answer.status == 400, answer
    assert "until 'the next image' is no image" in answer.json["message"], answer


@pytest.mark.parametrize("until", ["sha256:" + "3" * 12, "game@sha256:" + "3" * 63, "game@3"])
def test_until_is_a_whole_digest(start, source, until):
    answer = start().update("v2", source.put("/map", b"v2"), until=until)
    assert answer.status == 400, answer
    assert "64 digits" in answer.json["message"], answer


def test_a_config_map_that_is_immutable_is_named_with_its_cure(kube, start, source):
    sidecar = start()
    kube.failing["configmaps"] = {
        "code": 422, "reason": "Invalid", "details": {"causes": [{"field": "data"}]},
        "message": 'ConfigMap "sidecar-result" is invalid: data: Forbidden: field is immutable when `immutable` is set'}
    answer = sidecar.update("v2", source.put("/map", b"v2"))
    assert answer.status == 200, answer
    assert answer.json["recorded"] is False, answer
    assert "create it again without immutable: true" in answer.json["recordError"], answer
    assert "example.com/result" in kube.objects["pods"]["metadata"]["annotations"]
    kube.failing.clear()
    wait_until(lambda: "games.pod" in data(kube), what="it is recorded once the ConfigMap was created again")


def test_a_pod_whose_annotations_are_full_is_named_and_the_config_map_is_written(kube, start, source):
    sidecar = start()
    kube.failing["pods"] = {"code": 422, "reason": "Invalid", "details": {"causes": [{"field": "metadata.annotations"}]},
                            "message": 'Pod "pod" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes'}
    answer = sidecar.update("v2", source.put("/map", b"v2"))
    assert answer.status == 200, answer
    assert "remove large ones of others" in answer.json["recordError"], answer
    assert json.loads(data(kube)["games.pod"])["version"] == "v2"
