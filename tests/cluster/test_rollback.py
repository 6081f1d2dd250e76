"""What a rollback and a game that is not well leave in the cluster."""

import pytest

from service_account import owner_reference
from sidecar import request
from source import Answer

SET = owner_reference("StatefulSet", "game")


def roll_back(pod):
    return request(pod.sidecar.base + "/hot-update/rollback", "POST")


@pytest.mark.oldest
def test_the_workload_follows_a_rollback(run_pod, source):
    first, second = run_pod("game-0", owner=SET), run_pod("game-1", owner=SET)
    for pod in (first, second):
        for version in ("v1", "v2"):
            pod.update(version, source.put(f"/{version}/index.html", version.encode()))
    second.stop_sidecar()
    assert roll_back(first).json["recorded"] is True
    assert first.latest("StatefulSet", "game")["index.html"]["version"] == first.label() == first.annotation()["version"] == "v1"
    asked_before = len(source.requests)
    second.start_sidecar()
    assert second.read("index.html") == b"v1", "what it has kept is not fetched"
    assert len(source.requests) == asked_before, "what it has kept is not fetched"
    assert run_pod("game-2", owner=SET).read("index.html") == b"v1"


def test_pods_keep_the_content_they_come_with_after_a_rollback_to_it(run_pod, source):
    pod = run_pod("game-0", owner=SET, wait_ready=False)
    (pod.shared / "index.html").write_bytes(b"from the image")
    pod.update("v1", source.put("/v1/index.html", b"v1"))
    assert roll_back(pod).json["version"] == "original"
    assert pod.latest("StatefulSet", "game")["index.html"]["version"] == "original"
    added = run_pod("game-1", owner=SET)
    assert added.read("index.html") is None
    assert added.sidecar.status()["missing"] == []


def test_a_game_that_is_not_healthy_leaves_latest_and_label_alone(run_pod, source):
    source.answers["/health"] = Answer(b"ok")
    confirm = {"http": {"url": source.url("/health")}, "timeoutSeconds": 1, "intervalMilliseconds": 20}
    pod = run_pod(owner=SET, game=True, confirm=confirm)
    answer = pod.update("v1", source.put("/v1/index.html", b"v1"))
    assert answer.status == 200, answer.json["message"]
    before = pod.latest("StatefulSet", "game")
    source.answers["/health"] = Answer(status=500)
    answer = pod.update("v2", source.put("/v2/index.html", b"v2"))
    assert answer.status == 500, answer
    assert answer.json["recorded"] is True, answer
    assert pod.annotation()["result"] == "RolledBack"
    assert "answered 500" in pod.annotation()["message"]
    assert pod.latest("StatefulSet", "game") == before
    assert pod.label() == "v1"
    assert pod.read("index.html") == b"v1"
