"""deploy/admission-policy.yaml: what a sidecar's token writes under it, and every write that it forbids, tried."""

import json
import pathlib

import pytest
import yaml
from cluster import MERGE_PATCH, Refused
from running_pod import ANNOTATION, LABEL
from service_account import SERVICE_ACCOUNT, owner_reference
from waiting import wait_until

POLICY = pathlib.Path(__file__).resolve().parents[2] / "deploy/admission-policy.yaml"
PLURAL = {"ValidatingAdmissionPolicy": "validatingadmissionpolicies", "ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings"}
RESULTS = "/api/v1/namespaces/kube-system/configmaps/sidecar-result"
SET = owner_reference("StatefulSet", "game")


def bind_token(account):
    account.renew_token(names_pod=True)
    return account


@pytest.fixture(scope="module")
def policy(plane, tmp_path_factory):
    """In force for the tests of this file: others write as a sidecar what a sidecar may not."""
    made = []
    for document in yaml.safe_load_all(POLICY.read_text()):
        path = f"/apis/admissionregistration.k8s.io/v1/{PLURAL[document['kind']]}"
        plane.create(path, document)
        made.append(f"{path}/{document['metadata']['name']}")
    # Its token names no pod, so that each policy refuses all that it writes.
    account = plane.sidecar_pod("admission", "game-0", tmp_path_factory.mktemp("account"))
    writes = (lambda: write_pod(plane, account, "game-0", {"metadata": {"annotations": {ANNOTATION: "{}"}}}, dry_run=True),
              lambda: write_results(plane, account, {"data": {"admission.game-0": "{}"}}, dry_run=True))
    wait_until(lambda: all(map(is_refused, writes)), "the policies are in force")
    yield
    for path in reversed(made):
        plane.request("DELETE", path)
    wait_until(lambda: not any(map(is_refused, writes)), "the policies are no longer in force")


def is_refused(write):
    try:
        write()
    except Refused:
        return True
    return False


@pytest.fixture
def pods(policy, sidecar_pod):
    """Two pods of one workload and one of another."""
    return {name: bind_token(sidecar_pod(name)) for name in ("game-0", "game-1", "other-0")}


def write_pod(plane, account, name, patch, dry_run=False):
    query = "?dryRun=All" if dry_run else ""
    return plane.request("PATCH", f"/api/v1/namespaces/{account.namespace}/pods/{name}{query}", patch, MERGE_PATCH, account.token)


def write_results(plane, account, patch, dry_run=False):
    query = "?dryRun=All" if dry_run else ""
    return plane.request("PATCH", f"{RESULTS}{query}", patch, MERGE_PATCH, account.token)


def test_a_sidecar_does_all_its_work_under_the_policy(policy, run_pod, sidecar_pod, source):
    pod = run_pod("game-0", account=bind_token(sidecar_pod("game-0", owner=SET)))
    answer = pod.update("v1", source.put("/v1/index.html", b"v1"))
    assert (answer.status, answer.json["recorded"]) == (200, True), answer
    assert pod.annotation()["version"] == "v1"
    assert pod.latest("StatefulSet", "game")["index.html"]["version"] == "v1"


FORBIDDEN_POD = {
    "another pod": ("game-1", {"metadata": {"annotations": {ANNOTATION: "{}"}}}),
    "its own orders": ("game-0", {"metadata": {"annotations": {"okg-sidecar.io/desired": "{}"}}}),
    "its own image": ("game-0", {"spec": {"containers": [{"name": "game", "image": "planted"}]}}),
    "its own deadline": ("game-0", {"spec": {"activeDeadlineSeconds": 1}}),
    "another annotation of its own": ("game-0", {"metadata": {"annotations": {"prometheus.io/scrape": "true"}}}),
    "a label that a Service selects by": ("game-0", {"metadata": {"labels": {"app": "payments"}}}),
    "another value of such a label": ("game-0", {"metadata": {"labels": {"kept": "y"}}}),
    "another value of an annotation": ("game-0", {"metadata": {"annotations": {"kept": "y"}}}),
    "no label any more": ("game-0", {"metadata": {"labels": {"kept": None}}}),
    "no annotation any more": ("game-0", {"metadata": {"annotations": {"kept": None}}}),
    "its own finalizers": ("game-0", {"metadata": {"finalizers": ["okg.example.com/stays"]}}),
    "another owner": ("game-0", {"metadata": {"ownerReferences": [owner_reference("StatefulSet", "other")]}}),
}


@pytest.mark.parametrize("write", FORBIDDEN_POD.values(), ids=FORBIDDEN_POD)
def test_a_sidecar_does_not_write(plane, pods, write):
    name, patch = write
    if "containers" in patch.get("spec", {}):
        path = f"/api/v1/namespaces/{pods['game-0'].namespace}/pods/{name}"
        containers = plane.request("GET", path)["spec"]["containers"]
        containers[0]["image"] = "planted"
        patch = {"spec": {"containers": containers}}
    kept = {"metadata": {"labels": {"kept": "x"}, "annotations": {"kept": "x"}}}
    plane.request("PATCH", pods["game-0"].path, kept, MERGE_PATCH)
    with pytest.raises(Refused) as refused:
        write_pod(plane, pods["game-0"], name, patch)
    assert "a sidecar " in str(refused.value), refused.value


def keys(namespace):
    return {
        "another pod's result": {f"{namespace}.game-1": "{}"},
        "the latest of a workload whose name begins alike": {f"_latest.{namespace}.StatefulSet.game-0": "{}"},
        "another workload's latest": {f"_latest.{namespace}.StatefulSet.other": "{}"},
        "a latest whose name only begins alike": {f"_latest.{namespace}.StatefulSet.gam": "{}"},
        "a latest whose name is as long": {f"_latest.{namespace}.StatefulSet.play": "{}"},
        "another namespace's pod": {"default.game-0": "{}"},
        "another namespace's latest": {"_latest.default.StatefulSet.game": "{}"},
        "another kind's latest": {f"_latest.{namespace}.Deployment.game": "{}", f"_latest.{namespace}.CloneSet.game": "{}"},
        "another pod's own latest": {f"_latest.{namespace}.Pod.game-1": "{}"},
        "a latest without a name": {f"_latest.{namespace}.StatefulSet": "{}"},
        "an entry of the original": {f"{namespace}-game-1": "hot_update: {v9: 'http://attacker/a'}"},
        "a key of nobody": {"x": "x"},
    }


@pytest.mark.parametrize("which", list(keys("")))
def test_a_sidecar_does_not_store(plane, pods, which):
    account = pods["game-0"]
    with pytest.raises(Refused) as refused:
        write_results(plane, account, {"data": keys(account.namespace)[which]})
    assert "a sidecar writes its own key" in str(refused.value), refused.value


@pytest.fixture
def entry_of_another(plane, pods):
    """Its key."""
    key = f"{pods['game-1'].namespace}.game-1"
    write_results(plane, pods["game-1"], {"data": {key: "{}"}})
    yield key
    assert plane.request("GET", RESULTS)["data"][key] == "{}"


def test_a_sidecar_removes_no_key_of_others_and_no_label(plane, pods, entry_of_another):
    owner = owner_reference("StatefulSet", "gone")
    latest = f"_latest.{pods['game-0'].namespace}.StatefulSet.game"
    write_results(plane, pods["game-0"], {"data": {latest: "{}"}})
    more = ({"metadata": {"labels": {"x": "y"}}}, {"metadata": {"annotations": {"x": "y"}}}, {"metadata": {"ownerReferences": [owner]}},
            {"metadata": {"finalizers": ["okg.example.com/stays"]}}, {"binaryData": {"x": "eQ=="}}, {"immutable": True})
    for patch, said in (({"data": {entry_of_another: None}}, "removes no key"), ({"data": None}, "removes no key"),
                        ({"data": {latest: None}}, "removes no key"),
                        *((each, "the data") for each in more)):
        with pytest.raises(Refused) as refused:
            write_results(plane, pods["game-0"], patch)
        assert said in str(refused.value), refused.value


def patches_of(key):
    """Each way to write this key."""
    data = {"data": {key: "planted"}}
    return {
        MERGE_PATCH: data,
        "application/strategic-merge-patch+json": data,
        "application/apply-patch+yaml": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "sidecar-result"}, **data},
        "application/json-patch+json": [{"op": "replace", "path": f"/data/{key}", "value": "planted"}],
    }


@pytest.mark.parametrize("kind", list(patches_of("")))
def test_no_kind_of_patch_writes_what_another_pod_stored(plane, pods, entry_of_another, kind):
    query = "?fieldManager=planted&force=true" if "apply" in kind else ""
    with pytest.raises(Refused) as refused:
        plane.request("PATCH", f"{RESULTS}{query}", patches_of(entry_of_another)[kind], kind, pods["game-0"].token)
    assert "a sidecar writes its own key" in str(refused.value), refused.value


def test_the_whole_data_is_not_replaced(plane, pods, entry_of_another):
    swap = [{"op": "replace", "path": "/data", "value": {f"{pods['game-0'].namespace}.game-0": "{}"}}]
    with pytest.raises(Refused) as refused:
        plane.request("PATCH", RESULTS, swap, "application/json-patch+json", pods["game-0"].token)
    assert "a sidecar removes no key but its own" in str(refused.value), refused.value


def test_a_sidecar_writes_its_own(plane, pods):
    account = pods["game-0"]
    own = f"{account.namespace}.game-0"
    write_pod(plane, account, "game-0", {"metadata": {"annotations": {ANNOTATION: json.dumps({})}, "labels": {LABEL: "v1"}}})
    original, latest = f"{account.namespace}-game-0", f"_latest.{account.namespace}"
    for kind in ("StatefulSet.game", "GameServerSet.game", "Pod.game-0"):
        write_results(plane, account, {"data": {own: "{}", f"{latest}.{kind}": "{}", original: "hot_update: {}"}})
    write_results(plane, account, {"data": {own: None, original: None}})


RANDOM_NAMES = {
    # pod: (its workload's, those of others whose names begin alike)
    "web-5d4b8c6f9d-x2x4z": ("Deployment.web", ["StatefulSet.web", "CloneSet.web", "Deployment.web-5d4b8c6f9d"]),
    "web-x2x4z": ("CloneSet.web", ["StatefulSet.web", "Deployment.web", "Deployment.we", "Pod.web-x2x4z-0", "Pod.web"]),
    "web-b2b4z": ("ReplicaSet.web", ["GameServerSet.web", "ReplicaSet.web-b"]),
    # Of a StatefulSet whose name is like that of a pod, and of one whose name ends in a number.
    "web-5d4b8-x2x4z-0": ("StatefulSet.web-5d4b8-x2x4z", ["Deployment.web", "CloneSet.web-5d4b8", "StatefulSet.web"]),
    "web-1-x": ("Pod.web-1-x", ["StatefulSet.web", "CloneSet.web-1", "Deployment.web"]),
}


def test_a_sidecar_fills_no_config_map_alone(plane, pods):
    account = pods["game-0"]
    with pytest.raises(Refused) as refused:
        write_results(plane, account, {"data": {f"{account.namespace}.game-0": "x" * (256 * 1024 + 1)}})
    assert "no more than 256 KiB" in str(refused.value), refused.value


@pytest.mark.parametrize("name", RANDOM_NAMES)
def test_a_pod_with_a_random_name_writes_the_latest_of_its_workload(plane, policy, sidecar_pod, name):
    account = bind_token(sidecar_pod(name))
    latest = f"_latest.{account.namespace}"
    own, others = RANDOM_NAMES[name]
    write_results(plane, account, {"data": {f"{latest}.{own}": "{}"}})
    for other in others:
        with pytest.raises(Refused) as refused:
            write_results(plane, account, {"data": {f"{latest}.{other}": "{}"}})
        assert "a sidecar writes its own key" in str(refused.value), refused.value


def event_on(namespace, pod, kind="Pod"):
    return {"apiVersion": "events.k8s.io/v1", "kind": "Event", "metadata": {"generateName": "event-", "namespace": namespace},
            "eventTime": "2026-01-01T00:00:00.000000Z", "reportingController": "okg-sidecar", "reportingInstance": "game-0",
            "action": "HotUpdate", "reason": "UpdateSucceeded", "type": "Normal",
            "regarding": {"apiVersion": "v1", "kind": kind, "namespace": namespace, "name": pod}}


EVENTS = "/apis/events.k8s.io/v1/namespaces/{}/events"
CORE_EVENTS = "/api/v1/namespaces/{}/events"


def core_event_on(namespace, pod):
    return {"apiVersion": "v1", "kind": "Event", "metadata": {"name": f"event-{pod}", "namespace": namespace},
            "reason": "UpdateSucceeded", "message": "planted", "type": "Normal", "source": {"component": "okg-sidecar"},
            "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": namespace, "name": pod}}


def test_a_sidecar_writes_events_on_its_own_pod_only(plane, pods):
    account = pods["game-0"]
    path = EVENTS.format(account.namespace)
    plane.request("POST", path, event_on(account.namespace, "game-0"), token=account.token)
    for event in (event_on(account.namespace, "game-1"), event_on(account.namespace, "game-0", kind="Node")):
        with pytest.raises(Refused) as refused:
            plane.request("POST", path, event, token=account.token)
        assert "its own pod only" in str(refused.value), refused.value


def grant_more(plane, account, namespace):
    """What the shipped Role does not: an operator's mistake, under which the policies are what is left."""
    rules = [{"apiGroups": [""], "resources": ["pods", "events"], "verbs": ["get", "create", "patch", "update"]},
             {"apiGroups": ["events.k8s.io"], "resources": ["events"], "verbs": ["get", "create", "patch", "update"]}]
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "too-much"}
    subject = {"kind": "ServiceAccount", "name": SERVICE_ACCOUNT, "namespace": account.namespace}
    path = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}"
    plane.create(f"{path}/roles", {"metadata": {"name": "too-much"}, "rules": rules})
    plane.create(f"{path}/rolebindings", {"metadata": {"name": "too-much"}, "roleRef": role, "subjects": [subject]})


def test_a_sidecar_changes_no_event_and_writes_none_of_the_older_kind_on_others(plane, pods):
    account = pods["game-0"]
    grant_more(plane, account, account.namespace)
    path = CORE_EVENTS.format(account.namespace)
    own = plane.request("POST", path, core_event_on(account.namespace, "game-0"), token=account.token)
    changed = {"metadata": {"labels": {"x": "y"}}}
    writes = (("POST", path, core_event_on(account.namespace, "game-1"), "application/json"),
              ("PATCH", f"{path}/{own['metadata']['name']}", changed, MERGE_PATCH),
              ("PATCH", f"{EVENTS.format(account.namespace)}/{own['metadata']['name']}", changed, MERGE_PATCH))
    for method, where, body, kind in writes:
        with pytest.raises(Refused) as refused:
            plane.request(method, where, body, kind, account.token)
        assert "its own pod only" in str(refused.value), refused.value


def test_a_pod_of_that_name_in_another_namespace_is_another(plane, pods, sidecar_pod):
    account = pods["game-0"]
    other = sidecar_pod("game-0", namespace=plane.namespace(f"{account.namespace[:40]}-other"))
    grant_more(plane, account, other.namespace)
    with pytest.raises(Refused) as refused:
        plane.request("PATCH", other.path, {"metadata": {"annotations": {ANNOTATION: "{}"}}}, MERGE_PATCH, account.token)
    assert "a sidecar writes its own pod only" in str(refused.value), refused.value
    with pytest.raises(Refused) as refused:
        plane.request("POST", EVENTS.format(other.namespace), event_on(other.namespace, "game-0"), token=account.token)
    assert "its own pod only" in str(refused.value), refused.value


def test_a_token_that_names_no_pod_writes_nothing(plane, pods):
    account = pods["game-0"]
    account.renew_token()
    with pytest.raises(Refused):
        write_pod(plane, account, "game-0", {"metadata": {"annotations": {ANNOTATION: "{}"}}})
    for key in (f"{account.namespace}.game-0", f"{account.namespace}.", f"{account.namespace}-", f"_latest.{account.namespace}.Pod."):
        with pytest.raises(Refused):
            write_results(plane, account, {"data": {key: "{}"}})
    with pytest.raises(Refused):
        plane.request("POST", EVENTS.format(account.namespace), event_on(account.namespace, "game-0"), token=account.token)
