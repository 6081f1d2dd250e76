"""Figures with a real API server: memory with TLS, requests per update, and many sidecars at once."""

import json
import pathlib
import threading
import time

import shared_writes
from cluster import MERGE_PATCH, ControlPlane
from figure import Figure, median_of, percentile
from kubelet import DownwardVolume
from running_pod import RunningPod
from service_account import create_result_config_map, may_use_config_maps, owner_reference
from source import Source
from waiting import wait_until
from watch import context_switches, memory_kib, wait_until_idle

SET = owner_reference("StatefulSet", "game")
RUNS = 3  # of many sidecars at once


def run_pods(plane, folder, namespace, count, shards):
    """Pods of one workload, started one after the other."""
    pods = []
    for i in range(count):
        account = plane.sidecar_pod(namespace, f"game-{i}", folder / "accounts" / f"{namespace}-{i}", owner=SET)
        pods.append(RunningPod(account, folder / namespace / str(i), in_kube={"shards": shards}))
    return pods


def one_pod(plane, folder, seconds, slack):
    source = Source()
    [pod] = run_pods(plane, folder, "bench-one", 1, 1)
    try:
        pid = pod.sidecar.process.pid
        assert pod.update("v1", source.put("/a", b"1" * 4096)).json["recorded"] is True
        before = len(pod.calls())
        wait_until_idle(pid)
        switches = context_switches(pid)
        time.sleep(seconds)  # the figure is a rate: this is the time it is measured over
        switches = context_switches(pid) - switches
        anon, rss = memory_kib(pid)
        updates = 10
        for i in range(updates):
            assert pod.update(f"v{i + 2}", source.put("/a", str(i).encode() * 4096)).json["recorded"] is True
        per_update = (len(pod.calls()) - before) / updates
    finally:
        pod.stop()
        source.stop()
    return [Figure("idle RssAnon, InKube with TLS, after one update", anon / 1024, "MiB", 1.5 * slack),
            Figure("idle RSS, InKube with TLS, after one update", rss / 1024, "MiB", 10 * slack),
            Figure(f"context switches in {seconds} s, idle, InKube", switches, "", 0),
            Figure("API requests per update, pod known", per_update, "", 3)]


def orders(plane, folder, record_to, updates=10):
    """What one order costs: writes to the API server, and what etcd writes to its disk for them."""
    source, volume = Source(), DownwardVolume(folder / f"downward-{record_to}")
    account = plane.sidecar_pod(f"bench-orders-{record_to}", "game-0", folder / "accounts" / f"orders-{record_to}", owner=SET)
    pod = RunningPod(account, folder / f"orders-{record_to}", orders={"file": str(volume.order_file), "recordTo": record_to})

    def order(version):
        url = source.put(f"/{version}", version.encode() * 1000)
        volume.write(desired=json.dumps({"index.html": {"version": version, "url": url}}))
        wait_until(lambda: [each for each in pod.sidecar.status()["results"] if each["version"] == version and each["recorded"]])

    try:
        order("first")
        calls, written = len(pod.calls("patch")), etcd_written_bytes(plane)
        for i in range(updates):
            order(f"v{i}")
        wait_until(lambda: len(pod.calls("patch")) - calls >= updates)
        calls, written = len(pod.calls("patch")) - calls, etcd_written_bytes(plane) - written
    finally:
        pod.stop()
        source.stop()
    name = f"an order, recordTo: {record_to}"
    return [Figure(f"{name}: API writes", calls / updates, "", 1 if record_to == "pod" else 3),
            Figure(f"{name}: written by etcd", written / updates / 1024, "KiB")]


def etcd_written_bytes(plane):
    """To its disk; what it sends to the API server does not count."""
    text = pathlib.Path(f"/proc/{plane.programs['etcd'].process.pid}/io").read_text()
    return int(text.split("\nwrite_bytes: ")[1].split()[0])


def many_at_once(plane, folder, count, shards, run):
    """(lost results, p95 seconds from POST to recorded, MiB that etcd wrote)."""
    source = Source()
    namespace = f"bench-{count}-{shards}-{run}"
    url = source.put("/index.html", b"<html>V2</html>")
    pods = run_pods(plane, folder, namespace, count, shards)
    try:
        seconds = [None] * count
        gate = threading.Barrier(count)

        def update(i):
            gate.wait()
            begun = time.monotonic()
            recorded = pods[i].update("v2", url).json["recorded"]
            while not recorded:
                time.sleep(0.5)  # asking more often would take the processor from what is measured
                recorded = pods[i].sidecar.status()["results"][-1]["recorded"]
            seconds[i] = time.monotonic() - begun

        written = etcd_written_bytes(plane)
        threads = [threading.Thread(target=update, args=(i,)) for i in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        written = (etcd_written_bytes(plane) - written) / (1 << 20)
        shard_names = ["sidecar-result"] if shards == 1 else [f"sidecar-result-{i}" for i in range(shards)]
        keys = set().union(*(plane.config_map(name) for name in shard_names))
        lost = sum(pod.key not in keys for pod in pods) + (pods[0].latest("StatefulSet", "game")["index.html"]["version"] != "v2")
        return lost, percentile(seconds, 0.95), written
    finally:
        for pod in pods:
            pod.sidecar.process.terminate()
        for pod in pods:
            pod.stop()
        source.stop()


def empty(plane, names):
    """So that each run writes a ConfigMap of as many pods as it has."""
    for name in names:
        plane.request("PATCH", f"/api/v1/namespaces/kube-system/configmaps/{name}", {"data": None}, MERGE_PATCH)


def scale(plane, folder, counts):
    figures = []
    names = [f"sidecar-result-{i}" for i in range(16)]
    for name in names:
        create_result_config_map(plane, name)
    plane.sidecar_pod("bench", "game-0", folder / "accounts" / "bench")  # brings the Role
    may_use_config_maps(plane, names)
    for count in counts:
        runs = {1: [], 16: []}
        for run in range(RUNS):
            for shards, seen in runs.items():
                empty(plane, ["sidecar-result", *names])
                seen.append(many_at_once(plane, folder, count, shards, run))
        for shards, seen in runs.items():
            lost, p95s, written = zip(*seen, strict=True)
            name = f"{count} sidecars at once, {shards} shard{'s' if shards > 1 else ''}"
            figures.append(Figure(f"{name}: results lost", sum(lost), "", 0))
            figures.append(median_of(f"{name}: p95 POST to recorded", p95s, "s", 5 if count == max(counts) else None))
            figures.append(median_of(f"{name}: written by etcd", written, "MiB"))
    return figures


def figures(folder, quick):
    with ControlPlane(folder / "control-plane") as plane:
        # --quick runs wherever CI does, and kernels count pages differently: it allows a twentieth more.
        found = one_pod(plane, folder, 10, 1.05) if quick else one_pod(plane, folder, 60, 1)
        found += [*orders(plane, folder, "all"), *orders(plane, folder, "pod")]
    if not quick:
        # An API server that writes every request to an audit log is not what is measured.
        with ControlPlane(folder / "large-control-plane", audit=False) as plane:
            found += scale(plane, folder, [25, 50, 100, 200])
            found += shared_writes.figures(plane)
    return found
