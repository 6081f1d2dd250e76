"""What newcomers copy from the pages is taken by a real node as it stands: the pod of docs/add-to-your-game.md, and what the original's
manager makes of the SidecarConfig of docs/moving-over.md."""

import pathlib
import re

import yaml

from game_pods import hot_update, shows
from test_operations import Shell, follow

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIRST_VERSION = {"name": "fill", "image": "game-2048:v1", "command": ["sh", "-c", "cp -R -n /usr/share/game-2048/. /content/"],
                 "volumeMounts": [{"name": "share-data", "mountPath": "/content", "subPath": "content"}]}
GAME = {"name": "game", "image": "game-2048:v1",
        "volumeMounts": [{"name": "share-data", "mountPath": "/var/www/html", "subPath": "content"}, {"name": "tmp", "mountPath": "/tmp"}]}


def shown(page, kind):
    """The object of that kind that a page shows."""
    found = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text(), re.S) if f"kind: {kind}\n" in block]
    (document,) = found
    return document


def test_the_pod_of_the_page_for_games_does_what_the_page_shows(node, emptied, pages, things, tmp_path):
    (tmp_path / "lobby.yaml").write_text(yaml.safe_dump(shown("docs/add-to-your-game.md", "Pod")))
    shell = Shell({**node.env, "HOME": str(tmp_path)})
    things.append(shell)
    follow("docs/add-to-your-game.md", shell, pages, {"lobby.yaml": tmp_path / "lobby.yaml"})
    assert shows(node.wait_for_pod("default", "lobby"), "V2")


def injected(pod, injection):
    """What the manager makes of a pod without `injectKidecar`. @source magicsong/kidecar 03669fb pkg/injector/pod.go, InjectPod"""
    spec = pod["spec"]
    spec.setdefault("serviceAccountName", injection["serviceAccountName"])
    spec["containers"] = injection["containers"] + spec["containers"]
    spec["volumes"] = injection["volumes"] + spec["volumes"]
    spec["shareProcessNamespace"] = injection["shareProcessNamespace"]
    return pod


def test_the_container_that_the_originals_manager_is_given_updates_the_game(game, pages):
    """With the permissions and the configuration that the page names."""
    injection = shown("docs/moving-over.md", "SidecarConfig")["spec"]["injection"]
    game.apply_object(injected({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "moved", "namespace": "default", "labels": injection["selector"]["matchLabels"]},
        "spec": {"securityContext": {"runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532}, "initContainers": [FIRST_VERSION],
                 "containers": [GAME], "volumes": [{"name": "share-data", "emptyDir": {}}, {"name": "tmp", "emptyDir": {}}]}}, injection))
    pod = game.pod("moved")
    status, answer = hot_update(pod, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["result"], answer["recorded"]) == (200, "Succeeded", True), answer
    assert shows(pod, "V2")
