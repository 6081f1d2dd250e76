"""Attacks on the state directory by whoever can write in the shared directory: a game, or somebody who broke into one."""

import contextlib
import os
import signal
import stat
import subprocess
import time

import pytest
from journal_reader import framed
from sidecar import BINARY, SANITIZED, Sidecar, request
from waiting import wait_until

GAME = 33  # www-data
SECRET = b"root:only"
HEADER = {"format": "okg-sidecar journal", "version": 1}
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be another user than the game")


@pytest.fixture
def secret(tmp_path):
    """A file that the sidecar's user alone can read."""
    file = tmp_path / "secret"
    file.write_bytes(SECRET)
    file.chmod(0o600)
    return file


def pending(path, kept):
    """A line that has a start make the content kept under that name live again at `path`."""
    live = {"version": "v1", "url": "http://h/a", "sha256": None, "scope": "pod", "requestedAt": 1, "bytes": 1, "etag": "",
            "lastModified": ""}
    old = {"path": path, "name": kept, "was": None}
    return {"begin": {"seq": 1, "needsRevert": True, "targets": [{"path": path, "next": live, "previous": old}]}}


def plant(state, *lines, owner=None):
    """A state directory as an attacker makes it, before the sidecar's first start."""
    for folder in (state, state / "kept", state / "staging"):
        folder.mkdir(exist_ok=True)
    (state / "journal").write_text("".join(map(framed, (HEADER, *lines))))
    if owner:
        for each in (state, *state.rglob("*")):
            os.lchown(each, owner, owner)


@pytest.fixture
def try_to_start(start_sidecar, shared):
    """A sidecar that may refuse to run; says why not, or nothing when it is ready."""

    def start(**settings):
        sidecar = start_sidecar(wait_ready=False, **settings)

        def settled():
            answer = sidecar.get("/readyz")
            # The last: the journal is being read.
            transient = (b"not started yet", b"asking", b"restoring", b"finishing", b"hot_update: \"")
            return answer if answer.status == 200 or not any(word in answer.body for word in transient) else None

        answer = wait_until(settled, "the sidecar is ready, or says why not")
        return sidecar, "" if answer.status == 200 else answer.body.decode()

    return start


# A planted journal.


@needs_root
def test_a_state_directory_that_the_game_made_is_not_used(try_to_start, shared, secret):
    os.chown(shared, GAME, GAME)
    plant(shared / ".okg-sidecar", pending("index.html", "../../../secret"), pending("copy", "1"), owner=GAME)
    os.link(secret, shared / ".okg-sidecar/kept/1")
    sidecar, refusal = try_to_start()
    assert f"belongs to user {GAME}" in refusal, refusal
    assert "remove it, run the sidecar as that user (runAsUser), or put stateDir elsewhere" in refusal
    assert not (shared / "index.html").exists()
    assert not (shared / "copy").exists()
    assert sidecar.update("v1", "http://127.0.0.1:1/a").status == 503


@pytest.mark.parametrize("kept", ["../../../secret", "{secret}", "1/../../../../secret"])
def test_a_planted_journal_publishes_nothing_from_outside(try_to_start, shared, secret, kept):
    """The game runs as the sidecar's user, so that only what the journal says can be doubted."""
    plant(shared / ".okg-sidecar", pending("index.html", kept.format(secret=secret)))
    sidecar, refusal = try_to_start()
    assert not refusal, refusal
    assert "is set aside" in sidecar.log()
    assert not (shared / "index.html").exists()


def test_kept_content_that_is_a_symlink_is_not_published(try_to_start, shared, secret):
    plant(shared / ".okg-sidecar", pending("index.html", "1"))
    (shared / ".okg-sidecar/kept/1").symlink_to(secret)
    sidecar, refusal = try_to_start()
    assert not refusal, refusal
    assert not os.path.lexists(shared / "index.html")


def test_a_journal_that_the_sidecar_could_have_written_is_believed(try_to_start, shared):
    """A game of the sidecar's user that reaches the state directory can say what is live: nothing more than it could write itself."""
    plant(shared / ".okg-sidecar", pending("index.html", "1"))
    (shared / ".okg-sidecar/kept/1").write_bytes(b"planted")
    sidecar, refusal = try_to_start()
    assert not refusal, refusal
    assert (shared / "index.html").read_bytes() == b"planted"


@pytest.mark.parametrize("path", ["../outside", "/tmp/okg-outside", "a/../../outside"])
def test_a_planted_journal_writes_nothing_outside(try_to_start, shared, path):
    plant(shared / ".okg-sidecar", pending(path, "1"))
    (shared / ".okg-sidecar/kept/1").write_bytes(b"planted")
    sidecar, refusal = try_to_start()
    assert not refusal, refusal
    assert "is set aside" in sidecar.log()
    assert not (shared.parent / "outside").exists()


@needs_root
def test_a_journal_of_another_user_in_our_own_directory_is_set_aside(try_to_start, shared):
    plant(shared / ".okg-sidecar", pending("index.html", "1"))
    (shared / ".okg-sidecar/kept/1").write_bytes(b"planted")
    os.chown(shared / ".okg-sidecar/journal", GAME, GAME)
    sidecar, refusal = try_to_start()
    assert not refusal, refusal
    assert "belongs to another user" in sidecar.log()
    assert not (shared / "index.html").exists()


def test_a_directory_that_was_open_to_others_is_closed(start_sidecar, shared):
    state = shared / ".okg-sidecar"
    for folder in (state, state / "kept", state / "staging"):
        folder.mkdir()
        folder.chmod(0o2777)
    start_sidecar()
    for folder in (state, state / "kept", state / "staging"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


# Symlinks.


@pytest.mark.parametrize("name", ["kept", "staging", ".", "journal", "lock", "result.json"])
def test_what_a_symlink_in_the_state_directory_names_is_left_alone(try_to_start, shared, source, tmp_path, name):
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "precious").write_bytes(b"precious")
    state = shared / ".okg-sidecar"
    if name == ".":
        state.symlink_to(victim)
    else:
        state.mkdir(mode=0o700)
        (state / name).symlink_to(victim if name in ("kept", "staging") else victim / "precious")
    sidecar, refusal = try_to_start()
    if not refusal:
        for version in ("v1", "v2"):
            assert sidecar.update(version, source.put(f"/{version}", version.encode()), path="a").status == 200
    assert [each.name for each in victim.iterdir()] == ["precious"]
    assert (victim / "precious").read_bytes() == b"precious"
    if name in ("kept", "staging", "."):
        assert "is a symlink or no folder" in refusal, refusal


def test_a_state_directory_that_is_replaced_while_it_is_used_stays_the_one_that_was_opened(start_sidecar, shared, source, tmp_path):
    victim = tmp_path / "victim"
    for folder in ("kept", "staging"):
        (victim / folder).mkdir(parents=True)
        (victim / folder / "precious").write_bytes(b"precious")
    sidecar = start_sidecar()
    assert sidecar.update("v1", source.put("/v1", b"v1"), path="a").status == 200
    (shared / ".okg-sidecar").rename(shared / "moved")
    (shared / ".okg-sidecar").symlink_to(victim)
    assert sidecar.update("v2", source.put("/v2", b"v2"), path="a").status == 200
    assert request(sidecar.base + "/hot-update/rollback", "POST", b"").status == 200
    assert (shared / "a").read_bytes() == b"v1"
    assert sorted(each.name for each in victim.rglob("*") if each.is_file()) == ["precious", "precious"]


@pytest.mark.skipif(SANITIZED, reason="a sanitizer's runtime and strace both want to trace")
@pytest.mark.parametrize("error", ["ENOSYS", "EPERM"])
def test_a_kernel_or_a_seccomp_profile_without_openat2_is_as_safe(things, shared, source, tmp_path, error):
    folder = tmp_path / "sidecar"
    argv = ["strace", "-D", "-f", "-qq", "-o", str(tmp_path / "strace"), "-e", "trace=openat2", "-e", f"inject=openat2:error={error}"]
    config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": {"type": "Local"}}
    things.append(Sidecar(folder, config, argv=[*argv, str(BINARY), "--config", str(folder / "config.yaml")]))
    sidecar = things[-1]
    for version in ("v1", "v2"):
        assert sidecar.update(version, source.put(f"/{version}", version.encode()), path="a").status == 200
    assert request(sidecar.base + "/hot-update/rollback", "POST", b"").status == 200
    assert (shared / "a").read_bytes() == b"v1"
    assert sidecar.stop() == 0
    (shared / ".okg-sidecar/kept").rename(tmp_path / "victim")
    (shared / ".okg-sidecar/kept").symlink_to(tmp_path / "victim")
    sidecar.start(wait_ready=False)
    wait_until(lambda: b"is a symlink" in sidecar.get("/readyz").body, "it says what it found")


# The state directory as a path to publish to.


@pytest.mark.parametrize("spelled", ["state/", "state//", "./state/", "state/."])
def test_no_spelling_of_state_dir_lets_a_caller_overwrite_the_journal(start_sidecar, shared, source, spelled):
    (shared / "state").mkdir(mode=0o700)
    sidecar = start_sidecar(stateDir=f"{shared}/{spelled}")
    journal = (shared / "state/journal").read_bytes()
    for path in ("state/journal", "state/kept/1", "state/staging/x"):
        answer = sidecar.update("v1", source.put("/v1", b"v1"), path=path)
        assert answer.status == 400, answer
        assert "state directory" in answer.json["message"], answer
    assert (shared / "state/journal").read_bytes().startswith(journal)


@needs_root
def test_another_way_to_the_state_directory_is_refused_as_well(start_sidecar, shared, source):
    sidecar = start_sidecar()
    (shared / "alias").mkdir()
    subprocess.run(["mount", "--bind", str(shared / ".okg-sidecar"), str(shared / "alias")], check=True)
    try:
        for path in ("alias/journal", "alias/kept/1"):
            answer = sidecar.update("v1", source.put("/v1", b"v1"), path=path)
            assert answer.status == 400, answer
            assert "state directory" in answer.json["message"], answer
    finally:
        subprocess.run(["umount", "--lazy", str(shared / "alias")], check=True)


# Files that never end, or never begin.


@pytest.mark.parametrize("name", ["journal", "result.json", "lock", "kept/1", "staging/1", "journal.new", "result.json.new"])
def test_a_fifo_is_waited_for_by_nobody(try_to_start, shared, source, name):
    plant(shared / ".okg-sidecar", *([pending("a", "1")] if name == "kept/1" else []))
    with contextlib.suppress(FileNotFoundError):
        (shared / ".okg-sidecar" / name).unlink()
    os.mkfifo(shared / ".okg-sidecar" / name)
    sidecar, refusal = try_to_start()
    if name == "lock":
        assert "lock is not a regular file; remove it" in refusal, refusal
    else:
        assert not refusal, refusal
        assert sidecar.update("v1", source.put("/v1", b"v1"), path="b").status == 200
    begun = time.monotonic()
    assert sidecar.stop() == 0
    assert time.monotonic() - begun < 5


def test_a_file_without_an_end_does_not_hold_up_a_stop(start_sidecar, shared, source):
    sidecar = start_sidecar(host={"shutdownGraceSeconds": 1})
    url = source.put("/v1", b"v1")
    assert sidecar.update("v1", url, path="a").status == 200
    (shared / "a").unlink()
    with open(shared / "a", "wb") as file:
        file.truncate(8 << 40)
    answer = sidecar.update("v1", url, path="a", wait="false")
    assert answer.status == 202, answer
    wait_until(lambda: sidecar.status()["underWay"], "it is being looked at")
    begun = time.monotonic()
    sidecar.process.send_signal(signal.SIGTERM)
    assert sidecar.process.wait(20) == 1, sidecar.log()
    assert time.monotonic() - begun < 10
    assert "did not stop in time" in sidecar.log()
    (shared / "a").unlink()
    sidecar.start()
    assert sidecar.update("v1", url, path="a").status == 200
    assert (shared / "a").read_bytes() == b"v1"
