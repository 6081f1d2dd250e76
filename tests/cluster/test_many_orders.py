"""Many pods ordered at once: some real sidecars among simulated ones, on one API server. Nothing of theirs is lost."""

import concurrent.futures
import json
import os
import threading
import time

import pytest

from cluster import MERGE_PATCH
from kubelet import DownwardVolume
from service_account import SERVICE_ACCOUNT, create_result_config_map, may_use_config_maps, owner_reference
from waiting import wait_until

REAL, SIMULATED = (20, 980) if os.environ.get("FULL") else (4, 76)
DESIRED, OBSERVED = "okg-sidecar.io/desired", "okg-sidecar.io/observed"
SET = owner_reference("StatefulSet", "game")
SHARDS = [f"sidecar-result-{i}" for i in range(16)]


class Kubelet:
    """Carries the annotations of the real pods into their volumes; it looks for them by one label."""

    def __init__(self, plane, namespace, volumes):
        self.plane, self.namespace, self.volumes = plane, namespace, volumes
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        carried = {}
        while not self.ended.wait(0.2):
            pods = self.plane.request("GET", f"/api/v1/namespaces/{self.namespace}/pods?labelSelector=real%3Dyes")["items"]
            for pod in pods:
                name, text = pod["metadata"]["name"], pod["metadata"].get("annotations", {}).get(DESIRED, "")
                if text != carried.get(name, ""):
                    self.volumes[name].write(desired=text)
                    carried[name] = text

    def stop(self):
        self.ended.set()
        self.thread.join()


class SimulatedSidecar:
    """Makes the writes of an ordered sidecar, of the size that a real one's have."""

    def __init__(self, plane, namespace, index, observed, entry):
        self.plane, self.path, self.observed, self.entry = plane, f"/api/v1/namespaces/{namespace}/pods/fake-{index}", observed, entry
        self.key, self.shard = f"{namespace}.fake-{index}", SHARDS[index % len(SHARDS)]

    def create(self):
        self.plane.create(self.path.rsplit("/", 1)[0], {
            "metadata": {"name": self.path.rsplit("/", 1)[1], "labels": {"app": "game"}, "ownerReferences": [SET]},
            "spec": {"serviceAccountName": SERVICE_ACCOUNT, "automountServiceAccountToken": False, "containers": [{"name": "game", "image": "game-2048:v1"}]}})

    def obey(self):
        self.plane.request("PATCH", self.path, {"metadata": {"labels": {"hot-update-version": "v2"}, "annotations": {OBSERVED: self.observed}}},
                           MERGE_PATCH)
        self.plane.request("PATCH", f"/api/v1/namespaces/kube-system/configmaps/{self.shard}", {"data": {self.key: self.entry}}, MERGE_PATCH)


@pytest.fixture
def shards(plane):
    for name in SHARDS:
        create_result_config_map(plane, name)
    yield
    for name in SHARDS:
        plane.request("PATCH", f"/api/v1/namespaces/kube-system/configmaps/{name}", {"data": None}, MERGE_PATCH)


def kept_results(plane):
    return set().union(*(plane.config_map(name) for name in SHARDS))


def test_orders_of_many_pods_at_once_lose_nothing(plane, namespace, shards, sidecar_pod, run_pod, things, source, tmp_path, record_property):
    names = [f"game-{i}" for i in range(REAL)]
    volumes = {name: DownwardVolume(tmp_path / "volumes" / name) for name in names}
    accounts = [sidecar_pod(name, labels={"app": "game", "real": "yes"}, owner=SET) for name in names]
    may_use_config_maps(plane, SHARDS)  # in the Role that came with the accounts
    pods = [run_pod(name, account=account, in_kube={"shards": len(SHARDS)}, orders={"file": str(volumes[name].order_file)})
            for name, account in zip(names, accounts, strict=True)]
    things.append(Kubelet(plane, namespace, volumes))
    order = json.dumps({"index.html": {"version": "v2", "url": source.put("/v2/index.html", b"two"), "by": "many"}})
    observed = json.dumps({"index.html": {"version": "v2", "sha256": "0" * 64, "result": "Succeeded", "by": "many", "at": "2026-01-01T00:00:00Z"}})
    entry = json.dumps({"version": "v2", "url": source.url("/v2/index.html"), "sha256": "0" * 64, "result": "Succeeded", "message": "x" * 200})
    fakes = [SimulatedSidecar(plane, namespace, i, observed, entry) for i in range(SIMULATED)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(SimulatedSidecar.create, fakes))
        begun = time.monotonic()
        plane.kubectl("-n", namespace, "annotate", "pods", "-l", "app=game", "--overwrite", f"{DESIRED}={order}")
        ordered = time.monotonic() - begun
        list(pool.map(SimulatedSidecar.obey, fakes))
    for pod in pods:
        wait_until(lambda pod=pod: pod.account.labels().get("hot-update-version") == "v2", "a real pod says that it has v2")
        wait_until(lambda pod=pod: pod.key in kept_results(plane), "its result is kept")
    everybody = time.monotonic() - begun
    print(f"{REAL + SIMULATED} pods: annotated in {ordered:.1f} s, all recorded {everybody:.1f} s after the first annotation")
    record_property("seconds", everybody)
    listed = plane.kubectl("-n", namespace, "get", "pods", "-l", "hot-update-version=v2", "-o", "name").split()
    assert len(listed) == REAL + SIMULATED
    assert kept_results(plane) >= {pod.key for pod in pods} | {fake.key for fake in fakes}
    assert pods[0].latest("StatefulSet", "game")["index.html"]["version"] == "v2"
    assert all(pod.read("index.html") == b"two" for pod in pods)
