"""The other manifests: a game of another user, a GameServerSet's pods, and what they are made of."""

import copy
import json

import pytest

import kruise
from game_pods import NEEDED, annotation, containers, hot_update, manifest, shows


def test_a_game_of_another_user_is_updated_with_the_capability_kill(game, pages):
    game.apply("statefulset-other-user.yaml")
    before = game.pod("hot-update-gs-0")
    status, answer = hot_update(before, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["result"]) == (200, "Succeeded"), answer
    assert shows(before, "V2")
    assert containers(game.pod("hot-update-gs-0")) == containers(before)


def test_without_kill_the_answer_says_what_is_missing_and_the_old_content_stays(game, pages):
    workload = copy.deepcopy(manifest("statefulset-other-user.yaml")[0])
    del workload["spec"]["template"]["spec"]["containers"][1]["securityContext"]["capabilities"]["add"]
    game.apply_object(workload)
    pod = game.pod("hot-update-gs-0")
    status, answer = hot_update(pod, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["result"], answer["stage"]) == (500, "Failed", "trigger"), answer
    assert "user 33" in answer["message"]
    assert "user 0" in answer["message"]
    assert "capability KILL" in answer["message"]
    assert "runAsUser" in answer["message"]
    assert shows(pod, "V1")
    assert annotation(game.pod("hot-update-gs-0"))["result"] == "Failed"
    assert "_latest.default.StatefulSet.hot-update-gs" not in game.recorded()


@pytest.fixture
def pod_of_game_server_set(game):
    """pod_of_game_server_set(name): applies the pod that OpenKruiseGame and OpenKruise make of deploy/gameserverset.yaml."""
    (shipped,) = manifest("gameserverset.yaml")
    kruise.install(game.node)
    owner = kruise.make_game_server_set(game.node, shipped)

    def apply(name):
        pod = copy.deepcopy(shipped["spec"]["gameServerTemplate"])
        pod["metadata"]["labels"][kruise.OWNER_LABEL] = shipped["metadata"]["name"]
        pod["metadata"].update(name=name, namespace=shipped["metadata"]["namespace"], ownerReferences=[owner])
        game.apply_object({"apiVersion": "v1", "kind": "Pod", **pod})
        return game.pod(name)

    yield apply
    game.node.kubectl("delete", "gameserverset", shipped["metadata"]["name"], "--cascade=foreground", "--timeout=120s")


def test_the_pods_of_a_game_server_set_share_their_latest(game, pages, pod_of_game_server_set):
    first = pod_of_game_server_set("hot-update-gs-0")
    status, answer = hot_update(first, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["recorded"]) == (200, True), answer
    assert shows(first, "V2")
    assert game.recorded()["_latest.default.GameServerSet.hot-update-gs"]["index.html"]["version"] == "v2"
    assert shows(pod_of_game_server_set("hot-update-gs-1"), "V2")
    game.node.kubectl("delete", "pod", "hot-update-gs-0")
    assert shows(pod_of_game_server_set("hot-update-gs-0"), "V2")


@pytest.mark.parametrize("name", [*NEEDED, "statefulset.yaml", "statefulset-other-user.yaml", "native-sidecar.yaml", "gameserverset.yaml"])
def test_the_api_server_takes_every_field_of_a_manifest(node, name):
    """Not refused, and not dropped either: what the server would keep has every field that the file has."""
    kruise.install(node)
    for ours in manifest(name):
        ours["metadata"]["name"] += "-again"
        kept = json.loads(node.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-", stdin=json.dumps(ours)))
        assert _missing(ours, kept) == []


def _missing(ours, theirs, path=""):
    """Where `theirs` has not what `ours` has."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [found for key in ours for found in _missing(ours[key], theirs.get(key), f"{path}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [found for at, pair in enumerate(zip(ours, theirs)) for found in _missing(*pair, f"{path}[{at}]")]
    return [] if ours == theirs else [f"{path}: {ours!r} became {theirs!r}"]
