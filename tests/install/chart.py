"""The chart as helm renders it, and what is in it."""

import pathlib
import shutil

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy/helm/okg-sidecar"
EXAMPLES = ROOT / "examples/helm"


def render(tool, *arguments, release="lobby", chart=CHART, check=True):
    """helm template: its text; check=False gives the whole result."""
    # Helm that is built from source takes itself for one of Kubernetes 1.20.
    return tool("helm", "template", release, chart, "--namespace=games", "--kube-version=1.34.0", *arguments, check=check)


def documents(text):
    return [each for each in yaml.safe_load_all(text) if each]


def one(found, kind, name=None):
    (document,) = [each for each in found if each["kind"] == kind and name in (None, each["metadata"]["name"])]
    return document


def pod_of(found, kind="StatefulSet", name=None):
    spec = one(found, kind, name)["spec"]
    return spec.get("template", spec.get("gameServerTemplate"))["spec"]


def sidecar_of(pod):
    (found,) = [each for each in pod.get("initContainers", []) + pod["containers"] if each["name"] == "sidecar"]
    return found


def config_text(found):
    (config,) = [each for each in found if each["kind"] == "ConfigMap" and "config.yaml" in each.get("data", {})]
    return config["data"]["config.yaml"]


def plugin_config(found):
    return yaml.safe_load(config_text(found))["plugins"][0]["config"]


def notes(tool, folder, *arguments):
    """What helm prints after an install; `helm template` leaves it out, so that a copy of the chart has it in a ConfigMap."""
    copy = folder / "okg-sidecar"
    shutil.copytree(CHART, copy, dirs_exist_ok=True)
    text = (copy / "templates/NOTES.txt").read_text()
    (copy / "templates/notes.yaml").write_text(
        '{{- define "notes" -}}\n' + text + '{{- end }}\nkind: ConfigMap\nmetadata: {name: notes}\ndata:\n'
        '  notes: |\n    {{- include "notes" . | nindent 4 }}\n')
    return one(documents(render(tool, *arguments, chart=copy)), "ConfigMap", "notes")["data"]["notes"]
