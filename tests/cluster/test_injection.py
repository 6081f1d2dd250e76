"""The sidecar is put into pods by what clusters have: deploy/injection, against the real API server as far as it can decide."""

import copy
import json
import pathlib

import pytest
import yaml

import kruise
from cluster import ControlPlane
from injected import INJECTION, documents, game_pod, plain_sidecar
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
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
