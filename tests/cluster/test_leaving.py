"""What pods that are gone leave in the result ConfigMap, and who takes it out."""

import json
import pathlib
import subprocess

from cluster import MERGE_PATCH
from service_account import create_result_config_map, owner_reference

TIDY = pathlib.Path(__file__).resolve().parents[2] / "scripts/tidy"
WEB, GAME = owner_reference("CloneSet", "web", "apps.kruise.io/v1alpha1"), owner_reference("StatefulSet", "game")


def begin_to_delete(account):
    """As kubectl delete does, while the containers still run."""
    account.plane.request("PATCH", account.path, {"metadata": {"finalizers": ["okg.example.com/runs"]}}, MERGE_PATCH)
    account.delete()


def test_a_pod_whose_name_comes_again_to_nobody_takes_its_result_along(run_pod, source):
    going, staying, numbered = run_pod("web-x2x4z", owner=WEB), run_pod("web-b2b4z", owner=WEB), run_pod("game-0", owner=GAME)
    for pod in (going, staying, numbered):
        assert pod.update("v1", source.put("/v1/index.html", b"v1")).json["recorded"] is True
    for pod in (going, numbered):
        begin_to_delete(pod.account)
    for pod in (going, staying, numbered):
        pod.stop_sidecar()
    assert going.entry() == {}
    assert going.latest("CloneSet", "web")["index.html"]["version"] == "v1"
    assert staying.entry()["version"] == numbered.entry()["version"] == "v1"


def test_what_is_left_is_listed_and_deleted(plane, sidecar_pod):
    there = sidecar_pod("game-0")
    ns, old, new = there.namespace, json.dumps({"updatedAt": "2026-01-01T00:00:00.000000Z"}), json.dumps({"updatedAt": "2999-01-01T00:00:00Z"})
    create_result_config_map(plane, "sidecar-result-0")
    create_result_config_map(plane, "sidecar-result-other")
    gone = {f"{ns}.gone-0": old}
    kept = {f"{ns}.game-0": old, f"{ns}.young-0": new, f"_latest.{ns}.StatefulSet.gone": old, f"{ns}-gone-0": "hot_update: {}", f"{ns}.none": "x"}
    for name in ("sidecar-result", "sidecar-result-0", "sidecar-result-other"):
        plane.request("PATCH", f"/api/v1/namespaces/kube-system/configmaps/{name}", {"data": gone | kept}, MERGE_PATCH)

    def tidy(*arguments):
        done = subprocess.run([TIDY, *arguments], env=plane.env, capture_output=True, text=True, check=True)
        return sorted(line for line in done.stdout.splitlines() if f" {ns}" in line)

    def is_there(name):
        return set(gone) & set(plane.config_map(name))

    listed = [f"sidecar-result {ns}.gone-0 {len(old)}", f"sidecar-result-0 {ns}.gone-0 {len(old)}"]
    assert tidy() == listed
    assert is_there("sidecar-result")
    assert tidy("--delete") == [f"sidecar-result {ns}.gone-0 deleted", f"sidecar-result-0 {ns}.gone-0 deleted"]
    assert not is_there("sidecar-result")
    assert not is_there("sidecar-result-0")
    assert is_there("sidecar-result-other")
    assert set(kept) <= set(plane.config_map())
    assert tidy() == []
