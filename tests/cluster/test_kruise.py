"""Pods of OpenKruiseGame: whose they are, and what becomes of their results while its webhook on pods is away."""

import contextlib
import pathlib

import pytest
import yaml

import kruise
from cluster import MERGE_PATCH, Refused
from waiting import wait_until

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"
V1, V2 = b"<html>V1</html>", b"<html>V2</html>"


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


@contextlib.contextmanager
def webhook_away(plane, namespace):
    """OpenKruiseGame's webhook for the pods of this namespace, whose manager does not answer: every patch of a pod is answered 500.
    @source OpenKruiseGame, config/webhook: MutatingWebhookConfiguration, pods, CREATE UPDATE DELETE, failurePolicy Fail."""
    plane.create(WEBHOOKS, {
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration", "metadata": {"name": namespace},
        "webhooks": [{
            "name": "mgameserverset.kb.io", "admissionReviewVersions": ["v1"], "sideEffects": "None", "failurePolicy": "Fail",
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}, "timeoutSeconds": 1,
            "clientConfig": {"service": {"namespace": "kruise-game-system", "name": "kruise-game-webhook-service", "path": "/mutate"}},
            "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE", "UPDATE", "DELETE"]}]}]})
    try:
        yield
    finally:
        plane.request("DELETE", f"{WEBHOOKS}/{namespace}")


def test_while_the_webhook_is_away_the_config_map_is_written_and_the_pod_as_soon_as_it_is_back(plane, run_pod, source, owner):
    pod = run_pod("hot-update-gs-0", labels=LABELS, owner=owner)
    pod.update("v1", source.put("/v1/index.html", V1))
    with webhook_away(plane, pod.account.namespace):
        wait_until(lambda: _patch_status(pod) == 500, "the API server asks the webhook")
        answer = pod.update("v2", source.put("/v2/index.html", V2))
        assert answer.status == 200, answer
        assert answer.json["result"] == "Succeeded", answer
        assert pod.read("index.html") == V2, answer
        assert answer.json["recorded"] is False, answer
        assert "failed calling webhook" in answer.json["recordError"], answer
        assert pod.unrecorded() == 1
        assert pod.annotation()["version"] == pod.label() == "v1"
        assert pod.entry()["version"] == "v2", "what can be written is written"
        assert pod.latest("GameServerSet", "hot-update-gs")["index.html"]["version"] == "v2"
    wait_until(lambda: pod.unrecorded() == 0, "nothing waits")
    assert pod.annotation()["version"] == pod.label() == "v2"


def _patch_status(pod):
    """What the API server answers to a patch of this pod."""
    try:
        pod.plane.request("PATCH", pod.account.path, {"metadata": {"annotations": {"tried": "yes"}}}, MERGE_PATCH)
        return 200
    except Refused as refused:
        return refused.status
