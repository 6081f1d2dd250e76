"""What file systems do that are not ext4: calls that they do not offer, mounts, watchers, bits of a mode, and room that runs out."""

import contextlib
import ctypes
import os
import select
import socket
import struct
import subprocess

import pytest

from sidecar import BINARY, Sidecar, request
from waiting import wait_until

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount file systems")


@pytest.fixture
def start_injected(things, tmp_path, shared):
    """A sidecar whose calls of `injected` ("fsync:error=EINVAL") fail, those of `paths` only when some are given."""

    def start(injected, paths=(), wait_ready=True, **settings):
        folder = tmp_path / "sidecar"
        call = injected.partition(":")[0]
        only = [argument for path in paths for argument in ("-P", str(path))]
        argv = ["strace", "-D", "-f", "-qq", "-o", str(tmp_path / "strace"), "-e", f"trace={call}", "-e", f"inject={injected}", *only]
        config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": {"type": "Local"}, **settings}
        things.append(
            Sidecar(folder, config, wait_ready=wait_ready, argv=[*argv, str(BINARY), "--config", str(folder / "config.yaml")],
                    env={"ASAN_OPTIONS": "detect_leaks=0"})  # LeakSanitizer is itself a tracer
        )
        return things[-1]

    return start


def roll_back(sidecar):
    return request(sidecar.base + "/hot-update/rollback", "POST", b"")


def injected_calls(tmp_path):
    return (tmp_path / "strace").read_text().count("(INJECTED)")


# Calls that a file system does not offer.


def test_no_fsync_of_folders_is_said_once_and_updates_go_on(start_injected, shared, source, tmp_path):
    state = shared / ".okg-sidecar"
    sidecar = start_injected("fsync:error=EINVAL", [shared, state, state / "kept"])
    for version in ("v1", "v2"):
        answer = sidecar.update(version, source.put(f"/{version}", version.encode()), path="file")
        assert answer.status == 200, answer
    assert (shared / "file").read_bytes() == b"v2"
    assert injected_calls(tmp_path) > 4
    assert sidecar.log().count("no fsync of a folder") == 1, sidecar.log()


def test_a_file_that_cannot_be_synced_is_not_published(start_injected, shared, source):
    (shared / "file").write_bytes(b"old")
    sidecar = start_injected("fsync:error=EINVAL", [shared / ".okg-sidecar/staging/1"])
    answer = sidecar.update("v1", source.put("/v1", b"v1"), path="file")
    assert answer.status == 500, answer
    assert (shared / "file").read_bytes() == b"old"


@pytest.mark.parametrize("error", ["ENOLCK", "ENOSYS", "EOPNOTSUPP"])
def test_a_file_system_without_locks_is_used_with_a_warning(start_injected, shared, source, error):
    sidecar = start_injected(f"flock:error={error}")
    assert sidecar.log().count("a second okg-sidecar would not be noticed") == 1, sidecar.log()
    assert sidecar.update("v1", source.put("/v1", b"v1"), path="file").status == 200


def test_a_lock_that_another_sidecar_holds_is_named(start_sidecar, things, tmp_path, shared):
    first = start_sidecar()
    config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": {"type": "Local"}}
    things.append(Sidecar(tmp_path / "second", config, wait_ready=False))
    wait_until(lambda: b"another okg-sidecar is using" in things[-1].get("/readyz").body, "the second says so")
    assert things[-1].get("/readyz").json["reason"] == "StateDirInUse"
    assert first.get("/readyz").status == 200


def test_a_lock_that_fails_otherwise_is_not_taken_for_another_sidecar(start_injected):
    sidecar = start_injected("flock:error=EIO", wait_ready=False)
    wait_until(lambda: b"Input/output error" in sidecar.get("/readyz").body, "the reason is shown")
    assert sidecar.get("/readyz").json["reason"] == "DiskError"
    assert b"another okg-sidecar" not in sidecar.get("/readyz").body


def test_a_mode_that_may_not_be_changed_matters_only_when_it_differs(start_injected, shared, source):
    sidecar = start_injected("fchmod:error=EPERM", fileMode="0600")
    assert sidecar.update("v1", source.put("/v1", b"v1"), path="file").status == 200
    assert (shared / "file").stat().st_mode & 0o7777 == 0o600


def test_a_mode_that_differs_and_may_not_be_changed_fails_the_update(start_injected, source):
    sidecar = start_injected("fchmod:error=EPERM", fileMode="0640")
    answer = sidecar.update("v1", source.put("/v1", b"v1"), path="file")
    assert answer.status == 500, answer
    assert "chmod" in answer.json["message"], answer


# Mounts.


@needs_root
def test_a_target_that_is_a_mount_point_is_named_as_one(start_sidecar, shared, source, tmp_path):
    (shared / "file").write_bytes(b"old")
    (tmp_path / "other").write_bytes(b"mounted")
    sidecar = start_sidecar()
    with mounted_over(shared / "file", tmp_path / "other"):
        answer = sidecar.update("v1", source.put("/v1", b"v1"), path="file")
        assert answer.status == 500, answer
        assert "is a mount point" in answer.json["message"], answer
        assert answer.json["reason"] == "TargetIsMountPoint", answer
        assert (shared / "file").read_bytes() == b"mounted"
    assert sidecar.update("v2", source.put("/v2", b"v2"), path="file").status == 200


@needs_root
def test_a_volume_that_is_mounted_within_the_shared_directory_is_named_as_one(start_sidecar, shared, source):
    (shared / "inner").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(shared / "inner")], check=True)
    try:
        answer = start_sidecar().update("v1", source.put("/v1", b"v1"), path="inner/file")
        assert (answer.status, answer.json["reason"]) == (500, "StateDirElsewhere"), answer
        assert "another volume is mounted within the shared directory" in answer.json["message"], answer
    finally:
        subprocess.run(["umount", "--lazy", str(shared / "inner")], check=True)


@needs_root
@pytest.mark.parametrize("target, locked", [("file", "file"), ("folder/file", "folder")])
@pytest.mark.parametrize("flag", ["i", "a"])
def test_a_target_that_chattr_locked_is_named_with_its_cure(start_sidecar, shared, source, target, locked, flag):
    (shared / target).parent.mkdir(exist_ok=True)
    (shared / target).write_bytes(b"old")
    sidecar = start_sidecar()
    if subprocess.run(["chattr", f"+{flag}", shared / locked], stderr=subprocess.DEVNULL).returncode != 0:
        pytest.skip("this file system has no such attributes")
    try:
        answer = sidecar.update("v1", source.put("/v1", b"v1"), path=target)
        assert (answer.status, answer.json["reason"]) == (500, "NoPermission"), answer
        assert "lsattr" in answer.json["message"], answer
        assert (shared / target).read_bytes() == b"old"
    finally:
        subprocess.run(["chattr", f"-{flag}", shared / locked], check=True)
    assert sidecar.update("v2", source.put("/v2", b"v2"), path=target).status == 200


@pytest.mark.parametrize("kind", ["FIFO", "socket"])
def test_a_target_that_is_no_file_is_refused_and_left_alone(start_sidecar, shared, source, kind):
    if kind == "FIFO":
        os.mkfifo(shared / "game")
    else:
        with socket.socket(socket.AF_UNIX) as game:
            game.bind(str(shared / "game"))
    mode = (shared / "game").lstat().st_mode
    answer = start_sidecar().update("v1", source.put("/v1", b"v1"), path="game")
    assert (answer.status, answer.json["reason"]) == (400, "PathBlocked"), answer
    assert "is not a regular file; " in answer.json["message"], answer
    assert (shared / "game").lstat().st_mode == mode


@contextlib.contextmanager
def mounted_over(target, what):
    subprocess.run(["mount", "--bind", str(what), str(target)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(target)], check=True)


# Watchers of the file itself.

IN_DELETE_SELF = 0x400


class Watcher:
    """inotify on one file. @source inotify(7)"""

    def __init__(self, path, mask):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert libc.inotify_add_watch(self.fd, str(path).encode(), mask) >= 0, os.strerror(ctypes.get_errno())

    def sees(self, mask, seconds=10):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        return bool(ready) and bool(struct.unpack_from("iIII", os.read(self.fd, 4096))[1] & mask)

    def close(self):
        os.close(self.fd)


@pytest.mark.parametrize("rollback", [False, True], ids=["an update", "a rollback"])
def test_a_watcher_of_the_file_itself_sees_it_deleted(start_sidecar, shared, source, rollback):
    (shared / "file").write_bytes(b"old")
    sidecar = start_sidecar()
    if rollback:
        assert sidecar.update("v1", source.put("/v1", b"v1"), path="file").status == 200
    with contextlib.closing(Watcher(shared / "file", IN_DELETE_SELF)) as watcher:
        if rollback:
            assert roll_back(sidecar).status == 200
        else:
            assert sidecar.update("v1", source.put("/v1", b"v1"), path="file").status == 200
        assert watcher.sees(IN_DELETE_SELF)


# Bits of a mode.


def test_a_copy_that_is_kept_has_no_set_id_bits(start_sidecar, shared, source):
    (shared / "file").write_bytes(b"old")
    (shared / "file").chmod(0o6755)
    sidecar = start_sidecar()
    assert sidecar.update("v1", source.put("/v1", b"v1"), path="file").status == 200
    assert [kept.stat().st_mode & 0o7777 for kept in (shared / ".okg-sidecar/kept").iterdir()] == [0o755]


# The state directory is where stateDir says.


def test_only_the_real_state_directory_is_refused(start_sidecar, shared, source):
    sidecar = start_sidecar(stateDir=str(shared / "state"))
    url = source.put("/v1", b"v1")
    assert sidecar.update("v1", url, path=".okg-sidecar/file").status == 200
    for path in ("state", "state/journal"):
        answer = sidecar.update("v1", url, path=path)
        assert answer.status == 400, answer
        assert "state directory" in answer.json["message"], answer


def test_the_state_directory_is_refused_however_it_is_written(start_sidecar, shared, source):
    sidecar = start_sidecar(stateDir=f"{shared}/../{shared.name}//state")
    answer = sidecar.update("v1", source.put("/v1", b"v1"), path="state/journal")
    assert answer.status == 400, answer
    assert "state directory" in answer.json["message"], answer


def test_the_state_directory_is_refused_over_a_symlink(start_sidecar, shared, source, tmp_path):
    (tmp_path / "alias").symlink_to(shared)
    sidecar = start_sidecar(stateDir=f"{tmp_path}/alias/state")
    journal = (shared / "state/journal").read_bytes()
    answer = sidecar.update("v1", source.put("/v1", b"v1"), path="state/journal")
    assert "state directory" in answer.json["message"], answer
    assert (shared / "state/journal").read_bytes().startswith(journal)


# Room.


def kept_versions(sidecar):
    return sidecar.status()["kept"]


def test_keep_bytes_bounds_what_is_kept_of_all_paths(start_sidecar, shared, source):
    sidecar = start_sidecar(keepVersions=5, keepBytes="250")
    for version, path in [("v1", "a"), ("v2", "a"), ("v3", "b"), ("v4", "b"), ("v5", "a")]:
        assert sidecar.update(version, source.put(f"/{version}", version.encode() * 50), path=path).status == 200
    assert kept_versions(sidecar) == {"a": ["v2"], "b": ["v3"]}
    assert sum(kept.stat().st_size for kept in (shared / ".okg-sidecar/kept").iterdir()) == 200
    sidecar.kill()
    sidecar.start()
    assert kept_versions(sidecar) == {"a": ["v2"], "b": ["v3"]}


def test_content_larger_than_keep_bytes_is_not_kept_once_its_update_ended(start_sidecar, shared, source):
    sidecar = start_sidecar(keepBytes="10")
    for version in ("v1", "v2"):
        assert sidecar.update(version, source.put(f"/{version}", version.encode() * 50), path="a").status == 200
    answer = roll_back(sidecar)
    assert answer.status == 404, answer
    assert "keepBytes" in answer.json["message"], answer
    assert not list((shared / ".okg-sidecar/kept").iterdir())


def test_keep_bytes_does_not_take_the_content_to_revert_to(start_sidecar, shared, source):
    (shared / "a").write_bytes(b"old" * 50)
    sidecar = start_sidecar(
        keepBytes="10", confirm={"tcp": {"address": "127.0.0.1:1"}, "timeoutSeconds": 1, "intervalMilliseconds": 50}
    )
    answer = sidecar.update("v1", source.put("/v1", b"v1"), path="a")
    assert answer.status == 500, answer
    assert answer.json["result"] == "RolledBack", answer
    assert (shared / "a").read_bytes() == b"old" * 50


def test_a_limit_of_the_size_of_files_fails_the_update_and_not_the_sidecar(things, tmp_path, shared, source):
    """`ulimit -f`: the kernel's SIGXFSZ would end it."""
    (shared / "map").write_bytes(b"old")
    config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": {"type": "Local"}}
    argv = ["prlimit", "--fsize=65536:65536", str(BINARY), "--config", str(tmp_path / "sidecar/config.yaml")]
    things.append(sidecar := Sidecar(tmp_path / "sidecar", config, argv=argv))
    answer = sidecar.update("v1", source.put("/map", bytes(200_000)))
    assert (answer.status, answer.json["reason"]) == (507, "NoSpace"), answer
    assert "ulimit -f" in answer.json["message"], answer
    assert (shared / "map").read_bytes() == b"old"
    assert sidecar.update("v1", source.put("/map", b"new")).status == 200
