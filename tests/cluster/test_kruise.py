"""Pods of OpenKruiseGame: whose they are."""

import pathlib

import pytest
import yaml

import kruise

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
V2 = b"<html>V2</html>"


@pytest.fixture
def owner(plane, namespace):
    """The owner of the pods of the shipped GameServerSet, put into the test's namespace."""
    kruise.install(plane)
    plane.namespace(namespace)
    shipped = yaml.safe_load((DEPLOY / "gameserverset.yaml").read_text())
    shipped["metadata"]["namespace"] = namespace
    return kruise.make_game_server_set(plane, shipped)


LABELS = {kruise.OWNER_LABEL: "hot-update-gs"}


def test_the_latest_is_the_game_server_sets_and_not_the_stateful_sets_between(run_pod, source, owner):
    assert (owner["apiVersion"], owner["kind"], owner["name"]) == ("apps.kruise.io/v1beta1", "StatefulSet", "hot-update-gs")
    pod = run_pod("hot-update-gs-0", labels=LABELS, owner=owner)
    assert pod.update("v2", source.put("/v2/index.html", V2)).json["recorded"] is True
    assert pod.entry()["workload"] == f"{pod.account.namespace}/GameServerSet/hot-update-gs"
    assert pod.latest("GameServerSet", "hot-update-gs")["index.html"]["version"] == "v2"
    assert pod.latest("StatefulSet", "hot-update-gs") == {}
    assert run_pod("hot-update-gs-1", labels=LABELS, owner=owner).read("index.html") == V2
