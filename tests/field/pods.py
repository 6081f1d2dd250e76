"""A pod of namespaces: containers that share a process namespace, each with mounts of its own. As root."""

import os
import pathlib
import signal
import subprocess
import uuid

from game import children_of
from sidecar import BINARY, Sidecar
from waiting import wait_until


def only_child(process):
    return wait_until(lambda: children_of(process.pid), what="it has started")[0]


class Pod:
    """Its containers' first processes have no parent that the pod can see, and what kubelet mounts names the container."""

    def __init__(self, folder):
        self.folder, self.uid = folder / f"pod-{uuid.uuid4()}", uuid.uuid4()
        self.folder.mkdir(parents=True)
        self.unshare = subprocess.Popen(["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "sleep", "infinity"])
        self.pause = only_child(self.unshare)
        # /proc is mounted after the fork, before the program.
        wait_until(lambda: os.readlink(f"/proc/{self.pause}/exe").endswith("/sleep"), what="the pod is there")
        self.processes = []

    def inside(self, pid, *more):
        """How a command line begins that joins the namespaces of that process."""
        return ["nsenter", "--target", str(pid), "--pid", "--mount", *more, "--"]

    def termination_log(self, name):
        return self.folder / f"termination-log-{name}"

    def container_argv(self, name, argv, mounts=()):
        """`mounts`: pairs of what is mounted where, by bind."""
        log = self.folder / "kubelet" / "pods" / str(self.uid) / "containers" / name / "0a1b2c3d"
        target = self.termination_log(name)
        for each in (log, target):
            each.parent.mkdir(parents=True, exist_ok=True)
            each.touch()
        script = "".join(f"mount --bind '{what}' '{where}' && " for what, where in [(log, target), *mounts]) + 'exec "$@"'
        return [*self.inside(self.pause), "unshare", "--mount", "sh", "-c", script, "sh", *map(str, argv)]

    def start(self, argv, **more):
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, **more)
        self.processes.append(process)
        return process

    def container(self, name, argv, mounts=(), **more):
        """Starts a container; returns the pid of its first process, as this machine sees it."""
        process = self.start(self.container_argv(name, argv, mounts), **more)
        pid = only_child(process)
        last = str(mounts[-1][1] if mounts else self.termination_log(name))

        def is_mounted():
            return f" {last} " in pathlib.Path(f"/proc/{pid}/mountinfo").read_text()

        # Until then it is in the mount namespace of the pod's first process, and so is whoever joins it.
        wait_until(lambda: process.poll() is not None or is_mounted(), what="the container has its mounts")
        return pid

    def exec(self, pid, argv, **more):
        """What `kubectl exec` does: one more process for the container of `pid`."""
        return only_child(self.start([*self.inside(pid), *map(str, argv)], **more))

    def stop(self):
        self.unshare.kill()  # --kill-child ends pid 1, and with it everything in the pod
        self.unshare.wait(20)
        for process in self.processes:
            process.wait(20)


class PodSidecar(Sidecar):
    """A sidecar in a container of the pod."""

    def __init__(self, pod, folder, config, **more):
        self.pod = pod
        argv = pod.container_argv("sidecar", [BINARY, "--config", folder / "config.yaml"])
        super().__init__(folder, config, argv=argv, **more)

    def inner(self):
        return only_child(self.process)

    def run(self, *argv):
        """`kubectl exec` of another command of the same program."""
        return subprocess.run([*self.pod.inside(self.inner()), str(BINARY), *map(str, argv)], capture_output=True, text=True, timeout=60)

    def stop(self, seconds=30):
        if self.process.poll() is None:
            os.kill(self.inner(), signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self):
        os.kill(self.inner(), signal.SIGKILL)
        self.process.wait(20)
