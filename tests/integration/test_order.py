"""One update at a time, first come first served; callers may go away."""

import socket
import threading
import time

from source import gated
from waiting import wait_until


def test_updates_run_in_the_order_in_which_they_came(game, source, start_sidecar):
    sidecar = start_sidecar(game)
    gate, url = gated(source, "/0")
    assert sidecar.update("v0", url, wait="false").status == 202
    assert gate.reached.wait(20)
    for i in range(1, 6):
        answer = sidecar.update(f"v{i}", source.put(f"/{i}", b"x"), wait="false")
        assert answer.status == 202
        assert answer.json["result"] == "Accepted"
    status = sidecar.status()
    assert status["underWay"]["version"] == "v0"
    assert status["underWay"]["stage"] == "fetch"
    assert [each["version"] for each in status["queued"]] == ["v1", "v2", "v3", "v4", "v5"]
    gate.open.set()
    wait_until(lambda: len(sidecar.status()["results"]) == 6, what="all six ended")
    assert [each["version"] for each in sidecar.status()["results"]] == [f"v{i}" for i in range(6)]
    assert all(each["result"] == "Succeeded" for each in sidecar.status()["results"])


def test_a_full_queue_answers_429_and_health_goes_on(game, source, start_sidecar):
    sidecar = start_sidecar(game, maxQueued=2)
    gate, url = gated(source, "/0")
    sidecar.update("v0", url, wait="false")
    assert gate.reached.wait(20)
    for i in (1, 2):
        assert sidecar.update(f"v{i}", url, wait="false").status == 202
    answer = sidecar.update("v3", url)
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "maxQueued" in answer.json["message"]
    assert sidecar.get("/healthz").status == 200
    gate.open.set()


def test_a_caller_who_hangs_up_does_not_stop_the_update(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    gate, url = gated(source, "/index.html")
    body = f"version=v2&url={url}".encode()
    with socket.create_connection(("127.0.0.1", sidecar.port)) as caller:
        caller.sendall(b"POST /hot-update HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                       + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert gate.reached.wait(20)
    gate.open.set()
    wait_until(lambda: (shared / "index.html").exists(), what="the update went live")
    game.wait_for(1)
    wait_until(lambda: sidecar.status()["results"], what="its result is known")


def test_sigterm_ends_a_download_answers_its_caller_and_exits_0(game, source, start_sidecar, shared):
    (shared / "index.html").write_bytes(b"V1")
    sidecar = start_sidecar(game)
    gate, url = gated(source, "/index.html")
    answers = []
    callers = [threading.Thread(target=lambda: answers.append(sidecar.update("v2", url))) for _ in range(3)]
    for caller in callers:
        caller.start()
    assert gate.reached.wait(20)
    wait_until(lambda: len(sidecar.status()["queued"]) == 2, what="the others are queued")
    begun = time.monotonic()
    assert sidecar.stop() == 0
    assert time.monotonic() - begun < 10
    for caller in callers:
        caller.join()
    gate.open.set()
    assert [answer.status for answer in answers] == [503, 503, 503], answers
    assert (shared / "index.html").read_bytes() == b"V1"
    assert game.count() == 0
    assert not list((shared / ".okg-sidecar" / "staging").iterdir())
    sidecar.start()
    assert sidecar.status()["results"][-1]["result"] == "Failed"
