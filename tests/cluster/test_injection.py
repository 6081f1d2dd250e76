"""The sidecar is put into pods by what clusters have: deploy/injection, against the real API server as far as it can decide."""

import copy
import json
import pathlib
import subprocess

import pytest
import yaml

import kruise
from cluster import ControlPlane
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
INJECTION = ROOT / "deploy/injection"
BETA = ("--feature-gates=MutatingAdmissionPolicy=true", "--runtime-config=admissionregistration.k8s.io/v1beta1=true")


class Beta(ControlPlane):
    """With the beta API of 1.34 that is off by default."""

    def _api_server_flags(self):
        return [*super()._api_server_flags(), *BETA]


@pytest.fixture(scope="module")
def beta(tmp_path_factory):
    with Beta(tmp_path_factory.mktemp("beta"), audit=False) as started:
        started.kubectl("apply", "-f", ROOT / "deploy/rbac.yaml")
        yield started


def documents(name):
    return list(yaml.safe_load_all((INJECTION / name).read_text()))


def plain_sidecar():
    spec = yaml.safe_load((ROOT / "deploy/statefulset.yaml").read_text())["spec"]["template"]["spec"]
    (sidecar,) = [each for each in spec["containers"] if each["name"] == "sidecar"]
    # Which the plain manifests say for the whole pod.
    sidecar["securityContext"]["seccompProfile"] = spec["securityContext"]["seccompProfile"]
    return sidecar


def game_pod(name, **labels):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default", "labels": labels},
            "spec": {"serviceAccountName": "sidecar-sa", "automountServiceAccountToken": False,
                     "volumes": [{"name": "share-data", "emptyDir": {}}],
                     "containers": [{"name": "game", "image": "game-2048:v1",
                                     "volumeMounts": [{"name": "share-data", "mountPath": "/var/www/html", "subPath": "content"}]}]}}


def missing(ours, theirs, path=""):
    """Where the server's object, which has defaults besides, has not what ours has."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [found for key in ours for found in missing(ours[key], theirs.get(key), f"{path}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [found for at, pair in enumerate(zip(ours, theirs)) for found in missing(*pair, f"{path}[{at}]")]
    return [] if ours == theirs else [f"{path}: {ours!r} became {theirs!r}"]


def created(plane, pod):
    return json.loads(plane.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-", stdin=json.dumps(pod)))["spec"]


def names(spec):
    return [each["name"] for each in spec["containers"]]


def test_the_admission_policy_puts_the_sidecar_into_labelled_pods_alone(beta):
    beta.kubectl("apply", "-f", INJECTION / "mutating-admission-policy.yaml")
    labelled = game_pod("labelled", **{"okg-sidecar.io/inject": "true"})
    wait_until(lambda: names(created(beta, labelled)) == ["game", "sidecar"], "the policy is in force")
    spec = created(beta, labelled)
    assert spec["shareProcessNamespace"] is True
    assert missing(plain_sidecar(), spec["containers"][1]) == []
    (token,) = [each for each in spec["volumes"] if "projected" in each]
    assert token["name"] == "sidecar-token"
    assert [[each["name"] for each in container["volumeMounts"]].count("sidecar-token") for container in spec["containers"]] == [0, 1]
    assert {"name": "sidecar-config", "configMap": {"name": "sidecar-config", "defaultMode": 420}} in spec["volumes"]
    assert names(created(beta, game_pod("other"))) == ["game"]
    has_one = copy.deepcopy(labelled)
    has_one["spec"]["containers"].append({"name": "sidecar", "image": "own:v1"})
    assert [each["image"] for each in created(beta, has_one)["containers"]] == ["game-2048:v1", "own:v1"]


def test_the_sidecar_set_is_what_its_definition_takes(beta):
    kruise.install(beta)
    config, sidecar_set = documents("sidecarset.yaml")
    kept = json.loads(beta.kubectl("create", "--dry-run=server", "--validate=strict", "-o", "json", "-f", "-", stdin=json.dumps(sidecar_set)))
    assert missing(sidecar_set, kept) == []
    (container,) = sidecar_set["spec"]["containers"]
    assert container.pop("podInjectPolicy") == "AfterAppContainer"
    assert container.pop("shareVolumePolicy") == {"type": "enabled"}
    plain = plain_sidecar()
    plain["volumeMounts"] = [each for each in plain["volumeMounts"] if each["name"] in ("sidecar-config", "sidecar-token")]
    assert container == plain
    assert yaml.safe_load(config["data"]["config.yaml"])["plugins"][0]["config"]["fileDir"] == "/var/www/html"


def test_kyvernos_patch_makes_the_plain_pod_of_a_game(tmp_path):
    """Merged by kustomize, whose strategic merge is Kyverno's."""
    (policy,) = documents("kyverno.yaml")
    (rule,) = policy["spec"]["rules"]
    pod = game_pod("labelled", **{"okg-sidecar.io/inject": "true"})
    assert rule["match"]["any"][0]["resources"]["selector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    (tmp_path / "pod.yaml").write_text(yaml.safe_dump(pod))
    patch = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "labelled", "namespace": "default"}, **rule["mutate"]["patchStrategicMerge"]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump({"resources": ["pod.yaml"], "patches": [{"patch": yaml.safe_dump(patch)}]}))
    folder = subprocess.run([ROOT / "tests/install/build_tools.sh"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    merged = yaml.safe_load(subprocess.run([f"{folder}/kustomize", "build", tmp_path], capture_output=True, text=True, check=True).stdout)
    containers = {each["name"]: each for each in merged["spec"]["containers"]}
    assert containers["sidecar"] == plain_sidecar()
    assert containers["game"] == pod["spec"]["containers"][0]
    assert merged["spec"]["shareProcessNamespace"] is True
    assert {each["name"] for each in merged["spec"]["volumes"]} == {"share-data", "sidecar-config", "sidecar-token", "orders"}


def test_the_pod_that_the_page_shows_is_taken(beta):
    page = (ROOT / "docs/add-to-your-game.md").read_text()
    pod = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])
    kept = json.loads(beta.kubectl("create", "--dry-run=server", "--validate=strict", "-o", "json", "-f", "-", stdin=json.dumps(pod)))
    assert names(kept["spec"]) == ["game", "sidecar"]
