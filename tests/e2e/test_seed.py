"""The users' documentation as written (tests/seed/hot-update.md): its manifest, its config.yaml and its curl, changed only where a
cluster forces it. Each change is named where it is made. Images are pulled from a registry."""

import copy
import json
import pathlib
import re
import subprocess

import pytest
import yaml

import kruise
from game_pods import ANNOTATION, address, annotation, containers
from registry import Image, Registry
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = (ROOT / "tests/seed/hot-update.md").read_text()
CONFIG, MANIFEST = re.findall(r"```yaml\n(.*?)```", SEED, re.S)
(CURL,) = re.findall(r"```bash\n(.*?)```", SEED, re.S)
WORKING = ROOT / "deploy/seed/hot-update-gs.yaml"
# What the users' nginx image does: root, port 80, its page in the folder that the volume hides.
START = """#!/bin/sh
[ -e /var/www/html/index.html ] || cp /usr/share/game-2048/index.html /var/www/html/
exec nginx
"""
NGINX = """daemon off;
user www-data;
events {}
http { server { listen 80; root /var/www/html; } }
"""


def game_image(archive):
    image = Image(archive)
    image.add_layer({"start.sh": START, "etc/nginx/nginx.conf": NGINX})
    image.config["config"] |= {"User": "", "Entrypoint": ["/start.sh"], "ExposedPorts": {"80/tcp": {}}}
    return image


@pytest.fixture
def registry(node, images, things):
    """Stands for Docker Hub, where images without a host's name are pulled from."""
    things.append(Registry(node.host_address))
    things[-1].push("2048:latest", game_image(images / "game-2048.tar"))
    things[-1].push("okg-sidecar:v1", Image(images / "okg-sidecar.tar"))
    node.pull_from("docker.io", things[-1].url)
    return things[-1]


@pytest.fixture
def seed(node, registry):
    """The cluster with all of the users' manifest but the game: its configuration, permissions and result ConfigMap."""
    kruise.install(node)
    for document in seed_documents():
        if document["kind"] != "GameServerSet":
            node.kubectl("apply", "-f", "-", stdin=json.dumps(document))
    node.kubectl("apply", "-f", "-", stdin=CONFIG)
    yield node
    node.kubectl("delete", "gameserversets,pods", "--all", "--cascade=foreground", "--timeout=120s")
    node.kubectl("delete", "--ignore-not-found", "-f", "-", stdin=CONFIG)
    node.kubectl("delete", "--ignore-not-found", "configmap", "sidecar-config")
    for document in seed_documents():
        if document["kind"] != "GameServerSet":
            node.kubectl("delete", "--ignore-not-found", "-f", "-", stdin=json.dumps(document))


def seed_documents():
    return list(yaml.safe_load_all(MANIFEST))


def game_server_set(documents):
    (found,) = [each for each in documents if each["kind"] == "GameServerSet"]
    return found


def as_a_cluster_takes_it():
    """Change 1: `image: 2048` is a number in YAML, and an image is text."""
    document = game_server_set(seed_documents())
    game = document["spec"]["gameServerTemplate"]["spec"]["containers"][0]
    assert game["image"] == 2048
    game["image"] = "2048"
    return document


def copy_config(node):
    """Change 2: a pod mounts ConfigMaps of its own namespace alone."""
    config = yaml.safe_load(CONFIG)
    assert config["metadata"].pop("namespace") == "kube-system"
    node.kubectl("apply", "-f", "-", stdin=json.dumps(config))


def start_pod(node, document, name):
    """The pod that OpenKruiseGame makes of it, and its name's number."""
    pod = copy.deepcopy(document["spec"]["gameServerTemplate"])
    pod["metadata"]["labels"][kruise.OWNER_LABEL] = document["metadata"]["name"]
    pod["metadata"].update(name=name, namespace="default", ownerReferences=[kruise.make_game_server_set(node, document)])
    node.kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "Pod", **pod}))


def run_curl(pod, pages):
    """The users' command, with the addresses that they leave out."""
    command = CURL.replace("https://xxx/v2/index.html", pages.url("/v2/index.html")).replace("12.xxx.xx.xx", address(pod))
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def title(pod):
    done = subprocess.run(["curl", "-sS", f"http://{address(pod)}/"], capture_output=True, text=True, check=True, timeout=20)
    return re.search("<title>(.*)</title>", done.stdout).group(1)


def test_the_number_is_refused_by_the_api_server(seed):
    pod = game_server_set(seed_documents())["spec"]["gameServerTemplate"]
    pod["metadata"]["name"] = "number"
    refused = seed.kubectl("create", "--validate=false", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "Pod", **pod}), check=False)
    assert refused.returncode != 0
    assert "image" in refused.stderr


def test_as_written_the_answer_says_what_the_pod_lacks_and_the_working_form_updates(seed, registry, pages):
    start_pod(seed, as_a_cluster_takes_it(), "hot-update-gs-0")
    wait_until(lambda: 'configmap "sidecar-config" not found' in seed.kubectl("describe", "pod", "hot-update-gs-0"),
               "the kubelet asks for the ConfigMap in the pod's own namespace", timeout=60)
    copy_config(seed)
    pod = seed.wait_for_pod("default", "hot-update-gs-0")
    assert {"2048:latest", "okg-sidecar:v1"} <= set(registry.pulled)
    assert title(pod) == "2048 V1"

    # Change 3: the image runs as user 65532, which may not signal root's nginx.
    answer = run_curl(pod, pages)
    assert (answer["result"], answer["stage"], answer["reason"]) == ("Failed", "trigger", "SignalNotPermitted"), answer
    assert "user 0" in answer["message"]
    assert "user 65532" in answer["message"]
    assert "securityContext.runAsUser" in answer["message"]
    assert "the sidecar as user 0 with the capability KILL" in answer["message"]
    assert title(pod) == "2048 V1"
    assert annotation(seed.pod("default", "hot-update-gs-0"))["result"] == "Failed"
    seed.kubectl("delete", "gameserversets,pods", "--all", "--cascade=foreground", "--timeout=120s")

    working = list(yaml.safe_load_all(WORKING.read_text()))
    seed.kubectl("apply", "-f", "-", stdin=json.dumps(working[0]))
    start_pod(seed, game_server_set(working), "hot-update-gs-0")
    pod = seed.wait_for_pod("default", "hot-update-gs-0")
    assert title(pod) == "2048 V1"
    before = containers(pod)
    answer = run_curl(pod, pages)
    assert (answer["result"], answer["version"], answer["recorded"]) == ("Succeeded", "v1", True), answer
    assert title(pod) == "2048 V2"
    after = seed.pod("default", "hot-update-gs-0")
    assert containers(after) == before
    assert json.loads(after["metadata"]["annotations"][ANNOTATION])["version"] == "v1"
    assert json.loads(seed.config_map()["_latest.default.GameServerSet.hot-update-gs"])["index.html"]["version"] == "v1"


def test_the_working_form_is_that_manifest_but_for_the_named_changes():
    config, ours = yaml.safe_load_all(WORKING.read_text())
    theirs = as_a_cluster_takes_it()
    sidecar = ours["spec"]["gameServerTemplate"]["spec"]["containers"][1]
    assert sidecar.pop("securityContext") == {
        "runAsUser": 0, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"], "add": ["KILL"]}}
    spec = ours["spec"]["gameServerTemplate"]["spec"]
    assert spec.pop("automountServiceAccountToken") is False
    assert spec.pop("securityContext") == {"seccompProfile": {"type": "RuntimeDefault"}}
    game = spec["containers"][0]
    assert game["volumeMounts"][0].pop("subPath") == "content"
    assert sidecar["volumeMounts"].pop()["name"] == "sidecar-token"
    assert sidecar["volumeMounts"].pop(1) == {"name": "share-data", "mountPath": "/app/volume"}
    assert sidecar["volumeMounts"][1].pop("subPath") == "content"
    assert spec["volumes"].pop()["name"] == "sidecar-token"
    assert spec["volumes"][0].pop("emptyDir") == {"sizeLimit": "2Gi"}
    for each in (game, sidecar):
        assert set(each["resources"].pop("limits")) == set(each.pop("resources")["requests"]) == {"ephemeral-storage"}
    without_changes = theirs["spec"]["gameServerTemplate"]["spec"]
    assert without_changes.pop("securityContext") == without_changes["volumes"][0].pop("emptyDir") == {}
    assert ours == theirs
    theirs = yaml.safe_load(CONFIG)
    del theirs["metadata"]["namespace"]
    assert config["metadata"].pop("namespace") == "default"
    settings = yaml.safe_load(config["data"].pop("config.yaml"))
    plugin = settings["plugins"][0]["config"]
    assert (plugin.pop("fileDir"), plugin.pop("stateDir")) == ("/app/volume/content", "/app/volume/state")
    assert plugin.pop("latest") == {"readOriginal": True}
    assert settings == yaml.safe_load(theirs["data"].pop("config.yaml"))
    assert config == theirs


def test_the_working_form_needs_less_than_the_cluster_role():
    """Change 4, which no cluster forces: pods and ConfigMaps of every namespace, to make and delete, is more than a sidecar uses."""
    (theirs,) = [each for each in seed_documents() if each["kind"] == "ClusterRole"]
    ours = [rule for each in yaml.safe_load_all((ROOT / "deploy/rbac.yaml").read_text()) if each["kind"] == "Role" for rule in each["rules"]]
    verbs = {verb for rule in ours for verb in rule["verbs"]}
    assert verbs < set(theirs["rules"][0]["verbs"])
    assert "delete" not in verbs
    made = {resource for rule in ours if "create" in rule["verbs"] for resource in rule["resources"]}
    assert made == {"events"}
