"""kustomize: the base is the plain manifests, and each overlay renders what the plain variant has."""

import pathlib

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BASE = ("rbac.yaml", "result-configmap.yaml", "sidecar-config.yaml", "statefulset.yaml")


def plain(*names):
    return [each for name in names for each in yaml.safe_load_all((ROOT / "deploy" / name).read_text())]


def build(tool, folder):
    return list(yaml.safe_load_all(tool("kustomize", "build", folder)))


def by_name(documents):
    return {(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]): each for each in documents}


def test_the_base_is_the_plain_manifests(tool):
    assert by_name(build(tool, "deploy")) == by_name(plain(*BASE))


@pytest.mark.parametrize("overlay, file", [("other-user", "statefulset-other-user.yaml"), ("native-sidecar", "native-sidecar.yaml")])
def test_an_overlay_renders_the_plain_variant(tool, overlay, file):
    assert by_name(build(tool, f"examples/kustomize/{overlay}")) == by_name(plain(*BASE[:3], file))


def test_the_overlay_of_one_namespace_leaves_nothing_elsewhere(tool):
    found = build(tool, "examples/kustomize/own-namespace")
    assert {each["metadata"]["namespace"] for each in found} == {"games"}
    subjects = [each["subjects"] for each in found if each["kind"] == "RoleBinding"]
    assert subjects == [[{"kind": "ServiceAccount", "name": "sidecar-sa", "namespace": "games"}]] * 2
    (config,) = [each for each in found if each["metadata"]["name"] == "sidecar-config"]
    config = yaml.safe_load(config["data"]["config.yaml"])
    assert config["plugins"][0]["config"]["storageConfig"]["inKube"]["configMap"] == {"namespace": "games"}


def test_the_overlay_of_orders_alone_closes_the_port(tool):
    documents = build(tool, "examples/kustomize/orders-only")
    found = {each["kind"]: each for each in documents}
    (sidecar,) = [each for each in found["StatefulSet"]["spec"]["template"]["spec"]["containers"] if each["name"] == "sidecar"]
    assert "ports" not in sidecar
    assert sidecar["livenessProbe"]["exec"] == {"command": ["okg-sidecar", "health"]}
    assert sidecar["readinessProbe"]["exec"] == {"command": ["okg-sidecar", "health", "--ready"]}
    assert found["NetworkPolicy"]["spec"]["ingress"] == [{"ports": [{"port": 8080, "protocol": "TCP"}]}]
    (ours,) = [each for each in documents if each["metadata"]["name"] == "sidecar-config"]
    (plain_config,) = plain("sidecar-config.yaml")
    settings = yaml.safe_load(ours["data"]["config.yaml"])
    assert settings.pop("listen") == "127.0.0.1:5000"
    assert settings == yaml.safe_load(plain_config["data"]["config.yaml"])
