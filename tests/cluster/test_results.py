"""Where results go: the pod's annotation and label, its own key of the ConfigMap, its workload's latest."""

import contextlib
import os
import pathlib

import pytest

from running_pod import ANNOTATION, LABEL
from service_account import create_result_config_map, may_use_config_maps, owner_reference
from waiting import wait_until

V1, V2 = b"<html>V1</html>", b"<html>V2</html>"
SET = owner_reference("StatefulSet", "game")


def patches(pod, name):
    return [(body, status) for _, each, body, status in pod.calls("patch") if each == name]


@pytest.mark.oldest
def test_the_annotation_and_the_label_are_written_in_one_patch(run_pod, source):
    pod = run_pod()
    answer = pod.update("v2", source.put("/v2/index.html", V2))
    assert answer.status == 200, answer
    assert answer.json["recorded"] is True, answer
    annotation = pod.annotation()
    assert set(annotation) == {"id", "version", "result", "message", "url", "sha256", "updatedAt"}
    assert annotation["version"] == pod.label() == "v2"
    assert annotation["result"] == "Succeeded"
    assert annotation["url"] == source.url("/v2/index.html")
    assert annotation["sha256"] == answer.json["sha256"]
    [(body, status)] = wait_until(lambda: patches(pod, "game-0"), "the audit log shows it")
    assert status == 200
    assert set(body) == {"metadata"}
    assert set(body["metadata"]["annotations"]) == {ANNOTATION}
    assert body["metadata"]["labels"] == {LABEL: "v2"}
    assert "v2" in pod.plane.kubectl("-n", pod.account.namespace, "describe", "pod", "game-0")


@pytest.mark.oldest
def test_the_config_map_gets_patches_of_single_keys_and_the_latest_a_compare_and_swap(run_pod, source):
    pod = run_pod(owner=SET)
    before = pod.plane.config_map()
    pod.update("v1", source.put("/v1/index.html", V1))
    pod.update("v2", source.put("/v2/index.html", V2))
    latest_key = f"_latest.{pod.account.namespace}.StatefulSet.game"
    bodies = wait_until(lambda: len(found := [body for body, _ in patches(pod, "sidecar-result")]) == 4 and found, "four patches")
    own = [body for body in bodies if isinstance(body, dict)]
    assert len(own) == 2
    assert all(set(body) == {"data"} and set(body["data"]) == {pod.key} for body in own)
    for swap in (body for body in bodies if isinstance(body, list)):
        assert [step["op"] for step in swap] in (["test", "add"], ["test", "replace"])
        assert {step["path"] for step in swap} == {f"/data/{latest_key}"}
    after = pod.plane.config_map()
    assert {key: after[key] for key in before} == before
    assert set(after) - set(before) == {pod.key, latest_key}
    entry = pod.entry()
    assert entry["version"] == "v2"
    assert entry["workload"] == f"{pod.account.namespace}/StatefulSet/game"
    assert set(entry["files"]) == {"index.html"}
    assert set(entry["files"]["index.html"]) == {"version", "url", "sha256", "scope", "requestedAt"}
    latest = pod.latest("StatefulSet", "game")
    assert set(latest["index.html"]) == {"version", "url", "sha256", "requestedAt"}
    assert latest["index.html"]["version"] == "v2"


def test_latest_is_kept_per_path_and_a_new_pod_gets_both_files_with_one_trigger(run_pod, source):
    first = run_pod("game-0", owner=SET)
    first.update("page-2", source.put("/v2/index.html", V2))
    first.update("map-7", source.put("/maps/1.json", b"[7]"), path="maps/1.json")
    assert {path: each["version"] for path, each in first.latest("StatefulSet", "game").items()} == {
        "index.html": "page-2", "maps/1.json": "map-7"}
    second = run_pod("game-1", owner=SET, game=True)
    assert second.read("index.html") == V2
    assert second.read("maps/1.json") == b"[7]"
    assert second.game.wait_for(1) == 1
    assert second.update("page-3", source.put("/v3/index.html", b"V3")).status == 200
    assert second.game.wait_for(2) == 2, "one signal for both restored files, one for the update"
    assert {path: each["version"] for path, each in second.entry()["files"].items()} == {"index.html": "page-3", "maps/1.json": "map-7"}


def test_an_older_request_that_is_recorded_late_does_not_move_latest_back(run_pod, source):
    slow, quick = run_pod("game-0", owner=SET), run_pod("game-1", owner=SET)
    token = slow.account.token
    (slow.account.folder / "token").write_text("not a token")
    late = slow.update("v2", source.put("/v2/index.html", V2))
    assert late.json["recorded"] is False
    assert quick.latest("StatefulSet", "game") == {}
    assert quick.update("v1", source.put("/v1/index.html", V1)).json["recorded"] is True
    (slow.account.folder / "token").write_text(token)
    wait_until(lambda: slow.entry().get("version") == "v2", "the late result is written")
    wait_until(lambda: slow.unrecorded() == 0, "nothing waits")
    assert quick.latest("StatefulSet", "game")["index.html"]["version"] == "v1"


def test_a_failed_update_is_recorded_and_leaves_latest_alone(run_pod, source):
    pod = run_pod(owner=SET)
    pod.update("v1", source.put("/v1/index.html", V1))
    before = pod.latest("StatefulSet", "game")
    answer = pod.update("v2", source.url("/not/here/index.html"))
    assert answer.status == 502, answer
    assert answer.json["recorded"] is True, answer
    assert pod.annotation()["result"] == "Failed"
    assert pod.annotation()["version"] == "v2"
    assert "404" in pod.annotation()["message"]
    assert pod.entry()["result"] == "Failed"
    assert pod.entry()["files"]["index.html"]["version"] == "v1"
    assert pod.latest("StatefulSet", "game") == before
    assert pod.read("index.html") == V1
    assert pod.label() == "v1"


@pytest.mark.oldest
def test_shards_spread_the_pods_and_leave_latest_in_the_root(plane, sidecar_pod, run_pod, source):
    shards = [f"sidecar-result-{i}" for i in range(3)]
    for name in shards:
        create_result_config_map(plane, name)
    sidecar_pod("game-0")
    may_use_config_maps(plane, shards)
    pods = [run_pod(f"game-{i}", owner=SET, in_kube={"shards": 3}) for i in range(6)]
    for i, pod in enumerate(pods):
        assert pod.update(f"v{i}", source.put("/index.html", V2)).json["recorded"] is True
    held = {name: set(plane.config_map(name)) for name in shards}
    for pod in pods:
        [shard] = [name for name in shards if pod.key in held[name]]
        assert pod.entry(shard)["files"]["index.html"]["scope"] == "workload"
    assert len([name for name in shards if held[name]]) > 1
    assert not any(pod.key in plane.config_map() for pod in pods)
    assert pods[0].latest("StatefulSet", "game")["index.html"]["version"] == "v5"
    pods[2].update("canary", source.put("/canary/index.html", V1), scope="pod")
    pods[2].recreate()
    assert pods[2].read("index.html") == V1, "its own entry is read from its shard"
    assert run_pod("game-6", owner=SET, in_kube={"shards": 3}).read("index.html") == V2


@pytest.mark.oldest
@pytest.mark.parametrize("labels, owner, kind, name", [
    ({"game.kruise.io/owner-gss": "lobby"}, owner_reference("StatefulSet", "lobby", "apps.kruise.io/v1beta1"), "GameServerSet", "lobby"),
    ({}, owner_reference("StatefulSet", "lobby"), "StatefulSet", "lobby"),
    ({"pod-template-hash": "5d8f7"}, owner_reference("ReplicaSet", "lobby-5d8f7"), "Deployment", "lobby"),
    ({}, owner_reference("ReplicaSet", "lobby-5d8f7"), "ReplicaSet", "lobby-5d8f7"),
    ({}, None, "Pod", "game-0"),
], ids=["GameServerSet", "StatefulSet", "Deployment", "ReplicaSet", "bare-pod"])
def test_the_workload_is_found_and_its_other_pods_get_its_latest(run_pod, source, labels, owner, kind, name):
    pod = run_pod("game-0", labels=labels, owner=owner)
    pod.update("v2", source.put("/v2/index.html", V2))
    assert set(pod.latest(kind, name)) == {"index.html"}
    sibling = run_pod("game-1", labels=labels, owner=owner)
    assert sibling.read("index.html") == (None if kind == "Pod" else V2)


def test_workloads_of_the_same_name_never_see_each_others_latest(run_pod, source, namespace):
    here = run_pod("game-0", owner=SET)
    here.update("v2", source.put("/v2/index.html", V2))
    elsewhere = run_pod("game-0", owner=SET, namespace=f"{namespace}-b")
    another_kind = run_pod("game-1", labels={"pod-template-hash": "5d8f7"}, owner=owner_reference("ReplicaSet", "game-5d8f7"))
    for pod in (elsewhere, another_kind):
        assert pod.read("index.html") is None
        assert pod.sidecar.status()["live"] == {}
    elsewhere.update("v1", source.put("/v1/index.html", V1))
    here.recreate()
    assert here.read("index.html") == V2
    assert elsewhere.read("index.html") == V1
    assert elsewhere.latest("StatefulSet", "game")["index.html"]["version"] == "v1"


def test_without_pod_namespace_the_service_accounts_is_taken(run_pod, sidecar_pod, source):
    account = sidecar_pod("game-0")
    del account.env["POD_NAMESPACE"]
    pod = run_pod(account=account)
    assert pod.update("v2", source.put("/v2/index.html", V2)).json["recorded"] is True
    assert pod.annotation()["version"] == "v2"


def test_the_connection_to_the_api_server_is_kept(run_pod, source):
    pod = run_pod()

    def connections():
        """Local ports of this sidecar's connections to the API server. @source proc(5), /proc/net/tcp: state 01 is established"""
        descriptors = pathlib.Path(f"/proc/{pod.sidecar.process.pid}/fd")
        inodes = set()
        for each in descriptors.iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed while they are listed
                inodes.add(os.readlink(each))
        found = set()
        with open("/proc/net/tcp") as table:
            for line in table.readlines()[1:]:
                fields = line.split()
                if fields[3] == "01" and int(fields[2].split(":")[1], 16) == pod.plane.port and f"socket:[{fields[9]}]" in inodes:
                    found.add(int(fields[1].split(":")[1], 16))
        return found

    assert pod.update("v1", source.put("/v1/index.html", V1)).json["recorded"] is True
    one = connections()
    assert len(one) == 1
    assert pod.update("v2", source.put("/v2/index.html", V2)).json["recorded"] is True
    assert connections() == one


def test_a_latest_that_is_forgotten_is_not_given_to_new_pods(run_pod, source):
    """An image that is newer than the last hot update keeps its own content."""
    first = run_pod("game-0", owner=SET)
    first.update("v1", source.put("/v1/index.html", V1))
    first.update("v1", source.put("/v1/map.json", V1))
    answer = first.post("/hot-update/forget", path="index.html")
    assert (answer.status, answer.json["paths"]) == (200, ["index.html"]), answer
    assert first.post("/hot-update/forget", path="index.html").status == 404
    # A pod that still runs it writes its results, and does not bring it back.
    first.update("v2", source.put("/v2/map.json", V2), path="map.json")
    second = run_pod("game-1", owner=SET)
    assert (second.shared / "map.json").read_bytes() == V2
    assert not (second.shared / "index.html").exists()
    # What is asked for later counts again.
    first.update("v3", source.put("/v3/index.html", V2))
    assert first.latest("StatefulSet", "game")["index.html"]["version"] == "v3"
    assert first.post("/hot-update/forget", all="true").json["paths"] == ["index.html", "map.json"]
