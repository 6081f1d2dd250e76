"""What a sidecar finds in its pod, for one that runs on this machine: its pod object, its permissions, its token."""

import copy
import pathlib
import uuid

import yaml

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
SERVICE_ACCOUNT = "sidecar-sa"
_PATHS = {
    "ServiceAccount": "/api/v1/namespaces/{}/serviceaccounts",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "Role": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles",
    "RoleBinding": "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings",
}


def shipped_permissions(namespace):
    """The objects of deploy/rbac.yaml for games in that namespace; what the file says for `default` is said for it."""
    for document in yaml.safe_load_all((DEPLOY / "rbac.yaml").read_text()):
        shipped = copy.deepcopy(document)
        metadata = shipped["metadata"]
        if metadata["namespace"] == "default":
            metadata["namespace"] = namespace
        metadata["name"] = metadata["name"].replace("-default", f"-{namespace}")
        for subject in shipped.get("subjects", []):
            subject["namespace"] = namespace
        yield shipped


def create_result_config_map(plane, name="sidecar-result"):
    """The one of deploy/result-configmap.yaml, or another one of its kind."""
    shipped = yaml.safe_load((DEPLOY / "result-configmap.yaml").read_text())
    shipped["metadata"]["name"] = name
    plane.create(_PATHS["ConfigMap"].format(shipped["metadata"]["namespace"]), shipped)


def may_use_config_maps(plane, names):
    """Extends the shipped Role by these names of result ConfigMaps, as its comment says for shards."""
    path = _PATHS["Role"].format("kube-system") + "/sidecar-result"
    role = plane.request("GET", path)
    role["rules"][0]["resourceNames"] = sorted({*role["rules"][0]["resourceNames"], *names})
    plane.request("PUT", path, role)


def owner_reference(kind, name, api_version="apps/v1"):
    return {"apiVersion": api_version, "kind": kind, "name": name, "uid": str(uuid.uuid4()), "controller": True}


class SidecarPod:
    """`env` and `folder` are what a sidecar on this machine needs to be that pod: POD_NAME and so on, and token, ca.crt, namespace."""

    def __init__(self, plane, namespace, name, folder, labels=None, owner=None):
        self.plane, self.namespace, self.name, self.folder = plane, namespace, name, folder
        self._labels, self._owner = labels or {}, owner
        plane.namespace(namespace)
        for permission in shipped_permissions(namespace):
            plane.create(_PATHS[permission["kind"]].format(permission["metadata"]["namespace"]), permission)
        create_result_config_map(plane)
        self.create()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ca.crt").write_bytes(plane.pki.ca.read_bytes())
        (folder / "namespace").write_text(namespace)
        self.renew_token()
        self.env = {"KUBERNETES_SERVICE_HOST": plane.address, "KUBERNETES_SERVICE_PORT": str(plane.port),
                    "POD_NAME": name, "POD_NAMESPACE": namespace}

    @property
    def path(self):
        return f"/api/v1/namespaces/{self.namespace}/pods/{self.name}"

    @property
    def token(self):
        return (self.folder / "token").read_text()

    def create(self):
        """Makes the pod object; delete() and create() is what re-creating a pod looks like to its sidecar."""
        metadata = {"name": self.name, "labels": self._labels}
        if self._owner:
            metadata["ownerReferences"] = [self._owner]
        self.plane.create(f"/api/v1/namespaces/{self.namespace}/pods", {
            "metadata": metadata,
            "spec": {"serviceAccountName": SERVICE_ACCOUNT, "automountServiceAccountToken": False,
                     "containers": [{"name": "game", "image": "game-2048:v1"}]}})

    def refuse_config_maps(self):
        """Takes the permission for the result ConfigMaps from this namespace's sidecars."""
        self.plane.request("DELETE", f"{_PATHS['RoleBinding'].format('kube-system')}/sidecar-result-{self.namespace}")

    def refuse_pods(self):
        self.plane.request("DELETE", f"{_PATHS['RoleBinding'].format(self.namespace)}/sidecar-pods")

    def refuse_events(self):
        path = f"{_PATHS['Role'].format(self.namespace)}/sidecar-pods"
        role = self.plane.request("GET", path)
        role["rules"] = [rule for rule in role["rules"] if rule["resources"] != ["events"]]
        self.plane.request("PUT", path, role)

    def delete(self):
        self.plane.request("DELETE", self.path, {"gracePeriodSeconds": 0})

    def annotations(self):
        return self.plane.request("GET", self.path)["metadata"].get("annotations", {})

    def labels(self):
        return self.plane.request("GET", self.path)["metadata"].get("labels", {})

    def new_token(self, seconds=3600, names_pod=False):
        """names_pod: as the kubelet asks for it; the token names its pod, and ends with it.
        @source TokenRequest v1: expirationSeconds is at least 600."""
        spec = {"audiences": ["https://kubernetes.default.svc"], "expirationSeconds": seconds}
        if names_pod:
            uid = self.plane.request("GET", self.path)["metadata"]["uid"]
            spec["boundObjectRef"] = {"apiVersion": "v1", "kind": "Pod", "name": self.name, "uid": uid}
        answer = self.plane.request("POST", f"/api/v1/namespaces/{self.namespace}/serviceaccounts/{SERVICE_ACCOUNT}/token",
                                    {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec})
        return answer["status"]["token"]

    def renew_token(self, seconds=3600, names_pod=False):
        """Writes a new token as the kubelet does: whole, by rename."""
        staged = self.folder / ".token.new"
        staged.write_text(self.new_token(seconds, names_pod))
        staged.rename(self.folder / "token")

    def revoke_tokens(self):
        """Every token of the namespace's sidecars is refused with 401 from now on; renew_token() mends one pod."""
        path = _PATHS["ServiceAccount"].format(self.namespace)
        self.plane.request("DELETE", f"{path}/{SERVICE_ACCOUNT}")
        self.plane.create(path, {"metadata": {"name": SERVICE_ACCOUNT}})
