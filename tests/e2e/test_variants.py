"""The other manifests: a game of another user, a GameServerSet's pods, and what they are made of."""

import copy
import json

import pytest

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
    assert "user 33" in answer["message"] and "user 0" in answer["message"]
    assert "capability KILL" in answer["message"] and "runAsUser" in answer["message"]
    assert shows(pod, "V1")
    assert annotation(game.pod("hot-update-gs-0"))["result"] == "Failed"
    assert "_latest.default.StatefulSet.hot-update-gs" not in game.recorded()


def _pod_of_game_server_set(name):
    """What OpenKruiseGame makes of deploy/gameserverset.yaml. @source OpenKruiseGame, pkg/controllers/gameserverset: its pods carry
    the label game.kruise.io/owner-gss."""
    template = copy.deepcopy(manifest("gameserverset.yaml")[0])
    pod = template["spec"]["gameServerTemplate"]
    pod["metadata"]["labels"]["game.kruise.io/owner-gss"] = template["metadata"]["name"]
    pod["metadata"].update(name=name, namespace=template["metadata"]["namespace"])
    return {"apiVersion": "v1", "kind": "Pod", **pod}


def test_the_pods_of_a_game_server_set_share_their_latest(game, pages):
    game.apply_object(_pod_of_game_server_set("hot-update-gs-0"))
    first = game.pod("hot-update-gs-0")
    status, answer = hot_update(first, f"version=v2&url={pages.url('/v2/index.html')}")
    assert (status, answer["recorded"]) == (200, True), answer
    assert shows(first, "V2")
    assert game.recorded()["_latest.default.GameServerSet.hot-update-gs"]["index.html"]["version"] == "v2"
    game.apply_object(_pod_of_game_server_set("hot-update-gs-1"))
    added = game.pod("hot-update-gs-1")
    assert shows(added, "V2")
    game.node.kubectl("delete", "pod", "hot-update-gs-0")
    game.apply_object(_pod_of_game_server_set("hot-update-gs-0"))
    assert shows(game.pod("hot-update-gs-0"), "V2")


@pytest.mark.parametrize("name", [*NEEDED, "statefulset.yaml", "statefulset-other-user.yaml"])
def test_the_api_server_takes_every_field_of_a_manifest(node, name):
    """Not refused, and not dropped either: what the server would keep has every field that the file has."""
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


def test_a_cluster_without_native_sidecars_refuses_the_native_variant_for_that_alone(node):
    refused = node.kubectl("create", "--dry-run=client", "-f", "-", stdin=json.dumps(manifest("native-sidecar.yaml")[0]), check=False)
    assert refused.returncode != 0
    assert refused.stderr.count("unknown field") == 1
    assert 'initContainers[0]): unknown field "restartPolicy"' in refused.stderr
