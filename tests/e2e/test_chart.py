"""The chart on a real node: installed, updated by what its notes say, upgraded, uninstalled, and installed again."""

import pathlib
import subprocess

import pytest

from game_pods import shows
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
POD = "lobby-hot-update-gs-0"
VALUES = "--set=example.enabled=true,example.replicas=1,image.tag=v1"


@pytest.fixture
def helm(node, tool, emptied):
    """helm("install", "lobby", …) in the namespace default: its output. Nothing of it is left afterwards."""

    def run(*arguments):
        return tool("helm", *arguments, "--namespace=default", f"--kubeconfig={node.kubeconfig}")

    yield run
    run("uninstall", "lobby", "--ignore-not-found", "--wait")
    node.kubectl("delete", "configmap", "lobby-sidecar-result", "--ignore-not-found")


def installed(helm):
    return helm("install", "lobby", ROOT / "deploy/helm/okg-sidecar", VALUES)


def test_chart_from_install_to_install_again_keeps_the_latest(helm, node, pages):
    notes = installed(helm)
    commands = [line.strip() for line in notes.split("NOTES:")[1].splitlines() if line.startswith("  ")]
    done = subprocess.run(["bash", "-e"], input="\n".join(commands), env=node.env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr + done.stdout
    assert '"version":"v2"' in done.stdout

    first = node.wait_for_pod("default", POD)
    node.kubectl("exec", POD, "--container=sidecar", "--", "okg-sidecar", "update", "v3", pages.url("/v2/index.html"))
    assert shows(first, "V2")
    wait_until(lambda: '"v3"' in str(node.config_map("lobby-sidecar-result", "default")), "the result is stored")

    helm("upgrade", "lobby", ROOT / "deploy/helm/okg-sidecar", VALUES, "--set=config.shutdownGraceSeconds=5")

    def replaced():
        # Between the old pod and the new one there is none.
        pods = node.request("GET", f"/api/v1/namespaces/default/pods?fieldSelector=metadata.name={POD}")["items"]
        return [pod["metadata"]["uid"] for pod in pods] not in ([], [first["metadata"]["uid"]])

    wait_until(replaced, "another configuration made another pod", timeout=120)
    assert shows(node.wait_for_pod("default", POD), "V2")

    helm("uninstall", "lobby", "--wait")
    # Or the new StatefulSet would take over the old one's pod.
    wait_until(lambda: node.kubectl("get", "statefulsets,pods", "-o", "name").strip() == "", "nothing of it runs", timeout=120)
    installed(helm)
    assert shows(node.wait_for_pod("default", POD), "V2")
