"""A running game gets new content, and its pods keep it, whatever becomes of them. All through the shipped StatefulSet."""

import os
import pathlib
import signal
import subprocess

import pytest

from game_pods import annotation, await_version, containers, get, hot_update, shows
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
LATEST = "_latest.default.StatefulSet.hot-update-gs"


@pytest.fixture
def updated(game, pages):
    """The shipped StatefulSet whose first pod was updated to V2 by the users' curl."""
    game.apply("statefulset.yaml")
    pod = game.pod("hot-update-gs-0")
    assert hot_update(pod, f"version=v2&url={pages.url('/v2/index.html')}")[0] == 200
    return game


def test_a_curl_to_the_pod_shows_v2_without_any_restart(game, pages):
    game.apply("statefulset.yaml")
    before, other = game.pod("hot-update-gs-0"), game.pod("hot-update-gs-1")
    assert shows(before, "V1")
    status, answer = hot_update(before, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["result"], answer["recorded"]) == (200, "Succeeded", True), answer
    assert "SIGHUP sent to" in answer["message"]
    assert shows(before, "V2")

    after = game.pod("hot-update-gs-0")
    assert containers(after) == containers(before)
    assert [restarts for _, restarts in containers(after).values()] == [0, 0]
    assert (annotation(after)["version"], annotation(after)["result"]) == ("v2", "Succeeded")
    recorded = game.recorded()
    assert recorded["default.hot-update-gs-0"]["version"] == "v2"
    assert recorded[LATEST]["index.html"]["version"] == "v2"
    described = game.node.kubectl("describe", "pod", "hot-update-gs-0")
    assert '{"version":"v2","result":"Succeeded"' in described
    assert shows(other, "V1")  # an update is sent to each pod; the others get it when they start


def test_the_users_own_configuration_and_version_form_work(game, pages):
    """The form of the users' documentation: version=v1 for the first update, and its config.yaml with its comments."""
    own = game.node.kubectl("create", "configmap", "sidecar-config", f"--from-file=config.yaml={ROOT / 'examples/config.yaml'}",
                            "--dry-run=client", "-o", "yaml")
    game.node.kubectl("apply", "-f", "-", stdin=own)
    game.apply("statefulset.yaml")
    pod = game.pod("hot-update-gs-0")
    status, answer = hot_update(pod, f"version=v1&url={pages.url('/v2/index.html')}")
    assert (status, answer["version"], answer["result"]) == (200, "v1", "Succeeded"), answer
    assert shows(pod, "V2")


def test_a_deleted_pod_and_an_added_pod_come_up_with_v2(updated):
    deleted = updated.pod("hot-update-gs-0")["metadata"]["uid"]
    updated.node.kubectl("delete", "pod", "hot-update-gs-0")
    again = updated.pod("hot-update-gs-0")
    assert again["metadata"]["uid"] != deleted
    assert shows(again, "V2")
    updated.node.kubectl("scale", "statefulset", "hot-update-gs", "--replicas=3")
    added = updated.pod("hot-update-gs-2")
    assert shows(added, "V2")
    wait_until(lambda: updated.recorded().get("default.hot-update-gs-2"), "the added pod's result is recorded")
    assert annotation(updated.pod("hot-update-gs-2"))["version"] == "v2"


@pytest.mark.parametrize("container", ["sidecar", "game-2048"])
def test_a_container_that_was_killed_comes_back_with_nothing_lost(updated, pages, container):
    before = updated.pod("hot-update-gs-0")
    recorded, downloads = updated.recorded(), len(pages.requests)
    os.kill(updated.node.main_process(containers(before)[container][0]), signal.SIGKILL)

    def restarted():
        now = containers(updated.node.pod("default", "hot-update-gs-0"))
        return now[container][1] == 1 and now[container][0] != containers(before)[container][0]

    wait_until(restarted, f"{container} was restarted")
    after = updated.pod("hot-update-gs-0")
    other = "game-2048" if container == "sidecar" else "sidecar"
    assert containers(after)[other] == containers(before)[other]
    await_version(after, "V2")
    assert get(after, "/readyz")[0] == 200
    assert get(after, "/hot-update")[1]["live"]["index.html"]["version"] == "v2"
    assert updated.recorded() == recorded
    assert len(pages.requests) == downloads  # the shared directory was kept, so nothing was downloaded again
    assert hot_update(after, f"version=v3&url={pages.url('/v1/index.html')}")[1]["result"] == "Succeeded"
    assert shows(after, "V1")


def test_the_sidecar_ends_within_its_grace_period_when_its_pod_is_deleted(updated):
    """As the only process of the image it has nobody to pass SIGTERM on to it."""
    log = subprocess.Popen(["kubectl", "logs", "--follow", "hot-update-gs-1", "--container=sidecar"], stdout=subprocess.PIPE, text=True,
                           env=updated.node.env)
    assert updated.pod("hot-update-gs-1")
    updated.node.kubectl("delete", "pod", "hot-update-gs-1", "--wait=false")
    assert "info stopped\n" in log.communicate(timeout=120)[0]
