"""The Helm chart: what it renders, what its schema refuses, and that it says what the plain manifests say."""

import json
import os
import pathlib
import subprocess

from kubernetes_validate import utils as kubernetes
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/okg-sidecar"
RENDERED = ROOT / "tests/install/rendered"
BINARY = pathlib.Path(os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar"))
FORMS = {
    "default": [],
    "example": ["example.enabled=true"],
    "everything": ["example.enabled=true", "sidecar.nativeSidecar=true", "sidecar.subPath=page", "results.shards=3",
                   "results.labelKey=hot-update-version", "results.format=original", "image.registry=registry.example.com",
                   "image.digest=sha256:" + "0" * 64, "image.pullSecrets[0]=registry", "networkPolicy.enabled=true",
                   "networkPolicy.from[0].namespaceSelector.matchLabels.team=ops", "podMonitor.enabled=true",
                   "prometheusRule.enabled=true", "prometheusRule.labels.release=prometheus", "dashboards.enabled=true"]}
CUSTOM = {"PodMonitor", "PrometheusRule"}


def render(tool, form):
    return tool("helm", "template", "lobby", CHART, "--namespace", "games", *[f"--set={each}" for each in FORMS[form]])


def documents(text):
    return [each for each in yaml.safe_load_all(text) if each]


def one(found, kind, name=None):
    (document,) = [each for each in found if each["kind"] == kind and name in (None, each["metadata"]["name"])]
    return document


@pytest.mark.parametrize("form", FORMS)
def test_the_chart_renders_what_is_committed(tool, form):
    """After a change that is meant: OKG_RENDER=1 ./scripts/test install writes it anew."""
    file = RENDERED / f"{form}.yaml"
    text = render(tool, form)
    if os.environ.get("OKG_RENDER"):
        file.write_text(text)
    assert text == file.read_text()


def test_lint_finds_nothing(tool):
    assert "0 chart(s) failed" in tool("helm", "lint", "--strict", CHART)


@pytest.mark.parametrize("version", [kubernetes.all_versions()[0], "1.29.0", kubernetes.latest_version()])
@pytest.mark.parametrize("form", FORMS)
def test_every_object_is_valid_for_kubernetes(tool, form, version):
    short = ".".join(version.split(".")[:2])
    if form == "everything" and int(short.split(".")[1]) < 29:
        pytest.skip("native sidecars need 1.29")
    for each in documents(render(tool, form)):
        if each["kind"] not in CUSTOM:
            kubernetes.validate(each, short, strict=True)


@pytest.mark.parametrize("wrong", [
    "image.pullPolicy=Sometimes", "image.digest=sha256:12", "results.shards=0", "results.format=xml", "sidecar.sharedVolume=",
    "nonsense=1", "image.name=x", "example.replicas=-1", "config.plugins[0].name=hot-update",
    "config.plugins[0].name=hot_update,config.plugins[0].config.storageConfig.type=Local"])
def test_the_schema_refuses(tool, wrong):
    refused = tool("helm", "template", "lobby", CHART, f"--set={wrong}", check=False)
    assert refused.returncode != 0
    assert "schema" in refused.stderr


def described(schema):
    for name, each in schema.get("properties", {}).items():
        if "properties" in each and "description" not in each:
            yield from described(each)
        elif name not in ("name", "bootOrder"):
            yield name, each


def test_every_value_has_a_description_and_every_default_is_a_value_of_the_schema():
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert [name for name, each in described(schema) if "description" not in each] == []
    assert set(yaml.safe_load((CHART / "values.yaml").read_text())) == set(schema["properties"]) - {"global"}


@pytest.mark.parametrize("form", FORMS)
def test_the_rendered_configuration_is_valid(tool, form, tmp_path):
    config = one(documents(render(tool, form)), "ConfigMap", "sidecar-config")
    (tmp_path / "config.yaml").write_text(config["data"]["config.yaml"])
    token = tmp_path / "service-account"
    answer = subprocess.run([BINARY, "validate", tmp_path / "config.yaml", "--service-account-dir", token], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def sidecar_of(pod):
    (found,) = [each for each in pod.get("initContainers", []) + pod["containers"] if each["name"] == "sidecar"]
    return found


def test_the_sidecar_is_that_of_the_plain_manifests(tool):
    for form, file in (("example", "statefulset.yaml"), ("everything", "native-sidecar.yaml")):
        ours = sidecar_of(one(documents(render(tool, form)), "StatefulSet")["spec"]["template"]["spec"])
        theirs = sidecar_of(yaml.safe_load((ROOT / "deploy" / file).read_text())["spec"]["template"]["spec"])
        for key in ("ports", "env", "livenessProbe", "readinessProbe", "startupProbe", "resources", "restartPolicy"):
            assert ours.get(key) == theirs.get(key), key


def test_the_token_is_in_the_sidecar_alone(tool):
    pod = one(documents(render(tool, "example")), "StatefulSet")["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    mounts = {each["name"]: [mount["name"] for mount in each["volumeMounts"]] for each in pod["containers"]}
    assert "sidecar-token" in mounts["sidecar"]
    assert "sidecar-token" not in mounts["game-2048"]


@pytest.mark.parametrize("form, folder", [("example", "content"), ("everything", "page")])
def test_the_game_mounts_one_folder_and_the_state_is_beside_it(tool, form, folder):
    found = documents(render(tool, form))
    pod = one(found, "StatefulSet")["spec"]["template"]["spec"]
    (game,) = [each for each in pod["containers"] if each["name"] == "game-2048"]
    assert {"name": "share-data", "mountPath": "/var/www/html", "subPath": folder} in game["volumeMounts"]
    assert [each for each in sidecar_of(pod)["volumeMounts"] if each["name"] == "share-data"] == [
        {"name": "share-data", "mountPath": "/app/volume"}, {"name": "share-data", "mountPath": "/app/downloads", "subPath": folder}]
    config = yaml.safe_load(one(found, "ConfigMap", "sidecar-config")["data"]["config.yaml"])["plugins"][0]["config"]
    assert (config["fileDir"], config["stateDir"]) == (f"/app/volume/{folder}", "/app/volume/state")
    assert pod["securityContext"]["seccompProfile"] == sidecar_of(pod)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert all(each["emptyDir"]["sizeLimit"] for each in pod["volumes"] if "emptyDir" in each)


def test_a_file_dir_of_ones_own_keeps_its_state(tool):
    found = documents(tool("helm", "template", "lobby", CHART, "--set=config.plugins[0].name=hot_update",
                           "--set=config.plugins[0].config.fileDir=/srv/game", "--set=config.plugins[0].config.loadPatchType=none"))
    config = yaml.safe_load(one(found, "ConfigMap", "sidecar-config")["data"]["config.yaml"])["plugins"][0]["config"]
    assert config["fileDir"] == "/srv/game"
    assert "stateDir" not in config


def test_results_are_in_the_releases_namespace_and_stay_when_it_goes(tool):
    found = documents(render(tool, "everything"))
    names = ["sidecar-result", "sidecar-result-0", "sidecar-result-1", "sidecar-result-2"]
    for name in names:
        metadata = one(found, "ConfigMap", name)["metadata"]
        assert (metadata["namespace"], metadata["annotations"]) == ("games", {"helm.sh/resource-policy": "keep"})
    assert one(found, "Role", "sidecar-result-games")["rules"][0]["resourceNames"] == names
    assert {each["metadata"]["namespace"] for each in found} == {"games"}


def test_a_games_own_chart_includes_the_sidecar(tool, tmp_path):
    """As docs/helm.md shows it."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts/okg-sidecar").symlink_to(CHART)
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: lobby\nversion: 1.0.0\n")
    page = (ROOT / "docs/helm.md").read_text()
    template = page.split("```gotemplate\n")[1].split("```")[0]
    (tmp_path / "templates/game.yaml").write_text(template)
    pod = one(documents(tool("helm", "template", "lobby", tmp_path)), "StatefulSet", "lobby")["spec"]["template"]["spec"]
    assert sidecar_of(pod)["image"] == "okg-sidecar:v1"
    assert {each["name"] for each in pod["volumes"]} == {"share-data", "sidecar-config", "sidecar-token", "orders"}


def test_the_chart_has_the_alert_rules_and_dashboards_of_the_plain_files(tool):
    found = documents(render(tool, "everything"))
    monitoring = ROOT / "deploy/monitoring"
    assert one(found, "PrometheusRule")["spec"] == yaml.safe_load((monitoring / "rules.yaml").read_text())
    boards = one(found, "ConfigMap", "okg-sidecar-dashboards")["data"]
    assert {name: json.loads(text) for name, text in boards.items()} == {
        f"okg-sidecar-{language}.json": json.loads((monitoring / name).read_text())
        for language, name in (("en", "dashboard.json"), ("zh", "dashboard.zh.json"))}
