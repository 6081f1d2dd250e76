"""The shipped image: what is in it, and how it behaves as the only process of a container."""

import json
import pathlib
import re
import subprocess
import tarfile

import pytest

from game_pods import get
from image_root import check_hardened, readelf
from registry import Inbox
from waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT_BYTES, TAR_LIMIT_BYTES = 14_000_000, 16_000_000
ALLOWED = re.compile(
    r"(usr/bin/okg-sidecar|usr/lib/x86_64-linux-gnu/[^/]+\.so[.0-9]*|usr/lib/x86_64-linux-gnu/gconv/(GBK\.so|gconv-modules)|usr/lib64/ld-linux-x86-64\.so\.2|usr/share/zoneinfo/.*"
    r"|etc/ssl/certs/ca-certificates\.crt|usr/lib/ssl/(cert\.pem|certs)|etc/(passwd|group|nsswitch\.conf|ld\.so\.cache|os-release)|usr/lib/os-release|var/lib/dpkg/status|lib|lib64)")


class Archive:
    """A docker-archive: `config` as runtimes read it, `files` by path."""

    def __init__(self, path):
        self.files = {}
        with tarfile.open(path) as archive:
            (manifest,) = json.load(archive.extractfile("manifest.json"))
            self.names = manifest["RepoTags"]
            self.config = json.load(archive.extractfile(manifest["Config"]))["config"]
            for layer in manifest["Layers"]:
                with tarfile.open(fileobj=archive.extractfile(layer)) as files:
                    for entry in files:
                        self.files[entry.name.removeprefix("./").rstrip("/")] = (
                            entry, files.extractfile(entry).read() if entry.isfile() else b"")

    def size_bytes(self):
        return sum(entry.size for entry, _ in self.files.values() if entry.isfile())


@pytest.fixture(scope="module")
def image(images):
    return Archive(images / "okg-sidecar.tar")


def test_the_image_is_at_most_14_mb(images, image):
    assert 5_000_000 < image.size_bytes() <= LIMIT_BYTES
    assert (images / "okg-sidecar.tar").stat().st_size <= TAR_LIMIT_BYTES


def test_the_image_holds_the_binary_what_it_needs_and_nothing_else(image):
    unexpected = [name for name, (entry, _) in image.files.items() if not entry.isdir() and not ALLOWED.fullmatch(name)]
    assert unexpected == []
    privileged = [name for name, (entry, _) in image.files.items() if not entry.isdir() and entry.mode & 0o6022 and not entry.issym()]
    assert privileged == []
    assert b"BEGIN CERTIFICATE" in image.files["etc/ssl/certs/ca-certificates.crt"][1]
    assert image.files["usr/share/zoneinfo/Asia/Shanghai"][1].startswith(b"TZif")


def test_every_library_is_asked_for(image, tmp_path):
    libraries = {pathlib.Path(name).name: content for name, (entry, content) in image.files.items() if ".so" in name and entry.isfile()}
    libraries.pop("ld.so.cache")
    libraries.pop("GBK.so")  # iconv loads it for names in archives
    needed, pending = set(), [image.files["usr/bin/okg-sidecar"][1]]
    while pending:
        (tmp_path / "elf").write_bytes(pending.pop())
        for name in set(re.findall(r"\(NEEDED\).*\[(.*)\]", readelf(tmp_path / "elf", "--dynamic"))) - needed:
            needed.add(name)
            pending.append(libraries[name])
    assert set(libraries) == needed


def test_a_mistake_in_the_binary_is_hard_to_use(image, tmp_path):
    """@source gcc(1), -fcf-protection"""
    binary = tmp_path / "okg-sidecar"
    binary.write_bytes(image.files["usr/bin/okg-sidecar"][1])
    check_hardened(binary)
    assert b"__n < this->size()" in binary.read_bytes()  # what libstdc++'s assertion of a vector's index says
    # Where an indirect call may lead to: ours and libcurl's. Debian's own objects have none, so the file's property is not set.
    code = subprocess.run(["objdump", "--disassemble", "--section=.text", binary], capture_output=True, text=True, check=True).stdout
    assert code.count("endbr64") > 5_000
    # Functions that look at their stack before they return; those of the libraries are 3,800 places.
    assert code.count("%fs:0x28") > 5_000


def test_the_image_runs_as_an_unprivileged_user(image):
    assert {"okg-sidecar:v1", "docker.io/library/okg-sidecar:v1"} & set(image.names)  # the name that the manifests give it
    assert image.config["User"] == "65532:65532"
    assert image.config["Entrypoint"] == ["/usr/bin/okg-sidecar"]
    assert image.config.get("Cmd") is None
    assert image.config["ExposedPorts"] == {"5000/tcp": {}}


WITHOUT_OVERLAY = """set -e
cd "$1"
mkdir lower upper work merged && mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work merged
mkdir -p merged/lib merged/run /var/lib/containers /run/containers
mount --bind merged/lib /var/lib/containers && mount --bind merged/run /run/containers
printf '[[registry]]\\nlocation = "%s"\\ninsecure = true\\n' "$3" >registries.conf
export HOME="$1" XDG_CACHE_HOME="$1/merged/cache" CONTAINERS_REGISTRIES_CONF="$1/registries.conf"
"$2"/scripts/image --binary "$1/okg-sidecar" --tag "$3/okg-sidecar:v1" --push --output "$1/image.tar"
"""


def test_a_binary_is_packed_and_pushed_also_where_overlay_cannot_be_mounted(image, tmp_path, things):
    """In a mount namespace whose container storage lies on overlay, on which no other overlay can be mounted."""
    things.append(Inbox())
    inbox = things[-1]
    (tmp_path / "okg-sidecar").write_bytes(image.files["usr/bin/okg-sidecar"][1])
    done = subprocess.run(["unshare", "--mount", "bash", "-c", WITHOUT_OVERLAY, "-", tmp_path, ROOT, inbox.host],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    config = json.loads(inbox.blobs[inbox.manifests["okg-sidecar:v1"]["config"]["digest"]])
    assert config["config"]["Entrypoint"] == ["/usr/bin/okg-sidecar"]
    packed = Archive(tmp_path / "image.tar")
    assert packed.config == image.config
    assert {name for name, (entry, _) in packed.files.items() if not entry.isdir()} == {
        name for name, (entry, _) in image.files.items() if not entry.isdir()}
    assert packed.files["usr/bin/okg-sidecar"][1] == image.files["usr/bin/okg-sidecar"][1]


@pytest.fixture
def alone(game):
    """The shipped image as the only container of a pod that does not share its process namespace."""
    game.apply_object({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "alone"}, "data": {"config.yaml": json.dumps({
        "plugins": [{"name": "hot_update", "config": {"loadPatchType": "none", "storageConfig": {"type": "Local"}}}]})}})
    game.apply_object({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "alone"}, "spec": {
        "restartPolicy": "Never", "securityContext": {"fsGroup": 65532},
        "containers": [{"name": "sidecar", "image": "okg-sidecar:v1", "imagePullPolicy": "Never",
                        "securityContext": {"readOnlyRootFilesystem": True, "runAsNonRoot": True},
                        "readinessProbe": {"httpGet": {"path": "/readyz", "port": 5000}, "periodSeconds": 1},
                        "volumeMounts": [{"name": "config", "mountPath": "/opt/sidecar"}, {"name": "shared", "mountPath": "/app/downloads"}]}],
        "volumes": [{"name": "config", "configMap": {"name": "alone"}}, {"name": "shared", "emptyDir": {}}]}})
    yield game.pod("alone")
    game.node.kubectl("delete", "configmap", "alone")


def _children(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_as_pid_1_it_reaps_what_others_leave_behind_and_ends_at_sigterm(game, alone):
    pid = game.node.main_process(alone["status"]["containerStatuses"][0]["containerID"])
    assert re.search(r"^NSpid:\s+\d+\s+1$", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)
    # As an ephemeral container would: a process of its PID namespace whose parent ends first.
    subprocess.run(["nsenter", "--target", str(pid), "--pid", "sh", "-c", "sleep 0.3 &"], check=True)
    orphans = _children(pid)
    assert len(orphans) == 1
    wait_until(lambda: not pathlib.Path(f"/proc/{orphans[0]}").exists(), "the orphan is gone, not a zombie", timeout=5)
    assert get(alone, "/healthz")[0] == 200

    game.node.kubectl("exec", "alone", "--", "/usr/bin/okg-sidecar", "--version")
    subprocess.run(["kill", "-TERM", str(pid)], check=True)
    ended = wait_until(lambda: game.node.pod("default", "alone")["status"]["containerStatuses"][0]["state"].get("terminated"),
                       "the sidecar ended")
    assert (ended["exitCode"], ended["reason"]) == (0, "Completed")
