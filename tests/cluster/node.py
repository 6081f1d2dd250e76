"""A real node on this machine for end-to-end tests: scheduler, containerd and a kubelet on a ControlPlane; pods really run and are
reached by their addresses. Needs root. It has fixed addresses, so there is one at a time."""

import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess

import yaml

from cluster import MUTATING_POLICIES, ControlPlane
from image import pack
from waiting import free_ports, wait_until

FOLDER = pathlib.Path("/tmp/okg-sidecar-node")
LOCK = pathlib.Path("/tmp/okg-sidecar-node.lock")
SERVICE_ADDRESS = "10.96.0.1"  # the Service `kubernetes`: the first of --service-cluster-ip-range
NODE_ADDRESS = "10.244.255.1"
POD_SUBNET = "10.244.0.0/24"
NODE_BRIDGE, POD_BRIDGE = "okg-node", "okg-pods"
# A kubelet ends whatever it does not know below its cgroup root, also the pods of another kubelet; so it gets one of its own.
CGROUP_ROOT = "okg-sidecar-node"
CGROUPS = pathlib.Path("/sys/fs/cgroup")
PAUSE_IMAGE = "localhost/pause:1"
PAUSE = r"""
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
static void stop(int number) { (void)number; _exit(0); }
static void reap(int number) { (void)number; while (waitpid(-1, 0, WNOHANG) > 0) {} }
int main(void) {
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
  signal(SIGCHLD, reap);
  for (;;) pause();
}
"""


def _run(*argv, check=True, **more):
    return subprocess.run([str(each) for each in argv], check=check, capture_output=True, text=True, **more)


class Node(ControlPlane):
    """start() cleans up what a run that was killed has left behind, stop() everything of this one."""

    address = SERVICE_ADDRESS
    authorization_modes = "Node,RBAC"
    host_address = NODE_ADDRESS  # where pods reach a server that a test starts on this machine

    def __init__(self):
        super().__init__(FOLDER, controllers=True)
        self.socket = FOLDER / "containerd" / "containerd.sock"
        self._lock = None

    def start(self):
        self._lock = open(LOCK, "w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._clean_up()
        FOLDER.mkdir(mode=0o755)
        # The Service's address is put on the loopback interface, so that pods reach the API server without kube-proxy.
        _run("ip", "address", "replace", f"{SERVICE_ADDRESS}/32", "dev", "lo")
        _run("ip", "link", "add", NODE_BRIDGE, "type", "bridge")
        _run("ip", "address", "replace", f"{NODE_ADDRESS}/32", "dev", NODE_BRIDGE)
        _run("ip", "link", "set", NODE_BRIDGE, "up")
        super().start()
        self._run("kube-scheduler", "kube-scheduler", f"--kubeconfig={self.kubeconfig}", "--secure-port=0")
        self._start_containerd()
        self._start_kubelet()
        wait_until(self._is_ready, "the node is ready", timeout=120)

    def stop(self):
        if self._lock is None:
            return
        try:
            if "kubelet" in self.programs:
                self._remove_pods()
                self.programs.pop("kubelet").stop()
        finally:
            super().stop()
            self._clean_up()
            self._lock.close()
            self._lock = None

    def import_image(self, archive):
        """Loads a docker-archive; pods use it with imagePullPolicy IfNotPresent or Never."""
        self._ctr("images", "import", archive)

    def pull_from(self, host, url):
        """Images of that registry's host are pulled from `url`. @source containerd, docs/hosts.md"""
        folder = FOLDER / "registries" / host
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "hosts.toml").write_text(f'server = "{url}"\n[host."{url}"]\n  capabilities = ["pull", "resolve"]\n')

    def wait_for_pod(self, namespace, name, timeout=120.0):
        """The pod object, as soon as the pod is Ready."""
        def ready():
            pod = self.pod(namespace, name)
            conditions = {each["type"]: each["status"] for each in pod.get("status", {}).get("conditions", [])}
            return pod if conditions.get("Ready") == "True" and "deletionTimestamp" not in pod["metadata"] else None

        def ready_or_absent():
            return self.exists(f"/api/v1/namespaces/{namespace}/pods/{name}") and ready()

        try:
            return wait_until(ready_or_absent, f"pod {namespace}/{name} is ready", timeout)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.kubectl('-n', namespace, 'describe', 'pod', name, check=False).stdout}") from None

    def main_process(self, container_id):
        """The process id on this machine of a container, named as in a pod's status: containerd://ID."""
        tasks = [line.split() for line in self._ctr("tasks", "list").stdout.splitlines()]
        (pid,) = [int(pid) for task, pid, _ in tasks if task == container_id.removeprefix("containerd://")]
        return pid

    def _ctr(self, *arguments, check=True):
        return _run("ctr", "--address", self.socket, "--namespace", "k8s.io", *arguments, check=check)

    def _choose_ports(self):
        self.port = 443
        self.etcd_port, self.etcd_peer_port = free_ports(2)

    def _server_names(self):
        return [*super()._server_names(), f"IP:{SERVICE_ADDRESS}", f"IP:{NODE_ADDRESS}"]

    def _api_server_flags(self):
        return [*MUTATING_POLICIES, f"--advertise-address={NODE_ADDRESS}", "--kubelet-preferred-address-types=InternalIP",
                f"--kubelet-client-certificate={self.pki.certificate('admin')}", f"--kubelet-client-key={self.pki.key('admin')}"]

    def _start_containerd(self):
        network = FOLDER / "cni"
        network.mkdir()
        (network / "10-bridge.conflist").write_text(json.dumps({
            "cniVersion": "0.4.0", "name": "okg-pods", "plugins": [{
                "type": "bridge", "bridge": POD_BRIDGE, "isGateway": True, "ipMasq": False,
                "ipam": {"type": "host-local", "dataDir": str(FOLDER / "addresses"), "ranges": [[{"subnet": POD_SUBNET}]],
                         "routes": [{"dst": "0.0.0.0/0"}]}}]}))
        config = FOLDER / "containerd.toml"
        config.write_text(f"""
version = 2
root = "{FOLDER}/containerd/root"
state = "{FOLDER}/containerd/state"
[grpc]
  address = "{self.socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "{FOLDER / 'registries'}"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "{network}"
""")
        self._run("containerd", "containerd", "--config", config)
        wait_until(lambda: self._ctr("version", check=False).returncode == 0, "containerd answers")
        root = FOLDER / "pause"
        root.mkdir()
        _run("gcc", "-x", "c", "-O2", "-static", "-o", root / "pause", "-", input=PAUSE)
        self.import_image(pack(root, PAUSE_IMAGE, FOLDER / "pause.tar", ["/pause"]))

    def _start_kubelet(self):
        self.pki.issue("kubelet", "/O=system:nodes/CN=system:node:node1", ["DNS:node1", "IP:127.0.0.1", f"IP:{NODE_ADDRESS}"])
        kubeconfig = self.pki.kubeconfig(FOLDER / "kubelet.conf", self.server, "kubelet")
        for hierarchy in _cgroup_hierarchies():
            (hierarchy / CGROUP_ROOT).mkdir()
        config = FOLDER / "kubelet.yaml"
        config.write_text(yaml.safe_dump({
            "apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
            "containerRuntimeEndpoint": f"unix://{self.socket}",
            "authentication": {"anonymous": {"enabled": False}, "webhook": {"enabled": True}, "x509": {"clientCAFile": str(self.pki.ca)}},
            "authorization": {"mode": "Webhook"}, "address": NODE_ADDRESS, "healthzPort": 0,
            "tlsCertFile": str(self.pki.certificate("kubelet")), "tlsPrivateKeyFile": str(self.pki.key("kubelet")),
            "cgroupDriver": "cgroupfs", "cgroupRoot": f"/{CGROUP_ROOT}", "failCgroupV1": False, "failSwapOn": False,
            # Images and pods stay, however full this machine's disk is.
            "evictionHard": {"nodefs.available": "1%", "imagefs.available": "1%"}, "imageGCHighThresholdPercent": 100,
            "enforceNodeAllocatable": [], "makeIPTablesUtilChains": False, "resolvConf": "",
            # A resize that comes before a native sidecar's first liveness probe is looked at again only after this time, by default
            # a minute. @source kubelet 1.34, computeInitContainerActions
            "syncFrequency": "3s"}))
        self._run("kubelet", "kubelet", f"--config={config}", f"--kubeconfig={kubeconfig}", "--hostname-override=node1",
                  f"--root-dir={FOLDER / 'kubelet'}", f"--node-ip={NODE_ADDRESS}")

    def _is_ready(self):
        self.programs["kubelet"].assert_running()
        self.programs["containerd"].assert_running()
        if not self.exists("/api/v1/nodes/node1"):
            return False
        conditions = self.request("GET", "/api/v1/nodes/node1").get("status", {}).get("conditions", [])
        return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)

    def _remove_pods(self):
        """Asks for it through the API, so that the kubelet takes down networks, mounts and logs with them."""
        self.kubectl("delete", "statefulsets,deployments,daemonsets,jobs", "--all", "--all-namespaces", "--wait=false", check=False)
        self.kubectl("delete", "pods", "--all", "--all-namespaces", "--grace-period=1", "--wait=false", check=False)
        try:
            wait_until(lambda: not self._ctr("tasks", "list", "--quiet").stdout.split(), "all pods are gone", timeout=40)
        except (TimeoutError, subprocess.CalledProcessError):
            return  # what is left is ended by _clean_up

    def _clean_up(self):
        """Ends what runs from this folder, also when it was another run that started it, and removes every trace."""
        for pid in _processes_naming(str(FOLDER)):
            _end_with_children(pid)
        for mount in sorted(_mounts_below(FOLDER), reverse=True):
            _run("umount", "--lazy", mount, check=False)
        shutil.rmtree(FOLDER, ignore_errors=True)
        for bridge in (NODE_BRIDGE, POD_BRIDGE):
            _run("ip", "link", "delete", bridge, check=False)
        _run("ip", "address", "delete", f"{SERVICE_ADDRESS}/32", "dev", "lo", check=False)
        for group in _cgroups():
            for folder, _, _ in os.walk(group, topdown=False):
                # @source cgroups(7): EBUSY for a moment after the last process has ended.
                wait_until(lambda: os.rmdir(folder) is None, f"{folder} is removed", timeout=10)


def leftovers():
    """What a node that is stopped has left on this machine: processes, mounts, cgroups, network links."""
    links = [each for each in (NODE_BRIDGE, POD_BRIDGE) if pathlib.Path(f"/sys/class/net/{each}").exists()]
    return [*_processes_naming(str(FOLDER)), *_mounts_below(FOLDER), *_cgroups(), *links]


def _cgroup_hierarchies():
    """One with cgroup v2, one for each controller with cgroup v1."""
    return [CGROUPS] if (CGROUPS / "cgroup.controllers").exists() else [each for each in CGROUPS.iterdir() if not each.is_symlink()]


def _cgroups():
    return [each / CGROUP_ROOT for each in _cgroup_hierarchies() if (each / CGROUP_ROOT).exists()]


def _mounts_below(folder):
    mounts = [line.split()[1] for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    return [each for each in mounts if each.startswith(f"{folder}/")]


def _processes_naming(text):
    """Processes other than this one with an argument that begins with that path, behind `--flag=` or `unix://` too."""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        values = (each.decode(errors="replace").split("=", 1)[-1].removeprefix("unix://") for each in arguments)
        if int(folder.name) != os.getpid() and any(value.startswith(f"{text}/") for value in values):
            yield int(folder.name)


def _end_with_children(pid):
    """SIGKILLs a process after its children: a container's processes are its shim's."""
    try:
        tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
        for child in [int(each) for task in tasks for each in task.read_text().split()]:
            _end_with_children(child)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not _is_running(pid), f"process {pid} has ended", timeout=10)
    except (OSError, TimeoutError):
        pass


def _is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
