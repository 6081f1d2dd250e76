"""A hundred pods of one workload at the same moment."""

import concurrent.futures
import json
import time

from service_account import owner_reference
from source import gated
from waiting import wait_until

PODS = 100
SET = owner_reference("StatefulSet", "game")


def test_a_hundred_sidecars_that_finish_at_the_same_moment_lose_nothing(plane, run_pod, source):
    pods = [run_pod(f"game-{i}", owner=SET, wait_ready=False) for i in range(PODS)]
    for pod in pods:
        pod.sidecar.wait_ready()
    gates = [gated(source, f"/v{i}/index.html") for i in range(PODS)]
    with concurrent.futures.ThreadPoolExecutor(PODS) as callers:
        calls = [callers.submit(pod.update, f"v{i}", url) for i, (pod, (_, url)) in enumerate(zip(pods, gates))]
        for gate, _ in gates:
            assert gate.reached.wait(60)
        for gate, _ in gates:
            gate.open.set()
        answers = [call.result() for call in calls]
    begun = time.monotonic()
    assert all(answer.status == 200 and answer.json["result"] == "Succeeded" for answer in answers)
    late = [answer.json["recordError"] for answer in answers if not answer.json["recorded"]]
    wait_until(lambda: not any(pod.unrecorded() for pod in pods), "every result is written", timeout=300)
    print(f"{len(late)} of {PODS} results were recorded after their answer, the last {time.monotonic() - begun:.1f} s after")
    data = plane.config_map()
    entries = [json.loads(data[pod.key]) for pod in pods]
    assert [entry["version"] for entry in entries] == [f"v{i}" for i in range(PODS)]
    assert all(entry["result"] == "Succeeded" for entry in entries)
    newest = max((entry["files"]["index.html"] for entry in entries), key=lambda file: file["requestedAt"])
    latest = json.loads(data[f"_latest.{pods[0].account.namespace}.StatefulSet.game"])
    assert latest == {"index.html": {key: newest[key] for key in ("version", "url", "sha256", "requestedAt")}}
    assert [pod.annotation()["version"] for pod in pods] == [f"v{i}" for i in range(PODS)]
