"""A real Kubernetes control plane for one test run: etcd, kube-apiserver with RBAC, and kube-controller-manager when asked for."""

import http.client
import json
import os
import pathlib
import ssl
import subprocess

from binaries import IS_OLDEST, Binaries
from pki import Pki
from processes import Program
from service_account import SidecarPod
from waiting import free_ports, wait_until

MERGE_PATCH = "application/merge-patch+json"
# The beta of 1.34 that is off by default.
MUTATING_POLICIES = ("--feature-gates=MutatingAdmissionPolicy=true", "--runtime-config=admissionregistration.k8s.io/v1beta1=true")
# What the sidecars ask for, with the bodies of their patches.
AUDIT_POLICY = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"],
                "rules": [{"level": "Request", "resources": [{"resources": ["pods", "configmaps"]}]}, {"level": "None"}]}


class Refused(Exception):
    """An answer of the API server that is not 2xx; `status` is its number, `body` the parsed Status object."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body.get('message') if isinstance(body, dict) else body}")
        self.status, self.body = status, body


class ControlPlane:
    """Listens on loopback with ports of its own, so that several run at once. Use as a context manager, or start() and stop()."""

    address = "127.0.0.1"
    authorization_modes = "RBAC"

    def __init__(self, folder, controllers=False, audit=True):
        self.folder = pathlib.Path(folder)
        self.audit_log = self.folder / "audit.log" if audit else None
        self.controllers = controllers
        self.binaries = Binaries()
        self.programs = {}

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        (self.folder / "log").mkdir(parents=True, exist_ok=True)
        self._choose_ports()
        self.server = f"https://{self.address}:{self.port}"
        self.pki = Pki(self.folder / "pki")
        self.pki.issue("apiserver", "/CN=kube-apiserver", self._server_names())
        self.pki.issue("admin", "/O=system:masters/CN=admin", ["DNS:admin"])
        self.kubeconfig = self.pki.kubeconfig(self.folder / "admin.conf", self.server, "admin")
        self._tls = ssl.create_default_context(cafile=str(self.pki.ca))
        self._tls.load_cert_chain(self.pki.certificate("admin"), self.pki.key("admin"))
        (self.folder / "audit-policy.json").write_text(json.dumps(AUDIT_POLICY))
        client, peer = f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{self.etcd_peer_port}"
        self._run("etcd", "etcd", "--data-dir", self.folder / "etcd", "--listen-client-urls", client, "--advertise-client-urls", client,
                  "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
                  "--unsafe-no-fsync")
        self.start_api_server()
        if self.controllers:
            self._run("kube-controller-manager", "kube-controller-manager", f"--kubeconfig={self.kubeconfig}",
                      "--use-service-account-credentials", f"--service-account-private-key-file={self.pki.key('sa')}",
                      f"--root-ca-file={self.pki.ca}", "--secure-port=0")
            wait_until(self._controllers_work, "the controllers work")

    def stop(self):
        for program in reversed(list(self.programs.values())):
            program.stop()
        self.programs.clear()

    def start_api_server(self, *more_flags):
        """Starts it, or starts it again, on the same port with the same data; returns when /readyz answers 200."""
        self._run("kube-apiserver", "kube-apiserver", f"--etcd-servers=http://127.0.0.1:{self.etcd_port}",
                  f"--bind-address={self.address}", f"--secure-port={self.port}", f"--cert-dir={self.folder / 'pki'}",
                  f"--tls-cert-file={self.pki.certificate('apiserver')}", f"--tls-private-key-file={self.pki.key('apiserver')}",
                  f"--client-ca-file={self.pki.ca}", f"--service-account-key-file={self.pki.folder / 'sa.pub'}",
                  f"--service-account-signing-key-file={self.pki.key('sa')}",
                  "--service-account-issuer=https://kubernetes.default.svc", f"--authorization-mode={self.authorization_modes}",
                  "--allow-privileged", "--service-cluster-ip-range=10.96.0.0/16", *self._api_server_flags(), *self._audit_flags(),
                  *more_flags)
        wait_until(lambda: self._answers("kube-apiserver", "/readyz"), "the API server is ready")
        # They are made by a hook of its own shortly after it is ready.
        for namespace in ("default", "kube-system"):
            wait_until(lambda: self.exists(f"/api/v1/namespaces/{namespace}"), f"namespace {namespace}")

    def stop_api_server(self):
        self.programs.pop("kube-apiserver").stop()

    def connection(self, token=None):
        """As the administrator, or for requests that carry this token."""
        tls = self._tls if token is None else ssl.create_default_context(cafile=str(self.pki.ca))
        return http.client.HTTPSConnection(self.address, self.port, context=tls, timeout=30)

    def request(self, method, path, body=None, content_type="application/json", token=None):
        """The parsed answer of the API server, as the administrator or with a token; raises Refused when it is not 2xx."""
        connection = self.connection(token)
        headers = {"Content-Type": content_type} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        parsed = json.loads(text) if text[:1] == "{" else text
        if answer.status // 100 != 2:
            raise Refused(answer.status, parsed)
        return parsed

    def exists(self, path):
        try:
            self.request("GET", path)
            return True
        except Refused as refused:
            if refused.status == 404:
                return False
            raise

    def create(self, path, body):
        """POSTs the object; one of that name that is there already is fine and stays as it is."""
        try:
            return self.request("POST", path, body)
        except Refused as refused:
            if refused.status != 409:
                raise
            return self.request("GET", f"{path}/{body['metadata']['name']}")

    def audit_lines(self):
        """Those that are whole: the last may still be being written."""
        return self.audit_log.read_text().rpartition("\n")[0].splitlines()

    def sidecar_calls(self, namespace):
        """What the sidecars of a namespace asked of the API server, oldest first: its audit events. Those that carried no valid
        token have no user and are left out."""
        user = f"system:serviceaccount:{namespace}:"
        events = [json.loads(line) for line in self.audit_lines() if user in line]
        return [event for event in events if event["user"].get("username", "").startswith(user)]

    def namespace(self, name):
        self.create("/api/v1/namespaces", {"metadata": {"name": name}})
        return name

    def config_map(self, name="sidecar-result", namespace="kube-system"):
        """Its data: key -> text."""
        return self.request("GET", f"/api/v1/namespaces/{namespace}/configmaps/{name}").get("data", {})

    def pod(self, namespace, name):
        return self.request("GET", f"/api/v1/namespaces/{namespace}/pods/{name}")

    @property
    def env(self):
        """For a program or shell that calls kubectl as the administrator."""
        return {**os.environ, "KUBECONFIG": str(self.kubeconfig), "HOME": str(self.folder), "PATH": self.binaries.search_path()}

    def kubectl(self, *arguments, stdin=None, check=True):
        """Its standard output; with check=False the finished process."""
        done = subprocess.run(["kubectl", *map(str, arguments)], input=stdin, capture_output=True, text=True, env=self.env)
        if not check:
            return done
        assert done.returncode == 0, f"kubectl {' '.join(map(str, arguments))}: {done.stderr}"
        return done.stdout

    def sidecar_pod(self, namespace, name, folder, labels=None, owner=None):
        """A pod object, the shipped permissions for it, and a service-account folder for a sidecar that runs on this machine."""
        return SidecarPod(self, namespace, name, pathlib.Path(folder), labels, owner)

    def _choose_ports(self):
        self.port, self.etcd_port, self.etcd_peer_port = free_ports(3)

    def _server_names(self):
        return ["DNS:kubernetes", "DNS:kubernetes.default.svc", "DNS:localhost", "IP:127.0.0.1"]

    def _api_server_flags(self):
        # Without controllers nobody makes the secrets that this admission plug-in waits for before 1.24 when a pod is made.
        return ["--disable-admission-plugins=ServiceAccount"] if IS_OLDEST else []

    def _audit_flags(self):
        if not self.audit_log:
            return []
        return [f"--audit-policy-file={self.folder / 'audit-policy.json'}", f"--audit-log-path={self.audit_log}"]

    def _controllers_work(self):
        self.programs["kube-controller-manager"].assert_running()
        return self.exists("/api/v1/namespaces/default/serviceaccounts/default")

    def _run(self, name, binary, *arguments):
        log = self.folder / "log" / f"{name}.log"
        self.programs[name] = Program(name, [self.binaries.path(binary), *arguments], log)

    def _answers(self, program, path):
        self.programs[program].assert_running()
        try:
            return bool(self.request("GET", path))
        except Refused:
            return False
