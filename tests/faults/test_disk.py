"""Every way in which a disk fails, by a real file system in that state: the live file stays, and space is given back."""

import contextlib
import os
import resource
import subprocess

import pytest

from raw_server import RawServer, send, head
from sidecar import Sidecar, request
from source import Answer
from unprivileged import start_as_user
from waiting import wait_until

MIB = 1 << 20
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount file systems")


@contextlib.contextmanager
def mounted(folder, *arguments):
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", *arguments, str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def small_disk(folder, size="8m"):
    return mounted(folder, "-t", "tmpfs", "-o", f"size={size},mode=0755", "none")


def free_bytes(folder):
    there = os.statvfs(folder)
    return there.f_bfree * there.f_frsize


@pytest.fixture
def disk(tmp_path):
    """A file system of 8 MiB with the old content in it."""
    with small_disk(tmp_path / "disk") as folder:
        (folder / "file").write_bytes(b"old")
        yield folder


@pytest.fixture
def sidecar(disk, start_sidecar):
    return start_sidecar(fileDir=str(disk), download={"retries": 1})


def check_failed(answer, status, disk, *words, reason):
    assert answer.status == status, answer
    assert answer.json["reason"] == reason, answer
    assert answer.json["result"] == "Failed", answer
    for word in words:
        assert word in answer.json["message"], answer
    assert (disk / "file").read_bytes() == b"old"
    assert not list((disk / ".okg-sidecar/staging").iterdir())


def check_next(sidecar, source, disk):
    answer = sidecar.update("next", source.put("/next", b"next"), path="file")
    assert answer.status == 200, answer
    assert answer.json["recorded"], answer
    assert (disk / "file").read_bytes() == b"next", answer


def test_content_of_unknown_length_leaves_a_tenth_of_the_volume_free(disk, sidecar, source, things):
    """Chunked: nobody says beforehand how much comes."""
    volume = os.statvfs(disk)
    least = [volume.f_bavail]

    def endless(connection, _):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(OSError):  # the sidecar hangs up
            for _ in range(64 * 16):
                connection.sendall(b"10000\r\n" + bytes(1 << 16) + b"\r\n")
                least.append(os.statvfs(disk).f_bavail)

    things.append(RawServer(endless))
    before = free_bytes(disk)
    answer = sidecar.update("v2", things[-1].url(), path="file")
    check_failed(answer, 507, disk, "minFreePercent", "make room", reason="NoSpace")
    assert min(least) >= volume.f_blocks // 10
    assert before - free_bytes(disk) < 64 * 1024
    check_next(sidecar, source, disk)


@pytest.fixture
def watched(disk, start_sidecar, source):
    """Its game watches the file itself, so that old content is kept by a copy. 2.5 MiB of 8 are live."""
    sidecar = start_sidecar(fileDir=str(disk), loadPatchType="none", download={"retries": 0})
    answer = sidecar.update("v1", source.put("/v1", b"1" * (MIB * 5 // 2)), path="file")
    assert answer.status == 200, answer
    return sidecar


def check_no_room_for_a_copy(answer, sidecar, disk, before):
    assert answer.status == 507, answer
    assert answer.json["reason"] == "NoSpace", answer
    assert "keep the old content" in answer.json["message"], answer
    assert "minFreePercent" in answer.json["message"], answer
    assert "make room" in answer.json["message"], answer
    assert sidecar.status()["live"]["file"]["version"] == before["version"]
    assert (disk / "file").read_bytes() == before["bytes"]
    assert not list((disk / ".okg-sidecar/staging").iterdir())


def test_a_copy_of_the_old_content_leaves_a_tenth_of_the_volume_free(disk, watched, source):
    """The new content fits, and then the copy of the old one beside it would not."""
    before = free_bytes(disk)
    answer = watched.update("v2", source.put("/v2", b"2" * (MIB * 5 // 2)), path="file")
    check_no_room_for_a_copy(answer, watched, disk, {"version": "v1", "bytes": b"1" * (MIB * 5 // 2)})
    assert before - free_bytes(disk) < 64 * 1024, "the room is given back"
    assert watched.update("v3", source.put("/v3", b"3" * MIB), path="file").status == 200


def test_a_rollback_keeps_no_copy_that_takes_the_last_tenth(disk, watched, source):
    """It needs room for the copy of what it replaces alone."""
    live = b"2" * (MIB * 3 // 2)
    assert watched.update("v2", source.put("/v2", live), path="file").status == 200
    (disk / "filler").write_bytes(bytes(free_bytes(disk) - len(live) - MIB // 2))
    answer = rollback(watched)
    check_no_room_for_a_copy(answer, watched, disk, {"version": "v2", "bytes": live})
    (disk / "filler").unlink()
    assert rollback(watched).status == 200
    assert (disk / "file").read_bytes() == b"1" * (MIB * 5 // 2)


def rollback(sidecar):
    return request(sidecar.base + "/hot-update/rollback", "POST", b"path=file")


def test_a_full_disk_is_met_ahead_when_the_length_is_known(disk, sidecar, source, things):
    sent = []

    def count(connection, _):
        connection.sendall(head(Content_Length=64 * MIB))
        for _ in range(64):
            connection.sendall(bytes(MIB))
            sent.append(1)

    things.append(RawServer(count))
    before = free_bytes(disk)
    answer = sidecar.update("v2", things[-1].url(), path="file")
    check_failed(answer, 507, disk, "No space left", "make room", reason="NoSpace")
    assert before - free_bytes(disk) < 64 * 1024
    assert len(things[-1].heads) == 1
    assert len(sent) < 32
    check_next(sidecar, source, disk)


def test_a_full_disk_is_met_in_the_middle_when_the_length_is_not_known(disk, start_sidecar, source, things):
    sidecar = start_sidecar(fileDir=str(disk), download={"retries": 1, "minFreePercent": 0})
    things.append(RawServer(send(head(Connection="close"), *[bytes(MIB)] * 64)))
    before = free_bytes(disk)
    answer = sidecar.update("v2", things[-1].url(), path="file")
    check_failed(answer, 507, disk, "No space left", "make room", reason="NoSpace")
    assert before - free_bytes(disk) < 64 * 1024
    assert len(things[-1].heads) == 1
    check_next(sidecar, source, disk)


def test_a_disk_without_a_single_block_left_keeps_the_old_content_and_heals(disk, sidecar, source):
    filler = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while True:
            os.write(filler, bytes(4096))
    os.close(filler)
    answer = sidecar.update("v2", source.put("/new", os.urandom(100_000)), path="file")
    check_failed(answer, 507, disk, "No space left", "make room", reason="NoSpace")
    (disk / "filler").unlink()
    check_next(sidecar, source, disk)
    sidecar.kill()
    sidecar.start()
    assert sidecar.status()["live"]["file"]["version"] == "next"


def test_a_file_system_that_became_read_only(disk, sidecar, source):
    """A mount on top of it: the sidecar's open journal keeps the file system itself from being remounted."""
    with mounted(disk, "--bind", str(disk)):
        subprocess.run(["mount", "-o", "remount,bind,ro", disk], check=True)
        answer = sidecar.update("v2", source.put("/new", b"new"), path="file")
        check_failed(answer, 500, disk, "Read-only file system", "writable", reason="ReadOnly")
        assert not source.requests
    check_next(sidecar, source, disk)


def test_a_file_system_that_is_read_only_at_start(disk, start_sidecar):
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    sidecar = start_sidecar(fileDir=str(disk), wait_ready=False)
    answer = sidecar.wait_not_ready("ReadOnly")
    assert "Read-only file system" in answer.body.decode(), answer
    assert str(disk) in answer.body.decode(), answer
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    sidecar.wait_ready()


def test_a_target_that_is_a_directory(disk, sidecar, source):
    (disk / "maps").mkdir()
    (disk / "maps/1.json").write_bytes(b"{}")
    url = source.put("/new", b"new")
    answer = sidecar.update("v2", url, path="maps")
    check_failed(answer, 400, disk, "maps is a directory", "path=", reason="TargetIsDirectory")
    assert (disk / "maps/1.json").read_bytes() == b"{}"
    assert not source.requests
    check_next(sidecar, source, disk)


def test_a_target_that_becomes_a_directory_while_it_is_fetched(disk, sidecar, source):
    def handler(request):
        (disk / "other").mkdir()
        request.send_response(200)
        request.send_header("Content-Length", "3")
        request.end_headers()
        request.wfile.write(b"new")

    source.answers["/new"] = Answer(handler=handler)
    answer = sidecar.update("v2", source.url("/new"), path="other")
    check_failed(answer, 500 if answer.status == 500 else 400, disk, "other", reason="TargetIsDirectory")
    assert (disk / "other").is_dir()
    assert not list((disk / ".okg-sidecar/kept").iterdir())


def test_no_permission_in_the_shared_directory(disk, source, tmp_path, things):
    """Another user's folder below the shared directory."""
    (disk / "theirs").mkdir(mode=0o755)
    os.chown(disk, 65532, 65532)
    os.chown(disk / "file", 65532, 65532)
    running = as_other_user(disk, tmp_path, things)
    answer = running.update("v2", source.put("/new", b"new"), path="theirs/file")
    check_failed(answer, 500, disk, "Permission denied; user 65532 needs access to it", "theirs/file", "fsGroup",
                 reason="NoPermission")
    assert not source.requests
    assert not list((disk / "theirs").iterdir())
    check_next(running, source, disk)


def test_no_permission_in_the_shared_directory_at_a_start(disk, tmp_path, things):
    running = as_other_user(disk, tmp_path, things, wait_ready=False)
    wait_until(lambda: "Permission denied" in running.get("/readyz").body.decode(), "it says why it is not ready")
    assert "user 65532 needs access to it; set fsGroup, or runAsUser, of the pod" in running.get("/readyz").body.decode()


def as_other_user(disk, tmp_path, things, **more):
    config = {"fileDir": str(disk), "loadPatchType": "none", "storageConfig": {"type": "Local"}}
    things.append(start_as_user(tmp_path, config, **more))
    return things[-1]


def test_a_shared_directory_that_is_missing_at_start_is_named_and_waited_for(tmp_path, start_sidecar, source):
    sidecar = start_sidecar(fileDir=str(tmp_path / "nowhere/shared"), wait_ready=False)
    answer = sidecar.wait_not_ready("SharedDirectoryMissing")
    assert "nowhere/shared" in answer.body.decode(), answer
    assert "volumeMounts" in answer.body.decode(), answer
    refused = sidecar.update("v2", source.put("/new", b"new"))
    assert (refused.status, refused.json["reason"]) == (503, "NotRunning"), refused
    (tmp_path / "nowhere/shared").mkdir(parents=True)
    sidecar.wait_ready()
    assert sidecar.update("v2", source.url("/new")).status == 200


def test_no_descriptor_left_is_not_taken_for_a_missing_volume(start_sidecar, source, shared):
    sidecar = start_sidecar()
    sidecar.update("v1", source.put("/old", b"old"))
    soft, hard = resource.prlimit(sidecar.process.pid, resource.RLIMIT_NOFILE)
    url = source.put("/new", b"new")
    open_now = len(os.listdir(f"/proc/{sidecar.process.pid}/fd"))
    resource.prlimit(sidecar.process.pid, resource.RLIMIT_NOFILE, (open_now + 2, hard))
    answer = sidecar.update("v2", url)
    assert (answer.status, answer.json["reason"]) == (500, "DiskError"), answer
    assert "Too many open files" in answer.json["message"], answer
    assert "mounted" not in answer.json["message"], answer
    resource.prlimit(sidecar.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
    assert sidecar.update("v2", url).status == 200


def test_a_shared_directory_that_went_missing(tmp_path, start_sidecar, source):
    shared = tmp_path / "gone"
    shared.mkdir()
    sidecar = start_sidecar(fileDir=str(shared), stateDir=str(tmp_path / "state"))
    shared.rmdir()
    answer = sidecar.update("v2", source.put("/new", b"new"))
    assert (answer.status, answer.json["reason"]) == (500, "SharedDirectoryMissing"), answer
    assert str(shared) in answer.json["message"], answer
    assert "mounted at fileDir" in answer.json["message"], answer
    assert not source.requests
    shared.mkdir()
    assert sidecar.update("v2", source.url("/new")).status == 200


@pytest.mark.parametrize("kind", ["another file system", "another mount of the same"])
def test_a_state_dir_elsewhere_is_refused(disk, tmp_path, start_sidecar, source, kind):
    if kind == "another file system":
        elsewhere = small_disk(tmp_path / "elsewhere")
    else:
        (disk / "states").mkdir()
        elsewhere = mounted(tmp_path / "elsewhere", "--bind", str(disk / "states"))
    with elsewhere as state:
        sidecar = start_sidecar(fileDir=str(disk), stateDir=str(state / "sidecar"))
        answer = sidecar.update("v2", source.put("/new", b"new"), path="file")
        assert (answer.status, answer.json["reason"]) == (500, "StateDirElsewhere"), answer
        assert "put stateDir on the shared volume" in answer.json["message"], answer
        assert (disk / "file").read_bytes() == b"old"
        assert not [each for name in ("staging", "kept") for each in (state / "sidecar" / name).iterdir()]
        sidecar.stop()


def test_a_quota_that_is_used_up(tmp_path, source, start_sidecar):
    """A btrfs subvolume that may hold 2 MiB."""
    image = tmp_path / "image"
    with open(image, "wb") as file:
        file.truncate(256 * MIB)
    subprocess.run(["mkfs.btrfs", "-q", str(image)], check=True)
    with mounted(tmp_path / "btrfs", "-o", "loop", str(image)) as whole:
        for command in (["subvolume", "create"], ["quota", "enable"], ["qgroup", "limit", "2M"]):
            target = whole if command[0] == "quota" else whole / "shared"
            subprocess.run(["btrfs", *command, str(target)], check=True, capture_output=True)
        disk = whole / "shared"
        (disk / "file").write_bytes(b"old")
        sidecar = start_sidecar(fileDir=str(disk))
        answer = sidecar.update("v2", source.put("/new", os.urandom(4 * MIB)), path="file")
        check_failed(answer, 507, disk, "quota", reason="NoSpace")
        check_next(sidecar, source, disk)
        sidecar.stop()
