"""deploy/native-sidecar.yaml on a real node: the order in which sidecar and game start and end, and each of them on its own."""

import json
import os
import pathlib
import select
import signal

import pytest

from game_pods import await_version, containers, get, hot_update, shows, statuses
from source import Answer
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
POD, GAME = "hot-update-gs-0", "game-2048"
BOTH = {"sidecar", GAME}


@pytest.fixture
def native(game, pages):
    """The shipped native variant whose first pod was updated to V2."""
    game.apply("native-sidecar.yaml")
    pod = game.pod(POD)
    status, answer = hot_update(pod, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["result"], answer["recorded"]) == (200, "Succeeded", True), answer
    return game


def test_an_update_restarts_nothing(native):
    pod = native.pod(POD)
    assert shows(pod, "V2")
    assert set(containers(pod)) == BOTH
    assert {restarts for _, restarts in containers(pod).values()} == {0}


def test_the_game_starts_when_the_latest_content_is_in_place(native, pages):
    before = native.pod(POD)["metadata"]["uid"]
    kept = pages.answers["/v2/index.html"]
    pages.answers["/v2/index.html"] = Answer(status=503)
    native.node.kubectl("delete", "pod", POD)

    def sidecar_runs():
        (pod,) = native.node.request("GET", f"/api/v1/namespaces/default/pods?fieldSelector=metadata.name={POD}")["items"] or [None]
        if pod is None or pod["metadata"]["uid"] == before or "podIP" not in pod["status"]:
            return None
        return pod if "running" in statuses(pod)["sidecar"]["state"] else None

    pod = wait_until(sidecar_runs, "the new pod's sidecar runs")
    wait_until(lambda: "503" in json.dumps(get(pod, "/readyz")[1]), "it has tried to fetch the content")
    found = statuses(native.node.pod("default", POD))
    assert not found["sidecar"]["started"]
    assert found[GAME]["state"]["waiting"]["reason"] == "PodInitializing"

    pages.answers["/v2/index.html"] = kept
    pod = native.pod(POD)
    assert shows(pod, "V2")
    assert "no main process yet" in get(pod, "/hot-update")[1]["results"][-1]["message"]
    assert {restarts for _, restarts in containers(pod).values()} == {0}


def test_the_sidecar_ends_after_the_game(native):
    pod = native.pod(POD)
    ended = select.poll()
    names = {os.pidfd_open(native.node.main_process(container)): name for name, (container, _) in containers(pod).items()}
    try:
        for descriptor in names:
            ended.register(descriptor, select.POLLIN)
        native.node.kubectl("delete", "pod", POD, "--wait=false")
        order = []
        while len(order) < len(names):
            for descriptor, _ in ended.poll(60_000) or pytest.fail(f"only {order} ended"):
                order.append(names[descriptor])
                ended.unregister(descriptor)
        assert order == [GAME, "sidecar"]
    finally:
        for descriptor in names:
            os.close(descriptor)


@pytest.mark.parametrize("container", sorted(BOTH))
def test_one_that_was_killed_is_restarted_alone(native, pages, container):
    before = native.pod(POD)
    [other] = BOTH - {container}
    downloads = len(pages.requests)
    os.kill(native.node.main_process(containers(before)[container][0]), signal.SIGKILL)
    wait_until(lambda: containers(native.node.pod("default", POD))[container][1] == 1, f"{container} was restarted")
    after = native.pod(POD)
    assert containers(after)[other] == containers(before)[other]
    await_version(after, "V2")
    assert len(pages.requests) == downloads
    assert hot_update(after, f"version=v3&url={pages.url('/v1/index.html')}")[1]["result"] == "Succeeded"
    assert shows(after, "V1")


def test_commands_run_in_both_containers(native, pages):
    pod = native.pod(POD)
    version = native.node.kubectl("exec", POD, "--container=sidecar", "--", "/usr/bin/okg-sidecar", "--version")
    assert version.startswith("okg-sidecar ")
    page = native.node.kubectl("exec", POD, f"--container={GAME}", "--", "cat", "/var/www/html/index.html")
    assert page == (ROOT / "examples/game-2048/v2/index.html").read_text()
    assert hot_update(pod, f"version=v3&url={pages.url('/v1/index.html')}")[1]["result"] == "Succeeded"
    assert {restarts for _, restarts in containers(native.pod(POD)).values()} == {0}


@pytest.mark.parametrize("container, kind", [("sidecar", "initContainers"), (GAME, "containers")])
def test_one_is_resized_in_place(native, pages, container, kind):
    """@source Kubernetes, "Resize CPU and Memory Resources assigned to Containers"; beta and on by default since 1.33."""
    before = containers(native.pod(POD))
    wanted = statuses(native.pod(POD))[container]["resources"]
    wanted["requests"] |= {"cpu": "20m", "memory": "48Mi"}
    wanted["limits"] |= {"cpu": "1500m", "memory": "160Mi"}
    native.node.kubectl("patch", "pod", POD, "--subresource=resize",
                        "--patch", json.dumps({"spec": {kind: [{"name": container, "resources": wanted}]}}))
    wait_until(lambda: statuses(native.node.pod("default", POD))[container].get("resources") == wanted, "the kubelet has done it")
    pod = native.pod(POD)
    assert containers(pod) == before
    assert hot_update(pod, f"version=v3&url={pages.url('/v1/index.html')}")[1]["result"] == "Succeeded"
    assert shows(pod, "V1")
