"""The objects that OpenKruiseGame and OpenKruise make, in an API server that knows their definitions but runs no manager of theirs."""

import pathlib

import yaml

from waiting import wait_until

CRDS = sorted((pathlib.Path(__file__).parent / "crds").glob("*.yaml"))
GAME_SERVER_SETS = "/apis/game.kruise.io/v1alpha1/namespaces/{}/gameserversets"
STATEFUL_SETS = "/apis/apps.kruise.io/v1beta1/namespaces/{}/statefulsets"
OWNER_LABEL = "game.kruise.io/owner-gss"


def install(plane):
    """Defines their kinds; returns when the API server serves them."""
    for file in CRDS:
        definition = yaml.safe_load(file.read_text())
        path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        plane.create(path, definition)
        wait_until(lambda: _is_established(plane.request("GET", f"{path}/{definition['metadata']['name']}")), f"{file.name} is served")


def make_game_server_set(plane, game_server_set):
    """The GameServerSet, and the StatefulSet that its manager makes of it. Returns the owner reference of their pods, which carry
    the label OWNER_LABEL too. @source OpenKruiseGame, user manuals, "GameServers Scale".
    """
    namespace, name = (game_server_set["metadata"][key] for key in ("namespace", "name"))
    made = plane.create(GAME_SERVER_SETS.format(namespace), game_server_set)
    template = game_server_set["spec"]["gameServerTemplate"]
    labels = {**template["metadata"].get("labels", {}), OWNER_LABEL: name}
    stateful_set = plane.create(STATEFUL_SETS.format(namespace), {
        "apiVersion": "apps.kruise.io/v1beta1", "kind": "StatefulSet",
        "metadata": {"name": name, "labels": {OWNER_LABEL: name}, "ownerReferences": [_owned_by(made)]},
        "spec": {"replicas": game_server_set["spec"]["replicas"], "selector": {"matchLabels": {OWNER_LABEL: name}},
                 "serviceName": name, "podManagementPolicy": "Parallel",
                 "template": {"metadata": {"labels": labels}, "spec": template["spec"]}}})
    return _owned_by(stateful_set)


def _owned_by(made):
    return {"apiVersion": made["apiVersion"], "kind": made["kind"], "name": made["metadata"]["name"], "uid": made["metadata"]["uid"],
            "controller": True, "blockOwnerDeletion": True}


def _is_established(definition):
    conditions = definition.get("status", {}).get("conditions") or []
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)
