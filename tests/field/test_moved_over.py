"""The image in the place of the original's: the container that the original's manager adds to a pod, with what it writes for it."""

import os
import subprocess

import pytest
from image_root import lay_out
from kube_stub import KubeStub
from network import own_network
from sidecar import BINARY, SANITIZED, Sidecar
from source import Answer, Source
from waiting import wait_until

# What the manager makes of the SidecarConfig of the original's demo/hot-update/on-okg, and of one that leaves out what may be left out.
# It writes every field, in small letters. @source magicsong/kidecar 41a3623 pkg/injector/configmap.go, api/types.go
RENDERED = """plugins:
    - name: hot_update
      binary: null
      config:
        bootOrder: 1
        fileDir: /app/downloads
        loadPatchType: signal
        signal:
            processName: 'nginx: master process nginx'
            signalName: SIGHUP
        storageConfig:
            inKube:
                annotationKey: sidecar.vke.volcengine.com/hot-update-result
            type: InKube
      bootorder: 0
"""
DEMO = "restartpolicy: Always\nresources:\n    CPU: 100m\n    Memory: 128Mi\nsidecarstartorder: Before\n"
LEFT_OUT = 'restartpolicy: ""\nresources: {}\nsidecarstartorder: ""\n'
# A pod of its own: its processes, the account that a cluster mounts, its configuration where the original looks for it, its volume.
POD = """set -e
root=$1
mkdir -p "$root/proc" "$root/var/run/secrets/kubernetes.io/serviceaccount"
mount -t tmpfs tmpfs "$root/opt" && mkdir "$root/opt/kidecar" && cp "$2" "$root/opt/kidecar/config.yaml"
mount --bind "$3" "$root/var/run/secrets/kubernetes.io/serviceaccount"
mount --bind "$4" "$root/app/downloads"
mount --bind "$4" /mnt
mount -t proc proc /proc && mount -t proc proc "$root/proc"
setpriv --reuid 65532 --regid 65532 --clear-groups bash -c 'cd /mnt && exec -a "nginx: master process nginx" bash -c "$1"' - "$5" &
chroot --userspec=65532:65532 "$root" /usr/bin/okg-sidecar &
wait
"""
GAME = """trap 'cp index.html reloaded' HUP
touch started
while :; do sleep 0.1; done
"""


class Pod(Sidecar):
    def stop(self, seconds=30):
        """unshare keeps SIGTERM to itself; killed, it takes all of the pod with it."""
        self.kill()


@pytest.fixture
def image(tmp_path):
    return lay_out(BINARY, tmp_path / "image")


@pytest.fixture
def volume(tmp_path):
    folder = tmp_path / "volume"
    folder.mkdir()
    os.chown(folder, 65532, 65532)
    return folder


@pytest.mark.parametrize("rest", [DEMO, LEFT_OUT], ids=["demo", "left_out"])
def test_what_the_originals_manager_writes_is_valid(tmp_path, rest):
    file = tmp_path / "config.yaml"
    file.write_text(RENDERED + rest)
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, env={})
    assert answer.returncode == 0, answer
    assert "bootOrder is passed over" in answer.stderr


@pytest.mark.skipif(SANITIZED, reason="an image with a sanitizer in it is larger than image-root allows")
def test_what_the_originals_manager_injects_starts_and_updates(tmp_path, image, volume, things):
    argv = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", POD, "-", image, tmp_path / "sidecar/config.yaml",
            tmp_path / "account", volume, GAME]
    with own_network():
        kube = KubeStub(tmp_path / "account", "HTTP/1.1")
        things.append(kube)
        things.append(Source())
        things[-1].answers["/v2/index.html"] = Answer(b"<html>V2</html>")
        url = things[-1].url("/v2/index.html")
        # What the manager's container has besides.
        env = {**kube.environment(), "PROCESS_NAME": "nginx: master process nginx"}
        sidecar = Pod(tmp_path / "sidecar", text=RENDERED + LEFT_OUT, argv=list(map(str, argv)), env=env)
        things.append(sidecar)
        wait_until(lambda: (volume / "started").exists(), "the game runs")
        answer = sidecar.update("v2", url)
        assert (answer.status, answer.json["result"]) == (200, "Succeeded"), answer
        wait_until(lambda: (volume / "reloaded").read_bytes() == b"<html>V2</html>", "the game has reloaded")
        annotations = wait_until(lambda: kube.objects["pods"]["metadata"].get("annotations"), "the result is recorded")
    assert "sidecar.vke.volcengine.com/hot-update-result" in annotations
    assert "mount it at /opt/sidecar" in sidecar.log()
    assert "bootOrder is passed over" in sidecar.log()
