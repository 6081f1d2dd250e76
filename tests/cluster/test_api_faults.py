"""What the API server refuses or fails to do: the update stands, its result waits, and is written as soon as that works."""

import contextlib
import itertools
import json
import os
import re
import subprocess
import threading

import pytest
import yaml

from cluster import MERGE_PATCH, Refused
from pki import Pki
from service_account import create_result_config_map, may_use_config_maps, owner_reference
from sidecar import BINARY
from source import gated
from waiting import wait_until

V1, V2 = b"<html>V1</html>", b"<html>V2</html>"
SET = owner_reference("StatefulSet", "game")
RESULTS = "/api/v1/namespaces/kube-system/configmaps"


def assert_it_stands_but_waits(pod, answer, *reasons):
    assert answer.status == 200, answer
    assert answer.json["result"] == "Succeeded", answer
    assert pod.read("index.html") == V2, answer
    assert answer.json["recorded"] is False
    for reason in reasons:
        assert reason in answer.json["recordError"], answer
        assert reason in pod.sidecar.status()["recordError"]
    assert pod.sidecar.status()["results"][-1]["recorded"] is False
    assert pod.unrecorded() == 1
    assert '"v2"' in (pod.shared / ".okg-sidecar" / "journal").read_text()


def assert_it_gets_written(pod):
    wait_until(lambda: pod.unrecorded() == 0, "nothing waits")
    assert pod.sidecar.status()["results"][-1]["recorded"] is True
    assert "recordError" not in pod.sidecar.status()
    assert pod.annotation()["version"] == pod.label() == pod.entry()["version"] == "v2"
    assert pod.latest("StatefulSet", "game")["index.html"]["version"] == "v2"


def run_cure(pod, message):
    """Runs the kubectl command that the message ends in, as an operator would."""
    command = re.search(r"kubectl .*?(?=; |$)", message).group(0)
    for part in command.split(" && "):
        pod.plane.kubectl(*part.split()[1:])


@pytest.mark.oldest
@pytest.mark.parametrize("end", ["stays", "stopped", "killed"])
def test_a_missing_config_map_is_named_with_its_cure_and_waited_for(plane, run_pod, source, end):
    pod = run_pod(owner=SET)
    plane.request("DELETE", f"{RESULTS}/sidecar-result")
    try:
        answer = pod.update("v2", source.put("/v2/index.html", V2))
        assert_it_stands_but_waits(pod, answer, "ConfigMap kube-system/sidecar-result does not exist")
        assert pod.annotation()["version"] == pod.label() == "v2", "what can be written is written"
        if end != "stays":
            pod.sidecar.stop() if end == "stopped" else pod.sidecar.kill()
            pod.start_sidecar(wait_ready=False)
            wait_until(lambda: "does not exist" in pod.readiness()[1], "/readyz says what is missing")
            assert pod.unrecorded() == 1
        run_cure(pod, answer.json["recordError"])
        pod.sidecar.wait_ready()
        assert_it_gets_written(pod)
    finally:
        create_result_config_map(plane)


@pytest.mark.parametrize("end", ["stays", "killed"])
def test_a_missing_permission_for_the_config_map_is_named_with_its_cure(run_pod, source, end):
    pod = run_pod(owner=SET)
    pod.account.refuse_config_maps()
    answer = pod.update("v2", source.put("/v2/index.html", V2))
    account = f"service account {pod.account.namespace}:sidecar-sa may not"
    assert_it_stands_but_waits(pod, answer, account, "patch ConfigMap kube-system/sidecar-result", "resourceNames: [sidecar-result]")
    assert pod.annotation()["version"] == "v2"
    if end == "killed":
        pod.sidecar.kill()
        pod.start_sidecar(wait_ready=False)
        wait_until(lambda: "may not get ConfigMap" in pod.readiness()[1], "/readyz says what is missing")
    run_cure(pod, answer.json["recordError"])
    pod.sidecar.wait_ready()
    assert_it_gets_written(pod)


@pytest.mark.oldest
def test_a_missing_permission_for_pods_is_named_with_its_cure(run_pod, source):
    pod = run_pod(owner=SET)
    pod.account.refuse_pods()
    answer = pod.update("v2", source.put("/v2/index.html", V2))
    assert_it_stands_but_waits(pod, answer, "may not patch Pod", "resources: [pods]", "verbs: [get, patch]")
    assert pod.entry()["version"] == "v2", "what can be written is written"
    run_cure(pod, answer.json["recordError"])
    assert_it_gets_written(pod)


def test_a_pod_that_may_not_be_read_at_start_still_records_what_it_can(run_pod, sidecar_pod, source):
    account = sidecar_pod("game-0", owner=SET)
    account.refuse_pods()
    pod = run_pod(account=account, wait_ready=False)
    answer = pod.update("v2", source.put("/v2/index.html", V2))
    assert_it_stands_but_waits(pod, answer, "may not patch Pod")
    assert pod.entry()["version"] == "v2"
    assert pod.readiness()[0] == 503
    assert "may not patch Pod" in pod.readiness()[1]
    run_cure(pod, answer.json["recordError"])
    pod.sidecar.wait_ready()
    assert_it_gets_written(pod)


@pytest.mark.oldest
@pytest.mark.parametrize("end", ["stays", "killed"])
def test_a_full_config_map_is_named_with_its_cure(plane, run_pod, source, end):
    pod = run_pod(owner=SET)

    def fill(key, size):
        plane.request("PATCH", f"{RESULTS}/sidecar-result", {"data": {key: "x" * size if size else None}}, MERGE_PATCH)

    # @source ValidateConfigMap: the values count, the keys do not.
    fill("filler", (1 << 20) - sum(len(value) for value in plane.config_map().values()))
    try:
        with pytest.raises(Refused):
            fill("one-more", 1)
        answer = pod.update("v2", source.put("/v2/index.html", V2))
        assert_it_stands_but_waits(pod, answer, "ConfigMap kube-system/sidecar-result is full (1 MiB)", "shards")
        assert pod.annotation()["version"] == "v2"
        assert pod.entry() == {}
        if end == "killed":
            pod.sidecar.kill()
            pod.start_sidecar()
            wait_until(lambda: "is full" in pod.sidecar.status().get("recordError", ""), "it is tried again")
    finally:
        fill("filler", 0)
    assert_it_gets_written(pod)


def test_a_deleted_pod_object_is_named(run_pod, source):
    pod = run_pod(owner=SET)
    pod.account.delete()
    answer = pod.update("v2", source.put("/v2/index.html", V2))
    assert_it_stands_but_waits(pod, answer, f"Pod {pod.account.namespace}/game-0 does not exist", "downward API")


def test_the_api_server_goes_away_and_comes_back_in_mid_update(run_pod, source, outage):
    pod = run_pod(owner=SET)
    gate, url = gated(source, "/v2/index.html")
    gate.body = V2
    with outage():
        with in_progress(pod, "v2", url) as answers:
            assert gate.reached.wait(20)
            gate.open.set()
            wait_until(lambda: pod.read("index.html") == V2, "the update went live")
        assert_it_stands_but_waits(pod, answers[0], "API server")
    assert_it_gets_written(pod)


def test_an_api_server_that_comes_back_in_time_delays_the_answer_only(run_pod, source, outage):
    pod = run_pod(owner=SET)
    gate, url = gated(source, "/v2/index.html")
    gate.body = V2
    with in_progress(pod, "v2", url) as answers:
        assert gate.reached.wait(20)
        with outage():
            pass
        gate.open.set()
    assert answers[0].json["recorded"] is True, "the kept connection that broke is made again"
    assert_it_gets_written(pod)


def is_refused(pod):
    try:
        pod.plane.request("GET", pod.account.path, token=pod.account.token)
        return False
    except Refused as refused:
        return refused.status == 401


def test_a_token_that_is_rotated_in_mid_life_is_used(run_pod, source):
    pod = run_pod(owner=SET)
    pod.update("v1", source.put("/v1/index.html", V1))
    pod.account.revoke_tokens()
    wait_until(lambda: is_refused(pod), "the API server's cache of good tokens (10 s) is over")
    answer = pod.update("v2", source.put("/v2/index.html", V2))
    assert_it_stands_but_waits(pod, answer, "does not accept this pod's service account token")
    pod.account.renew_token()
    assert_it_gets_written(pod)
    # A rotation that comes in time is not noticed by anyone.
    pod.account.revoke_tokens()
    pod.account.renew_token()
    assert pod.update("v3", source.put("/v3/index.html", V1)).json["recorded"] is True


def refused_tokens(plane, path):
    """Audit events of requests for this object that carried no valid token."""
    events = [json.loads(line) for line in plane.audit_lines() if path in line]
    return [event for event in events if event.get("responseStatus", {}).get("code") == 401]


def test_a_401_makes_it_read_the_token_once_more_and_no_more_than_once(run_pod, sidecar_pod):
    account = sidecar_pod("game-0")
    account.revoke_tokens()
    pod = run_pod(account=account, wait_ready=False)
    pod.sidecar.stop()
    before = len(refused_tokens(pod.plane, pod.account.path))
    opened = pod.folder / "opened"
    pod.sidecar.argv = ["strace", "-D", "-f", "-qq", "-e", "trace=openat", "-o", str(opened), *pod.sidecar.argv]
    pod.sidecar.start(wait_ready=False)
    wait_until(lambda: "does not accept" in pod.readiness()[1], "the token is refused")
    attempts = len(refused_tokens(pod.plane, pod.account.path)) - before
    reads = len(re.findall(re.escape(f'"{pod.account.folder}/token"'), opened.read_text()))
    # Read at init, at start, and once for each call that was refused; a call is two requests: one with each token.
    assert attempts % 2 == 0
    assert reads == 2 + attempts // 2


def test_a_server_with_another_authority_is_refused(run_pod, sidecar_pod, source, tmp_path):
    account = sidecar_pod("game-0", owner=SET)
    right = (account.folder / "ca.crt").read_bytes()
    (account.folder / "ca.crt").write_bytes(Pki(tmp_path / "other").ca.read_bytes())
    pod = run_pod(account=account, wait_ready=False)
    wait_until(lambda: "certificate" in pod.readiness()[1], "/readyz says why")
    assert pod.readiness()[0] == 503, pod.readiness()
    assert str(account.folder / "ca.crt") in pod.readiness()[1], pod.readiness()
    answer = pod.update("v2", source.put("/v2/index.html", V2))
    assert_it_stands_but_waits(pod, answer, "certificate")
    assert not pod.plane.sidecar_calls(account.namespace), "no token was sent to it"
    (account.folder / "ca.crt").write_bytes(right)
    pod.sidecar.wait_ready()
    assert_it_gets_written(pod)


def test_outside_a_cluster_it_ends_with_64_and_says_so(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"plugins": [{"name": "hot_update", "config": {
        "loadPatchType": "none", "fileDir": str(tmp_path), "storageConfig": {"type": "InKube"}}}]}))
    outside = {key: value for key, value in os.environ.items() if not key.startswith("KUBERNETES_")}
    for env, said in ((outside, "not in a cluster: KUBERNETES_SERVICE_HOST is not set"),
                      ({**outside, "KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"}, "--service-account-dir")):
        ended = subprocess.run([BINARY, "--config", config, "--service-account-dir", tmp_path / "none"], env=env, capture_output=True,
                               text=True, timeout=20)
        assert ended.returncode == 64, ended
        assert said in ended.stderr, ended


@contextlib.contextmanager
def hammered(pod, name, patch):
    """Eight clients patch that ConfigMap with patch(number of the client) and this pod's token for as long as the body runs."""
    until = threading.Event()

    def write(i):
        while not until.is_set():
            try:
                pod.plane.request("PATCH", f"{RESULTS}/{name}", patch(i), MERGE_PATCH, token=pod.account.token)
            except (Refused, OSError):
                pass  # being refused is what it is for

    threads = [threading.Thread(target=write, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        until.set()
        for thread in threads:
            thread.join(60)


@contextlib.contextmanager
def in_progress(pod, version, url):
    """An update whose caller waits while the body runs; yields a list that holds the answer afterwards."""
    answers = []
    caller = threading.Thread(target=lambda: answers.append(pod.update(version, url)))
    caller.start()
    try:
        yield answers
    finally:
        caller.join(60)


@contextlib.contextmanager
def updated_until_told(pod, status, version, url):
    """One update after another for as long as the body runs, until the API server answers one of them with that status: a
    single update's few writes may all find their gap. Yields a list that holds the answers afterwards."""
    answers = []

    def update():
        while not answers or not statuses(pod, status):
            answers.append(pod.update(version, url))

    caller = threading.Thread(target=update)
    caller.start()
    try:
        yield answers
    finally:
        caller.join(120)


def statuses(pod, status):
    """How often the sidecar itself was answered so; the clients of the test have another User-Agent."""
    return len([event for event in pod.plane.sidecar_calls(pod.account.namespace)
                if event["responseStatus"]["code"] == status and event.get("userAgent") == "okg-sidecar"])


def test_too_many_requests_are_waited_out(plane, run_pod, sidecar_pod, source, outage):
    with outage("--enable-priority-and-fairness=false", "--max-mutating-requests-inflight=1"):
        pass
    try:
        pod = run_pod(owner=SET)
        with updated_until_told(pod, 429, "v2", source.put("/v2/index.html", V2)) as answers:
            with hammered(pod, "sidecar-result", lambda i: {"metadata": {"annotations": {"hammer": "x" * 200_000}}}):
                wait_until(lambda: statuses(pod, 429), "the sidecar is told 429")
        assert answers[-1].json["recorded"] is True, answers
        assert_it_gets_written(pod)
    finally:
        plane.request("PATCH", f"{RESULTS}/sidecar-result", {"metadata": {"annotations": {"hammer": None}}}, MERGE_PATCH)
        with outage():
            pass


@pytest.mark.oldest
def test_a_conflict_is_read_again_and_resolved(plane, run_pod, sidecar_pod, source):
    """The first latest of a ConfigMap without data is swapped by resource version, which here changes all the time."""
    names = ["fought-over", "fought-over-0", "fought-over-1"]
    for name in names:
        create_result_config_map(plane, name)
    sidecar_pod("game-0", owner=SET)
    may_use_config_maps(plane, names)
    pod = run_pod(owner=SET, in_kube={"shards": 2, "configMap": {"name": "fought-over"}})
    counter = itertools.count()
    with in_progress(pod, "v2", source.put("/v2/index.html", V2)):
        with hammered(pod, "fought-over", lambda i: {"metadata": {"annotations": {f"hammer-{i}": str(next(counter))}}}):
            wait_until(lambda: statuses(pod, 409), "the sidecar is told 409")
    wait_until(lambda: pod.unrecorded() == 0, "it is written")
    [latest] = [json.loads(value) for key, value in plane.config_map("fought-over").items()]
    assert latest["index.html"]["version"] == "v2"
