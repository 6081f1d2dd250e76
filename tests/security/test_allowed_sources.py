"""allowedSources and requireHttps: nothing of another source goes live, whichever way its URL comes."""

import json

import pytest

from certificates import Authority
from sidecar import Sidecar, request
from source import Answer, Source
from waiting import wait_until


@pytest.fixture
def other(things):
    things.append(Source())
    things[-1].put("/game/file", b"other")
    return things[-1]


@pytest.fixture
def start(things, tmp_path, shared):
    """start(**settings): a sidecar with them. Called again: the same pod after a restart."""
    started = []

    def start(wait_ready=True, **settings):
        config = {"fileDir": str(shared), "storageConfig": {"type": "Local"}, "loadPatchType": "none", "download": {"retries": 0}, **settings}
        if not started:
            started.append(Sidecar(tmp_path / "sidecar", config))
            things.extend(started)
            return started[0]
        started[0].stop()
        started[0].config_file.write_text(json.dumps({"plugins": [{"name": "hot_update", "config": config}], "listen": "127.0.0.1:0"}))
        started[0].start(wait_ready)
        return started[0]

    return start


def is_refused(answer, status, word="allowedSources"):
    assert answer.status == status, answer
    assert word in answer.json["message"], answer
    assert answer.json["reason"] == "SourceNotAllowed", answer


def test_only_what_begins_like_an_allowed_source_is_fetched(start, source, other, shared):
    sidecar = start(allowedSources=["https://cdn.example.com/", source.url("/game/")])
    source.put("/game/file", b"ours")
    assert sidecar.update("v1", source.url("/game/file")).status == 200
    port = source.port
    for url in (other.url("/game/file"), source.url("/gamer/file"), source.url("/game/%2e%2e/file"), source.url("/game/../file"),
                f"http://127.0.0.1:{port}@127.0.0.1:{other.port}/game/file", f"http://localhost:{port}/game/file",
                f"https://127.0.0.1:{port}/game/file"):
        is_refused(sidecar.update("v2", url), 400)
    assert not other.peers
    assert [path for path, _ in source.requests] == ["/game/file"]
    assert (shared / "file").read_bytes() == b"ours"


def test_another_spelling_of_an_allowed_source_is_fetched(start, source):
    sidecar = start(allowedSources=[source.url("/game/")])
    source.put("/game/file", b"ours")
    for url in (f"HTTP://0x7f.1:{source.port}/game/file", f"http://127.1:{source.port}/x/../game/file"):
        assert sidecar.update("v1", url).status == 200
        assert sidecar.status()["live"]["file"]["url"] == source.url("/game/file")
    assert {path for path, _ in source.requests} == {"/game/file"}


def test_every_hop_of_a_redirect_has_to_be_allowed(start, source, other, shared):
    sidecar = start(allowedSources=[source.url("/game/")])
    source.put("/game/file", b"ours")
    source.answers["/game/near"] = Answer(status=302, headers={"Location": "file"})
    assert sidecar.update("v1", source.url("/game/near"), path="file").status == 200
    for to in (other.url("/game/file"), "/elsewhere", f"//127.0.0.1:{other.port}/game/file"):
        source.answers["/game/far"] = Answer(status=302, headers={"Location": to})
        is_refused(sidecar.update("v2", source.url("/game/far"), path="file"), 502)
    assert not other.peers
    assert (shared / "file").read_bytes() == b"ours"


def test_a_rollback_to_content_of_a_source_that_is_allowed_no_more_is_refused(start, source, other, shared):
    sidecar = start()
    source.put("/game/file", b"ours")
    for version, url in (("v1", other.url("/game/file")), ("v2", source.url("/game/file"))):
        assert sidecar.update(version, url).status == 200
    sidecar = start(allowedSources=[source.url("/")])
    is_refused(request(sidecar.base + "/hot-update/rollback", "POST", b""), 502)
    assert (shared / "file").read_bytes() == b"ours"


def test_content_that_is_live_stays_when_its_source_is_allowed_no_more(start, source, other, shared):
    assert start().update("v1", other.url("/game/file")).status == 200
    sidecar = start(allowedSources=[source.url("/")])
    assert sidecar.status()["live"]["file"]["version"] == "v1"
    assert (shared / "file").read_bytes() == b"other"
    is_refused(sidecar.update("v1", other.url("/game/file")), 400)


def test_a_restore_fetches_only_from_allowed_sources(start, source, other, shared):
    assert start().update("v1", other.url("/game/file")).status == 200
    (shared / "file").unlink()
    other.peers.clear()
    sidecar = start(wait_ready=False, allowedSources=[source.url("/")])
    wait_until(lambda: b"allowedSources" in sidecar.get("/hot-update").body, "the restore is refused")
    assert not other.peers
    assert not (shared / "file").exists()


def test_plain_http_is_refused_where_https_is_required(start, source, things, tmp_path):
    ours = Authority(tmp_path)
    things.append(Source(context=ours.server("secure")))
    secure = things[-1]
    secure.put("/file", b"secure")
    source.put("/file", b"plain")
    sidecar = start(requireHttps=True, download={"caFile": str(ours.certificate)})
    is_refused(sidecar.update("v1", source.url("/file")), 400, "requireHttps")
    assert sidecar.update("v1", secure.url("/file")).status == 200
    assert not source.peers


@pytest.mark.parametrize("value", [[], None, ["cdn.example.com"], ["https://*"], ["https://user@h/"], ["https://h/?x"], "https://h/"])
def test_a_list_that_allows_nothing_clear_is_a_mistake(start, value):
    with pytest.raises(RuntimeError, match="allowedSources"):
        start(allowedSources=value)
