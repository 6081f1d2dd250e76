"""What bounds many pods on one shard: how many patches of one ConfigMap the API server itself gets done in a second."""

import http.client
import json
import threading
import time

from cluster import MERGE_PATCH
from figure import Figure

PATCHES = {"strategic": "application/strategic-merge-patch+json", "merge": MERGE_PATCH}
KEYS = 200
PATH = "/api/v1/namespaces/kube-system/configmaps/sidecar-result"
VALUE = "x" * 650  # as long as a pod's entry with one file


def patches_per_second(plane, kind, writers, each):
    """Of writers that begin together, each with a connection and a key of its own."""
    gate = threading.Barrier(writers + 1)
    statuses = []

    def write(i):
        connection = plane.connection()
        connection.connect()
        gate.wait()
        for n in range(each):
            connection.request("PATCH", PATH, json.dumps({"data": {f"key-{i}": f"{VALUE}{kind}{n}"}}), {"Content-Type": PATCHES[kind]})
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=write, args=(i,)) for i in range(writers)]
    for thread in threads:
        thread.start()
    gate.wait()
    begun = time.monotonic()
    for thread in threads:
        thread.join()
    return statuses.count(http.client.OK) / (time.monotonic() - begun)


def figures(plane):
    plane.request("PATCH", PATH, {"data": {f"key-{i}": VALUE for i in range(KEYS)}}, MERGE_PATCH)
    found = []
    for writers, each in ((1, 40), (4, 10), (16, 4), (64, 2)):
        for kind in PATCHES:
            name = f"{kind} patches a second of one ConfigMap of {KEYS} keys, {writers} writer{'s' if writers > 1 else ''}"
            found.append(Figure(name, patches_per_second(plane, kind, writers, each), "/s"))
    return found
