"""One update of a running game, as an operator sees it."""

import hashlib
import os
import pathlib
import signal
import stat
import threading
import time
import urllib.request

import pytest
from game import SignalCounter
from sidecar import SANITIZED, request
from source import Answer, cut
from unprivileged import AS_USER, USER, let_in
from waiting import wait_until

V2 = b"<html>V2</html>"


def leftovers(shared):
    return list((shared / ".okg-sidecar" / "staging").iterdir())


def test_a_running_nginx_gets_the_new_page_and_keeps_its_master(nginx, source, start_sidecar):
    sidecar = start_sidecar(nginx)
    master, workers = nginx.process.pid, nginx.workers()
    assert nginx.get() == b"<html>V1</html>"
    answer = sidecar.update("v2", source.put("/game/v2/index.html", V2))
    assert answer.status == 200, answer
    assert answer.json["result"] == "Succeeded"
    assert answer.json["recorded"] is True
    assert answer.json["version"] == "v2"
    assert answer.json["bytes"] == len(V2)
    assert answer.json["sha256"] == hashlib.sha256(V2).hexdigest()
    assert nginx.get() == V2
    wait_until(lambda: not set(nginx.workers()) & set(workers), what="the workers are renewed")
    assert nginx.process.pid == master
    assert nginx.process.poll() is None


def test_a_plain_program_gets_its_signal_once(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    assert sidecar.update("v1", source.put("/table.json", b"{}")).status == 200
    assert game.wait_for(1) == 1
    assert (shared / "table.json").read_bytes() == b"{}"


def test_json_is_taken_as_well_as_a_form(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    url = source.put("/a.json", b"[1]")
    body = f'{{"url": "{url}", "version": "v1.2.3", "path": "maps/1.json", "force": false}}'.encode()
    answer = request(sidecar.base + "/hot-update", "POST", body, {"Content-Type": "application/json; charset=utf-8"})
    assert answer.status == 200, answer
    assert (shared / "maps" / "1.json").read_bytes() == b"[1]"
    assert stat.S_IMODE((shared / "maps").stat().st_mode) == 0o755


def test_the_same_again_does_not_signal_the_game(game, source, start_sidecar):
    sidecar = start_sidecar(game)
    with_tag = source.put_with_etag("/tagged.html", V2)
    without = source.put("/plain.html", V2)
    for url in (with_tag, without):
        before = game.count()
        assert sidecar.update("v2", url).json["result"] == "Succeeded"
        game.wait_for(before + 1)
        again = sidecar.update("v2", url)
        assert again.status == 200, again
        assert again.json["result"] == "Unchanged", again
        assert game.count() == before + 1
        assert sidecar.update("v2", url, force="true").json["result"] == "Unchanged"
        game.wait_for(before + 2)
    conditional = [headers for path, headers in source.requests if "If-None-Match" in headers]
    assert len(conditional) == 2


def test_a_changed_content_under_the_same_version_and_address_is_an_update(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    url = source.put_with_etag("/index.html", V2)
    sidecar.update("v2", url)
    source.put_with_etag("/index.html", b"V2 mended")
    assert sidecar.update("v2", url).json["result"] == "Succeeded"
    assert (shared / "index.html").read_bytes() == b"V2 mended"
    assert game.wait_for(2) == 2


def test_a_file_that_somebody_changed_is_fetched_again(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    url = source.put_with_etag("/index.html", V2)
    sidecar.update("v2", url)
    (shared / "index.html").write_bytes(b"by hand")
    assert sidecar.update("v2", url).json["result"] == "Succeeded"
    assert (shared / "index.html").read_bytes() == V2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_keeps_the_old_file_when_the_source_refuses(game, source, start_sidecar, shared, status):
    (shared / "index.html").write_bytes(b"V1")
    sidecar = start_sidecar(game)
    answer = sidecar.update("v2", source.put("/index.html", b"<html>error page</html>", status=status))
    assert answer.status == 502
    assert answer.json["stage"] == "fetch"
    assert str(status) in answer.json["message"]
    assert len(source.requests) == 1
    assert (shared / "index.html").read_bytes() == b"V1"
    assert game.count() == 0
    assert not leftovers(shared)


def test_a_transient_fault_of_the_source_is_tried_again(game, source, start_sidecar, shared):
    source.answers["/a"] = [Answer(status=503), Answer(status=500), Answer(b"there")]
    answer = start_sidecar(game).update("v2", source.url("/a"))
    assert answer.status == 200
    assert (shared / "a").read_bytes() == b"there"


def test_a_lasting_fault_of_the_source_ends_after_the_retries(game, source, start_sidecar):
    answer = start_sidecar(game, download={"retries": 1}).update("v2", source.put("/a", b"", status=503))
    assert answer.status == 502
    assert "attempt 2 of 2" in answer.json["message"]
    assert len(source.requests) == 2


def test_a_cut_download_goes_on_where_it_was(game, source, start_sidecar, shared):
    body = os.urandom(1 << 20)
    half = len(body) // 2

    def first(handler):
        handler.send_response(200)
        handler.send_header("ETag", '"one"')
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[:half])
        cut(handler)

    def rest(handler):
        begin = int(handler.headers["Range"].split("=")[1].rstrip("-"))
        assert handler.headers["If-Range"] == '"one"'
        assert 0 < begin <= half
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        handler.send_header("Content-Length", str(len(body) - begin))
        handler.end_headers()
        handler.wfile.write(body[begin:])

    source.answers["/big"] = [Answer(handler=first), Answer(handler=rest)]
    answer = start_sidecar(game).update("v2", source.url("/big"))
    assert answer.status == 200, answer
    assert (shared / "big").read_bytes() == body
    assert len(source.requests) == 2


def test_redirects_are_followed_to_a_limit(game, source, start_sidecar, shared):
    source.answers["/there"] = Answer(b"here")
    source.answers["/moved"] = Answer(status=302, headers={"Location": "/there"})
    source.answers["/loop"] = Answer(status=301, headers={"Location": "/loop"})
    sidecar = start_sidecar(game, download={"maxRedirects": 3})
    assert sidecar.update("v2", source.url("/moved"), path="a").status == 200
    assert (shared / "a").read_bytes() == b"here"
    answer = sidecar.update("v2", source.url("/loop"), path="a")
    assert answer.status == 502
    assert len([path for path, _ in source.requests if path == "/loop"]) == 4


def test_a_silent_source_is_given_up(game, source, start_sidecar):
    hold = threading.Event()
    source.answers["/slow"] = Answer(handler=lambda handler: hold.wait(60))
    answer = start_sidecar(game, download={"timeoutSeconds": 1, "retries": 0}).update("v2", source.url("/slow"))
    hold.set()
    assert answer.status == 504, answer


def test_a_source_that_is_not_there_is_named(game, source, start_sidecar):
    source.stop()
    source.stop = lambda: None
    answer = start_sidecar(game, download={"retries": 0}).update("v2", source.url("/a"))
    assert answer.status == 502, answer
    assert f":{source.port}" in answer.json["message"], answer


def test_a_wrong_checksum_and_an_empty_file_are_refused(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    url = source.put("/index.html", V2)
    answer = sidecar.update("v2", url, sha256="0" * 64)
    assert answer.status == 422
    assert hashlib.sha256(V2).hexdigest() in answer.json["message"]
    assert sidecar.update("v2", url, sha256=hashlib.sha256(V2).hexdigest().upper()).status == 200
    answer = sidecar.update("v3", source.put("/empty", b""))
    assert answer.status == 422
    assert "allowEmpty" in answer.json["message"]
    assert not (shared / "empty").exists()
    assert not leftovers(shared)


def test_a_source_larger_than_the_limit_is_refused(game, source, start_sidecar):
    answer = start_sidecar(game, download={"maxBytes": "1Ki"}).update("v2", source.put("/a", b"x" * 2000))
    assert answer.status == 422
    assert "maxBytes" in answer.json["message"]


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"version": "-v", "url": "http://h/a"}, "version"),
        ({"version": "v" * 64, "url": "http://h/a"}, "version"),
        ({"url": "http://h/a"}, "version"),
        ({"version": "v1"}, "url"),
        ({"version": "v1", "url": "ftp://h/a"}, "url"),
        ({"version": "v1", "url": "file:///etc/passwd"}, "url"),
        ({"version": "v1", "url": "http://h/"}, "path"),
        ({"version": "v1", "url": "http://h/%2e%2e"}, ".."),
        ({"version": "v1", "url": "http://h/a%2Fb"}, "slash"),
        ({"version": "v1", "url": "http://h/a%00b"}, "NUL"),
        ({"version": "v1", "url": "http://h/a", "path": "../a"}, ".."),
        ({"version": "v1", "url": "http://h/a", "path": "/etc/passwd"}, "absolute"),
        ({"version": "v1", "url": "http://h/a", "path": ".okg-sidecar/journal"}, "state directory"),
        ({"version": "v1", "url": "http://h/a", "path": ""}, "empty"),
        ({"version": "v1", "url": "http://h/a", "sha256": "xyz"}, "sha256"),
        ({"version": "v1", "url": "http://h/a", "scope": "all"}, "scope"),
        ({"version": "v1", "url": "http://h/a", "wait": "maybe"}, "wait"),
        ({"version": "v1", "url": "http://h/a", "vresion": "v2"}, "did you mean version"),
    ],
)
def test_a_wrong_request_is_refused_with_the_field_named(start_sidecar, fields, field):
    sidecar = start_sidecar()
    body = urllib.parse.urlencode(fields).encode()
    answer = request(sidecar.base + "/hot-update", "POST", body)
    assert answer.status == 400, answer
    assert field in answer.json["message"], answer
    assert answer.json["stage"] == "request"
    assert sidecar.status()["results"] == []


def test_no_symlink_leads_out_of_the_shared_directory(start_sidecar, source, shared, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_bytes(b"mine")
    (shared / "link").symlink_to(outside)
    (shared / "file").symlink_to(outside / "kept")
    sidecar = start_sidecar()
    assert sidecar.update("v1", source.put("/a", V2), path="link/kept").status == 400
    assert sidecar.update("v1", source.url("/a"), path="file").status == 200
    assert (outside / "kept").read_bytes() == b"mine"
    assert (shared / "file").read_bytes() == V2


def test_no_matching_process_is_a_failed_trigger_and_the_old_content_comes_back(source, start_sidecar, shared):
    (shared / "index.html").write_bytes(b"V1")
    sidecar = start_sidecar(signal={"processName": "no such game", "signalName": "HUP", "waitSeconds": 0.1}, loadPatchType="signal")
    answer = sidecar.update("v2", source.put("/index.html", V2))
    assert answer.status == 500
    assert answer.json["stage"] == "trigger"
    assert answer.json["result"] == "Failed"
    assert "shareProcessNamespace" in answer.json["message"]
    assert "no such game" in answer.json["message"]
    assert (shared / "index.html").read_bytes() == b"V1"
    assert sidecar.update("v2", source.url("/index.html"), path="new").status == 500
    assert not (shared / "new").exists()


def test_a_symlink_comes_back_when_the_update_fails(source, start_sidecar, shared):
    (shared / "v1.html").write_bytes(b"V1")
    (shared / "index.html").symlink_to("v1.html")
    sidecar = start_sidecar(signal={"processName": "no such game", "signalName": "HUP", "waitSeconds": 0.1}, loadPatchType="signal")
    answer = sidecar.update("v2", source.put("/index.html", V2))
    assert answer.status == 500, answer
    assert "the symlink that was there before is back" in answer.json["message"], answer
    assert os.readlink(shared / "index.html") == "v1.html"
    assert (shared / "v1.html").read_bytes() == b"V1"
    assert not list((shared / ".okg-sidecar/kept").iterdir())
    assert not list((shared / ".okg-sidecar/staging").iterdir())


def test_a_game_that_does_not_handle_the_signal_is_not_ended_by_it(things, tmp_path, source, start_sidecar):
    things.append(SignalCounter(tmp_path / "other", signal.SIGUSR2))
    answer = start_sidecar(things[-1], signal={"waitSeconds": 0.1}).update("v2", source.put("/a", V2))
    assert answer.status == 500, answer
    assert "does not handle SIGUSR1" in answer.json["message"], answer
    assert things[1].process.poll() is None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_a_game_of_another_user_needs_kill_and_the_answer_says_so(things, game, source, start_sidecar, shared, tmp_path):
    import sidecar as module

    os.chmod(shared, 0o777)
    let_in(tmp_path)
    running = start_sidecar(game)
    running.stop()
    for path in sorted((shared / ".okg-sidecar").rglob("*")) + [shared / ".okg-sidecar", running.config_file]:
        os.chown(path, USER, USER)
    copy = tmp_path / "okg-sidecar"
    copy.write_bytes(module.BINARY.read_bytes())
    copy.chmod(0o755)
    running.argv = [*AS_USER, str(copy), "--config", str(running.config_file)]
    running.start()
    answer = running.update("v2", source.put("/a", V2))
    assert answer.status == 500, answer
    assert answer.json["stage"] == "trigger", answer
    assert "KILL" in answer.json["message"]
    assert "same user" in answer.json["message"]
    assert not (shared / "a").exists()
    assert game.count() == 0


def test_modes_do_not_depend_on_the_umask(source, start_sidecar, shared):
    old = os.umask(0o077)
    try:
        sidecar = start_sidecar(fileMode="0640")
    finally:
        os.umask(old)
    assert sidecar.update("v1", source.put("/a", V2), path="d/e/a").status == 200
    assert stat.S_IMODE((shared / "d/e/a").stat().st_mode) == 0o640
    assert stat.S_IMODE((shared / "d/e").stat().st_mode) == 0o755
    assert stat.S_IMODE((shared / ".okg-sidecar").stat().st_mode) == 0o700


def test_a_restart_of_the_sidecar_fetches_and_signals_nothing(game, source, start_sidecar):
    sidecar = start_sidecar(game)
    sidecar.update("v2", source.put("/index.html", V2))
    game.wait_for(1)
    assert sidecar.stop() == 0
    sidecar.start()
    assert sidecar.status()["live"]["index.html"]["version"] == "v2"
    assert sidecar.stop() == 0
    assert len(source.requests) == 1
    assert game.count() == 1


def test_a_file_that_got_lost_comes_back_at_the_next_start(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    sidecar.update("v2", source.put("/index.html", V2))
    sidecar.kill()
    (shared / "index.html").unlink()
    sidecar.start()
    assert (shared / "index.html").read_bytes() == V2
    game.wait_for(2)


@pytest.mark.parametrize("path", ["../stolen", "maps/../../stolen", "/tmp/okg-stolen", ".okg-sidecar/journal"])
def test_a_stored_entry_does_not_lead_out_of_the_shared_directory(source, start_sidecar, shared, path):
    sidecar = start_sidecar()
    url = source.put("/a", V2)
    sidecar.update("v1", url, path="a")
    sidecar.stop()
    result = shared / ".okg-sidecar" / "result.json"
    stored = result.read_text()
    assert '"a":' in stored
    result.write_text(stored.replace('"a":', f'"{path}":'))
    journal = (shared / ".okg-sidecar" / "journal").read_bytes()
    before = len(source.requests)
    sidecar.start()  # until it is ready: such an entry holds up nothing
    (ignored,) = wait_until(lambda: sidecar.status().get("ignored"), what="the entry is refused")
    assert ignored["path"] == path, ignored
    assert ignored["reason"] in ("InvalidField", "PathBlocked"), ignored
    assert not (shared.parent / "stolen").exists()
    assert not os.path.exists("/tmp/okg-stolen")
    assert (shared / ".okg-sidecar" / "journal").read_bytes().startswith(journal)
    assert len(source.requests) == before


def test_fifty_updates_under_a_hammering_reader_never_show_a_part(nginx, source, start_sidecar, shared):
    pages = [b"<html>" + letter * 300_000 + b"</html>" for letter in (b"1", b"2")]
    (shared / "index.html").write_bytes(pages[0])
    urls = [source.put(f"/v{i}/index.html", page) for i, page in enumerate(pages)]
    sidecar = start_sidecar(nginx)
    stop, wrong, reads = threading.Event(), [], [0]

    def read():
        while not stop.is_set():
            try:
                page = nginx.get()
            except (OSError, urllib.error.URLError) as error:
                page = repr(error).encode()
            reads[0] += 1
            if page not in pages:
                wrong.append(page[:80])

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for i in range(50):
        answer = sidecar.update(f"v{i}", urls[i % 2])
        assert answer.status == 200, answer
    stop.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert reads[0] > 50
    assert len(list((shared / ".okg-sidecar" / "kept").iterdir())) == 2


@pytest.mark.skipif(SANITIZED, reason="sanitizers account memory of their own")
def test_memory_stays_flat_during_300_mb(nginx, things, start_sidecar, shared, tmp_path):
    from game import Nginx

    size = 300 * 1000 * 1000
    files = tmp_path / "files"
    files.mkdir()
    with open(files / "big.bin", "wb") as file:
        block = os.urandom(1 << 20)
        while file.tell() < size:
            file.write(block)
        file.truncate(size)
    things.append(Nginx(tmp_path / "server", files))
    server = things[-1]
    sidecar = start_sidecar(nginx)
    assert sidecar.update("v0", f"http://127.0.0.1:{nginx.port}/index.html", path="small").status == 200
    idle, most, done = sidecar.rss_anon_kib(), [0], threading.Event()

    def sample():
        while not done.is_set():
            most[0] = max(most[0], sidecar.rss_anon_kib())
            time.sleep(0.005)

    sampler = threading.Thread(target=sample)
    sampler.start()
    answer = sidecar.update("v1", f"http://127.0.0.1:{server.port}/big.bin", timeout=300)
    done.set()
    sampler.join()
    assert answer.status == 200, answer
    assert answer.json["bytes"] == size, answer
    digest = hashlib.sha256()
    with open(shared / "big.bin", "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    assert answer.json["sha256"] == digest.hexdigest()
    assert most[0] - idle <= 4 * 1024, f"{idle} KiB idle, {most[0]} KiB at most"
