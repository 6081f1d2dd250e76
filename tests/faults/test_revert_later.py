"""Old content that cannot be put back at once: its folder goes away while the game is told, and the game refuses."""

import contextlib
import subprocess

import pytest

from sidecar import request
from source import Answer, Source
from waiting import wait_until

OLD, FAILED, LATER, REPAIRED = b"old", b"failed", b"later", b"repaired by hand"
BEFORE = ["a file", "a symlink", "nothing"]


class Stuck:
    """An update of maps/a that failed, with its content still live, on a disk that is well again: within a second it is put back by
    itself, unless something comes first."""

    def __init__(self, shared, sidecar, source, endpoint):
        self.shared, self.sidecar, self.source, self.endpoint = shared, sidecar, source, endpoint
        self.file = shared / "maps/a"
        endpoint.answers["/reload"] = Answer(handler=self.take_the_folder_away)
        answer = self.update(FAILED)
        assert answer.status == 500, answer
        assert "reverting to the old content failed too" in answer.json["message"], answer
        assert sidecar.status()["toBePutBack"] == ["maps/a"]
        (shared / "maps").unlink()
        (shared / "away").rename(shared / "maps")
        assert self.file.read_bytes() == FAILED
        endpoint.answers["/reload"] = Answer(b"ok")
        self.told_before = len(endpoint.requests)

    def take_the_folder_away(self, handler):
        if not (self.shared / "away").exists():
            (self.shared / "maps").rename(self.shared / "away")
            (self.shared / "maps").write_bytes(b"in the way")
        handler.send_response(500)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def told(self):
        return len(self.endpoint.requests) - self.told_before

    def update(self, content, path="maps/a"):
        return self.sidecar.update(content.decode().replace(" ", "-"), self.source.put("/" + content.decode().replace(" ", "-"), content), path=path)

    def restart(self):
        self.sidecar.kill()
        self.sidecar.start()

    def content(self):
        return self.file.read_bytes() if self.file.exists() else None


@pytest.fixture
def stuck(request, tmp_path, shared, source, start_sidecar, things):
    before = getattr(request, "param", "a file")
    (shared / "maps").mkdir()
    (shared / "old").write_bytes(OLD)
    if before == "a file":
        (shared / "maps/a").write_bytes(OLD)
    if before == "a symlink":
        (shared / "maps/a").symlink_to("../old")
    things.append(Source())
    endpoint = things[-1]
    endpoint.put("/reload", b"ok")
    sidecar = start_sidecar(loadPatchType="request", request={"port": endpoint.port, "path": "/reload", "method": "GET"})
    made = Stuck(shared, sidecar, source, endpoint)
    made.before = None if before == "nothing" else OLD
    made.is_link = before == "a symlink"
    return made


def check_old_content_stays(stuck):
    """Nothing is undone twice."""
    assert "toBePutBack" not in stuck.sidecar.status()
    assert stuck.content() == stuck.before
    assert stuck.file.is_symlink() == stuck.is_link
    state = stuck.shared / ".okg-sidecar"
    # It is tidied up after the game was notified.
    wait_until(lambda: not list((state / "kept").iterdir()), "nothing is kept")
    assert not list((state / "staging").iterdir())
    stuck.restart()
    assert stuck.content() == stuck.before
    stuck.file.unlink(missing_ok=True)
    stuck.file.write_bytes(REPAIRED)
    stuck.restart()
    assert stuck.content() == REPAIRED
    assert stuck.update(LATER, path="else").status == 200
    assert stuck.content() == REPAIRED


@pytest.mark.parametrize("stuck", BEFORE, indirect=True)
def test_it_is_reverted_by_itself_and_the_game_is_notified(stuck):
    wait_until(lambda: "toBePutBack" not in stuck.sidecar.status(), "put back")
    wait_until(lambda: stuck.told() == 1, "the game is told")
    check_old_content_stays(stuck)


@pytest.mark.parametrize("stuck", BEFORE, indirect=True)
def test_the_next_update_puts_it_back_and_tells_the_game(stuck):
    assert stuck.update(LATER, path="other").status == 200
    assert stuck.told() == 2, "of the old content and of the update"
    check_old_content_stays(stuck)


@pytest.mark.parametrize("stuck", BEFORE, indirect=True)
def test_an_update_that_fails_puts_it_back_all_the_same(stuck):
    assert stuck.sidecar.update("missing", stuck.source.url("/missing"), path="maps/a").status == 502
    assert stuck.told() == 1
    check_old_content_stays(stuck)


@pytest.mark.parametrize("stuck", BEFORE, indirect=True)
def test_a_start_puts_it_back_and_tells_the_game(stuck):
    stuck.restart()
    assert stuck.told() == 1
    check_old_content_stays(stuck)


@pytest.mark.parametrize("by", ["an update", "a start"])
@pytest.mark.parametrize("stuck", BEFORE, indirect=True)
def test_what_somebody_repaired_is_left_alone(stuck, by):
    stuck.file.unlink()
    stuck.file.write_bytes(REPAIRED)
    if by == "an update":
        assert stuck.update(LATER, path="other").status == 200
    else:
        stuck.restart()
    assert stuck.content() == REPAIRED
    stuck.restart()
    assert stuck.content() == REPAIRED


@contextlib.contextmanager
def kept_is_hidden(stuck):
    """So that the old content can be put back by nobody, and an update can still be made."""
    kept, hidden = stuck.shared / ".okg-sidecar/kept", stuck.shared.parent / "hidden"
    hidden.mkdir()
    for file in list(kept.iterdir()):
        file.rename(hidden / file.name)
    try:
        yield
    finally:
        for file in hidden.iterdir():
            file.rename(kept / file.name)


def test_a_later_update_keeps_the_old_content_and_not_the_one_that_failed(stuck):
    with kept_is_hidden(stuck):
        assert stuck.update(LATER).status == 200
        assert stuck.content() == LATER
    answer = request(stuck.sidecar.base + "/hot-update/rollback", "POST", b"path=maps/a")
    assert answer.status == 200, answer
    assert stuck.content() == OLD, answer
    stuck.restart()
    assert stuck.content() == OLD


def test_after_two_updates_that_failed_the_old_content_comes_back(stuck):
    stuck.endpoint.answers["/reload"] = Answer(b"no", status=500)
    with kept_is_hidden(stuck):
        answer = stuck.update(LATER)
        assert answer.status == 500, answer
        assert "reverting to the old content failed too" in answer.json["message"], answer
        assert stuck.content() == LATER
    stuck.endpoint.answers["/reload"] = Answer(b"ok")
    assert stuck.update(REPAIRED, path="other").status == 200
    check_old_content_stays(stuck)


def test_a_start_before_it_can_be_reverted_says_what_is_missing(things, shared, source, start_sidecar):
    (shared / "maps").mkdir()
    things.append(Source())
    endpoint = things[-1]
    endpoint.put("/reload", b"ok")
    sidecar = start_sidecar(loadPatchType="request", request={"port": endpoint.port, "path": "/reload", "method": "GET"})
    assert sidecar.update("v1", source.put("/old", OLD), path="maps/a").status == 200
    stuck = Stuck.__new__(Stuck)
    stuck.shared = shared
    endpoint.answers["/reload"] = Answer(handler=stuck.take_the_folder_away)
    assert sidecar.update("v2", source.put("/failed", FAILED), path="maps/a").status == 500
    sidecar.kill()
    sidecar.start(wait_ready=False)
    wait_until(lambda: [(each["path"], each["reason"]) for each in sidecar.status().get("missing", [])] == [("maps/a", "RevertPending")], "it is missing")
    endpoint.answers["/reload"] = Answer(b"ok")
    (shared / "maps").unlink()
    (shared / "away").rename(shared / "maps")
    sidecar.wait_ready()
    assert (shared / "maps/a").read_bytes() == OLD
