"""A folder of the files that a manifest lists: fetched several at a time, and only where they differ."""

import hashlib
import json
import os
import subprocess
import threading

import pytest
from archives import tree_of
from game import OthersGame
from source import Answer, cut
from waiting import wait_until

V1 = {"a.lua": b"one", "web/index.html": b"<html>1</html>", "empty": b"", "a b/ü.json": b"{}"}
V2 = {**V1, "a.lua": b"two", "web/new.css": b"body{}"}


def listed(path, content, **more):
    return {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), **more}


def put_manifest(source, where, files, **more):
    """`files` beside a manifest that lists them; `more` are members of each. Returns the manifest's URL."""
    import urllib.parse
    for path, content in files.items():
        source.put(f"{where}/{urllib.parse.quote(path)}", content)
    body = json.dumps({"files": [listed(path, content, **more) for path, content in files.items()]})
    return source.put(f"{where}/manifest.json", body.encode())


def asked_for(source):
    return [path for path, _ in source.requests]


def send(sidecar, version, url, **fields):
    return sidecar.update(version, url, **{"path": "game", "format": "manifest", **fields})


def roll_back(sidecar):
    from sidecar import request
    return request(sidecar.base + "/hot-update/rollback", "POST", b"")


def test_only_what_differs_from_what_is_live_is_fetched(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    answer = send(sidecar, "v1", put_manifest(source, "/v1", V1, mode="0755"))
    assert answer.status == 200, answer
    assert answer.json["files"] == len(V1)
    assert answer.json["bytes"] == sum(map(len, V1.values()))
    assert answer.json["sha256"] == hashlib.sha256(source.answers["/v1/manifest.json"].body).hexdigest()
    assert answer.json["exchanged"] == "exchange"
    assert tree_of(shared / "game") == V1
    assert os.stat(shared / "game" / "a.lua").st_mode & 0o777 == 0o755
    del source.requests[:]
    answer = send(sidecar, "v2", put_manifest(source, "/v2", V2))
    assert answer.status == 200, answer
    assert tree_of(shared / "game") == V2
    assert sorted(asked_for(source)) == ["/v2/a.lua", "/v2/manifest.json", "/v2/web/new.css"]
    assert os.stat(shared / "game" / "empty").st_mode & 0o777 == 0o644
    assert game.wait_for(2) == 2
    assert roll_back(sidecar).json["version"] == "v1"
    assert tree_of(shared / "game") == V1
    assert sidecar.status()["live"]["game"]["tree"]["format"] == "manifest"
    assert not list((shared / ".okg-sidecar" / "staging").iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to run the game as another user")
def test_the_next_version_is_built_in_a_folder_of_links_made_when_nobody_waits(source, start_sidecar, shared, things, tmp_path):
    things.append(OthersGame(f"others-game-{os.getpid()}-{tmp_path.name}"))
    sidecar = start_sidecar(things[-1])
    spares = shared / ".okg-sidecar/spares"

    def spare():
        wait_until(lambda: [each.suffix for each in spares.iterdir()] == [""], what="the links are made")
        [made] = spares.iterdir()
        return (made / "game").stat().st_ino

    assert send(sidecar, "v1", put_manifest(source, "/v1", V1)).status == 200
    same = (shared / "game/web/index.html").stat().st_ino
    made = spare()
    assert send(sidecar, "v2", put_manifest(source, "/v2", V2)).status == 200
    assert tree_of(shared / "game") == V2
    assert (shared / "game").stat().st_ino == made
    assert (shared / "game/web/index.html").stat().st_ino == same
    made = spare()
    sidecar.kill()
    sidecar.start()
    assert send(sidecar, "v3", put_manifest(source, "/v3", V1)).status == 200
    assert tree_of(shared / "game") == V1
    assert (shared / "game").stat().st_ino == made
    assert roll_back(sidecar).status == 200
    assert tree_of(shared / "game") == V2
    assert (shared / "game/web/index.html").stat().st_ino == same


def test_files_that_the_image_brought_are_not_fetched(game, source, start_sidecar, shared):
    (shared / "game").mkdir()
    (shared / "game" / "a.lua").write_bytes(V1["a.lua"])
    (shared / "game" / "empty").write_bytes(b"not empty")
    sidecar = start_sidecar(game)
    assert send(sidecar, "v1", put_manifest(source, "/v1", V1)).status == 200
    assert tree_of(shared / "game") == V1
    assert "/v1/a.lua" not in asked_for(source)
    assert "/v1/empty" in asked_for(source)


def test_a_restarted_pod_fetches_nothing_and_an_emptied_one_all(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    assert send(sidecar, "v1", put_manifest(source, "/v1", V1)).status == 200
    del source.requests[:]
    sidecar.kill()
    sidecar.start()
    assert not source.requests
    sidecar.kill()
    (shared / "game" / "a.lua").write_bytes(b"changed by hand")
    sidecar.start()
    wait_until(lambda: tree_of(shared / "game") == V1, what="the tree is restored as a whole")
    assert sorted(asked_for(source)) == ["/v1/a.lua", "/v1/manifest.json"]


def test_urls_are_relative_to_the_manifest_or_whole(game, source, start_sidecar, shared):
    source.put("/files/by-hash/1", b"one")
    source.put("/elsewhere", b"two")
    files = [listed("x/a", b"one", url="../files/by-hash/1"), listed("b", b"two", url=source.url("/elsewhere"))]
    sidecar = start_sidecar(game)
    url = source.put("/v1/manifest.json", json.dumps({"name": "game", "files": files}).encode())
    assert send(sidecar, "v1", url).status == 200
    assert tree_of(shared / "game") == {"x/a": b"one", "b": b"two"}


def test_several_files_come_at_a_time_and_no_more_than_parallel(game, source, start_sidecar, shared):
    names = [f"f{n}" for n in range(12)]
    here = threading.Semaphore(0)
    at_once, most, lock = [0], [0], threading.Lock()

    def handler(request):
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            if at_once[0] == 3:
                here.release(len(names))
        assert here.acquire(timeout=60), "three requests at a time"
        with lock:
            at_once[0] -= 1
        request.send_response(200)
        request.send_header("Content-Length", "1")
        request.end_headers()
        request.wfile.write(b"x")

    url = put_manifest(source, "/v1", dict.fromkeys(names, b"x"))
    for name in names:
        source.answers[f"/v1/{name}"] = Answer(handler=handler)
    sidecar = start_sidecar(game, download={"parallel": 3})
    assert send(sidecar, "v1", url).status == 200
    assert most[0] == 3


def test_a_file_that_is_cut_is_resumed(game, source, start_sidecar, shared):
    body = os.urandom(300_000)
    url = put_manifest(source, "/v1", {"big": body, "small": b"s"})

    def first_half(request):
        request.send_response(200)
        request.send_header("ETag", '"1"')
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[:200_000])
        cut(request)

    def rest(request):
        begin = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        assert begin > 0
        request.send_response(206)
        request.send_header("ETag", '"1"')
        request.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        request.send_header("Content-Length", str(len(body) - begin))
        request.end_headers()
        request.wfile.write(body[begin:])

    source.answers["/v1/big"] = [Answer(handler=first_half), Answer(handler=rest)]
    sidecar = start_sidecar(game)
    assert send(sidecar, "v1", url).status == 200
    assert tree_of(shared / "game") == {"big": body, "small": b"s"}


def test_an_old_copy_in_a_cache_is_asked_past(game, source, start_sidecar, shared):
    url = put_manifest(source, "/v1", {"a": b"new"})
    source.answers["/v1/a"] = [Answer(b"old"), Answer(b"new")]
    sidecar = start_sidecar(game)
    assert send(sidecar, "v1", url).status == 200
    assert "no-cache" in source.requests[-1][1]["Cache-Control"]


@pytest.mark.parametrize("answer, reason", [(Answer(b"other"), "ChecksumMismatch"), (Answer(b"gone", 404), "SourceNotFound")],
                         ids=["other bytes", "not found"])
def test_one_file_that_fails_leaves_everything_as_it_was(game, source, start_sidecar, shared, answer, reason):
    sidecar = start_sidecar(game)
    assert send(sidecar, "v1", put_manifest(source, "/v1", V1)).status == 200
    url = put_manifest(source, "/v2", V2)
    source.answers["/v2/web/new.css"] = answer
    failed = send(sidecar, "v2", url)
    assert failed.json["result"] == "Failed", failed
    assert failed.json["reason"] == reason
    assert "'web/new.css'" in failed.json["message"]
    assert tree_of(shared / "game") == V1
    assert not list((shared / ".okg-sidecar" / "staging").iterdir())


SUM = hashlib.sha256(b"x").hexdigest()


@pytest.mark.parametrize("body, reason, words", [
    (b"not json", "InvalidManifest", "no JSON"),
    (b"{}", "InvalidManifest", "no list"),
    ({"files": []}, "InvalidManifest", "no file"),
    ({"files": ["a"]}, "InvalidManifest", "no object"),
    ({"files": [{"sha256": SUM}]}, "InvalidManifest", "without a path"),
    ({"files": [{"path": "a"}]}, "InvalidManifest", "no sha256"),
    ({"files": [{"path": "a", "sha256": "12"}]}, "InvalidManifest", "64 hexadecimal"),
    ({"files": [{"path": "a/", "sha256": SUM}]}, "InvalidManifest", "names no file"),
    ({"files": [{"path": "a", "sha256": SUM, "mode": "rwx"}]}, "InvalidManifest", "not octal"),
    ({"files": [{"path": "a", "sha256": SUM, "bytes": -1}]}, "InvalidManifest", "negative"),
    ({"files": [{"path": "a", "sha256": SUM, "url": "file:///etc/passwd"}]}, "InvalidManifest", "'a'"),
    ({"files": [{"path": "a", "sha256": SUM, "url": "manifest.json\u0000b"}]}, "InvalidManifest", "control character"),
    ({"files": [{"path": "../a", "sha256": SUM}]}, "UnsafeArchive", "manifest's entry"),
    ({"files": [{"path": "/a", "sha256": SUM}]}, "UnsafeArchive", "absolute"),
    ({"files": [{"path": "a\u0000b", "sha256": SUM}]}, "UnsafeArchive", "NUL"),
    ({"files": [{"path": "a", "sha256": SUM}, {"path": "a", "sha256": SUM}]}, "UnsafeArchive", "twice"),
    ({"files": [{"path": "a", "sha256": SUM}, {"path": "A", "sha256": SUM}]}, "UnsafeArchive", "only in case"),
    ({"files": [{"path": "a", "sha256": SUM}, {"path": "a/b", "sha256": SUM}]}, "UnsafeArchive", "no folder"),
    ({"files": [{"path": "a", "sha256": SUM, "bytes": 1 << 60}]}, "TooLarge", "maxBytes"),
    ({"files": [{"path": f"{n}", "sha256": SUM} for n in range(9)]}, "TooLarge", "maxFiles"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_manifest_that_cannot_be_meant_is_refused(hostile, source, shared, body, reason, words):
    url = source.put("/manifest.json", body if isinstance(body, bytes) else json.dumps(body).encode())
    answer = send(hostile, "v1", url)
    assert answer.status == 422, answer
    assert answer.json["reason"] == reason
    assert words in answer.json["message"]
    assert not (shared / "game").exists()
    assert asked_for(source) == ["/manifest.json"], "no file of it is asked for"


@pytest.fixture
def hostile(game, start_sidecar):
    return start_sidecar(game, archive={"maxFiles": 8})


def test_files_count_as_long_as_they_are_and_only_those_that_are_wanted(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, archive={"maxBytes": "1Ki"})
    unsaid = {"a": bytes(600), "b": bytes(600) + b"b"}
    for path, content in unsaid.items():
        source.put(f"/v1/{path}", content)
    files = [{name: value for name, value in listed(path, content).items() if name != "bytes"} for path, content in unsaid.items()]
    url = source.put("/v1/manifest.json", json.dumps({"files": files}).encode())
    answer = send(sidecar, "v1", url)
    assert (answer.status, answer.json["reason"]) == (422, "TooLarge"), answer
    assert not (shared / "game").exists()
    assert not list((shared / ".okg-sidecar" / "staging").iterdir())
    assert send(sidecar, "v1", url, exclude="b").status == 200
    answer = send(sidecar, "v2", url, mode="mirror")
    assert (answer.status, answer.json["reason"]) == (422, "TooLarge"), "with what is taken from the live folder"
    assert send(sidecar, "v3", put_manifest(source, "/v3", unsaid), exclude="b").status == 200


def test_progress_counts_files(game, source, start_sidecar, shared):
    url = put_manifest(source, "/v1", {"a": b"aa", "b": b"bbbb"})
    reached, goes_on = threading.Event(), threading.Event()

    def handler(request):
        reached.set()
        assert goes_on.wait(60)
        request.send_response(200)
        request.send_header("Content-Length", "4")
        request.end_headers()
        request.wfile.write(b"bbbb")

    source.answers["/v1/b"] = Answer(handler=handler)
    sidecar = start_sidecar(game)
    update_id = send(sidecar, "v1", url, wait="false").json["id"]
    from sidecar import request
    try:
        assert reached.wait(60)
        wait_until(lambda: request(f"{sidecar.base}/hot-update/updates/{update_id}").json.get("filesDone") == 1, what="one of both has come")
        shown = request(f"{sidecar.base}/hot-update/updates/{update_id}").json
        assert (shown["filesTotal"], shown["bytesDone"], shown["bytesTotal"]) == (2, 2, 6)
        assert shown["stage"] == "fetch"
    finally:
        goes_on.set()
    wait_until(lambda: tree_of(shared / "game") == {"a": b"aa", "b": b"bbbb"}, what="both are live")
