"""kustomize: the base is the plain manifests, which the chart renders, and each overlay renders what the plain variant has."""

import os
import re
import subprocess

import pytest
import yaml

import kubernetes_objects as kubernetes
from chart import EXAMPLES, ROOT, config_text, pod_of, sidecar_of

BINARY = os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar")
RENDERED = ROOT / "tests/install/rendered/kustomize"
FOLDERS = {"deploy": "deploy", **{folder.name: f"examples/kustomize/{folder.name}" for folder in sorted((ROOT / "examples/kustomize").iterdir())}}
PLAIN = sorted(path for path in (ROOT / "deploy").glob("*.yaml") if path.name not in ("kustomization.yaml", "admission-policy.yaml"))
BASE = ("rbac.yaml", "result-configmap.yaml", "sidecar-config.yaml", "statefulset.yaml")


def plain(*names):
    return [each for name in names for each in yaml.safe_load_all((ROOT / "deploy" / name).read_text())]


def test_what_is_written_from_the_chart_is_what_the_chart_renders(tmp_path):
    """After a change that is meant: ./scripts/manifests writes it anew."""
    subprocess.run([ROOT / "scripts/manifests", tmp_path], check=True)
    made = {path.relative_to(tmp_path): path.read_text() for path in tmp_path.rglob("*.yaml")}
    assert made == {path: (ROOT / path).read_text() for path in made}
    # Nothing of deploy/ is written by hand but the list of files, the users' own manifest, and the chart itself.
    ours = {path.relative_to(ROOT) for folder in ("deploy", "deploy/injection") for path in (ROOT / folder).glob("*.yaml")}
    assert {str(each) for each in ours - set(made)} == {"deploy/kustomization.yaml"}


def build(tool, folder):
    return list(yaml.safe_load_all(tool("kustomize", "build", folder)))


def by_name(documents):
    return {(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]): each for each in documents}


@pytest.mark.parametrize("name", FOLDERS)
def test_an_overlay_renders_what_is_committed(tool, name):
    """After a change that is meant: OKG_RENDER=1 ./scripts/test install writes it anew."""
    file = RENDERED / f"{name}.yaml"
    text = tool("kustomize", "build", FOLDERS[name])
    if os.environ.get("OKG_RENDER"):
        file.write_text(text)
    assert text == file.read_text()


def test_the_overlay_of_the_page_takes_images_from_a_registry(tool, tmp_path):
    (shown,) = [each for each in re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/helm.md").read_text(), re.S) if "kind: Kustomization" in each]
    own = tmp_path / "lobby"
    own.mkdir()
    (tmp_path / "okg-sidecar").symlink_to(ROOT)
    (own / "kustomization.yaml").write_text(shown)
    made = build(tool, own)
    assert {each["image"] for each in pod_of(made)["containers"]} == {
        "registry.example.com/okg-sidecar:v1", "registry.example.com/game-2048:v1"}


def test_every_rendered_overlay_is_one_that_is_there():
    assert {file.stem for file in RENDERED.iterdir()} == set(FOLDERS)


@pytest.mark.parametrize("minor", kubernetes.VERSIONS)
def test_every_manifest_and_overlay_is_valid_for_kubernetes(minor):
    for file in [*PLAIN, *sorted(RENDERED.iterdir()), ROOT / "deploy/seed/hot-update-gs.yaml"]:
        # Native sidecars need 1.29.
        if file.name != "native-sidecar.yaml" or minor >= 29:
            kubernetes.check(yaml.safe_load_all(file.read_text()), minor)


@pytest.mark.parametrize("minor", [each for each in kubernetes.VERSIONS if each >= 30])
def test_the_admission_policy_is_valid_from_the_version_on_that_has_it(minor):
    kubernetes.check(plain("admission-policy.yaml"), minor)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_configuration_of_an_overlay_is_valid(name, tmp_path):
    (tmp_path / "config.yaml").write_text(config_text(list(yaml.safe_load_all((RENDERED / f"{name}.yaml").read_text()))))
    answer = subprocess.run([BINARY, "validate", tmp_path / "config.yaml", "--service-account-dir", tmp_path / "token"], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def test_the_hardened_overlay_is_the_hardened_example_of_the_chart(tool):
    found = build(tool, "examples/kustomize/hardened")
    ours = yaml.safe_load(config_text(found))
    chart = yaml.safe_load((EXAMPLES / "hardened.yaml").read_text())
    for key in ("auth", "tls"):
        assert ours[key] == chart["config"][key]
    plugin = ours["plugins"][0]["config"]
    for key in ("fileDir", "stateDir", "storageConfig"):
        plugin.pop(key)
    assert plugin == chart["config"]["plugins"][0]["config"]
    pod = pod_of(found)
    volumes = {each["name"]: each["secret"]["secretName"] for each in pod["volumes"] if "secret" in each}
    mounts = sidecar_of(pod)["volumeMounts"]
    assert {(volumes[each["name"]], each["mountPath"]) for each in mounts if each["name"] in volumes} == {
        (each["secretName"], each["mountPath"]) for each in chart["sidecar"]["secrets"]}
    assert len(mounts) == 5 + len(volumes)
    assert chart["sidecar"]["env"] == sidecar_of(pod)["env"][2:]
    assert {sidecar_of(pod)[probe]["httpGet"]["scheme"] for probe in ("livenessProbe", "readinessProbe")} == {"HTTPS"}


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
    assert config["plugins"][0]["config"]["storageConfig"]["inKube"]["configMap"] == {"namespace": "games", "name": "sidecar-result"}


def test_the_overlay_of_orders_alone_closes_the_port(tool):
    documents = build(tool, "examples/kustomize/orders-only")
    found = {each["kind"]: each for each in documents}
    (sidecar,) = [each for each in found["StatefulSet"]["spec"]["template"]["spec"]["containers"] if each["name"] == "sidecar"]
    assert "ports" not in sidecar
    assert sidecar["livenessProbe"]["exec"] == {"command": ["okg-sidecar", "health"]}
    assert sidecar["readinessProbe"]["exec"] == {"command": ["okg-sidecar", "health", "--ready"]}
    assert found["NetworkPolicy"]["spec"]["ingress"] == [{"ports": [{"port": 8080, "protocol": "TCP"}, {"port": 8080, "protocol": "UDP"}]}]
    (ours,) = [each for each in documents if each["metadata"]["name"] == "sidecar-config"]
    (plain_config,) = plain("sidecar-config.yaml")
    settings = yaml.safe_load(ours["data"]["config.yaml"])
    assert settings.pop("listen") == "127.0.0.1:5000"
    assert settings == yaml.safe_load(plain_config["data"]["config.yaml"])
