"""What the chart makes of config.yaml: probes, ports, monitoring, rights, mounts, and what it refuses to install."""

import re

import pytest
import yaml

from chart import CHART, EXAMPLES, ROOT, documents, notes, one, plugin_config, pod_of, render, sidecar_of

EXAMPLE = "--set=example.enabled=true"
HARDENED = ["--values", EXAMPLES / "hardened.yaml"]


def found(tool, *arguments):
    return documents(render(tool, *arguments))


def refused(tool, *arguments):
    answer = render(tool, *arguments, check=False)
    assert answer.returncode != 0
    return answer.stderr


def probes(sidecar):
    return {name: {key: value for key, value in sidecar[name].items() if key in ("exec", "httpGet")}
            for name in ("livenessProbe", "readinessProbe")}


POLICY = ["--set=networkPolicy.enabled=true", "--set=networkPolicy.podSelector.app=lobby"]
OPS = "--set=networkPolicy.from[0].namespaceSelector.matchLabels.team=ops"


@pytest.mark.parametrize("arguments, rules", [
    (["--set-json=networkPolicy.gamePorts=[]"], []),
    (["--set-json=networkPolicy.gamePorts=[]", OPS], [[5000]]),
    ([], [[8080, 8080]]),
    ([OPS, "--set=config.listen=7000"], [[8080, 8080], [7000]]),
    ([OPS, "--set=config.listen=127.0.0.1:5000"], [[8080, 8080]])])
def test_no_rule_of_the_network_policy_opens_every_port(tool, arguments, rules):
    policy = one(found(tool, *POLICY, *arguments), "NetworkPolicy")
    assert policy["spec"]["policyTypes"] == ["Ingress"]
    assert [[each["port"] for each in rule["ports"]] for rule in policy["spec"]["ingress"]] == rules
    for rule in policy["spec"]["ingress"]:
        assert "from" in rule or 5000 not in [each["port"] for each in rule["ports"]]


def test_the_sidecars_port_is_no_port_of_the_game(tool):
    assert "the sidecar's own port" in refused(tool, *POLICY, "--set=networkPolicy.gamePorts={7000}", "--set=config.listen=:7000")


@pytest.mark.parametrize("kind", ["networkPolicy", "podMonitor"])
def test_a_pod_selector_is_taken_as_it_is_and_is_never_a_guess(tool, kind):
    enabled = f"--set={kind}.enabled=true"
    name = {"networkPolicy": "NetworkPolicy", "podMonitor": "PodMonitor"}[kind]

    def labels(*arguments):
        spec = one(found(tool, enabled, *arguments), name)["spec"]
        return spec.get("podSelector", spec.get("selector"))["matchLabels"]

    assert f"{kind}.podSelector" in refused(tool, enabled)
    assert labels(EXAMPLE) == {"app": "lobby-hot-update-gs"}
    assert labels(f"--set={kind}.podSelector.game=chess") == {"game": "chess"}
    assert labels(EXAMPLE, f"--set={kind}.podSelector.game=chess") == {"game": "chess"}


@pytest.mark.parametrize("arguments, probe, ports", [
    ([], {"httpGet": {"path": "/readyz", "port": "hot-update-port"}}, [5000]),
    (["--set=config.listen=:7000"], {"httpGet": {"path": "/readyz", "port": "hot-update-port"}}, [7000]),
    (HARDENED, {"httpGet": {"path": "/readyz", "port": "hot-update-port", "scheme": "HTTPS"}}, [5000]),
    (["--set=config.TLS.certificateFile=/x/c,config.TLS.keyFile=/x/k"],
     {"httpGet": {"path": "/readyz", "port": "hot-update-port", "scheme": "HTTPS"}}, [5000]),
    (["--set=config.webConfigFile=/x/web.yaml"], {"exec": {"command": ["okg-sidecar", "health", "--ready"]}}, [5000]),
    (["--set=config.Listen=127.0.0.1:7000"], {"exec": {"command": ["okg-sidecar", "health", "--ready"]}}, [])])
def test_probes_and_ports_are_those_of_the_configuration(tool, arguments, probe, ports):
    sidecar = sidecar_of(pod_of(found(tool, EXAMPLE, *arguments)))
    assert probes(sidecar)["readinessProbe"] == probe
    assert ("/healthz" in str(sidecar["livenessProbe"])) == ("httpGet" in probe)
    assert [each["containerPort"] for each in sidecar.get("ports", [])] == ports


def test_the_pod_monitor_reads_what_the_configuration_protects(tool):
    (endpoint,) = one(found(tool, *HARDENED), "PodMonitor")["spec"]["podMetricsEndpoints"]
    assert endpoint["scheme"] == "https"
    assert endpoint["tlsConfig"]["serverName"] == "lobby.games.svc"
    assert endpoint["authorization"]["credentials"] == {"name": "hot-update-callers", "key": "dashboard"}
    assert "scheme" not in one(found(tool, EXAMPLE, "--set=podMonitor.enabled=true"), "PodMonitor")["spec"]["podMetricsEndpoints"][0]


@pytest.mark.parametrize("arguments, why", [
    (["--set=config.listen=127.0.0.1:5000"], "inside the pod"),
    (["--set=config.tls.certificateFile=/x,config.tls.keyFile=/y"], "tlsConfig"),
    (["--set=config.auth.tokenFiles[0]=/x"], "authorization")])
def test_a_pod_monitor_that_would_read_nothing_is_refused(tool, arguments, why):
    assert why in refused(tool, EXAMPLE, "--set=podMonitor.enabled=true", *arguments)


def test_tokens_of_the_api_server_are_reviewed_with_the_rights_for_it(tool):
    kubernetes = "--set=config.auth.Kubernetes.audience=okg-sidecar"
    binding = one(found(tool, kubernetes), "ClusterRoleBinding")
    assert binding["roleRef"]["name"] == "system:auth-delegator"
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "lobby-sidecar", "namespace": "games"}]
    local = found(tool, EXAMPLE, kubernetes, "--set=results.type=Local")
    assert {each["kind"] for each in local} == {"ServiceAccount", "ConfigMap", "ClusterRoleBinding", "StatefulSet"}
    assert "sidecar-token" in [each["name"] for each in sidecar_of(pod_of(local))["volumeMounts"]]
    assert "ClusterRoleBinding" not in [each["kind"] for each in found(tool)]


def test_local_results_need_no_rights_and_no_token(tool):
    local = found(tool, EXAMPLE, "--set=results.type=Local")
    assert {each["kind"] for each in local} == {"ServiceAccount", "ConfigMap", "StatefulSet"}
    assert plugin_config(local)["storageConfig"] == {"type": "Local"}
    assert "sidecar-token" not in [each["name"] for each in pod_of(local)["volumes"]]


def files_of(config):
    """Every absolute path that a configuration names."""
    if isinstance(config, dict):
        return [file for each in config.values() for file in files_of(each)]
    if isinstance(config, list):
        return [file for each in config for file in files_of(each)]
    return [config] if isinstance(config, str) and config.startswith("/") else []


def test_the_hardened_example_mounts_every_file_that_its_configuration_names(tool):
    pod = pod_of(found(tool, EXAMPLE, *HARDENED))
    sidecar = sidecar_of(pod)
    mounts = {each["mountPath"]: each["name"] for each in sidecar["volumeMounts"]}
    named = files_of(yaml.safe_load((EXAMPLES / "hardened.yaml").read_text())["config"])
    assert len(named) == 8
    volumes = {each["name"]: each for each in pod["volumes"]}
    for file in named:
        assert "secret" in volumes[mounts[file.rsplit("/", 1)[0]]], file
    (game,) = [each for each in pod["containers"] if each["name"] != "sidecar"]
    assert {each["name"] for each in game["volumeMounts"]} == {"share-data", "game-tmp"}
    assert {each["secret"]["defaultMode"] for each in pod["volumes"] if "secret" in each} == {0o440}
    assert {"name": "HTTPS_PROXY", "value": "http://proxy.example.com:3128"} in sidecar["env"]


def test_the_page_makes_every_secret_of_the_hardened_example_from_files_of_the_readers_own():
    values = yaml.safe_load((EXAMPLES / "hardened.yaml").read_text())
    named = set(re.findall(r"/etc/okg-sidecar-secrets/[\w./]+", yaml.safe_dump(values["config"])))
    made, files = set(), []
    for secret, flags in re.findall(r"create secret generic (\S+) (.*)", (ROOT / "docs/helm.md").read_text()):
        (folder,) = [each["mountPath"] for each in values["sidecar"]["secrets"] if each["secretName"] == secret]
        for key, _, file in (flag.removeprefix("--from-file=").partition("=") for flag in flags.split()):
            made.add(f"{folder}/{key}")
            files.append(file or key)
    assert made == named | {"/etc/okg-sidecar-secrets/tls/ca.crt"}  # which is for Prometheus
    assert len(set(files)) == len(files)
    # At the root of the repository `deploy` is a folder of manifests.
    assert [file for file in files if (ROOT / file).exists()] == []


def test_volumes_mounts_and_environment_of_ones_own_are_the_sidecars(tool):
    pod = pod_of(found(
        tool, EXAMPLE, "--set=sidecar.volumes[0].name=authorities,sidecar.volumes[0].configMap.name=authorities",
        "--set=sidecar.volumeMounts[0].name=authorities,sidecar.volumeMounts[0].mountPath=/etc/authorities",
        "--set=sidecar.envFrom[0].configMapRef.name=proxies"))
    assert {"name": "authorities", "configMap": {"name": "authorities"}} in pod["volumes"]
    assert {"name": "authorities", "mountPath": "/etc/authorities"} in sidecar_of(pod)["volumeMounts"]
    assert sidecar_of(pod)["envFrom"] == [{"configMapRef": {"name": "proxies"}}]


@pytest.mark.parametrize("key", ["fileDir", "filedir"])
def test_a_file_dir_of_ones_own_is_mounted_and_has_its_state(tool, key):
    own = found(tool, EXAMPLE, "--set=config.plugins[0].name=hot_update,config.plugins[0].config.loadPatchType=none",
                f"--set=config.plugins[0].config.{key}=/srv/game")
    config = plugin_config(own)
    assert config[key] == "/srv/game"
    assert not {"stateDir", "fileDir"} & set(config) - {key}
    assert {"name": "share-data", "mountPath": "/srv/game", "subPath": "content"} in sidecar_of(pod_of(own))["volumeMounts"]


def test_a_state_dir_that_is_on_no_volume_is_refused(tool):
    own = ["--set=config.plugins[0].name=hot_update,config.plugins[0].config.loadPatchType=none",
           "--set=config.plugins[0].config.fileDir=/srv/game/content,config.plugins[0].config.stateDir=/srv/game/state"]
    assert "stateDir /srv/game/state is on no volume" in refused(tool, *own)
    mounted = ["--set=sidecar.volumeMounts[0].name=share-data,sidecar.volumeMounts[0].mountPath=/srv/game"]
    mounts = sidecar_of(pod_of(found(tool, EXAMPLE, *own, *mounted)))["volumeMounts"]
    assert [each["mountPath"] for each in mounts if each["mountPath"].startswith("/srv")] == ["/srv/game"]


def test_orders_can_be_switched_off(tool):
    pod = pod_of(found(tool, EXAMPLE, "--set=sidecar.orders=false"))
    assert "orders" not in [each["name"] for each in [*pod["volumes"], *sidecar_of(pod)["volumeMounts"]]]


def test_secrets_of_the_registry_are_on_the_account_or_on_the_pod(tool):
    secrets, names = "--set=image.pullSecrets={registry}", [{"name": "registry"}]
    ours = found(tool, EXAMPLE, secrets)
    assert one(ours, "ServiceAccount")["imagePullSecrets"] == names
    assert "imagePullSecrets" not in pod_of(ours)
    theirs = found(tool, EXAMPLE, secrets, "--set=serviceAccount.create=false,serviceAccount.name=games")
    assert pod_of(theirs)["imagePullSecrets"] == names
    assert pod_of(theirs)["serviceAccountName"] == "games"
    assert "serviceAccount.name" in refused(tool, "--set=serviceAccount.create=false")


def test_a_native_sidecar_needs_a_kubernetes_that_has_them(tool):
    native = [EXAMPLE, "--set=sidecar.nativeSidecar=true"]
    assert "1.29" in refused(tool, *native, "--kube-version=1.28.9")
    assert "initContainers" in pod_of(found(tool, *native, "--kube-version=1.29.0"))


def test_the_tag_is_that_of_the_release_unless_said(tool):
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"]
    assert sidecar_of(pod_of(found(tool, EXAMPLE)))["image"] == f"okg-sidecar:v{version}"
    assert sidecar_of(pod_of(found(tool, EXAMPLE, "--set=image.tag=v1")))["image"] == "okg-sidecar:v1"


def identities(objects):
    return {(each["kind"], each["metadata"].get("namespace"), each["metadata"]["name"]) for each in objects}


def test_two_releases_of_one_namespace_have_no_object_in_common(tool):
    everything = [EXAMPLE, *("--set=" + each for each in (
        "networkPolicy.enabled=true", "podMonitor.enabled=true", "prometheusRule.enabled=true", "dashboards.enabled=true"))]
    both = [documents(render(tool, *everything, release=release)) for release in ("lobby", "arena")]
    assert identities(both[0]) & identities(both[1]) == set()
    shared = ["--set=results.namespace=kube-system,results.name=sidecar-result"]
    first = documents(render(tool, *shared))
    second = documents(render(tool, *shared, "--set=results.create=false", "--namespace=arena"))
    assert identities(first) & identities(second) == set()


def test_another_configuration_makes_other_pods_and_nothing_else_does(tool):
    def annotations(*arguments):
        return one(found(tool, EXAMPLE, *arguments), "StatefulSet")["spec"]["template"]["metadata"]["annotations"]

    assert annotations() == annotations("--set=example.replicas=5")
    assert annotations() != annotations("--set=config.shutdownGraceSeconds=5")
    assert annotations() != annotations("--set=results.shards=2")


def test_a_games_own_chart_includes_the_sidecar(tool, tmp_path):
    """As docs/helm.md shows it, with the hardened values below the name of the dependency."""
    page = (ROOT / "docs/helm.md").read_text()
    game = tmp_path / "lobby"
    (game / "templates").mkdir(parents=True)
    (tmp_path / "okg-sidecar").symlink_to(ROOT)
    (about,) = [each for each in re.findall(r"```yaml\n(.*?)```", page, re.S) if "dependencies:" in each]
    (game / "Chart.yaml").write_text(about)
    values = yaml.safe_load((EXAMPLES / "hardened.yaml").read_text())
    (game / "values.yaml").write_text(yaml.safe_dump({"okg-sidecar": values}))
    (game / "templates/game.yaml").write_text(page.split("```gotemplate\n")[1].split("```")[0])
    tool("helm", "dependency", "update", game)
    objects = documents(render(tool, chart=game))
    pod = pod_of(objects, name="lobby")
    assert pod["serviceAccountName"] == one(objects, "ServiceAccount")["metadata"]["name"]
    assert sidecar_of(pod) == sidecar_of(pod_of(found(tool, EXAMPLE, *HARDENED)))
    assert {each["name"] for each in pod["volumes"]} == {
        "share-data", "sidecar-config", "sidecar-token", "orders", *(f"sidecar-secret-{at}" for at in range(5))}
    template = one(objects, "StatefulSet")["spec"]["template"]
    assert "okg-sidecar.io/config-sha256" in template["metadata"]["annotations"]
    assert one(objects, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"].items() <= template["metadata"]["labels"].items()


def commands(tool, folder, *arguments):
    """The commands that the notes give."""
    return [line.strip() for line in notes(tool, folder, *arguments).splitlines() if line.startswith("  ")]


def test_the_notes_give_commands_that_work_as_they_are(tool, tmp_path):
    plain = commands(tool, tmp_path, EXAMPLE)
    assert plain[0] == "kubectl -n games rollout status statefulset/lobby-hot-update-gs"
    assert 'kubectl -n games exec "$POD" -c sidecar -- okg-sidecar update v2 "$URL"' in plain
    assert plain[-1].endswith('--data-urlencode "url=$URL" http://$POD_IP:5000/hot-update')
    assert not [line for line in plain if "example.com" in line or "YOUR" in line]


PLUGIN = "--set=config.plugins[0].name=hot_update,config.plugins[0].config."


@pytest.mark.parametrize("argument", [
    f"{PLUGIN}requireHttps=true", f"{PLUGIN}allowedSources[0]=https://cdn.example.com/", f"{PLUGIN}signature.publicKeyFiles[0]=/keys/game.pub"],
    ids=["https", "allowed", "signed"])
def test_the_notes_send_the_games_own_page_only_where_the_configuration_takes_it(tool, tmp_path, argument):
    shown = notes(tool, tmp_path, EXAMPLE, argument, "--set=config.plugins[0].config.signal.processName=nginx")
    assert "Its own page" not in shown
    assert ":8080/index.html" not in shown
    assert "URL=https://cdn.example.com/" in shown


def test_the_notes_know_of_tokens_certificates_checksums_and_labels(tool, tmp_path):
    hardened = "\n".join(commands(tool, tmp_path, *HARDENED))
    assert "get pods -l app=lobby -o" in hardened
    assert "TOKEN=$(kubectl -n games get secret hot-update-callers -o jsonpath='{.data.deploy}' | base64 -d)" in hardened
    assert r"get secret hot-update-tls -o jsonpath='{.data.tls\.crt}'" in hardened
    assert 'okg-sidecar update v2 "$URL" --sha256 "$SHA256"' in hardened
    assert 'https://lobby.games.svc:5000/hot-update' in hardened
    closed = commands(tool, tmp_path, "--values", EXAMPLES / "orders-only.yaml")
    assert not [line for line in closed if line.startswith("curl")]
    kubernetes = "\n".join(commands(tool, tmp_path, "--set=config.auth.kubernetes.audience=okg-sidecar"))
    assert "create token" in kubernetes
    assert "exec" not in kubernetes
