"""A pod whose containers run on this machine: its object in the API server, its shared directory, the real sidecar, a game."""

import json
import re
import urllib.parse

from game import SignalCounter
from sidecar import Sidecar, request
from waiting import wait_until

ANNOTATION = "sidecar.vke.volcengine.com/hot-update-result"
LABEL = "hot-update-version"


class RunningPod:
    """`account` is its SidecarPod. With game=True a program that counts signals runs beside the sidecar."""

    def __init__(self, account, folder, game=False, in_kube=None, wait_ready=True, host=None, **settings):
        self.account, self.plane, self.folder = account, account.plane, folder
        self.key = f"{account.namespace}.{account.name}"
        folder.mkdir(parents=True)
        self._shared_folders = 0
        self._new_shared_folder()
        self.game = SignalCounter(folder / "game") if game else None
        self.host = host
        self.settings = {"storageConfig": {"type": "InKube", "inKube": {"annotationKey": ANNOTATION, "labelKey": LABEL, **(in_kube or {})}},
                         **settings}
        self._start_sidecar(wait_ready)

    def _new_shared_folder(self):
        self._shared_folders += 1
        self.shared = self.folder / f"shared-{self._shared_folders}"
        self.shared.mkdir()

    def _start_sidecar(self, wait_ready=True):
        trigger = {"loadPatchType": "none"}
        if self.game:
            trigger = {"signal": {"processName": self.game.process_name, "signalName": "SIGUSR1"}}
        self.sidecar = Sidecar(self.folder / "sidecar", {"fileDir": str(self.shared), **trigger, **self.settings}, host=self.host,
                               env=self.account.env, wait_ready=wait_ready, more_argv=["--service-account-dir", self.account.folder])
        wait_until(lambda: re.search("plugin (started|failed)", self.sidecar.log()), "an update is taken, and not answered with 503")

    def update(self, version, url, **fields):
        return self.sidecar.update(version, url, **fields)

    def post(self, call, /, **fields):
        return request(self.sidecar.base + call, "POST", urllib.parse.urlencode(fields).encode())

    def stop_sidecar(self):
        assert self.sidecar.stop() == 0, self.sidecar.log()

    def start_sidecar(self, wait_ready=True):
        """The container is started again: same pod, same shared directory."""
        self._start_sidecar(wait_ready)

    def recreate(self, wait_ready=True):
        """kubectl delete pod, and the controller makes it again: the same name, nothing on its disk."""
        self.stop_sidecar()
        self.replace_object()
        self._start_sidecar(wait_ready)

    def replace_object(self):
        self.account.delete()
        self.account.create()
        self._new_shared_folder()

    def read(self, path):
        file = self.shared / path
        return file.read_bytes() if file.exists() else None

    def annotation(self):
        return json.loads(self.account.annotations().get(ANNOTATION, "{}"))

    def label(self):
        return self.account.labels().get(LABEL)

    def entry(self, config_map="sidecar-result"):
        """What the result ConfigMap says of this pod."""
        return json.loads(self.plane.config_map(config_map).get(self.key, "{}"))

    def latest(self, kind, name):
        """What the result ConfigMap says that the pods of this workload should run."""
        return json.loads(self.plane.config_map().get(f"_latest.{self.account.namespace}.{kind}.{name}", "{}"))

    def unrecorded(self):
        """What /metrics says: 1 while a result waits in the journal."""
        lines = self.sidecar.get("/metrics").body.decode().splitlines()
        [value] = [line.split()[1] for line in lines if line.startswith("okg_hot_update_unrecorded")]
        return float(value)

    def readiness(self):
        answer = self.sidecar.get("/readyz")
        return answer.status, answer.body.decode()

    def calls(self, verb=None):
        """The requests of this pod's namespace's sidecars that the API server saw, as (verb, object's name, body, status)."""
        events = self.plane.sidecar_calls(self.account.namespace)
        return [(event["verb"], event["objectRef"]["name"], event.get("requestObject"), event["responseStatus"]["code"])
                for event in events if verb in (None, event["verb"])]

    def stop(self):
        self.sidecar.stop()
        if self.game:
            self.game.stop()
