"""Orders on a real node: kubectl annotates pods, the kubelet carries that into them, and the games have the new content."""

import datetime
import json
import os
import pathlib
import re
import socket
import statistics

import pytest

from game_pods import address, shows
from test_operations import Shell, follow
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
PODS = 40 if os.environ.get("FULL") else 4


def test_orders_every_command_of_the_fleet_page_does_what_the_page_shows(node, emptied, pages, things, tmp_path):
    shell = Shell({**node.env, "HOME": str(tmp_path)})
    things.append(shell)
    follow("docs/fleet.md", shell, pages)
    # Only the page's own curl asked for V1: the pods took it from what they had kept.
    sidecars = [path for path, headers in pages.requests if headers.get("User-Agent", "").startswith("okg-sidecar")]
    assert sidecars
    assert "/v1/index.html" not in sidecars


def notified_at(node, name):
    """When the sidecar of that pod had notified its game."""
    log = node.kubectl("logs", name, "-c", "sidecar")
    found = re.findall(r"^(\S+)Z info update stage .*stage=confirm", log, re.M) or re.findall(r"^(\S+)Z info update stage .*stage=record", log, re.M)
    return datetime.datetime.fromisoformat(found[-1]).replace(tzinfo=datetime.timezone.utc)


def test_orders_from_the_annotation_to_the_notified_game(game, pages, record_property):
    game.apply("statefulset.yaml")
    game.node.kubectl("scale", "statefulset/hot-update-gs", f"--replicas={PODS}")
    names = [f"hot-update-gs-{i}" for i in range(PODS)]
    pods = [game.pod(name) for name in names]
    order = json.dumps({"index.html": {"version": "v2", "url": pages.url("/v2/index.html"), "by": "measured"}})
    begun = datetime.datetime.now(datetime.timezone.utc)
    game.node.kubectl("annotate", "pods", "-l", "app=hot-update-gs", "--overwrite", f"okg-sidecar.io/desired={order}")
    for pod in pods:
        wait_until(lambda pod=pod: shows(pod, "V2"))
    seconds = sorted((notified_at(game.node, name) - begun).total_seconds() for name in names)
    p50, p95 = statistics.median(seconds), seconds[int(0.95 * (len(seconds) - 1))]
    print(f"annotation to notified game, {PODS} pods: p50 {p50:.2f} s, p95 {p95:.2f} s, at most {seconds[-1]:.2f} s")
    record_property("p50", p50)
    record_property("p95", p95)
    assert p95 < 20


def test_orders_are_all_that_a_pod_with_a_closed_port_needs(game, pages):
    game.apply_folder(ROOT / "examples/kustomize/orders-only")
    pod = game.pod("hot-update-gs-0")  # Ready: probed by exec
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address(pod), 5000), timeout=10)
    order = json.dumps({"index.html": {"version": "v2", "url": pages.url("/v2/index.html"), "by": "operator"}})
    game.node.kubectl("annotate", "pod", "hot-update-gs-0", f"okg-sidecar.io/desired={order}")
    wait_until(lambda: shows(pod, "V2"))
    assert game.node.kubectl("get", "networkpolicy", "sidecar", "-o", "name").strip() == "networkpolicy.networking.k8s.io/sidecar"
