"""The ground that the other tests stand on: a real API server that holds the sidecar to the shipped Role."""

import pytest

from binaries import Binaries
from cluster import MERGE_PATCH, ControlPlane, Refused
from service_account import owner_reference
from waiting import wait_until


def _status(plane, pod, method, path, body=None):
    try:
        plane.request(method, path, body, MERGE_PATCH if method == "PATCH" else "application/json", token=pod.token)
        return 200
    except Refused as refused:
        return refused.status


RESULTS = "/api/v1/namespaces/kube-system/configmaps"


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
