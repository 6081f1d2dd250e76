"""The Helm chart: what it renders, what its schema refuses, and that it says what the plain manifests say."""

import json
import os
import re
import subprocess

import jsonschema
import pytest
import yaml

import kubernetes_objects as kubernetes
from chart import CHART, EXAMPLES, ROOT, config_text, documents, one, plugin_config, pod_of, render, sidecar_of

RENDERED = ROOT / "tests/install/rendered"
BINARY = os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar")
FORMS = {
    "default": [],
    "example": ["--set=example.enabled=true"],
    "everything": ["--set=" + each for each in (
        "example.enabled=true", "sidecar.nativeSidecar=true", "sidecar.subPath=page", "results.shards=3",
        "results.labelKey=hot-update-version", "results.format=original", "image.registry=registry.example.com",
        "image.digest=sha256:" + "0" * 64, "image.pullSecrets[0]=registry", "networkPolicy.enabled=true",
        "networkPolicy.from[0].namespaceSelector.matchLabels.team=ops", "podMonitor.enabled=true",
        "prometheusRule.enabled=true", "prometheusRule.labels.release=prometheus", "dashboards.enabled=true")],
    "hardened": ["--values", EXAMPLES / "hardened.yaml", "--set=example.enabled=true"],
    "other-user": ["--values", EXAMPLES / "other-user.yaml"],
    "orders-only": ["--values", EXAMPLES / "orders-only.yaml"],
    "kube-system": ["--set=results.namespace=kube-system,results.create=false,results.name=sidecar-result", "--set=example.enabled=true"],
    "own-account": ["--set=" + each for each in (
        "serviceAccount.create=false", "serviceAccount.name=games", "image.pullSecrets[0]=registry", "example.enabled=true",
        "example.kind=GameServerSet", "config.auth.kubernetes.audience=okg-sidecar")],
    "policy": ["--set=admissionPolicy.enabled=true,results.annotationKey=example.com/result,results.labelKey=live"],
    **{f"injection-{kind}": ["--set=injection.kind=" + kind] for kind in ("MutatingAdmissionPolicy", "Kyverno")},
    "injection-SidecarSet": ["--values", EXAMPLES / "sidecarset.yaml", "--set=injection.podSelector.game=lobby"],
    "local": ["--set=results.type=Local,sidecar.orders=false,example.enabled=true"]}


def rendered(tool, form):
    return render(tool, *FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_the_chart_renders_what_is_committed(tool, form):
    """After a change that is meant: OKG_RENDER=1 ./scripts/test install writes it anew."""
    file = RENDERED / f"{form}.yaml"
    text = rendered(tool, form)
    if os.environ.get("OKG_RENDER"):
        file.write_text(text)
    assert text == file.read_text()


def test_lint_finds_nothing(tool):
    assert "0 chart(s) failed" in tool("helm", "lint", "--strict", CHART)


def test_schemas_of_every_version_from_the_oldest_on_are_there():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["kubeVersion"] == f">=1.{kubernetes.OLDEST}.0-0"
    assert kubernetes.VERSIONS == list(range(kubernetes.OLDEST, kubernetes.VERSIONS[-1] + 1))
    assert kubernetes.VERSIONS[-1] >= 37


@pytest.mark.parametrize("minor", kubernetes.VERSIONS)
def test_every_object_is_valid_for_kubernetes(tool, minor):
    # Native sidecars, and the two kinds of admission policies; the latter is of another version from 1.36 on.
    served = {"everything": range(29, 99), "policy": range(30, 99), "injection-MutatingAdmissionPolicy": range(34, 36)}
    for form in FORMS:
        # What is rendered is committed, and compared above.
        if minor in served.get(form, range(99)):
            kubernetes.check(documents((RENDERED / f"{form}.yaml").read_text()), minor)


# Helm's own words for values: a.b[0].c=VALUE, with commas between them.
WRONG = [
    "image.pullPolicy=Sometimes", "image.digest=sha256:12", "image.registry=https://x", "image.tag=a b", "image.repository=", "image.name=x",
    "results.shards=0", "results.shards=1025", "results.format=xml", "results.type=File", "results.namespace=Bad_Name", "results.name=Bad",
    "results.labelKey=a b", "results.annotationKey=a/b/c", "serviceAccount.name=A", "nonsense=1", "example.replicas=-1", "example.kind=Pod",
    "sidecar.sharedVolume=", "sidecar.subPath=/abs", "sidecar.subPath=../x", "sidecar.subPath=a/../../x", "sidecar.subPath=state",
    "sidecar.resources.limits=5", "sidecar.resources.limits.cpu=much", "sidecar.resources.cpu=1", "sidecar.secrets[0].secretName=x",
    "sidecar.secrets[0].secretName=x,sidecar.secrets[0].mountPath=x", "sidecar.env[0].name=POD_NAME,sidecar.env[0].value=x",
    "injection.kind=Webhook", "injection.podSelector.app=a b", "injection.everyNamespace=1", "injection.label=x",
    "podMonitor.interval=abc", "podMonitor.podSelector.app=a b", "networkPolicy.gamePorts[0]=70000",
    "networkPolicy.from[0].nobody=x", "config.nonsense=1", "config.listen=0", "config.listen=somewhere:1", "config.tls.certFile=/x", "config.http.idle=3", "config.auth=open",
    "config.auth.tokens[0]=x", "config.plugins[0].name=hot-update", "config.plugins[0].name=hot_update,config.plugins[0].config.fileDirectory=/x",
    "config.plugins[0].name=hot_update,config.plugins[0].config.signal.process=x",
    "config.plugins[0].name=hot_update,config.plugins[0].config.confirm.http.uri=x",
    "config.plugins[0].name=hot_update,config.plugins[0].config.storageConfig.type=Local"]
RIGHT = ["results.shards=1024", "config.listen=8080", "config.listen=0.0.0.0:8080", "config.auth=none",
                                   "sidecar.resources.limits.cpu=2", "sidecar.resources.limits.memory=1.5Gi", "config.HTTP.idleseconds=3",
                                   "image.registry=localhost:5000/games", "podMonitor.interval=1m30s"]


def with_values(text):
    """The chart's values with these, as helm merges them."""
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    for path, value in (each.split("=", 1) for each in text.split(",")):
        *parents, last = [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", path)]
        at = values
        for parent, child in zip(parents, [*parents[1:], last]):
            empty = [] if isinstance(child, int) else {}
            if isinstance(at, list) and parent == len(at):
                at.append(empty)
            elif isinstance(at, dict) and type(at.get(parent)) is not type(empty):
                at[parent] = empty
            at = at[parent]
        parsed = yaml.safe_load(value)
        if isinstance(at, list):
            at.append(parsed)
        else:
            at[last] = "" if parsed is None else parsed
    return values


def schema_of_values():
    return jsonschema.Draft7Validator(json.loads((CHART / "values.schema.json").read_text()))


@pytest.mark.parametrize("wrong", WRONG)
def test_the_schema_refuses(wrong):
    assert not schema_of_values().is_valid(with_values(wrong))


def test_helm_reads_the_schema_as_we_do(tool):
    for wrong in ("config.nonsense=1", "sidecar.subPath=state", "results.labelKey=a b"):
        refused = render(tool, f"--set={wrong}", check=False)
        assert refused.returncode != 0
        assert "schema" in refused.stderr


@pytest.mark.parametrize("right", RIGHT)
def test_the_schema_takes(right):
    schema_of_values().validate(with_values(right))


def test_helm_takes_what_the_schema_takes(tool):
    assert render(tool, *(f"--set={right}" for right in RIGHT))


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


def schema_keys(schema, path=()):
    """(path of maps, key) of every key of config.yaml that the schema knows."""
    for name, each in [*schema.get("patternProperties", {}).items(), *schema.get("properties", {}).items()]:
        for key in re.sub(r"^\^\(\?i:(.*)\)\$$", r"\1", name).split("|"):
            yield path, key
            for inner in [each, *each.get("anyOf", [])]:
                yield from schema_keys(inner, (*path, key))


def config_keys():
    schema = json.loads((CHART / "values.schema.json").read_text())
    host = [(path, key) for path, key in schema_keys(schema["properties"]["config"]) if path[:1] != ("plugins",) and (path, key) != ((), "plugins")]
    return host, list(schema_keys(schema["definitions"]["pluginConfig"]))


def nested(keys):
    """A document in which each of these keys stands."""
    tree = {}
    for path, key in keys:
        at = tree
        for each in path:
            at = at[each]
        at[key] = {}
    return tree


def test_the_sidecar_knows_every_key_that_the_schema_takes(tmp_path):
    host, plugin = config_keys()
    document = {**nested(host), "plugins": [{"name": "hot_update", "config": nested(plugin)}]}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(document))
    answer = subprocess.run([BINARY, "validate", tmp_path / "config.yaml"], capture_output=True, text=True)
    assert "unknown key" not in answer.stderr
    (tmp_path / "config.yaml").write_text(yaml.safe_dump({**document, "nonsense": 1}))
    answer = subprocess.run([BINARY, "validate", tmp_path / "config.yaml"], capture_output=True, text=True)
    assert "unknown key" in answer.stderr  # as it says it, so that the line above is worth something


def test_the_schema_knows_every_key_that_the_page_shows():
    page = (ROOT / "docs/configuration.md").read_text()
    shown = [yaml.safe_load(re.sub(r"^( {0,12})# ( *\w+:)", r"\1\2", text, flags=re.M)) for text in re.findall(r"```yaml\n(.*?)```", page, re.S)]
    assert len(shown) > 4
    host, plugin = ({(path, key.lower()) for path, key in keys} for keys in config_keys())
    for config in shown:
        for key in set(config) - {"plugins"}:
            assert ((), key.lower()) in host
        for path, key in keys_of(config["plugins"][0]["config"]):
            if path[:1] not in [("sourceHeaderFiles",), ("sourceCertificates",), ("storageConfig",)] and path != ("request", "headers"):
                assert (path, key.lower()) in plugin or key == "storageConfig", (path, key)


def keys_of(tree, path=()):
    for key, value in tree.items():
        yield path, key
        if isinstance(value, dict):
            yield from keys_of(value, (*path, key))


@pytest.mark.parametrize("form", FORMS)
def test_the_rendered_configuration_is_valid(form, tmp_path):
    (tmp_path / "config.yaml").write_text(config_text(documents((RENDERED / f"{form}.yaml").read_text())))
    token = tmp_path / "service-account"
    answer = subprocess.run([BINARY, "validate", tmp_path / "config.yaml", "--service-account-dir", token], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


def test_the_example_as_a_game_server_set_has_the_pods_of_the_stateful_set(tool):
    plain = pod_of(documents(rendered(tool, "example")))
    found = documents(render(tool, "--set=example.enabled=true,example.kind=GameServerSet"))
    pod = pod_of(found, "GameServerSet")
    assert pod.pop("restartPolicy") == "Always"
    assert pod == plain
    shipped = yaml.safe_load((ROOT / "deploy/gameserverset.yaml").read_text())
    assert set(one(found, "GameServerSet")["spec"]) == set(shipped["spec"])


def test_a_game_of_another_user_is_signalled_by_root_with_kill_alone(tool):
    pod = pod_of(documents(rendered(tool, "other-user")))
    plain = yaml.safe_load((ROOT / "deploy/statefulset-other-user.yaml").read_text())["spec"]["template"]["spec"]
    assert pod["securityContext"] == plain["securityContext"]
    assert sidecar_of(pod)["securityContext"] == sidecar_of(plain)["securityContext"]


def test_the_token_is_in_the_sidecar_alone(tool):
    pod = pod_of(documents(rendered(tool, "example")))
    assert pod["automountServiceAccountToken"] is False
    mounts = {each["name"]: [mount["name"] for mount in each["volumeMounts"]] for each in pod["containers"]}
    assert "sidecar-token" in mounts["sidecar"]
    assert "sidecar-token" not in mounts["game-2048"]


@pytest.mark.parametrize("form, folder", [("example", "content"), ("everything", "page")])
def test_the_game_mounts_one_folder_and_the_state_is_beside_it(tool, form, folder):
    found = documents(rendered(tool, form))
    pod = pod_of(found)
    (game,) = [each for each in pod["containers"] if each["name"] == "game-2048"]
    assert {"name": "share-data", "mountPath": "/var/www/html", "subPath": folder} in game["volumeMounts"]
    assert [each for each in sidecar_of(pod)["volumeMounts"] if each["name"] == "share-data"] == [
        {"name": "share-data", "mountPath": "/app/volume"}, {"name": "share-data", "mountPath": "/app/downloads", "subPath": folder}]
    config = plugin_config(found)
    assert (config["fileDir"], config["stateDir"]) == (f"/app/volume/{folder}", "/app/volume/state")
    assert pod["securityContext"]["seccompProfile"] == sidecar_of(pod)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert all(each["emptyDir"]["sizeLimit"] for each in pod["volumes"] if "emptyDir" in each)


def test_results_are_in_the_releases_namespace_and_stay_when_it_goes(tool):
    found = documents(rendered(tool, "everything"))
    names = ["lobby-sidecar-result", *(f"lobby-sidecar-result-{shard}" for shard in range(3))]
    for name in names:
        metadata = one(found, "ConfigMap", name)["metadata"]
        assert (metadata["namespace"], metadata["annotations"]) == ("games", {"helm.sh/resource-policy": "keep"})
    assert one(found, "Role", "lobby-sidecar-result-games")["rules"][0]["resourceNames"] == names
    assert {each["metadata"]["namespace"] for each in found} == {"games"}


def test_the_chart_has_the_alert_rules_and_dashboards_of_the_plain_files(tool):
    found = documents(rendered(tool, "everything"))
    monitoring = ROOT / "deploy/monitoring"
    assert one(found, "PrometheusRule")["spec"] == yaml.safe_load((monitoring / "rules.yaml").read_text())
    boards = one(found, "ConfigMap", "lobby-sidecar-dashboards")["data"]
    assert {name: json.loads(text) for name, text in boards.items()} == {
        f"okg-sidecar-{language}.json": json.loads((monitoring / name).read_text())
        for language, name in (("en", "dashboard.json"), ("zh", "dashboard.zh.json"))}


def test_the_admission_policy_is_the_plain_one_for_the_releases_account(tool):
    plain = ROOT / "deploy/admission-policy.yaml"
    text = plain.read_text().replace("okg-sidecar-own-", "lobby-sidecar-games-own-")
    text = text.replace("request.userInfo.username.startsWith('system:serviceaccount:') && request.userInfo.username.endsWith(':sidecar-sa')",
                        "request.userInfo.username == 'system:serviceaccount:games:lobby-sidecar'")
    text = text.replace("['sidecar.vke.volcengine.com/hot-update-result'", "['example.com/result'").replace("['hot-update-version']", "['live']")
    assert "sidecar-sa" not in text.split("apiVersion", 1)[1]
    kinds = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
    found = [each for each in documents(rendered(tool, "policy")) if each["kind"] in kinds]
    key = lambda each: (each["kind"], each["metadata"]["name"])  # noqa: E731
    assert sorted(found, key=key) == sorted(documents(text), key=key)


def test_an_admission_policy_needs_a_kubernetes_that_has_them(tool):
    refused = render(tool, "--set=admissionPolicy.enabled=true", "--kube-version=1.29.3", check=False)
    assert "1.30" in refused.stderr


def test_an_admission_policy_that_puts_the_sidecar_in_is_of_the_version_that_the_cluster_has(tool):
    def versions(minor):
        found = documents(render(tool, "--set=injection.kind=MutatingAdmissionPolicy", f"--kube-version=1.{minor}.0"))
        return {each["apiVersion"] for each in found if each["kind"].startswith("Mutating")}

    assert versions(35) == {"admissionregistration.k8s.io/v1beta1"}
    assert versions(36) == {"admissionregistration.k8s.io/v1"}
    refused = render(tool, "--set=injection.kind=MutatingAdmissionPolicy", "--kube-version=1.33.0", check=False)
    assert "1.34" in refused.stderr


def test_what_cannot_be_put_in_is_refused(tool):
    folder = render(tool, "--set=injection.kind=SidecarSet", check=False)
    assert "fileDir" in folder.stderr
    native = render(tool, "--set=injection.kind=Kyverno,sidecar.nativeSidecar=true", check=False)
    assert "nativeSidecar" in native.stderr


def test_the_sidecar_is_put_into_pods_of_the_releases_namespace_unless_every_one_is_meant(tool):
    for kind, found in (("SidecarSet", lambda spec: spec.get("namespaceSelector")),
                        ("MutatingAdmissionPolicy", lambda spec: spec["matchConstraints"].get("namespaceSelector")),
                        ("ClusterPolicy", lambda spec: spec["rules"][0]["match"]["any"][0]["resources"].get("namespaces"))):
        form = FORMS["injection-" + ("Kyverno" if kind == "ClusterPolicy" else kind)]
        own = found(one(documents(render(tool, *form)), kind)["spec"])
        assert own in (["games"], {"matchLabels": {"kubernetes.io/metadata.name": "games"}})
        assert found(one(documents(render(tool, *form, "--set=injection.everyNamespace=true")), kind)["spec"]) is None
