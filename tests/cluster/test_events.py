"""Events on the pod, as the API server takes them: what `kubectl describe pod` tells."""

import itertools
import re

import pytest
from waiting import wait_until


def events_of(pod):
    path = f"/apis/events.k8s.io/v1/namespaces/{pod.account.namespace}/events"
    return sorted(pod.plane.request("GET", path)["items"], key=lambda each: each["eventTime"])


@pytest.mark.oldest
def test_kubectl_describe_pod_tells_what_became_of_each_update(run_pod, source):
    pod = run_pod()
    assert pod.update("v1", source.put("/v1/index.html", b"one")).status == 200
    assert pod.update("v2", source.url("/v2/index.html")).status == 502
    events = wait_until(lambda: len(found := events_of(pod)) == 2 and found, "two Events")
    assert [(each["reason"], each["type"], each["action"]) for each in events] == [
        ("UpdateSucceeded", "Normal", "HotUpdate"), ("UpdateFailed", "Warning", "HotUpdate")]
    assert all(each["regarding"]["name"] == "game-0" for each in events)
    told = pod.plane.kubectl("-n", pod.account.namespace, "describe", "pod", "game-0")
    assert "UpdateSucceeded" in told
    assert "index.html v2" in told
    assert "SourceNotFound" in told


def test_without_the_permission_for_events_updates_are_recorded_and_the_log_says_once_how_to_grant_it(run_pod, source):
    pod = run_pod()
    pod.account.refuse_events()

    def refused():
        found = re.search(r'^okg_sidecar_api_requests_total{code="403"} (\S+)', pod.sidecar.get("/metrics").body.decode(), re.M)
        return float(found.group(1)) if found else 0

    def update():
        version = f"v{next(numbers)}"
        answer = pod.update(version, source.put(f"/{version}/index.html", version.encode()))
        assert (answer.status, answer.json["recorded"]) == (200, True), answer

    numbers = itertools.count()
    wait_until(lambda: update() or refused(), "the API server refuses")
    update()
    wait_until(lambda: refused() >= 2, "it was tried again")
    said = "an Event of the pod could not be written"
    wait_until(lambda: said in pod.sidecar.log(), "the log says it")
    assert pod.sidecar.log().count(said) == 1
    assert "resources: [events], verbs: [create]" in pod.sidecar.log()
