"""What every manifest of deploy/ has to be, read from the files; no cluster is started for these."""

import copy
import pathlib

import pytest
import yaml

from game_pods import manifest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLAIN = ["statefulset.yaml", "gameserverset.yaml", "native-sidecar.yaml"]
ALL = [*PLAIN, "statefulset-other-user.yaml"]


def pod_spec(name):
    *_, workload = manifest(name)
    return workload["spec"].get("template", workload["spec"].get("gameServerTemplate"))["spec"]


def container(spec, name):
    (found,) = [each for each in spec.get("initContainers", []) + spec["containers"] if each["name"] == name]
    return found


def test_the_role_holds_what_the_sidecar_does_and_nothing_else():
    documents = manifest("rbac.yaml")
    roles = {(each["metadata"]["namespace"], each["metadata"]["name"]): each["rules"] for each in documents if each["kind"] == "Role"}
    assert roles == {
        ("default", "sidecar-pods"): [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "patch"]},
                                      {"apiGroups": ["events.k8s.io"], "resources": ["events"], "verbs": ["create"]}],
        ("kube-system", "sidecar-result"): [
            {"apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["sidecar-result"], "verbs": ["get", "patch"]}]}
    assert {each["kind"] for each in documents} == {"ServiceAccount", "Role", "RoleBinding"}
    for binding in (each for each in documents if each["kind"] == "RoleBinding"):
        assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "sidecar-sa", "namespace": "default"}]


def test_the_shipped_configuration_is_the_users_own_with_the_state_beside_the_content():
    (config,) = manifest("sidecar-config.yaml")
    assert config["metadata"] == {"name": "sidecar-config", "namespace": "default"}
    ours = yaml.safe_load(config["data"]["config.yaml"])
    plugin = ours["plugins"][0]["config"]
    assert (plugin.pop("fileDir"), plugin.pop("stateDir")) == ("/app/volume/content", "/app/volume/state")
    assert ours == yaml.safe_load((ROOT / "examples/config.yaml").read_text())


def test_the_result_config_map_is_where_the_sidecar_looks():
    (result,) = manifest("result-configmap.yaml")
    assert result["metadata"] == {"name": "sidecar-result", "namespace": "kube-system"}


@pytest.mark.parametrize("name", ALL)
def test_every_variant_is_restricted_probed_and_limited(name):
    spec = pod_spec(name)
    assert spec["serviceAccountName"] == "sidecar-sa"
    assert spec["shareProcessNamespace"] is True
    assert spec["securityContext"]["fsGroup"] == 65532
    for each in ("sidecar", "game-2048"):
        found = container(spec, each)
        assert found["securityContext"]["readOnlyRootFilesystem"] is True
        assert found["securityContext"]["allowPrivilegeEscalation"] is False
        assert found["securityContext"]["capabilities"]["drop"] == ["ALL"]
        assert set(found["resources"]) == {"requests", "limits"}
        assert found["readinessProbe"]
    sidecar = container(spec, "sidecar")
    assert sidecar["image"] == "okg-sidecar:v1"
    assert sidecar["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert sidecar["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert sidecar["ports"] == [{"name": "hot-update-port", "containerPort": 5000, "protocol": "TCP"}]
    assert {each["name"]: each["valueFrom"]["fieldRef"]["fieldPath"] for each in sidecar["env"]} == {
        "POD_NAME": "metadata.name", "POD_NAMESPACE": "metadata.namespace"}
    assert {each["name"]: each["mountPath"] for each in sidecar["volumeMounts"]} == {
        "sidecar-config": "/opt/sidecar", "share-data": "/app/downloads", "orders": "/etc/okg-sidecar",
        "sidecar-token": "/var/run/secrets/kubernetes.io/serviceaccount"}
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}


WITH_VOLUMES = [*ALL, "seed/hot-update-gs.yaml"]


@pytest.mark.parametrize("name", WITH_VOLUMES)
def test_the_token_is_mounted_in_the_sidecar_alone(name):
    spec = pod_spec(name)
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (token,) = [each for each in spec["volumes"] if "projected" in each]
    mounts = {each["name"]: [mount["name"] for mount in each["volumeMounts"]] for each in spec.get("initContainers", []) + spec["containers"]}
    assert [container for container, names in mounts.items() if token["name"] in names] == ["sidecar"]


@pytest.mark.parametrize("name", WITH_VOLUMES)
def test_the_game_mounts_the_content_and_not_the_state_beside_it(name):
    spec = pod_spec(name)
    (game,) = [each for each in container(spec, "game-2048")["volumeMounts"] if each["name"] == "share-data"]
    assert (game["mountPath"], game["subPath"]) == ("/var/www/html", "content")
    # The second is for a config.yaml that says no fileDir, such as the users' own.
    assert [each for each in container(spec, "sidecar")["volumeMounts"] if each["name"] == "share-data"] == [
        {"name": "share-data", "mountPath": "/app/volume"}, {"name": "share-data", "mountPath": "/app/downloads", "subPath": "content"}]


def _bytes(text):
    return int(text[:-2]) * {"Mi": 2**20, "Gi": 2**30}[text[-2:]]


@pytest.mark.parametrize("name", WITH_VOLUMES)
def test_every_disk_is_bounded_and_the_containers_may_fill_the_volumes(name):
    """@source Kubernetes, "Local ephemeral storage": a pod is evicted when its volumes and containers use more than its containers may."""
    spec = pod_spec(name)
    volumes = [_bytes(each["emptyDir"]["sizeLimit"]) for each in spec["volumes"] if "emptyDir" in each]
    containers = [container(spec, each)["resources"] for each in ("sidecar", "game-2048")]
    assert volumes
    assert sum(volumes) < sum(_bytes(each["limits"]["ephemeral-storage"]) for each in containers)
    assert all(each["requests"]["ephemeral-storage"] for each in containers)


@pytest.mark.parametrize("name", ALL)
def test_every_variant_projects_its_orders_and_labels(name):
    (orders,) = [each for each in pod_spec(name)["volumes"] if each["name"] == "orders"]
    assert {each["path"]: each["fieldRef"]["fieldPath"] for each in orders["downwardAPI"]["items"]} == {
        "desired": "metadata.annotations['okg-sidecar.io/desired']", "labels": "metadata.labels"}


@pytest.mark.parametrize("name", PLAIN)
def test_one_unprivileged_user_runs_both_containers_without_any_capability(name):
    spec = pod_spec(name)
    assert spec["securityContext"] == {"runAsNonRoot": True, "runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532,
                                       "seccompProfile": {"type": "RuntimeDefault"}}
    for each in ("sidecar", "game-2048"):
        assert set(container(spec, each)["securityContext"]) - {"seccompProfile"} == {
            "readOnlyRootFilesystem", "allowPrivilegeEscalation", "capabilities"}
        assert "add" not in container(spec, each)["securityContext"]["capabilities"]


def test_kill_is_added_where_the_game_runs_as_another_user_and_only_to_the_sidecar():
    spec = pod_spec("statefulset-other-user.yaml")
    assert container(spec, "sidecar")["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["KILL"]}
    assert container(spec, "game-2048")["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_the_game_server_set_runs_the_pods_of_the_stateful_set():
    (workload,) = manifest("gameserverset.yaml")
    assert (workload["apiVersion"], workload["kind"]) == ("game.kruise.io/v1alpha1", "GameServerSet")
    assert set(workload["spec"]) == {"replicas", "gameServerTemplate"}
    spec = pod_spec("gameserverset.yaml")
    assert spec.pop("restartPolicy") == "Always"
    assert spec == pod_spec("statefulset.yaml")


def test_the_native_sidecar_starts_first_and_lets_the_game_start_on_the_latest_content():
    """@source Kubernetes, "Sidecar Containers": an init container with restartPolicy Always keeps running, and the next container
    is started when its startupProbe has succeeded."""
    native, plain = pod_spec("native-sidecar.yaml"), pod_spec("statefulset.yaml")
    assert [each["name"] for each in native["initContainers"]] == ["sidecar"]
    assert [each["name"] for each in native["containers"]] == ["game-2048"]
    sidecar = copy.deepcopy(native["initContainers"][0])
    assert sidecar.pop("restartPolicy") == "Always"
    startup = sidecar.pop("startupProbe")
    assert startup["httpGet"] == {"path": "/readyz", "port": "hot-update-port"}
    assert startup["failureThreshold"] * startup["periodSeconds"] >= 24 * 3600
    assert sidecar == container(plain, "sidecar")
    assert native["containers"][0] == container(plain, "game-2048")
    rest = {"containers", "initContainers"}
    assert {key: value for key, value in native.items() if key not in rest} == {
        key: value for key, value in plain.items() if key not in rest}
