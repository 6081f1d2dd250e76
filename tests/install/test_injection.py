"""What lets a cluster add the sidecar, as far as no API server is needed: deploy/injection."""

import re

import jmespath
from kubernetes_validate import utils as kubernetes
import pytest
import yaml

from injected import INJECTION, documents, game_pod, plain_sidecar

BETA = INJECTION / "mutating-admission-policy-v1beta1.yaml"
STABLE = INJECTION / "mutating-admission-policy.yaml"


@pytest.mark.parametrize("file, versions", [(BETA, ["1.34", "1.35"]), (STABLE, ["1.36", kubernetes.latest_version().rsplit(".", 1)[0]])])
def test_the_admission_policy_is_valid_where_its_version_is(file, versions):
    for version in versions:
        for each in documents(file.name):
            kubernetes.validate(each, version, strict=True)


def test_the_two_forms_of_the_admission_policy_differ_in_the_version_alone():
    """The API server of the cluster tests runs the older one."""
    beta, stable = (re.sub(r"\A(#.*\n)+", "", file.read_text()) for file in (BETA, STABLE))
    assert beta.replace("admissionregistration.k8s.io/v1beta1", "admissionregistration.k8s.io/v1") == stable


def test_kyvernos_patch_makes_the_plain_pod_of_a_game(tool, tmp_path):
    """Merged by kustomize, whose strategic merge is Kyverno's."""
    (policy,) = documents("kyverno.yaml")
    (rule,) = policy["spec"]["rules"]
    pod = game_pod("labelled", **{"okg-sidecar.io/inject": "true"})
    assert rule["match"]["any"][0]["resources"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    (tmp_path / "pod.yaml").write_text(yaml.safe_dump(pod))
    patch = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "labelled", "namespace": "default"}, **rule["mutate"]["patchStrategicMerge"]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump({"resources": ["pod.yaml"], "patches": [{"patch": yaml.safe_dump(patch)}]}))
    merged = yaml.safe_load(tool("kustomize", "build", tmp_path))
    containers = {each["name"]: each for each in merged["spec"]["containers"]}
    assert containers["sidecar"] == plain_sidecar()
    assert containers["game"] == pod["spec"]["containers"][0]
    assert merged["spec"]["shareProcessNamespace"] is True
    assert {each["name"] for each in merged["spec"]["volumes"]} == {"share-data", "sidecar-config", "sidecar-token", "orders"}


def test_with_a_sidecar_set_the_state_is_in_the_shared_directory():
    """It mounts what the game mounts, and has no folder beside that."""
    config, sidecar_set = documents("sidecarset.yaml")
    (container,) = sidecar_set["spec"]["containers"]
    assert container["shareVolumePolicy"] == {"type": "enabled"}
    settings = yaml.safe_load(config["data"]["config.yaml"])["plugins"][0]["config"]
    assert "stateDir" not in settings
    assert not [each for each in container["volumeMounts"] if settings["fileDir"].startswith(each["mountPath"])]


def holds(rule, pod):
    """Whether the rule's precondition does. What stands between braces is JMESPath, to Kyverno as here."""
    [condition] = rule["preconditions"]["all"]
    assert condition["operator"] == "AllNotIn"
    [expression] = re.findall(r"^{{ (.*) }}$", condition["value"])
    return condition["key"] not in jmespath.search(expression, {"request": {"object": pod}})


@pytest.mark.parametrize("kind", ["containers", "initContainers"])
def test_kyverno_leaves_a_pods_own_sidecar_alone(kind):
    (policy,) = documents("kyverno.yaml")
    (rule,) = policy["spec"]["rules"]
    pod = game_pod("labelled", **{"okg-sidecar.io/inject": "true"})
    assert holds(rule, pod)
    pod["spec"].setdefault(kind, []).append({"name": "sidecar", "image": "own:v1"})
    assert not holds(rule, pod)
