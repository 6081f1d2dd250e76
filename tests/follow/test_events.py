"""GET /hot-update/events: a snapshot, what changes, how far downloads are; over interruptions, and not for too many."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.parse

import archives
import pytest
from event_stream import EventStream
from sidecar import SANITIZED, request
from source import Answer, gated
from waiting import free_ports, wait_until

MIB = 1 << 20
# 500 MiB at 60 MB/s, and something that ends sooner.
BYTES, RATE = (500 * MIB, 60_000_000) if os.environ.get("FULL") else (50 * MIB, 16_000_000)
TOKENS = {"deploy": "0123456789abcdef0123456789abcdef", "dashboard": "fedcba9876543210fedcba9876543210"}


@pytest.fixture
def listen(things):
    """listen(sidecar or port, …): an EventStream of it."""

    def listen(to, *argv, **more):
        things.append(EventStream(to if isinstance(to, int) else to.port, *argv, **more))
        return things[-1]

    return listen


class Proxy:
    """A real nginx in front of the sidecar, with the settings that it comes with but for an impatient one."""

    def __init__(self, folder, port):
        folder.mkdir()
        [self.port] = free_ports(1)
        conf = folder / "nginx.conf"
        conf.write_text(f"""
            user root; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
            events {{ worker_connections 64; }}
            http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
              uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
              server {{ listen 127.0.0.1:{self.port}; proxy_read_timeout 2s; location / {{ proxy_pass http://127.0.0.1:{port}; }} }} }}""")
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(["nginx", "-c", str(conf)], stderr=subprocess.DEVNULL)
        wait_until(lambda: request(self.base + "/healthz").status == 200, "nginx answers")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def paced(source, path, size, rate):
    """The source sends `size` bytes at `rate` bytes a second."""

    def handler(answer):
        answer.send_response(200)
        answer.send_header("Content-Length", str(size))
        answer.end_headers()
        piece, began, sent = b"x" * (MIB // 4), time.monotonic(), 0
        while sent < size:
            sent += answer.wfile.write(piece[: size - sent])
            time.sleep(max(0, began + sent / rate - time.monotonic()))

    source.answers[path] = Answer(handler=handler)
    return source.url(path)


def queue(base, version, url, **more):
    body = urllib.parse.urlencode({"version": version, "url": url, "wait": "false", **more}).encode()
    answer = request(base + "/hot-update", "POST", body)
    assert answer.status == 202, answer
    return answer.json["id"]


def stages(events, update):
    """What an update went through: its states and stages in their order."""
    views = [event.json for event in events if event.kind == "update" and event.json["id"] == update]
    return [view.get("result") or (view["state"] if view["state"] == "Queued" else view["stage"]) for view in views]


def test_a_snapshot_and_then_every_change(start_sidecar, source, listen):
    sidecar = start_sidecar()
    first = queue(sidecar.base, "v1", source.put("/1", b"one"))
    sidecar.get(f"/hot-update/updates/{first}?waitSeconds=20")
    gate, url = gated(source, "/2")
    second = queue(sidecar.base, "v2", url)
    assert gate.reached.wait(20)
    stream = listen(sidecar)
    assert (stream.headers["Content-Type"], stream.headers["Cache-Control"]) == ("text/event-stream", "no-store")
    snapshot = stream.wait_for(lambda events: events and events[0])
    assert snapshot.kind == "snapshot"
    assert [(u["id"], u["state"]) for u in snapshot.json["updates"]] == [(first, "Ended"), (second, "InProgress")]
    third = queue(sidecar.base, "v3", source.put("/3", b"three"))
    gate.open.set()
    assert stream.result_of(third)["result"] == "Succeeded"
    done = ["verify", "publish", "record", "Succeeded"]
    assert [each for each in stages(stream.events, second) if each != "trigger"][:4] == done
    assert [each for each in stages(stream.events, third) if each != "trigger"][0] == "Queued"
    assert [each for each in stages(stream.events, third) if each in done][:4] == done
    # Its result is recorded after it has ended, which is a change of its own.
    last = stream.wait_for(lambda events: events[-1].json.get("recorded") and events[-1].json)
    assert last == json.loads(sidecar.get(f"/hot-update/updates/{third}").body)
    numbers = [int(event.id.rpartition("-")[2]) for event in stream.events]
    assert numbers == sorted(set(numbers))


def test_a_queue_that_moves_is_told(start_sidecar, source, listen):
    sidecar = start_sidecar()
    gate, url = gated(source, "/1")
    queue(sidecar.base, "v1", url)
    assert gate.reached.wait(20)
    stream = listen(sidecar)
    second, third = (queue(sidecar.base, version, source.put("/2", b"two")) for version in ("v2", "v3"))
    assert request(f"{sidecar.base}/hot-update/updates/{second}", "DELETE").json["result"] == "Cancelled"
    places = stream.wait_for(lambda events: len([e for e in events if e.kind == "update"]) >= 4 and [
        (e.json["id"], e.json.get("position"), e.json.get("result")) for e in events if e.kind == "update"
    ])
    assert set(places) >= {(second, 1, None), (third, 2, None), (second, None, "Cancelled"), (third, 1, None)}
    gate.open.set()


@pytest.mark.alone
def test_progress_at_most_four_times_a_second(start_sidecar, source, listen):
    sidecar = start_sidecar()
    stream = listen(sidecar)
    update = queue(sidecar.base, "v1", paced(source, "/a", 8 * MIB, 4_000_000))
    stream.result_of(update)
    progress = [event for event in stream.events if event.kind == "progress"]
    seconds = progress[-1].at - progress[0].at
    assert 2 <= len(progress) <= 4 * seconds + 2, (len(progress), seconds)
    done = [event.json["bytesDone"] for event in progress]
    assert done == sorted(done)
    assert {event.json["bytesTotal"] for event in progress if event.json["bytesDone"]} == {8 * MIB}


def test_who_comes_back_gets_what_was_missed(start_sidecar, source, listen):
    sidecar = start_sidecar()
    stream = listen(sidecar)
    stream.wait_for(lambda events: events)
    stream.stop()
    update = queue(sidecar.base, "v1", source.put("/a", b"new"))
    sidecar.get(f"/hot-update/updates/{update}?waitSeconds=20")
    again = listen(sidecar, stream.last_id)
    assert again.result_of(update)["result"] == "Succeeded"
    assert {event.kind for event in again.events} <= {"update", "progress"}
    last = wait_until(lambda: [e for e in again.events if e.json.get("recorded")] and again.last_id)
    nothing_missed = listen(sidecar, last)
    queue(sidecar.base, "v2", source.put("/b", b"new"))
    assert nothing_missed.wait_for(lambda events: events and events[0]).kind == "update"
    sidecar.kill()
    sidecar.start()
    for unknown in (last, "nonsense", "7"):
        assert listen(sidecar, unknown).wait_for(lambda events: events and events[0]).kind == "snapshot"


def test_one_stream_too_many_is_told_when_to_come_back(start_sidecar, listen):
    sidecar = start_sidecar()
    streams = [listen(sidecar) for _ in range(32)]
    answer = sidecar.get("/hot-update/events")
    assert (answer.status, answer.json["reason"], answer.headers["Retry-After"]) == (503, "TooManyStreams", "5")
    assert "okg_hot_update_event_streams 32" in sidecar.get("/metrics").body.decode()
    assert sidecar.status()["ready"]
    streams[0].stop()
    # Before the next comment, which would notice it as well.
    wait_until(lambda: listen(sidecar).status == 200, "a place is free again", timeout=10)


@pytest.mark.alone
def test_streams_end_at_once_when_the_sidecar_stops(start_sidecar, listen):
    sidecar = start_sidecar()
    stream = listen(sidecar)
    stream.wait_for(lambda events: events)
    began = time.monotonic()
    sidecar.process.send_signal(signal.SIGTERM)
    assert stream.wait_for_end() - began < 1
    sidecar.process.wait(20)


def context_switches(pid):
    texts = [(task / "status").read_text() for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]
    return len(texts), sum(int(count) for text in texts for count in re.findall(r"\bvoluntary_ctxt_switches:\s+(\d+)", text))


@pytest.mark.skipif(SANITIZED, reason="ThreadSanitizer has a thread that wakes up")
def test_comments_while_nothing_happens_and_no_wake_up_once_nobody_listens(start_sidecar, listen):
    sidecar = start_sidecar()
    stream = listen(sidecar)
    began = time.monotonic()
    stream.wait_for(lambda _: stream.comments, 30)
    assert time.monotonic() - began > 10
    stream.stop()
    threads = wait_until(lambda: "okg_hot_update_event_streams 0" in sidecar.get("/metrics").body.decode() and context_switches(sidecar.process.pid)[0])

    def sleeps():
        before = context_switches(sidecar.process.pid)
        time.sleep(2)
        return context_switches(sidecar.process.pid) == before

    assert wait_until(sleeps, "no thread wakes up")
    assert context_switches(sidecar.process.pid)[0] <= threads


def test_one_who_does_not_read_holds_nobody_up(start_sidecar, source, listen):
    sidecar = start_sidecar(maxQueued=16)
    stream = listen(sidecar)
    listen(sidecar, reads=False)
    for i in range(20):
        assert sidecar.update(f"v{i}", source.put(f"/{i}", b"x" * i + b"y"), path="a").status == 200
    stream.wait_for(lambda events: [e for e in events if e.kind == "update" and e.json.get("version") == "v19" and "result" in e.json])


def test_who_may_not_read_may_not_listen(start_sidecar, tmp_path, listen):
    folder = tmp_path / "tokens"
    folder.mkdir()
    for name, token in TOKENS.items():
        (folder / name).write_text(token)
    files = [str(folder / name) for name in TOKENS]
    sidecar = start_sidecar(host={"auth": {"tokenFiles": files, "readers": ["token:dashboard"]}})
    answer = sidecar.get("/hot-update/events")
    assert (answer.status, answer.json["reason"]) == (401, "Unauthenticated")
    assert listen(sidecar, headers={"Authorization": "Bearer " + TOKENS["deploy"][:-1] + "x"}).status == 401
    stream = listen(sidecar, headers={"Authorization": "Bearer " + TOKENS["dashboard"]})
    assert stream.wait_for(lambda events: events and events[0]).kind == "snapshot"


@pytest.mark.alone
def test_through_a_proxy_that_waits_for_two_seconds(start_sidecar, source, listen, tmp_path, things, shared):
    """A long download is followed all the way, and one that waits for its source is followed over its interruptions."""
    sidecar = start_sidecar()
    things.append(Proxy(tmp_path / "proxy", sidecar.port))
    proxy = things[-1]
    stream = listen(proxy.port)
    update = queue(proxy.base, "v1", paced(source, "/a", BYTES, RATE))

    def bytes_done():
        return request(f"{proxy.base}/hot-update/updates/{update}?waitSeconds=1").json["bytesDone"]

    polls = [bytes_done() for _ in range(3)]
    assert 0 < polls[0] < polls[1] <= polls[2] <= BYTES, polls
    half = stream.wait_for(lambda events: [e for e in events if e.kind == "progress" and e.json["bytesDone"] >= BYTES / 2])[0]
    assert stream.result_of(update)["result"] == "Succeeded"
    assert len(stream.events) >= 10
    verified = [event.at for event in stream.events if event.kind == "update" and event.json["stage"] == "verify"][0]
    assert (verified - half.at) * 0.7 <= half.json["etaMs"] / 1000 <= (verified - half.at) * 1.3 + 0.1, (half, verified - half.at)
    stream.wait_for_end(10)  # nothing more comes, and the proxy loses patience
    second = queue(proxy.base, "v2", source.put("/b", b"new"))
    assert listen(proxy.port, stream.last_id).result_of(second)["result"] == "Succeeded"


def test_the_files_of_an_archive_are_counted_as_they_are_unpacked(start_sidecar, source, listen):
    sidecar = start_sidecar()
    stream = listen(sidecar)
    files = {f"maps/{i}": b"x" * i for i in range(30)}
    for version, packed in (("v1", archives.tar_zst(files)), ("v2", archives.zipped({**files, "more": b"y"}))):
        update = queue(sidecar.base, version, source.put("/" + version, packed), path="game", format="archive")
        count = stream.result_of(update)["filesTotal"]
        assert count == len(files) + (version == "v2")
        views = [e.json for e in stream.events if e.json.get("id") == update]
        assert not [view for view in views if view.get("stage") == "fetch" and "filesTotal" in view]
        # Once, and again as progress where publishing takes its time.
        assert {(v["filesDone"], v["filesTotal"]) for v in views if v.get("stage") == "publish"} == {(count, count)}


def test_cancelling_what_is_watched(start_sidecar, source, listen, shared):
    sidecar = start_sidecar()
    sidecar.update("v1", source.put("/a", b"old"))
    stream = listen(sidecar)
    update = queue(sidecar.base, "v2", paced(source, "/b", BYTES, 4_000_000), path="a")
    next_one = queue(sidecar.base, "v3", source.put("/c", b"c"))
    stream.wait_for(lambda events: [e for e in events if e.kind == "progress" and e.json["bytesDone"] > MIB])
    began = time.monotonic()
    assert request(f"{sidecar.base}/hot-update/updates/{update}", "DELETE").json["result"] == "Cancelled"
    assert time.monotonic() - began < 1
    assert stream.result_of(update)["reason"] == "Cancelled"
    assert (shared / "a").read_bytes() == b"old"
    assert stream.result_of(next_one)["result"] == "Succeeded"
    assert list((shared / ".okg-sidecar/staging").iterdir()) == []
