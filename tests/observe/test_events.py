"""Events on the pod: what `kubectl describe pod` tells, and that no update ever waits for it."""

import json
import re
import threading

import pytest

from kube_stub import KubeStub
from sidecar import Sidecar
from waiting import wait_until

IN_KUBE = {"type": "InKube", "inKube": {"annotationKey": "example.com/result", "labelKey": "example.com/version"}}


@pytest.fixture
def api(things, tmp_path):
    things.append(KubeStub(tmp_path / "api", "HTTP/1.1"))
    return things[-1]


@pytest.fixture
def start(things, tmp_path, shared, api):
    def start(wait_ready=True, **settings):
        config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": IN_KUBE, **settings}
        things.append(Sidecar(tmp_path / "sidecar", config, env=api.environment(), wait_ready=wait_ready,
                              more_argv=["--service-account-dir", api.folder]))
        return things[-1]

    return start


def told(api, count):
    """[(reason, type, note)] once there are `count` events."""
    wait_until(lambda: len(api.events) >= count, "the events are there")
    return [(each["reason"], each["type"], each["note"]) for each in api.events]


def test_each_update_that_ends_is_told_on_the_pod(start, api, source):
    sidecar = start(confirm={"timeoutSeconds": 1, "intervalMilliseconds": 50, "http": {"url": source.put("/health", b"well")}})
    assert sidecar.update("v1", source.put("/a", b"one")).status == 200
    assert sidecar.update("v2", source.url("/gone") + "?token=hunter2hunter2", path="a").status == 502
    source.put("/health", b"ill", status=500)
    assert sidecar.update("v3", source.put("/c", b"three"), path="a").status == 500
    events = told(api, 3)
    assert [each[:2] for each in events] == [("UpdateSucceeded", "Normal"), ("UpdateFailed", "Warning"), ("UpdateRolledBack", "Warning")]
    notes = [each[2] for each in events]
    assert notes[0].startswith("a v1 (20")
    assert re.match(r"a v2 \(\S+\): SourceNotFound: ", notes[1])
    assert "hunter2" not in notes[1]
    assert re.match(r"a v3 \(\S+\): GameNotHealthy: ", notes[2])
    event = api.events[0]
    assert event["regarding"] == {"apiVersion": "v1", "kind": "Pod", "namespace": "games", "name": "pod", "uid": "1"}
    assert event["apiVersion"] == "events.k8s.io/v1"
    assert len({each["metadata"]["name"] for each in api.events}) == 3


def test_without_the_permission_updates_go_on_and_it_is_said_once(start, api, source):
    api.failing["events"] = {"code": 403, "reason": "Forbidden", "message": "not you"}
    sidecar = start()
    for version in ("v1", "v2", "v3"):
        answer = sidecar.update(version, source.put("/" + version, version.encode()), path="a")
        assert (answer.status, answer.json["recorded"]) == (200, True), answer
    wait_until(lambda: api.refused_events == 3, "all were tried")
    assert sidecar.log().count("an Event of the pod could not be written") == 1
    assert "reason=ApiForbidden" in sidecar.log()


@pytest.mark.alone
def test_an_api_server_that_hangs_on_events_delays_no_update(start, api, source):
    """An update that waited for its Event would answer after the sidecar has given that up, which the log says."""
    api.hold_events = threading.Event()
    sidecar = start()
    answer = sidecar.update("v1", source.put("/v1", b"one"), path="a")
    assert (answer.status, answer.json["recorded"]) == (200, True), answer
    assert "an Event of the pod could not be written" not in sidecar.log()
    api.hold_events.set()
    assert sidecar.update("v2", source.put("/v2", b"two"), path="a").status == 200
    wait_until(lambda: "a v2" in "".join(each["note"] for each in api.events), "the next one is told")


def test_nothing_waits_for_events_when_the_sidecar_stops(start, api, source):
    api.hold_events = threading.Event()
    sidecar = start()
    assert sidecar.update("v1", source.put("/v1", b"one"), path="a").status == 200
    assert sidecar.stop() == 0
    api.hold_events.set()
    assert "did not stop in time" not in sidecar.log()


def test_a_restore_that_fails_is_told_once(start, api, source):
    entry = {"version": "v9", "url": source.url("/gone"), "sha256": "0" * 64, "scope": "pod", "requestedAt": "2026-01-01T00:00:00.000000Z"}
    api.objects["configmaps"]["data"]["games.pod"] = json.dumps({"version": "v9", "files": {"a": entry}})
    start(wait_ready=False)
    wait_until(lambda: len(source.requests) >= 2, "it was tried again")
    events = told(api, 1)
    assert len(events) == 1
    assert events[0][:2] == ("RestoreFailed", "Warning")
    assert events[0][2].startswith("a: SourceNotFound: ")
