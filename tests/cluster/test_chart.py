"""The Helm chart on a real API server: installed, upgraded, uninstalled, installed again. Its sidecar's rights are used as they are."""

import json
import os
import pathlib
import subprocess

import pytest
import yaml

from running_pod import RunningPod
from service_account import owner_reference

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/okg-sidecar"
SET = owner_reference("StatefulSet", "game")


@pytest.fixture
def helm(plane, tmp_path):
    """helm("install", …) in the API server of the tests."""
    folder = subprocess.run([ROOT / "tests/install/build_tools.sh"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    env = {**os.environ, "KUBECONFIG": str(plane.kubeconfig), "HELM_CACHE_HOME": str(tmp_path), "HELM_DATA_HOME": str(tmp_path)}

    def run(*arguments):
        done = subprocess.run([f"{folder}/helm", *map(str, arguments)], capture_output=True, text=True, env=env)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_a_release_that_is_installed_again_keeps_its_latest(helm, plane, namespace, sidecar_pod, things, tmp_path, source):
    def config_map(name="lobby-sidecar-result"):
        return plane.request("GET", f"/api/v1/namespaces/{namespace}/configmaps/{name}").get("data", {})

    plane.kubectl("-n", namespace, "delete", "--ignore-not-found", "serviceaccount", "sidecar-sa")
    # The account that the tests' sidecars run with gets the chart's rights.
    ours = ["-n", namespace, "--set=serviceAccount.name=sidecar-sa,admissionPolicy.enabled=true"]
    notes = helm("install", "lobby", CHART, *ours, "--set=example.enabled=true")
    assert "curl -X POST -d version=v2 --data-urlencode" in notes
    account = sidecar_pod("game-0", owner=SET)
    account.renew_token(names_pod=True)  # without it, the release's policies let it write nothing
    stored = yaml.safe_load(config_map("lobby-sidecar-config")["config.yaml"])["plugins"][0]["config"]["storageConfig"]["inKube"]
    pod = RunningPod(account, tmp_path / "pod", in_kube=stored)
    things.append(pod)
    answer = pod.update("v2", source.put("/v2/index.html", b"v2"))
    assert answer.json["recorded"] is True, answer

    helm("upgrade", "lobby", CHART, *ours, "--set=config.shutdownGraceSeconds=5")
    latest = f"_latest.{namespace}.StatefulSet.game"
    assert json.loads(config_map()[latest])["index.html"]["version"] == "v2"
    helm("uninstall", "lobby", "-n", namespace)
    assert not plane.exists(f"/api/v1/namespaces/{namespace}/configmaps/lobby-sidecar-config")
    assert latest in config_map()
    helm("install", "lobby", CHART, *ours)
    assert json.loads(config_map()[latest])["index.html"]["version"] == "v2"
