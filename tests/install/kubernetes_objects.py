"""Whether an object is one of a Kubernetes version, by the schemas that two releases of kubernetes-validate have: 1.20 to the newest."""

import functools
import json
import pathlib
import re

import jsonschema
import kubernetes_validate
import referencing
import referencing.jsonschema

NEWER = pathlib.Path(kubernetes_validate.__file__).parents[1]
FOLDERS = [NEWER.parent / "install-python-older", NEWER]  # scripts/setup install makes both
CUSTOM = {"PodMonitor", "PrometheusRule", "GameServerSet", "SidecarSet", "ClusterPolicy"}
OLDEST = 20
BASE = "https://kubernetes.io/api/"


def _folders():
    """minor version -> its folder of schemas; where both releases have one, the newer release's."""
    found = {}
    for package in FOLDERS:
        for folder in sorted((package / "kubernetes_validate/kubernetes-json-schema").glob("v1.*-local-strict")):
            found[int(folder.name.split(".")[1])] = folder
    return found


VERSIONS = sorted(minor for minor in _folders() if minor >= OLDEST)


@functools.cache
def _definitions(minor):
    return referencing.jsonschema.DRAFT202012.create_resource(json.loads((_folders()[minor] / "_definitions.json").read_text()))


@functools.cache
def _validator(minor, kind, api_version):
    short = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)  # rbac.authorization.k8s.io/v1: rbac-v1
    schema = json.loads((_folders()[minor] / f"{kind.lower()}-{short}.json").read_text())
    schema.setdefault("$id", BASE + "object")  # the older release's have none, and name the definitions beside them
    registry = referencing.Registry().with_resource(BASE + "_definitions.json", _definitions(minor))
    return jsonschema.validators.Draft202012Validator(schema, registry=registry)


def check(documents, minor):
    """Fails on the first object that the version would not take, with a field that it does not know as well."""
    for each in documents:
        if each["kind"] not in CUSTOM:
            _validator(minor, each["kind"], each["apiVersion"]).validate(each)
