"""From the previous release to this one and back, over what each left in the state directory and in the ConfigMap."""

import pathlib
import shutil
import subprocess

import pytest
import sidecar as harness
from archives import tar
from service_account import owner_reference
from waiting import wait_until

SET = owner_reference("StatefulSet", "game")


@pytest.fixture(scope="session")
def previous():
    """The previous release's program."""
    built = subprocess.run([pathlib.Path(__file__).parent / "build_previous.sh"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if built.returncode == 77:
        pytest.skip(built.stderr.strip())
    assert built.returncode == 0, built.stderr
    return pathlib.Path(built.stdout.strip())


@pytest.fixture
def image(monkeypatch, previous):
    """image("previous") or image("this"): what is started from then on."""
    binaries = {"previous": previous, "this": harness.BINARY}
    return lambda name: monkeypatch.setattr(harness, "BINARY", binaries[name])


def replace_image(pod, image, name, **more):
    """As a rolling update does with a pod whose volume stays."""
    pod.stop_sidecar()
    image(name)
    pod.start_sidecar(**more)


def live(pod):
    return {path: each["version"] for path, each in pod.sidecar.status()["live"].items()}


def update(pod, source, version, path="index.html"):
    answer = pod.update(version, source.put(f"/{version}/{path}", version.encode()), path=path)
    assert answer.status == 200, answer
    wait_until(lambda: pod.unrecorded() == 0, "the result is recorded")


def test_this_release_goes_on_with_what_the_previous_one_left(image, run_pod, source):
    image("previous")
    pod = run_pod(owner=SET, game=True)
    for version in ("v1", "v2"):
        update(pod, source, version)
    update(pod, source, "m1", path="maps/1.json")
    signals, asked = pod.game.wait_for(3), len(source.requests)
    replace_image(pod, image, "this")
    assert live(pod) == {"index.html": "v2", "maps/1.json": "m1"}
    assert pod.sidecar.status()["kept"]["index.html"] == ["v1"]
    assert (pod.game.count(), len(source.requests)) == (signals, asked), "nothing is fetched or notified again"
    assert run_pod("game-1", owner=SET).read("index.html") == b"v2", "a pod that is added takes the previous release's latest"
    assert pod.post("/hot-update/rollback", path="index.html").json["version"] == "v1"
    assert pod.read("index.html") == b"v1"
    assert pod.game.wait_for(signals + 1) == signals + 1
    assert pod.latest("StatefulSet", "game")["index.html"]["version"] == "v1"
    update(pod, source, "v3")
    assert pod.entry()["version"] == pod.label() == "v3"


def test_pods_of_both_releases_run_beside_each_other(image, run_pod, source):
    image("previous")
    old = run_pod("game-0", owner=SET)
    update(old, source, "v1")
    image("this")
    new = run_pod("game-1", owner=SET)
    assert new.read("index.html") == b"v1"
    update(new, source, "v2")
    image("previous")
    assert run_pod("game-2", owner=SET).read("index.html") == b"v2"
    update(old, source, "v3")
    image("this")
    assert run_pod("game-3", owner=SET).read("index.html") == b"v3"
    assert (new.entry()["version"], old.entry()["version"]) == ("v2", "v3")


def test_the_previous_release_needs_the_state_directory_removed(image, run_pod, source):
    """docs/journal.md, "Back to 0.1.0"."""
    image("this")
    pod = run_pod(owner=SET)
    for version in ("v1", "v2"):
        update(pod, source, version)
    replace_image(pod, image, "previous", wait_ready=False)
    assert "remove the state directory to begin anew" in pod.sidecar.log()
    assert pod.readiness()[0] == 503
    assert pod.read("index.html") == b"v2", "what is live stays"
    pod.sidecar.stop()
    shutil.rmtree(pod.shared / ".okg-sidecar")
    pod.start_sidecar()
    assert live(pod) == {"index.html": "v2"}
    update(pod, source, "v3")
    assert pod.post("/hot-update/rollback").json["version"] == "v2"
    replace_image(pod, image, "this")
    assert live(pod) == {"index.html": "v2"}
    assert pod.post("/hot-update/rollback").json["version"] == "v3"


def test_a_new_pod_of_the_previous_release_reads_the_results_of_this_one(image, run_pod, source):
    image("this")
    pod = run_pod(owner=SET)
    update(pod, source, "v1")
    update(pod, source, "m1", path="maps/1.json")
    assert pod.post("/hot-update/forget", path="maps/1.json").status == 200
    update(pod, source, "v2")
    pod.stop_sidecar()
    image("previous")
    pod.replace_object()
    pod.start_sidecar()
    assert (pod.read("index.html"), pod.read("maps/1.json")) == (b"v2", None)
    update(pod, source, "v3")
    assert pod.entry()["version"] == pod.latest("StatefulSet", "game")["index.html"]["version"] == "v3"


def test_the_previous_release_takes_a_folder_for_a_file(image, run_pod, source):
    image("this")
    pod = run_pod(owner=SET)
    packed = tar({"a": b"1"})
    assert pod.update("v1", source.put("/v1.tar", packed), format="archive", path="game").status == 200
    pod.stop_sidecar()
    image("previous")
    pod.replace_object()
    pod.start_sidecar()
    assert pod.read("game") == packed
