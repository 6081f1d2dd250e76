"""One version of many files: a folder goes live, is rolled back and restored as a whole."""

import hashlib
import http.client
import os
import threading
import unicodedata
import urllib.error

import pytest
from archives import manifest_of, tar, tar_gz, tar_xz, tar_zst, tree_of, zipped
from sidecar import request
from source import Answer, cut
from waiting import wait_until

V1 = {"a.lua": b"one", "web/index.html": b"<html>1</html>", "gone.txt": b"x"}
V2 = {"a.lua": b"two", "web/index.html": b"<html>2</html>", "web/new.css": b"body{}"}


def roll_back(sidecar, **fields):
    return request(sidecar.base + "/hot-update/rollback", "POST", "&".join(f"{k}={v}" for k, v in fields.items()).encode())


def staged(shared):
    return list((shared / ".okg-sidecar" / "staging").iterdir())


@pytest.mark.parametrize("pack", [tar, tar_gz, tar_xz, tar_zst, zipped], ids=lambda pack: pack.__name__)
def test_a_folder_goes_live_as_a_whole_and_the_game_is_notified_once(game, source, start_sidecar, shared, pack):
    sidecar = start_sidecar(game)
    answer = sidecar.update("v1", source.put("/v1", pack(V1)), path="game", format="archive")
    assert answer.status == 200, answer
    assert answer.json["files"] == 3
    assert answer.json["bytes"] == sum(map(len, V1.values()))
    assert tree_of(shared / "game") == V1
    answer = sidecar.update("v2", source.put("/v2", pack(V2)), path="game", format="archive")
    assert answer.status == 200, answer
    assert answer.json["exchanged"] == "exchange"
    assert tree_of(shared / "game") == V2, "gone.txt goes: the folder mirrors the archive"
    assert game.wait_for(2) == 2
    live = sidecar.status()["live"]
    assert list(live) == ["game"]
    assert live["game"]["version"] == "v2"
    assert live["game"]["tree"]["files"] == 3
    assert not staged(shared)


def test_a_folder_is_rolled_back_without_its_source(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    (shared / "game").mkdir()
    (shared / "game" / "original").write_bytes(b"from the image")
    for version, files in (("v1", V1), ("v2", V2)):
        assert sidecar.update(version, source.put(f"/{version}", tar(files)), path="game", format="archive").status == 200
    source.stop()
    source.stop = lambda: None
    answer = roll_back(sidecar)
    assert answer.status == 200, answer
    assert answer.json["version"] == "v1"
    assert tree_of(shared / "game") == V1
    assert roll_back(sidecar, path="game", version="original").status == 200
    assert tree_of(shared / "game") == {"original": b"from the image"}
    assert roll_back(sidecar, path="game", version="v2").status == 200
    assert tree_of(shared / "game") == V2


def test_the_whole_shared_directory_is_a_folder_too(game, source, start_sidecar, shared):
    (shared / "old").write_bytes(b"old")
    sidecar = start_sidecar(game)
    assert sidecar.update("v1", source.put("/v1", tar(V1)), format="archive").status == 200
    assert tree_of(shared) == V1
    answer = sidecar.update("v2", source.put("/v2", tar(V2)), format="archive")
    assert answer.json["exchanged"] == "exchanges", answer
    assert tree_of(shared) == V2
    assert roll_back(sidecar).json["version"] == "v1"
    assert tree_of(shared) == V1
    assert roll_back(sidecar, version="original").status == 200
    assert tree_of(shared) == {"old": b"old"}


@pytest.mark.parametrize("path", ["game", "."])
def test_an_overlay_leaves_what_the_archive_lacks(game, source, start_sidecar, shared, path):
    folder = shared / path
    folder.mkdir(exist_ok=True)
    (folder / "web").mkdir()
    (folder / "web" / "kept").write_bytes(b"kept")
    (folder / "a.lua").write_bytes(b"old")
    before = tree_of(folder)
    sidecar = start_sidecar(game)
    answer = sidecar.update("v1", source.put("/v1", tar(V1)), path=path, format="archive", mode="overlay")
    assert answer.status == 200, answer
    assert tree_of(folder) == {**before, **V1}
    assert roll_back(sidecar).status == 200
    assert tree_of(folder) == before


BOTH_FORMS = unicodedata.normalize("NFC", "é.lua"), unicodedata.normalize("NFD", "é.lua")


@pytest.mark.parametrize("path", ["game", "."])
@pytest.mark.parametrize("format_", ["archive", "manifest"])
def test_an_overlay_puts_no_name_beside_a_live_one_that_differs_in_case_or_unicode_form_only(game, source, start_sidecar, shared, path, format_):
    folder = shared / path
    (folder / "Sub").mkdir(parents=True)
    (folder / BOTH_FORMS[1]).write_bytes(b"game")
    (folder / "Sub" / "readme.lua").write_bytes(b"game")
    # There before: no update made them.
    (folder / "twin").write_bytes(b"game")
    (folder / "Twin").write_bytes(b"game")
    before = tree_of(folder)
    sidecar = start_sidecar(game)

    def send(files, mode):
        body = tar(files) if format_ == "archive" else manifest_of(source, files)
        return sidecar.update("v1", source.put("/body", body), path=path, format=format_, mode=mode)

    for name, live in {BOTH_FORMS[0]: BOTH_FORMS[1], "Sub/Readme.lua": "Sub/readme.lua", "sub/new": "Sub"}.items():
        answer = send({name: b"new", "other": b"new"}, "overlay")
        assert (answer.status, answer.json["reason"]) == (422, "UnsafeArchive"), answer
        assert "differ only in case or Unicode form" in answer.json["message"], answer
        assert f"'{live}', which is live" in answer.json["message"], answer
        assert tree_of(folder) == before, name
        assert not list((shared / ".okg-sidecar/staging").iterdir()), name
    same = {BOTH_FORMS[1]: b"new", "Sub/readme.lua": b"new", "twin": b"new"}
    answer = send(same, "overlay")
    assert answer.status == 200, answer
    assert tree_of(folder) == {**before, **same}
    renamed = {BOTH_FORMS[0]: b"new", "sub/Readme.lua": b"new"}
    assert send(renamed, "mirror").status == 200
    assert tree_of(folder) == renamed


def test_a_start_that_has_the_tree_downloads_nothing(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive")
    assert len(source.requests) == 1
    sidecar.kill()
    sidecar.start()
    assert len(source.requests) == 1
    sidecar.kill()
    (shared / "game" / "a.lua").write_bytes(b"changed by hand")
    sidecar.start()
    wait_until(lambda: tree_of(shared / "game") == V1, what="the tree is restored as a whole")
    assert len(source.requests) == 2


def test_the_same_archive_again_changes_nothing(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    url = source.put_with_etag("/v1", tar(V1))
    assert sidecar.update("v1", url, path="game", format="archive").json["result"] == "Succeeded"
    inode = (shared / "game").stat().st_ino
    answer = sidecar.update("v1", url, path="game", format="archive")
    assert answer.json["result"] == "Unchanged", answer
    assert answer.json["files"] == 3
    assert (shared / "game").stat().st_ino == inode
    answer = sidecar.update("v1", url, path="game", format="archive", exclude="web")
    assert answer.json["result"] == "Succeeded", answer
    assert tree_of(shared / "game") == {"a.lua": b"one", "gone.txt": b"x"}


def test_names_can_be_stripped_and_left_out(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    url = source.put("/v1", tar({f"game-1.0/{name}": content for name, content in V1.items()}))
    body = b'{"version": "v1", "url": "%s", "path": "game/", "format": "archive", "stripComponents": 1, "include": ["*.lua", "web"]}' % url.encode()
    answer = request(sidecar.base + "/hot-update", "POST", body, {"Content-Type": "application/json"})
    assert answer.status == 200, answer
    assert tree_of(shared / "game") == {name: V1[name] for name in ("a.lua", "web/index.html")}


@pytest.mark.parametrize("fields", [{"format": "rar"}, {"mode": "mirror"}, {"format": "archive", "mode": "merge"},
                                    {"format": "archive", "stripComponents": "-1"}, {"format": "archive", "include": "/a"},
                                    {"format": "archive", "path": "../a"}, {"format": "archive", "path": ".okg-sidecar"},
                                    {"format": "archive", "nameEncoding": "big5"}], ids=str)
def test_a_wrong_request_is_refused(source, start_sidecar, shared, fields):
    sidecar = start_sidecar()
    answer = sidecar.update("v1", source.put("/v1", tar(V1)), **{"path": "game", **fields})
    assert answer.status == 400, answer
    assert not tree_of(shared)


def test_a_hostile_archive_leaves_everything_as_it_was(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive")
    for name, body in {"up": tar({"good": b"x", "../up": b"x"}), "short": tar_gz(V2)[:-30], "page": b"<html>", "twice": tar({"A": b"1", "a": b"2"})}.items():
        answer = sidecar.update("v2", source.put(f"/{name}", body), path="game", format="archive")
        assert answer.status == 422, answer
        assert tree_of(shared / "game") == V1
        assert not staged(shared)
        assert not (shared.parent / "up").exists()


def test_an_archive_without_a_format_is_stored_as_it_is(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    packed = zipped(V1)
    answer = sidecar.update("v1", source.put("/maps.zip", packed))
    assert answer.status == 200, answer
    assert [each["reason"] for each in answer.json["warnings"]] == ["StoredAsArchive"]
    assert (shared / "maps.zip").read_bytes() == packed
    for name, path, body in [("/maps.zip?sign=1", "game", packed), ("/maps.tar.Z", "data", b"?"), ("/latest", "deep/game", packed),
                             ("/7z", "other", b"7z\xbc\xaf\x27\x1c" + bytes(30))]:
        answer = sidecar.update("v2", source.put(name, body), path=path)
        assert answer.status == 200, answer
        assert [each["reason"] for each in answer.json["warnings"]] == ["StoredAsArchive"], name
    for name, path, body in [("/pak", "pak0.pk3", packed), ("/plain", "plain", b"text")]:
        assert "warnings" not in sidecar.update("v3", source.put(name, body), path=path).json, name


def test_a_file_in_a_tree_is_updated_alone_and_replaced_with_the_tree(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive")
    assert sidecar.update("fix", source.put("/fix", b"fixed"), path="game/a.lua").status == 200
    assert tree_of(shared / "game") == {**V1, "a.lua": b"fixed"}
    before = len(source.requests)
    sidecar.kill()
    sidecar.start()
    assert tree_of(shared / "game") == {**V1, "a.lua": b"fixed"}
    assert len(source.requests) == before
    assert sidecar.update("v2", source.put("/v2", tar(V2)), path="game", format="archive").status == 200
    assert tree_of(shared / "game") == V2
    assert list(sidecar.status()["live"]) == ["game"]
    sidecar.kill()
    sidecar.start()
    assert tree_of(shared / "game") == V2


@pytest.mark.parametrize("path, file", [("maps", "maps/a.lua"), (".", "a.lua"), (".", "deep/b.lua")])
def test_a_tree_comes_back_with_the_files_that_were_updated_in_it(game, source, start_sidecar, shared, path, file):
    def live():
        return {name: entry["version"] for name, entry in sidecar.status()["live"].items()}

    sidecar = start_sidecar(game)
    v1 = {"a.lua": b"one", "deep/b.lua": b"one"}
    assert sidecar.update("v1", source.put("/v1", tar(v1)), path=path, format="archive").status == 200
    assert sidecar.update("fix", source.put("/fix", b"fixed"), path=file).status == 200
    fixed = tree_of(shared)
    assert sidecar.update("v2", source.put("/v2", tar({"other": b"two"})), path=path, format="archive").status == 200
    assert list(sidecar.status()["kept"]) == [path], "what was kept of the file was in a folder that is gone"
    assert request(sidecar.base + "/hot-update/rollback", "POST", f"path={file}".encode()).status == 404
    assert roll_back(sidecar, path=path).status == 200
    assert tree_of(shared) == fixed
    assert live() == {path: "v1", file: "fix"}
    listed = request(f"{sidecar.base}/hot-update?path={path}&files=true").json["files"]
    assert hashlib.sha256(b"fixed").hexdigest() in [each["sha256"] for each in listed]
    source.answers.clear()
    asked = len(source.requests)
    sidecar.kill()
    sidecar.start()
    assert tree_of(shared) == fixed
    assert live() == {path: "v1", file: "fix"}
    assert len(source.requests) == asked, "a start needs no source"
    source.put("/v1", tar(v1))
    assert sidecar.update("v1", source.url("/v1"), path=path, format="archive").json["result"] == "Succeeded"
    assert b"fixed" not in tree_of(shared).values(), "sent again, the folder is what it is in the archive"
    assert live() == {path: "v1"}
    assert roll_back(sidecar, path=path).json["result"] == "Succeeded"
    assert tree_of(shared) == fixed


def test_the_folder_that_came_with_the_pod_comes_back_alone(game, source, start_sidecar, shared):
    (shared / "game").mkdir()
    (shared / "game" / "own").write_bytes(b"own")
    sidecar = start_sidecar(game)
    assert sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive").status == 200
    assert sidecar.update("fix", source.put("/fix", b"fixed"), path="game/a.lua").status == 200
    assert roll_back(sidecar, path="game").status == 200
    assert tree_of(shared) == {"game/own": b"own"}
    assert list(sidecar.status()["live"]) == ["game"]
    listed = request(sidecar.base + "/hot-update?path=game&files=true").json["files"]
    assert listed == [{"path": "own", "bytes": 3, "mode": "0644"}]
    sidecar.kill()
    sidecar.start()
    assert tree_of(shared) == {"game/own": b"own"}


def test_a_game_that_is_not_notified_keeps_the_old_tree(things, game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, signal={"waitSeconds": 0.1})
    sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive")
    game.stop()
    answer = sidecar.update("v2", source.put("/v2", tar(V2)), path="game", format="archive")
    assert answer.status == 500, answer
    assert tree_of(shared / "game") == V1
    assert sidecar.update("v2", source.put("/v2", tar(V2)), format="archive").status == 500
    assert tree_of(shared / "game") == V1
    assert not staged(shared)


def test_only_keep_versions_many_trees_are_kept(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, keepVersions=1)
    for i in range(4):
        sidecar.update(f"v{i}", source.put("/a", tar({**V1, "n": b"%d" % i})), path="game", format="archive")
    assert sidecar.status()["kept"] == {"game": ["v2"]}
    state = shared / ".okg-sidecar"
    assert len(list((state / "kept").iterdir())) == 1
    assert len(list((state / "trees").iterdir())) == 2


def test_a_source_that_is_cut_in_the_middle_of_an_archive_is_resumed(game, source, start_sidecar, shared):
    body = tar({**V1, "big": os.urandom(300_000)})
    tag = '"' + hashlib.sha256(body).hexdigest() + '"'

    def first(handler):
        handler.send_response(200)
        handler.send_header("ETag", tag)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:100_000])
        cut(handler)

    def rest(handler):
        begin = int(handler.headers["Range"].split("=")[1].rstrip("-"))
        handler.send_response(206)
        handler.send_header("ETag", tag)
        handler.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        handler.send_header("Content-Length", str(len(body) - begin))
        handler.end_headers()
        handler.wfile.write(body[begin:])

    source.answers["/v1"] = [Answer(handler=first), Answer(handler=rest)]
    sidecar = start_sidecar(game)
    answer = sidecar.update("v1", source.url("/v1"), path="game", format="archive")
    assert answer.status == 200, answer
    assert len(tree_of(shared / "game")) == 4


def test_nginx_serves_whole_versions_through_fifty_exchanges(nginx, source, start_sidecar, shared):
    """Versions only go up: between two equal pages, script and style are of that version too."""
    sidecar = start_sidecar(nginx, signal={"settleMilliseconds": 0})
    names = ("page.html", "script.js", "style.css")
    wrong, seen, between_equal, ends = [], set(), [], threading.Event()

    def version(name):
        body = nginx.get(f"/site/{name}")
        number, _, rest = body.partition(b" ")
        if rest != b"x" * 3000:
            wrong.append((name, body[:50]))
        return int(number)

    def put(number):
        body = tar({name: b"%d " % number + b"x" * 3000 for name in names})
        return sidecar.update(f"v{number}", source.put(f"/{number}", body), path="site", format="archive")

    def hammer():
        while not ends.is_set():
            try:
                first, script, style, last = (version(name) for name in (*names, "page.html"))
            except (urllib.error.HTTPError, ValueError) as error:
                wrong.append(error)
                continue
            except (OSError, http.client.HTTPException):
                continue  # a connection to a worker that ends
            seen.add(first)
            if first == last:
                between_equal.append(first)
                if not first == script == style:
                    wrong.append((first, script, style))

    assert put(0).status == 200
    threads = [threading.Thread(target=hammer) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, 51):
            assert put(number).json["exchanged"] == "exchange"
    finally:
        ends.set()
        for thread in threads:
            thread.join()
    assert not wrong
    assert len(seen) > 10
    assert len(set(between_equal)) > 5


def test_readers_of_one_lookup_never_see_two_versions(game, source, start_sidecar, shared):
    """Two files through one lookup of the folder are of one version, over many exchanges."""
    sidecar = start_sidecar(game, keepVersions=30)  # what a reader is in stays
    urls = [source.put(f"/{n}", tar({"a": b"%d" % n, "sub/b": b"%d" % n})) for n in range(2)]
    sidecar.update("v0", urls[0], path="game", format="archive")
    mixed, reads, ends = [], [0], threading.Event()

    def read_both():
        folder = os.open(shared / "game", os.O_RDONLY | os.O_DIRECTORY)
        both = []
        for name in ("a", "sub/b"):
            file = os.open(name, os.O_RDONLY, dir_fd=folder)
            both.append(os.read(file, 10))
            os.close(file)
        os.close(folder)
        reads[0] += 1
        if both[0] != both[1]:
            mixed.append(both)

    def read_on():
        while not ends.is_set():
            try:
                read_both()
            except OSError as error:
                mixed.append(error)

    reader = threading.Thread(target=read_on)
    reader.start()
    try:
        for n in range(20):
            assert sidecar.update(f"v{n + 1}", urls[(n + 1) % 2], path="game", format="archive").status == 200
    finally:
        ends.set()
        reader.join()
    assert reads[0] > 100
    assert not mixed


def test_the_files_of_a_live_folder_are_listed(game, source, start_sidecar, shared):
    def listed(query):
        return request(f"{sidecar.base}/hot-update?{query}")

    sidecar = start_sidecar(game)
    sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive")
    answer = listed("path=game&files=true")
    assert answer.status == 200, answer
    assert answer.json["version"] == "v1"
    assert [file["path"] for file in answer.json["files"]] == sorted(V1)
    assert answer.json["files"][0] == {"path": "a.lua", "bytes": 3, "sha256": hashlib.sha256(b"one").hexdigest(), "mode": "0644"}
    sidecar.update("fix", source.put("/fix", b"fixed"), path="game/a.lua")
    sums = {file["path"]: file["sha256"] for file in listed("path=game&files=true").json["files"]}
    assert sums["a.lua"] == hashlib.sha256(b"fixed").hexdigest(), "what came last counts"
    assert [file["path"] for file in listed("path=game/a.lua&files=true").json["files"]] == ["game/a.lua"]
    assert listed("files=true").status == 404, "the shared directory was not updated as a whole"
    assert listed("path=nothing&files=true").status == 404
    assert listed("path=game&files=perhaps").status == 400
    assert listed("path=game").json["live"], "without files it is the status"
    sidecar.update("sub", source.put("/sub", tar({"x": b"x"})), path="game/deep", format="archive")
    sidecar.update("more", source.put("/more", tar({"more": b"m"})), path="game", format="archive", mode="overlay")
    (shared / "game" / "own").write_bytes(b"of the game")
    files = listed("path=game&files=true").json["files"]
    assert sorted(file["path"] for file in files) == sorted(tree_of(shared / "game"))
    assert {file["path"] for file in files if "sha256" in file} == {"more"}


def test_what_the_game_made_of_a_folder_is_listed_all_the_same(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, archive={"maxFiles": 20})
    sidecar.update("v1", source.put("/v1", tar(V1)), path="game", format="archive")
    with open(shared / "game" / "a.lua", "wb") as file:
        file.truncate(1 << 42)  # reading it would take hours
    files = request(sidecar.base + "/hot-update?path=game&files=true").json["files"]
    assert {"path": "a.lua", "bytes": 1 << 42, "mode": "0644"} in files, files
    for number in range(20):
        (shared / "game" / f"log-{number}").touch()
    answer = request(sidecar.base + "/hot-update?path=game&files=true")
    assert (answer.status, answer.json["reason"]) == (422, "TooLarge"), answer
    assert "archive.maxFiles (20)" in answer.json["message"], answer
