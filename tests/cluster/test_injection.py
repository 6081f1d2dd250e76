"""The sidecar is put into pods by what clusters have: deploy/injection, against the real API server as far as it can decide."""

import copy
import json
import pathlib
import subprocess

import pytest
import yaml

import kruise
from cluster import MUTATING_POLICIES, ControlPlane
from injected import INJECTION, documents, game_pod, plain_sidecar
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Beta(ControlPlane):
    """With the beta API of 1.34 that is off by default."""

    def _api_server_flags(self):
        return [*super()._api_server_flags(), *MUTATING_POLICIES]


@pytest.fixture(scope="module")
def beta(tmp_path_factory):
    with Beta(tmp_path_factory.mktemp("beta"), audit=False) as started:
        started.kubectl("apply", "-f", ROOT / "deploy/rbac.yaml")
        yield started


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
    beta.kubectl("apply", "-f", INJECTION / "mutating-admission-policy-v1beta1.yaml")
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
    for kind in ("containers", "initContainers"):
        has_one = copy.deepcopy(labelled)
        has_one["spec"].setdefault(kind, []).append({"name": "sidecar", "image": "own:v1"})
        kept = created(beta, has_one)
        assert [each["image"] for each in kept.get("initContainers", []) + kept["containers"] if each["name"] == "sidecar"] == ["own:v1"]


# Words that CEL or JSON could take for their own, several types in one map, and names that are none in CEL.
VALUES = {"injection": {"kind": "MutatingAdmissionPolicy", "podSelector": {"okg-sidecar.io/inject": None, "game": "hardened"}},
          "example": {"enabled": True},
          "sidecar": {"env": [{"name": "QUOTED", "value": 'say "no" \\ or\nnot <é> $(POD_NAME) {{ x }}'}, {"name": "in", "value": "5"}],
                      "envFrom": [{"prefix": "A_", "configMapRef": {"name": "more", "optional": True}}],
                      "resources": {"limits": {"cpu": 2, "memory": "64Mi", "ephemeral-storage": "3Gi"}},
                      "volumes": [{"name": "scratch", "ephemeral": {"volumeClaimTemplate": {
                          "metadata": {"labels": {"for": "sidecar"}, "annotations": {"example.com/a-b": "1"}},
                          "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}}}],
                      "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}]}}


def test_what_values_of_the_chart_add_is_put_in_as_it_is_written(beta):
    tools = subprocess.run([ROOT / "tests/install/build_tools.sh"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def rendered(template):
        command = [f"{tools}/helm", "template", "lobby", ROOT / "deploy/helm/okg-sidecar", "--namespace=default", "--kube-version=1.34.0",
                   "--values", ROOT / "examples/helm/hardened.yaml", "--values=-", "--show-only", f"templates/{template}.yaml"]
        return subprocess.run(command, input=json.dumps(VALUES), stdout=subprocess.PIPE, text=True, check=True).stdout

    beta.kubectl("apply", "-f", "-", stdin=rendered("injection"))
    pod = game_pod("hardened", game="hardened")
    wait_until(lambda: names(created(beta, pod)) == ["game", "sidecar"], "the policy is in force")
    spec = created(beta, pod)
    example = yaml.safe_load(rendered("example"))["spec"]["template"]["spec"]
    (sidecar,) = [each for each in example["containers"] if each["name"] == "sidecar"]
    sidecar["resources"]["limits"]["cpu"] = "2"  # as the server writes it
    assert missing(sidecar, spec["containers"][1]) == []
    ours = [each for each in example["volumes"] if each["name"] not in ("share-data", "game-tmp")]
    assert missing(ours, [each for each in spec["volumes"] if each["name"] != "share-data"]) == []


def test_the_sidecar_set_is_what_its_definition_takes(beta):
    kruise.install(beta)
    config, sidecar_set = documents("sidecarset.yaml")
    kept = json.loads(beta.kubectl("create", "--dry-run=server", "--validate=strict", "-o", "json", "-f", "-", stdin=json.dumps(sidecar_set)))
    assert missing(sidecar_set, kept) == []
    (container,) = sidecar_set["spec"]["containers"]
    assert container.pop("podInjectPolicy") == "AfterAppContainer"
    assert container.pop("shareVolumePolicy") == {"type": "enabled"}
    plain = plain_sidecar()
    plain["volumeMounts"] = [each for each in plain["volumeMounts"] if each["name"] in ("sidecar-config", "sidecar-token", "orders")]
    assert container == plain
    assert yaml.safe_load(config["data"]["config.yaml"])["plugins"][0]["config"]["fileDir"] == "/var/www/html"


def test_the_pod_that_the_page_shows_is_taken(beta):
    page = (ROOT / "docs/add-to-your-game.md").read_text()
    pod = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])
    kept = json.loads(beta.kubectl("create", "--dry-run=server", "--validate=strict", "-o", "json", "-f", "-", stdin=json.dumps(pod)))
    assert names(kept["spec"]) == ["game", "sidecar"]
