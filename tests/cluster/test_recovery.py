"""What a pod comes back with: after a restart of the container, of the pod, and of things it needs."""

import json

import pytest

from cluster import MERGE_PATCH
from game import SignalCounter
from running_pod import ANNOTATION
from service_account import owner_reference
from source import Answer, Source
from waiting import wait_until

V1, V2, V3 = b"<html>V1</html>", b"<html>V2</html>", b"<html>V3</html>"
SET = owner_reference("StatefulSet", "game")


def writes(pod):
    return len(pod.calls("patch"))


def test_a_restarted_container_downloads_signals_and_writes_nothing(run_pod, source):
    pod = run_pod(owner=SET, game=True)
    pod.update("v2", source.put("/v2/index.html", V2))
    pod.update("m1", source.put("/maps/1.json", b"[1]"), path="maps/1.json")
    assert pod.game.wait_for(2) == 2
    written = wait_until(lambda: writes(pod) == 6 and 6, "two updates are three patches each")
    requests = len(source.requests)
    for end in (lambda: pod.stop_sidecar(), lambda: pod.sidecar.kill()):
        end()
        pod.start_sidecar()
        assert {path: each["version"] for path, each in pod.sidecar.status()["live"].items()} == {"index.html": "v2", "maps/1.json": "m1"}
    assert len(source.requests) == requests
    assert pod.game.count() == 2
    assert writes(pod) == written


@pytest.mark.oldest
def test_a_recreated_pod_comes_back_with_the_latest_and_fetches_it_once(run_pod, source):
    pod = run_pod(owner=SET)
    pod.update("v1", source.put("/v1/index.html", V1))
    pod.update("v2", source.put("/v2/index.html", V2))
    requests = len(source.requests)
    pod.recreate()
    assert pod.read("index.html") == V2
    assert [path for path, _ in source.requests[requests:]] == ["/v2/index.html"]
    wait_until(lambda: pod.label() == "v2" and pod.annotation()["version"] == "v2", "the new pod says what it runs")
    assert pod.annotation()["result"] == "Succeeded"
    assert "restored" in pod.annotation()["message"]


def test_pods_that_are_added_come_up_with_the_latest(run_pod, source):
    first = run_pod("game-0", owner=SET)
    first.update("v2", source.put("/v2/index.html", V2))
    for i in range(1, 4):
        added = run_pod(f"game-{i}", owner=SET)
        assert added.read("index.html") == V2
        assert added.sidecar.status()["live"]["index.html"]["scope"] == "workload"


def test_a_pod_that_missed_updates_while_it_was_down_catches_up(run_pod, source):
    down, up = run_pod("game-0", owner=SET, game=True), run_pod("game-1", owner=SET)
    down.update("v1", source.put("/v1/index.html", V1))
    down.stop_sidecar()
    for i in (2, 3):
        up.update(f"v{i}", source.put(f"/v{i}/index.html", V2 if i == 2 else V3))
    requests = len(source.requests)
    down.start_sidecar()
    assert down.read("index.html") == V3, "what was in between is skipped"
    assert len(source.requests) == requests + 1, "what was in between is skipped"
    assert down.game.wait_for(2) == 2


@pytest.mark.oldest
def test_a_canary_keeps_its_version_and_the_others_do_not_get_it(run_pod, source):
    canary, other = run_pod("game-0", owner=SET), run_pod("game-1", owner=SET)
    for pod in (canary, other):
        pod.update("v1", source.put("/v1/index.html", V1))
    answer = canary.update("v2", source.put("/v2/index.html", V2), scope="pod")
    assert answer.json["recorded"] is True
    assert canary.entry()["files"]["index.html"]["scope"] == "pod"
    assert canary.latest("StatefulSet", "game")["index.html"]["version"] == "v1"
    for pod in (canary, other):
        pod.recreate()
    assert canary.read("index.html") == V2
    assert other.read("index.html") == V1
    assert run_pod("game-2", owner=SET).read("index.html") == V1
    canary.update("v3", source.put("/v3/index.html", V3))
    canary.recreate()
    assert canary.read("index.html") == V3
    assert canary.latest("StatefulSet", "game")["index.html"]["version"] == "v3"


def test_a_canary_that_cannot_be_restored_yet_is_not_forgotten_by_another_update(run_pod, source):
    canary = run_pod(owner=SET)
    canary.update("v2", source.put("/v2/index.html", V2), scope="pod")
    source.answers["/v2/index.html"] = Answer(status=404)
    canary.recreate(wait_ready=False)
    assert canary.update("m1", source.put("/maps/1.json", b"[1]"), path="maps/1.json").json["recorded"] is True
    assert {path: each["scope"] for path, each in canary.entry()["files"].items()} == {"index.html": "pod", "maps/1.json": "workload"}
    canary.recreate(wait_ready=False)
    source.put("/v2/index.html", V2)
    wait_until(lambda: canary.read("index.html") == V2, "it is tried again, also after a 404")
    wait_until(lambda: canary.read("maps/1.json") == b"[1]", "so is the other path")


def test_the_newest_request_wins_and_not_the_highest_version(run_pod, source):
    pod = run_pod(owner=SET)
    for version, body in (("v1", V1), ("v2", V2), ("v1", V1)):
        assert pod.update(version, source.put(f"/{version}/index.html", body)).json["recorded"] is True
    assert pod.latest("StatefulSet", "game")["index.html"]["version"] == "v1"
    pod.recreate()
    assert pod.read("index.html") == V1
    assert run_pod("game-1", owner=SET).read("index.html") == V1


def test_a_newer_request_wins_over_a_latest_whose_clock_was_ahead(run_pod, source):
    pod = run_pod(owner=SET)
    pod.update("v1", source.put("/v1/index.html", V1))
    latest = pod.latest("StatefulSet", "game")
    latest["index.html"]["requestedAt"] = "2099-01-01T00:00:00.000000Z"
    key = f"_latest.{pod.account.namespace}.StatefulSet.game"
    pod.plane.request("PATCH", "/api/v1/namespaces/kube-system/configmaps/sidecar-result", {"data": {key: json.dumps(latest)}}, MERGE_PATCH)
    pod.recreate()
    assert pod.update("v2", source.put("/v2/index.html", V2)).json["recorded"] is True
    assert pod.latest("StatefulSet", "game")["index.html"]["version"] == "v2"
    # The same while the restore of that latest is still under way.
    source.answers["/v2/index.html"] = Answer(status=503)
    pod.recreate(wait_ready=False)
    wait_until(lambda: "index.html" in pod.readiness()[1], "the restore is tried")
    assert pod.update("v3", source.put("/v3/index.html", V3)).json["recorded"] is True
    pod.sidecar.wait_ready()
    assert pod.latest("StatefulSet", "game")["index.html"]["version"] == "v3"
    pod.recreate()
    assert pod.read("index.html") == V3


def test_only_a_main_process_from_before_the_content_is_signalled(run_pod, source, things):
    pod = run_pod(owner=SET, game=True)
    pod.update("v2", source.put("/v2/index.html", V2))
    assert pod.game.wait_for(1) == 1
    pod.recreate()
    assert pod.game.wait_for(2) == 2, "the game was there before the content"
    pod.stop_sidecar()
    pod.game.stop()
    pod.replace_object()
    pod.start_sidecar()
    assert pod.read("index.html") == V2
    assert "no main process yet" in pod.sidecar.status()["results"][-1]["message"]
    pod.game = SignalCounter(pod.folder / "game")
    pod.stop_sidecar()
    pod.start_sidecar()
    pod.stop_sidecar()
    assert pod.game.count() == 0, "a game that started on the content needs no signal"


def test_a_source_that_is_down_at_start_is_tried_until_it_is_back(run_pod, source, things):
    pod = run_pod(owner=SET)
    pod.update("v2", source.put("/v2/index.html", V2))
    pod.update("m1", source.put("/maps/1.json", b"[1]"), path="maps/1.json")
    source.stop()
    pod.recreate(wait_ready=False)
    wait_until(lambda: f"127.0.0.1:{source.port}" in pod.readiness()[1], "/readyz says what it waits for")
    status, why = pod.readiness()
    assert status == 503
    assert "index.html" in why
    assert "maps/1.json" in why
    assert pod.sidecar.get("/healthz").status == 200
    assert {each["path"] for each in pod.sidecar.status()["missing"]} == {"index.html", "maps/1.json"}
    # A live update does not wait behind it, and wins over what the workload ran before.
    things.append(Source())
    answer = pod.update("v3", things[-1].put("/v3/index.html", V3))
    assert answer.status == 200, answer
    assert answer.json["recorded"] is True, answer
    assert pod.latest("StatefulSet", "game")["index.html"]["version"] == "v3"
    assert pod.readiness()[0] == 503
    assert "maps/1.json" in pod.readiness()[1]
    things.append(Source(port=source.port))
    things[-1].put("/v2/index.html", V2)
    things[-1].put("/maps/1.json", b"[1]")
    source.stop = lambda: None
    pod.sidecar.wait_ready()
    assert pod.read("maps/1.json") == b"[1]"
    assert pod.read("index.html") == V3
    assert [path for path, _ in things[-1].requests] == ["/maps/1.json"]


@pytest.mark.oldest
def test_an_api_server_that_is_down_at_start_is_waited_for(run_pod, source, outage):
    pod = run_pod(owner=SET)
    pod.update("v2", source.put("/v2/index.html", V2))
    pod.update("m1", source.put("/maps/1.json", b"[1]"), path="maps/1.json")
    pod.stop_sidecar()
    pod.replace_object()
    with outage():
        pod.start_sidecar(wait_ready=False)
        wait_until(lambda: "API server" in pod.readiness()[1], "/readyz says what it waits for")
        assert pod.readiness()[0] == 503
        assert pod.sidecar.get("/healthz").status == 200
        answer = pod.update("v3", source.put("/v3/index.html", V3))
        assert answer.status == 200, answer
        assert answer.json["result"] == "Succeeded", answer
        assert answer.json["recorded"] is False, answer
        assert pod.read("index.html") == V3
        assert pod.unrecorded() == 1
    pod.sidecar.wait_ready()
    assert pod.read("index.html") == V3
    assert pod.read("maps/1.json") == b"[1]"
    wait_until(lambda: pod.unrecorded() == 0, "all is written")
    assert {path: each["version"] for path, each in pod.latest("StatefulSet", "game").items()} == {"index.html": "v3", "maps/1.json": "m1"}
    assert {path: each["version"] for path, each in pod.entry()["files"].items()} == {"index.html": "v3", "maps/1.json": "m1"}


def test_results_of_an_outage_are_all_right_afterwards_also_after_a_kill(run_pod, source, outage):
    pod = run_pod(owner=SET)
    pod.update("v1", source.put("/v1/index.html", V1))
    with outage():
        for version, path in (("v2", "index.html"), ("m1", "maps/1.json"), ("m2", "maps/1.json")):
            answer = pod.update(version, source.put(f"/{version}/x", version.encode()), path=path, wait="false")
            assert answer.status == 202
        wait_until(lambda: [each["version"] for each in pod.sidecar.status()["results"]] == ["v1", "v2", "m1", "m2"], "all ended")
        pod.sidecar.kill()
        pod.start_sidecar(wait_ready=False)
        wait_until(lambda: "results" in pod.sidecar.status(), "the plugin runs")
        assert [each["recorded"] for each in pod.sidecar.status()["results"]] == [True, False, False, False]
        assert pod.unrecorded() == 1
    pod.sidecar.wait_ready()
    wait_until(lambda: pod.unrecorded() == 0, "all is written")
    assert pod.annotation()["version"] == "m2"
    expected = {"index.html": "v2", "maps/1.json": "m2"}
    assert {path: each["version"] for path, each in pod.entry()["files"].items()} == expected
    assert {path: each["version"] for path, each in pod.latest("StatefulSet", "game").items()} == expected


def original_entry(pod, versions):
    """As the original sidecar writes it."""
    text = "hot_update:\n" + "".join(f"    {version}: {url}\n" for version, url in versions.items())
    pod.plane.request("PATCH", "/api/v1/namespaces/kube-system/configmaps/sidecar-result",
                      {"data": {f"{pod.namespace}-{pod.name}": text}}, MERGE_PATCH)


def test_pods_that_move_over_from_the_original_keep_their_versions(run_pod, sidecar_pod, source):
    urls = {version: source.put(f"/{version}/index.html", version.encode()) for version in ("v1", "v9", "v10")}
    accounts = [sidecar_pod(f"game-{i}", owner=SET) for i in range(2)]
    original_entry(accounts[0], urls)
    original_entry(accounts[1], {"v1": urls["v1"]})
    pods = [run_pod(account.name, account=account, latest={"readOriginal": True}) for account in accounts]
    assert [pod.read("index.html") for pod in pods] == [b"v10", b"v1"]
    wait_until(lambda: pods[0].entry().get("version") == "v10", "it is recorded in our own form")
    assert pods[0].latest("StatefulSet", "game") == {}
    pods[1].recreate()
    assert pods[1].read("index.html") == b"v1"
    # Once somebody asks us for a version, the workload's latest wins over what the original left.
    pods[0].update("v11", source.put("/v11/index.html", b"v11"))
    pods[1].recreate()
    assert pods[1].read("index.html") == b"v11"


def test_the_originals_texts_stand_beside_ours_for_tools_that_match_them(run_pod, sidecar_pod, source):
    account = sidecar_pod("game-0", owner=SET)
    first = source.put("/v1/index.html", b"v1")
    original_entry(account, {"OriginVersion": "OriginUrl", "v1": first})
    pod = run_pod("game-0", account=account, in_kube={"resultFormat": "original"})
    url = source.put("/v2/index.html", b"v2")
    assert pod.update("v2", url).json["recorded"] is True
    annotations = pod.plane.pod(account.namespace, "game-0")["metadata"]["annotations"]
    assert annotations[ANNOTATION] == "v2: Update success"
    assert json.loads(annotations["okg-sidecar.io/hot-update-result"])["result"] == "Succeeded"
    entry = pod.plane.config_map()[f"{account.namespace}-game-0"]
    assert entry == (f"hot_update:\n    OriginVersion: OriginUrl\n    v1: {first}\n    v2: {url}\n")
    assert pod.entry()["version"] == "v2"
    pod.update("v3", source.url("/not-there/index.html"))
    failed = pod.plane.pod(account.namespace, "game-0")["metadata"]["annotations"][ANNOTATION]
    assert failed.startswith("v3: Failed to load hot update file by signal: ")
    assert pod.plane.config_map()[f"{account.namespace}-game-0"] == entry


def test_a_pod_added_just_after_moving_over_starts_on_its_siblings_version(run_pod, sidecar_pod, source):
    urls = {version: source.put(f"/{version}/index.html", version.encode()) for version in ("v1", "v2")}
    original_entry(sidecar_pod("game-0", owner=SET), urls)
    added = run_pod("game-1", owner=SET, in_kube={"resultFormat": "original"}, latest={"readOriginal": True})
    assert added.read("index.html") == b"v2"
    other = run_pod("other-0", owner=owner_reference("StatefulSet", "other"), in_kube={"resultFormat": "original"})
    assert other.sidecar.status()["live"] == {}


def test_an_empty_entry_of_the_original_restores_nothing(run_pod, sidecar_pod):
    account = sidecar_pod("game-0")
    original_entry(account, {"OriginVersion": "OriginUrl"})
    assert run_pod(account=account).sidecar.status()["live"] == {}


def test_what_the_original_left_is_not_taken_unasked_and_the_status_says_how(run_pod, sidecar_pod, source):
    account = sidecar_pod("game-0")
    original_entry(account, {"v1": source.put("/v1/index.html", b"v1")})
    pod = run_pod(account=account)
    (ignored,) = pod.sidecar.status()["ignored"]
    assert (ignored["path"], ignored["reason"]) == ("index.html", "MissingField"), ignored
    assert "latest.readOriginal: true" in ignored["why"], ignored
    assert pod.read("index.html") is None
    assert not source.requests


def plant(pod, path, **changes):
    """Changes the entry of a path in the workload's latest, as whoever can write the ConfigMap could; None takes a member out."""
    latest = pod.latest("StatefulSet", "game")
    entry = {**latest["index.html"], **changes}
    latest[path] = {key: value for key, value in entry.items() if value is not None}
    key = f"_latest.{pod.account.namespace}.StatefulSet.game"
    pod.plane.request("PATCH", "/api/v1/namespaces/kube-system/configmaps/sidecar-result", {"data": {key: json.dumps(latest)}}, MERGE_PATCH)


@pytest.mark.parametrize("path, changes, reason", [
    ("index.html", {"sha256": "0" * 64}, "ChecksumMismatch"),
    ("maps/1.json", {"sha256": None}, "MissingField"),
    ("maps/1.json", {"url": "GONE"}, "SourceNotFound"),
    ("../../etc/cron.d/x", {}, "InvalidField"),
    ("maps/1.json", {"url": "file:///etc/shadow"}, "InvalidField"),
    ("maps/1.json", {"version": "v1\x1b[2J"}, "InvalidField"),
    ("maps", {"tree": {"format": "archive", "mode": "mirror", "include": ["**/" * 100_000]}}, "InvalidField")])
def test_a_stored_entry_that_cannot_be_used_holds_up_no_pod_and_spoils_no_other(run_pod, source, path, changes, reason):
    pod = run_pod(owner=SET)
    pod.update("m1", source.put("/maps/2.json", b"[2]"), path="maps/2.json")
    pod.update("v1", source.put("/v1/index.html", V1))
    plant(pod, path, **{key: source.url("/gone") if value == "GONE" else value for key, value in changes.items()})
    pod.recreate()  # until it is ready
    (ignored,) = wait_until(lambda: pod.sidecar.status().get("ignored"), "the status says what is not used")
    assert (ignored["path"], ignored["reason"]) == (path, reason), ignored
    assert ignored["why"]
    assert pod.read("maps/2.json") == b"[2]"
    assert pod.read("index.html") == (None if path == "index.html" else V1)
    assert pod.read("maps/1.json") is None


def test_an_entry_without_a_checksum_is_taken_where_everybody_who_writes_is_trusted(run_pod, source):
    pod = run_pod(owner=SET, latest={"trust": "shared"})
    pod.update("v1", source.put("/v1/index.html", V1))
    plant(pod, "maps/1.json", sha256=None)
    pod.recreate()
    assert pod.read("maps/1.json") == V1
    assert "ignored" not in pod.sidecar.status()


def test_results_may_be_in_the_pods_own_namespace(run_pod, sidecar_pod, source):
    account = sidecar_pod("game-0", owner=SET)
    plane, own = account.plane, account.namespace
    plane.create(f"/api/v1/namespaces/{own}/configmaps", {"metadata": {"name": "sidecar-result"}})
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["sidecar-result"], "verbs": ["get", "patch"]}]
    roles = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{own}"
    plane.create(f"{roles}/roles", {"metadata": {"name": "own-results"}, "rules": rules})
    plane.create(f"{roles}/rolebindings", {
        "metadata": {"name": "own-results"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "own-results"},
        "subjects": [{"kind": "ServiceAccount", "name": "sidecar-sa", "namespace": own}]})
    pod = run_pod(account=account, in_kube={"configMap": {"namespace": "own"}})
    assert pod.update("v1", source.put("/v1/index.html", V1)).json["recorded"] is True
    assert f"{own}.game-0" in plane.request("GET", f"/api/v1/namespaces/{own}/configmaps/sidecar-result")["data"]
    assert f"{own}.game-0" not in plane.config_map()
