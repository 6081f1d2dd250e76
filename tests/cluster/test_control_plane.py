"""The ground that the other tests stand on: a real API server that holds the sidecar to the shipped Role."""

import pathlib
import re
import subprocess

import pytest

from binaries import Binaries
from cluster import MERGE_PATCH, ControlPlane, Refused
from service_account import owner_reference
from sidecar import request
from waiting import wait_until


def _status(plane, pod, method, path, body=None):
    try:
        plane.request(method, path, body, MERGE_PATCH if method == "PATCH" else "application/json", token=pod.token)
        return 200
    except Refused as refused:
        return refused.status


RESULTS = "/api/v1/namespaces/kube-system/configmaps"
ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.mark.oldest
def test_the_shipped_role_allows_what_the_sidecar_does(plane, sidecar_pod):
    pod = sidecar_pod("game-0")
    assert _status(plane, pod, "GET", pod.path) == 200
    assert _status(plane, pod, "PATCH", pod.path, {"metadata": {"annotations": {"a": "b"}}}) == 200
    assert _status(plane, pod, "GET", f"{RESULTS}/sidecar-result") == 200
    assert _status(plane, pod, "PATCH", f"{RESULTS}/sidecar-result", {"data": {"default.game-0": "{}"}}) == 200
    assert pod.annotations() == {"a": "b"}
    assert plane.config_map()["default.game-0"] == "{}"


@pytest.mark.oldest
@pytest.mark.parametrize("method, path", [
    ("GET", "/api/v1/namespaces/{}/pods"),
    ("DELETE", "/api/v1/namespaces/{}/pods/game-0"),
    ("PUT", "/api/v1/namespaces/{}/pods/game-0"),
    ("GET", "/api/v1/namespaces/kube-system/pods/game-0"),
    ("GET", "/api/v1/namespaces/{}/secrets"),
    ("GET", RESULTS),
    ("POST", RESULTS),
    ("PATCH", RESULTS + "/extension-apiserver-authentication"),
    ("DELETE", RESULTS + "/sidecar-result"),
    ("GET", RESULTS + "/sidecar-result-0"),
])
def test_the_shipped_role_denies_everything_else(plane, sidecar_pod, method, path):
    pod = sidecar_pod("game-0")
    assert _status(plane, pod, method, path.format(pod.namespace), {"metadata": {"name": "x"}}) == 403


def test_without_the_admission_policy_the_role_lets_a_sidecar_write_what_is_of_others(plane, sidecar_pod):
    """RBAC knows no key, and no pod of one's own: deploy/admission-policy.yaml closes this."""
    pod, sibling = sidecar_pod("game-0"), sidecar_pod("game-1")
    assert _status(plane, pod, "PATCH", sibling.path, {"metadata": {"annotations": {"a": "b"}}}) == 200
    assert _status(plane, pod, "PATCH", f"{RESULTS}/sidecar-result", {"data": {"_latest.default.StatefulSet.other": "{}"}}) == 200
    assert sibling.annotations() == {"a": "b"}
    assert plane.config_map()["_latest.default.StatefulSet.other"] == "{}"
    plane.request("PATCH", f"{RESULTS}/sidecar-result", {"data": {"_latest.default.StatefulSet.other": None}}, MERGE_PATCH)


@pytest.fixture
def shell(plane, namespace, tmp_path):
    """shell(commands): their standard output, with kubectl for that namespace."""
    config = tmp_path / "admin.conf"
    config.write_bytes(plane.kubeconfig.read_bytes())
    env = {**plane.env, "KUBECONFIG": str(config)}

    def run(commands):
        return subprocess.run(["bash", "-ec", commands], stdout=subprocess.PIPE, text=True, env=env, check=True).stdout

    run(f"kubectl config set-context --current --namespace={namespace}")
    yield run
    run("kubectl delete --ignore-not-found clusterrolebinding sidecar-auth")


def test_callers_are_known_by_the_api_server_once_the_sidecar_may_ask(run_pod, namespace, shell):
    """With the commands of docs/security.md. Without the ClusterRole nobody gets in, with it the caller's Role decides."""
    page = (ROOT / "docs/security.md").read_text()
    (block,) = [each for each in re.findall(r"^```\n(.*?)^```", page, re.M | re.S) if "system:auth-delegator" in each]
    account, delegate, grant = block.replace("default:", f"{namespace}:").split("\n", 2)
    grant, call_with_token = grant.split("curl ")
    (get_token,) = re.findall(r"\$\((.*)\)", call_with_token)
    pod = run_pod(host={"auth": {"kubernetes": {"audience": "okg-sidecar", "cacheSeconds": 0}}})
    shell(account)
    token = shell(get_token).strip()

    def status(method):
        answer = request(pod.sidecar.base + "/hot-update", method, b"" if method == "POST" else None, {"Authorization": f"Bearer {token}"})
        return answer.status, answer.json.get("reason")

    assert status("POST") == status("GET") == (503, "ApiForbidden")
    shell(delegate)
    wait_until(lambda: status("POST") == status("GET") == (403, "Forbidden"), "the sidecar may ask, and the caller has no right")
    shell(grant)
    wait_until(lambda: (status("GET")[0], status("POST")[0]) == (200, 400), "the caller has both rights, and its update misses its fields")


def test_two_namespaces_share_the_result_config_map(plane, sidecar_pod):
    for namespace in ("team-a", "team-b"):
        pod = sidecar_pod("game-0", namespace=namespace)
        assert _status(plane, pod, "GET", f"{RESULTS}/sidecar-result") == 200
    assert _status(plane, pod, "GET", "/api/v1/namespaces/team-a/pods/game-0") == 403


@pytest.mark.oldest
def test_a_revoked_token_is_refused_and_a_renewed_one_is_not(plane, sidecar_pod):
    pod = sidecar_pod("game-0")
    pod.revoke_tokens()
    assert _status(plane, pod, "GET", pod.path) == 401
    pod.renew_token()
    assert _status(plane, pod, "GET", pod.path) == 200


def test_a_pod_carries_the_labels_and_the_owner_it_was_given(plane, sidecar_pod):
    pod = sidecar_pod("game-0", labels={"game.kruise.io/owner-gss": "hot-update-gs"}, owner=owner_reference("StatefulSet", "game"))
    metadata = plane.pod(pod.namespace, "game-0")["metadata"]
    assert metadata["labels"] == {"game.kruise.io/owner-gss": "hot-update-gs"}
    assert metadata["ownerReferences"][0]["name"] == "game"


def test_kubectl_shows_what_was_written(plane, sidecar_pod):
    pod = sidecar_pod("game-0")
    plane.request("PATCH", pod.path, {"metadata": {"annotations": {"result": "v2"}}}, MERGE_PATCH)
    assert "v2" in plane.kubectl("-n", pod.namespace, "describe", "pod", "game-0")


def test_the_api_server_comes_back_with_its_data_on_the_same_port(plane, sidecar_pod, outage):
    pod = sidecar_pod("game-0")
    port = plane.port
    with outage():
        with pytest.raises(OSError):
            plane.request("GET", pod.path)
    assert plane.port == port
    assert plane.request("GET", pod.path, token=pod.token)["metadata"]["name"] == "game-0"


@pytest.mark.skipif(not Binaries().has("kube-controller-manager"), reason="KUBEBUILDER_ASSETS holds no kube-controller-manager")
def test_controllers_make_the_pods_of_a_workload_when_asked_for(tmp_path):
    with ControlPlane(tmp_path / "control-plane", controllers=True) as plane:
        plane.kubectl("create", "deployment", "game", "--image=game-2048:v1", "--replicas=2")
        pods = wait_until(lambda: plane.request("GET", "/api/v1/namespaces/default/pods")["items"], "pods")
        assert pods[0]["metadata"]["ownerReferences"][0]["kind"] == "ReplicaSet"
