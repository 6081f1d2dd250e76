"""What a pod says of its orders, in an annotation that an API server keeps."""

import hashlib
import json

import pytest

from kube_stub import LATEST
from kubelet import DownwardVolume
from sidecar import request
from source import gated
from waiting import wait_until

OBSERVED, RESULT = "okg-sidecar.io/observed", "example.com/result"


@pytest.fixture
def volume(tmp_path):
    return DownwardVolume(tmp_path / "downward")


@pytest.fixture
def start(kube, start_sidecar, volume):
    return lambda a_game=None, **options: start_sidecar(
        a_game, env=kube.environment(), more_argv=["--service-account-dir", kube.folder], orders={"file": str(volume.order_file)},
        storageConfig={"type": "InKube", "inKube": {"annotationKey": RESULT}}, **options)


def order(version, url, **fields):
    return {"version": version, "url": url, **fields}


def annotations(kube):
    return kube.objects["pods"]["metadata"].get("annotations", {})


def observed(kube, path="a.txt"):
    return json.loads(annotations(kube).get(OBSERVED, "{}")).get(path, {})


def pod_patches(kube):
    return [body["metadata"] for kind, body in kube.patches if kind == "pods"]


def wait_observed(kube, path="a.txt", **fields):
    return wait_until(lambda: fields.items() <= observed(kube, path).items() and observed(kube, path), f"{fields}: {annotations(kube)}")


def sha256(body):
    return hashlib.sha256(body).hexdigest()


def test_result_label_and_observed_are_one_write(kube, start, volume, source):
    start()
    volume.write(desired=json.dumps({"a.txt": order("v1", source.put("/v1/a.txt", b"one") + "?key=1", by="rollout.1")}))
    wait_observed(kube, by="rollout.1", version="v1", result="Succeeded", sha256=sha256(b"one"))
    volume.write(desired=json.dumps({"a.txt": order("v2", source.put("/v2/a.txt", b"two"), by="rollout.2")}))
    said = wait_observed(kube, by="rollout.2", version="v2", result="Succeeded")
    assert said["previous"] == {"version": "v1", "url": source.url("/v1/a.txt?key=***"), "sha256": sha256(b"one")}
    assert said["at"]
    [first, second] = pod_patches(kube)
    assert first["labels"] == {"hot-update-version": "v1"}
    assert second["labels"] == {"hot-update-version": "v2"}
    assert json.loads(second["annotations"][RESULT])["version"] == "v2"
    assert OBSERVED in second["annotations"]


def test_a_failure_says_why_and_what_the_pod_still_has(kube, start, volume, source):
    sidecar = start()
    good = order("v1", source.put("/v1/a.txt", b"one"))
    volume.write(desired=json.dumps({"a.txt": good}))
    wait_observed(kube, version="v1", result="Succeeded")
    volume.write(desired=json.dumps({"a.txt": order("v2", source.url("/v2/a.txt"), by="x")}))
    said = wait_observed(kube, by="x", version="v2", result="Failed", reason="SourceNotFound")
    assert "404" in said["message"]
    assert said["previous"]["version"] == "v1"
    assert kube.objects["pods"]["metadata"]["labels"] == {"hot-update-version": "v1"}
    volume.write(desired='{"a.txt":{"vresion":"v3"},"b.txt":{')
    wait_observed(kube, "", result="Failed", reason="InvalidField")
    assert "not JSON" in observed(kube, "")["message"]
    assert observed(kube)["result"] == "Failed"
    volume.write(desired=json.dumps({"a.txt": {"vresion": "v3"}}))
    said = wait_observed(kube, result="Failed", reason="InvalidField")
    assert "unknown field 'vresion'" in said["message"]
    assert observed(kube, "") == {}
    volume.write(desired=json.dumps({"a.txt": good}))
    wait_observed(kube, version="v1", result="Unchanged")
    assert sidecar.status()["live"]["a.txt"]["version"] == "v1"


def test_a_cancelled_order_is_said_and_not_tried_again(kube, start, volume, source):
    sidecar = start()
    gate, url = gated(source, "/a.txt")
    volume.write(desired=json.dumps({"a.txt": order("v1", url, by="x")}))
    assert gate.reached.wait(20)
    update = sidecar.status()["underWay"]["id"]
    assert request(f"{sidecar.base}/hot-update/updates/{update}", "DELETE").status == 200
    wait_observed(kube, by="x", version="v1", result="Cancelled", reason="Cancelled")
    gate.open.set()
    asked = len(source.requests)
    sidecar.kill()
    sidecar.start()
    assert len(source.requests) == asked
    assert observed(kube)["result"] == "Cancelled"


def test_a_call_that_takes_the_place_of_an_order_is_said(kube, start, volume, source):
    sidecar = start()
    volume.write(desired=json.dumps({"a.txt": order("v1", source.put("/v1/a.txt", b"one"), by="x")}))
    wait_observed(kube, by="x")
    assert sidecar.update("v2", source.put("/v2/a.txt", b"two")).status == 200
    said = wait_observed(kube, version="v2", result="Succeeded")
    assert "by" not in said
    assert said["sha256"] == sha256(b"two")


def test_an_order_that_goes_takes_what_was_said_of_it_along(kube, start, volume, source):
    sidecar = start()
    volume.write(desired=json.dumps({"a.txt": order("v1", source.put("/a.txt", b"one"))}))
    wait_observed(kube, version="v1")
    volume.write(desired="")
    wait_until(lambda: OBSERVED not in annotations(kube))
    assert sidecar.status()["live"]["a.txt"]["version"] == "v1"


def stored(path, body, source):
    """What the latest has of a file, as a sidecar writes it."""
    return {"version": "v3", "url": source.put(path, body), "sha256": hashlib.sha256(body).hexdigest(), "requestedAt": "2026-01-01T00:00:00Z"}


def test_a_start_writes_nothing_that_was_said_already(kube, start, volume, source):
    sidecar = start()
    volume.write(desired=json.dumps({"a.txt": order("v1", source.put("/a.txt", b"one"))}))
    wait_observed(kube, version="v1", result="Succeeded")
    wait_until(lambda: sidecar.status()["results"][-1]["recorded"])
    sidecar.stop()
    kube.patches.clear()
    sidecar.start()
    sidecar.stop()
    assert kube.patches == []


def test_what_could_not_be_said_is_said_when_the_api_server_takes_it(kube, start, volume):
    start()
    kube.failing["pods"] = {"code": 403, "reason": "Forbidden", "message": "pods is forbidden"}
    volume.write(desired="{")
    wait_until(lambda: any(kind == "pods" for kind, _ in kube.patches))
    kube.failing.clear()
    wait_observed(kube, "", result="Failed")


def test_in_a_pod_that_never_saw_one_an_order_wins_over_the_latest_also_over_a_restart(kube, start, volume, source):
    kube.objects["configmaps"]["data"][LATEST] = json.dumps(
        {"a.txt": stored("/v3/a.txt", b"three", source),
         "b.txt": stored("/v3/b.txt", b"b", source)})
    volume.write(desired=json.dumps({"a.txt": order("v2", source.put("/v2/a.txt", b"two"), requestedAt="2025-01-01T00:00:00Z")}))
    sidecar = start()
    for _ in range(2):
        assert {path: each["version"] for path, each in sidecar.status()["live"].items()} == {"a.txt": "v2", "b.txt": "v3"}
        sidecar.stop()
        sidecar.start()
    assert "/v3/a.txt" not in [path for path, _ in source.requests]


def test_an_order_that_fails_at_the_first_start_leaves_the_latest(kube, start, volume, source):
    kube.objects["configmaps"]["data"][LATEST] = json.dumps(
        {"a.txt": stored("/v3/a.txt", b"three", source)})
    volume.write(desired=json.dumps({"a.txt": order("v4", source.url("/v4/a.txt"))}))
    sidecar = start()
    wait_until(lambda: sidecar.status()["live"].get("a.txt", {}).get("version") == "v3")
    wait_observed(kube, version="v4", result="Failed")


def test_with_record_to_pod_an_order_writes_the_pod_and_a_call_the_config_map(kube, start_sidecar, volume, source):
    sidecar = start_sidecar(env=kube.environment(), more_argv=["--service-account-dir", kube.folder],
                            orders={"file": str(volume.order_file), "recordTo": "pod"}, storageConfig={"type": "InKube"})
    volume.write(desired=json.dumps({"a.txt": order("v1", source.put("/a.txt", b"one"))}))
    wait_observed(kube, version="v1", result="Succeeded")
    wait_until(lambda: sidecar.status()["results"][-1]["recorded"])
    assert [kind for kind, _ in kube.patches] == ["pods"]
    assert kube.objects["configmaps"]["data"] == {}
    sidecar.stop()
    sidecar.start()
    assert sidecar.status()["live"]["a.txt"]["version"] == "v1"
    assert sidecar.update("v2", source.put("/b.txt", b"two")).json["recorded"]
    assert set(kube.objects["configmaps"]["data"]) == {"games.pod", LATEST}


def test_with_record_to_pod_an_order_that_is_cancelled_in_the_queue_writes_the_pod_alone(kube, start_sidecar, volume, source):
    sidecar = start_sidecar(env=kube.environment(), more_argv=["--service-account-dir", kube.folder],
                            orders={"file": str(volume.order_file), "recordTo": "pod"}, storageConfig={"type": "InKube"})
    gate, url = gated(source, "/a.txt")
    volume.write(desired=json.dumps({"a.txt": order("v1", url), "b.txt": order("v1", source.put("/b.txt", b"b"))}))
    assert gate.reached.wait(20)
    [waiting] = wait_until(lambda: sidecar.status()["queued"], "b.txt waits")
    assert request(f"{sidecar.base}/hot-update/updates/{waiting['id']}", "DELETE").status == 200
    gate.open.set()
    wait_observed(kube, "b.txt", result="Cancelled")
    wait_observed(kube, "a.txt", result="Succeeded")
    wait_until(lambda: all(each["recorded"] for each in sidecar.status()["results"]), "all is recorded")
    assert len(sidecar.status()["results"]) == 2
    assert {kind for kind, _ in kube.patches} == {"pods"}


def test_an_order_that_is_older_than_what_somebody_asked_for_is_superseded(kube, start, volume, source):
    sidecar = start()
    assert sidecar.update("v2", source.put("/v2/a.txt", b"two")).status == 200
    volume.write(desired=json.dumps({"a.txt": order("v1", source.put("/v1/a.txt", b"one"), requestedAt="2020-01-01T00:00:00Z")}))
    wait_observed(kube, version="v1", result="Superseded", reason="OrderSuperseded")
    assert sidecar.status()["live"]["a.txt"]["version"] == "v2"
