"""What tests of deploy/injection share: the manifests, a game's pod, and the sidecar that it has to get."""

import pathlib

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
INJECTION = ROOT / "deploy/injection"


def documents(name):
    return list(yaml.safe_load_all((INJECTION / name).read_text()))


def plain_sidecar():
    spec = yaml.safe_load((ROOT / "deploy/statefulset.yaml").read_text())["spec"]["template"]["spec"]
    (sidecar,) = [each for each in spec["containers"] if each["name"] == "sidecar"]
    return sidecar


def game_pod(name, **labels):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default", "labels": labels},
            "spec": {"serviceAccountName": "sidecar-sa", "automountServiceAccountToken": False,
                     "volumes": [{"name": "share-data", "emptyDir": {}}],
                     "containers": [{"name": "game", "image": "game-2048:v1",
                                     "volumeMounts": [{"name": "share-data", "mountPath": "/var/www/html", "subPath": "content"}]}]}}
