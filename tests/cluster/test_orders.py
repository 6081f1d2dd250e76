"""Orders with a real API server: what kubectl annotates reaches the sidecar, and the pod says what came of it. The kubelet is simulated."""

import json
import threading

import pytest

from kubelet import DownwardVolume
from waiting import wait_until

DESIRED, OBSERVED = "okg-sidecar.io/desired", "okg-sidecar.io/observed"


class Kubelet:
    """Carries the annotation of a pod into its volume."""

    def __init__(self, account, volume):
        self.account, self.volume, self.ended = account, volume, threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        last = ""
        while not self.ended.wait(0.1):
            text = self.account.annotations().get(DESIRED, "")
            if text != last:
                self.volume.write(desired=text)
                last = text

    def stop(self):
        self.ended.set()
        self.thread.join()


@pytest.fixture
def ordered_pod(run_pod, things, tmp_path):
    volume = DownwardVolume(tmp_path / "downward")

    def run(**orders):
        pod = run_pod(orders={"file": str(volume.order_file), **orders})
        things.append(Kubelet(pod.account, volume))
        return pod

    return run


def annotate(pod, version, url):
    order = json.dumps({"index.html": {"version": version, "url": url, "by": "test"}})
    pod.plane.kubectl("-n", pod.account.namespace, "annotate", "pod", pod.account.name, "--overwrite", f"{DESIRED}={order}")
    pod.plane.kubectl("-n", pod.account.namespace, "wait", f"pod/{pod.account.name}", "--timeout=60s",
                      "--for=jsonpath={.metadata.labels.hot-update-version}=" + version)


def observed(pod):
    return json.loads(pod.account.annotations()[OBSERVED])["index.html"]


def test_orders_reach_the_pod_and_the_fleet_is_seen_at_a_glance(ordered_pod, source):
    pod = ordered_pod()
    annotate(pod, "v2", source.put("/v2/index.html", b"two"))
    assert pod.read("index.html") == b"two"
    assert (observed(pod)["by"], observed(pod)["version"], observed(pod)["result"]) == ("test", "v2", "Succeeded")
    shown = pod.plane.kubectl("-n", pod.account.namespace, "get", "pods", "-L", "hot-update-version")
    assert "HOT-UPDATE-VERSION" in shown
    assert shown.split()[-1] == "v2"
    wait_until(lambda: pod.entry().get("version") == "v2")


def test_orders_that_are_recorded_to_the_pod_cost_one_write_each(ordered_pod, source):
    pod = ordered_pod(recordTo="pod")
    annotate(pod, "v1", source.put("/v1/index.html", b"one"))
    annotate(pod, "v2", source.put("/v2/index.html", b"two"))
    wait_until(lambda: pod.sidecar.status()["results"][-1]["recorded"])
    calls = wait_until(lambda: len(found := pod.calls("patch")) >= 2 and found, "the audit log shows them")
    assert [(name, set(body["metadata"])) for _, name, body, _ in calls] == [("game-0", {"annotations", "labels"})] * 2
