"""The example game in the namespace `default` of a real node, set up with the shipped manifests and used as an operator does."""

import json
import pathlib
import subprocess
import urllib.error
import urllib.request

import yaml

from waiting import wait_until

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
ANNOTATION = "sidecar.vke.volcengine.com/hot-update-result"
NEEDED = ("rbac.yaml", "result-configmap.yaml", "sidecar-config.yaml")


def manifest(name):
    """The documents of a file of deploy/."""
    return list(yaml.safe_load_all((DEPLOY / name).read_text()))


class GamePods:
    def __init__(self, node):
        self.node = node
        for name in NEEDED:
            self.apply(name)

    def apply(self, name):
        """kubectl apply of the shipped file as it is."""
        self.node.kubectl("apply", "-f", DEPLOY / name)

    def apply_folder(self, folder):
        """kubectl apply of a folder of kustomize."""
        self.node.kubectl("apply", "-k", folder)

    def apply_object(self, document):
        self.node.kubectl("apply", "-f", "-", stdin=json.dumps(document))

    def pod(self, name):
        """The pod once it is Ready."""
        return self.node.wait_for_pod("default", name)

    def recorded(self):
        """The result ConfigMap: key -> parsed JSON."""
        return {key: json.loads(value) for key, value in self.node.config_map().items()}


def remove_all(node):
    """What the manifests of deploy/ made, and whatever other pods a test made in their namespace."""
    # In the foreground, or its controller would put new pods in the place of those that are deleted.
    node.kubectl("delete", "statefulsets", "--all", "--cascade=foreground", "--timeout=120s")
    node.kubectl("delete", "pods", "--all", "--timeout=120s")
    node.kubectl("delete", "networkpolicies", "--all")
    for name in NEEDED:
        node.kubectl("delete", "--ignore-not-found", "-f", DEPLOY / name)


def address(pod):
    return pod["status"]["podIP"]


def containers(pod):
    """name -> (id, restart count): the same two pairs later mean that nothing was restarted in between."""
    return {name: (each["containerID"], each["restartCount"]) for name, each in statuses(pod).items()}


def statuses(pod):
    """name -> what the kubelet says of that container, a native sidecar's too."""
    status = pod.get("status", {})
    return {each["name"]: each for each in [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]}


def annotation(pod):
    return json.loads(pod["metadata"]["annotations"][ANNOTATION])


def page(pod):
    """What a player gets: the page of nginx in the pod."""
    with urllib.request.urlopen(f"http://{address(pod)}:8080/", timeout=10) as answer:
        return answer.read().decode()


def shows(pod, version):
    return f"<title>2048 {version}</title>" in page(pod)


def hot_update(pod, fields):
    """The users' curl: (status, parsed answer)."""
    done = subprocess.run(["curl", "-sS", "-k", "-X", "POST", "-d", fields, "-w", "\n%{http_code}", f"http://{address(pod)}:5000/hot-update"],
                          capture_output=True, text=True, check=True, timeout=60)
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), json.loads(body)


def get(pod, path):
    """(status, parsed answer) of the sidecar."""
    try:
        with urllib.request.urlopen(f"http://{address(pod)}:5000{path}", timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def await_version(pod, version):
    wait_until(lambda: shows(pod, version), f"{pod['metadata']['name']} shows {version}")
