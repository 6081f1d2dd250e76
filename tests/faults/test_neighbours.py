"""Bad neighbours: health answers stay quick, an honest update goes through, memory stays bounded."""

import contextlib
import os
import resource
import socket
import threading
import time

import pytest

from certificates import Authority
from raw_server import RawServer, stay_silent
from sidecar import SANITIZED
from source import Answer
from waiting import wait_until

HEALTH_SECONDS = 0.1
MOST_GROWTH_KIB = 8 * 1024  # of private memory, whatever the neighbours do
POST = b"POST /hot-update HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(autouse=True)
def many_descriptors():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, before[1]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def health_seconds(sidecar):
    """One call on a connection of its own."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", sidecar.port), 10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return time.monotonic() - begun


def check_health(sidecar):
    """The machine may be busy with other things: of five rounds of 40 calls the best one counts whole, of all calls 19 in 20."""
    rounds = [[health_seconds(sidecar) for _ in range(40)] for _ in range(5)]
    calls = sorted(call for each in rounds for call in each)
    best, most = min(max(each) for each in rounds), calls[len(calls) * 19 // 20]
    print(f"health: best round's slowest {best * 1000:.1f} ms, 95% {most * 1000:.1f} ms, slowest {calls[-1] * 1000:.1f} ms")
    assert best < HEALTH_SECONDS, f"{best} {most}"
    assert most < HEALTH_SECONDS * (5 if SANITIZED else 1), f"{best} {most}"


class Watched:
    """The most private memory a sidecar has while this is on, above what it had before."""

    def __init__(self, sidecar):
        self.sidecar = sidecar

    def __enter__(self):
        self.idle, self.most, self.done = self.sidecar.rss_anon_kib(), 0, threading.Event()
        self.thread = threading.Thread(target=self._sample)
        self.thread.start()
        return self

    def _sample(self):
        while not self.done.wait(0.01):
            self.most = max(self.most, self.sidecar.rss_anon_kib())

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
        growth = self.most - self.idle
        print(f"memory: {self.idle} KiB before, {growth} KiB more at most")
        assert SANITIZED or growth <= MOST_GROWTH_KIB, f"{growth} KiB"


def check_update(sidecar, source, shared):
    content = os.urandom(100_000)
    answer = sidecar.update("honest", source.put("/honest", content))
    assert answer.status == 200, answer
    assert (shared / "honest").read_bytes() == content, answer


@pytest.fixture
def sidecar(game, start_sidecar, source):
    running = start_sidecar(game)
    assert running.update("v0", source.put("/v0", b"v0")).status == 200  # what a first update loads is there
    return running


@contextlib.contextmanager
def connections(sidecar, count):
    opened = []
    try:
        for _ in range(count):
            opened.append(socket.create_connection(("127.0.0.1", sidecar.port), 30))
        yield opened
    finally:
        for each in opened:
            each.close()


@contextlib.contextmanager
def sending(sockets, piece, pause):
    """Sends a piece on each of them, again and again; one that was closed is left alone."""
    done = threading.Event()

    def send():
        alive = list(sockets)
        while alive and not done.is_set():
            for each in list(alive):
                try:
                    each.send(piece)
                except OSError:
                    alive.remove(each)
            done.wait(pause)

    for each in sockets:
        each.settimeout(0.05)
    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_a_thousand_connections_that_send_nothing(sidecar, source, shared):
    with Watched(sidecar), connections(sidecar, 1000):
        check_health(sidecar)
        check_update(sidecar, source, shared)
        check_health(sidecar)


def test_headers_a_byte_a_second(sidecar, source, shared):
    with Watched(sidecar), connections(sidecar, 200) as slow, sending(slow, b"G", 1):
        check_health(sidecar)
        check_update(sidecar, source, shared)
        check_health(sidecar)


@pytest.mark.parametrize("announced", [b"Content-Length: 60000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"], ids=["length", "chunked"])
def test_bodies_that_never_end(sidecar, source, shared, announced):
    piece = b"x" if b"Length" in announced else b"400\r\n" + b"x" * 1024 + b"\r\n"
    with Watched(sidecar), connections(sidecar, 200) as endless:
        for each in endless:
            each.sendall(POST + announced)
        with sending(endless, piece, 0.1):
            check_health(sidecar)
            check_update(sidecar, source, shared)
            check_health(sidecar)


def test_ten_thousand_requests_with_the_queue_full(game, start_sidecar, source, shared):
    gate = threading.Event()
    source.answers["/gated"] = Answer(b"gated", handler=lambda request: (gate.wait(120), request.send_response(404),
                                                                        request.send_header("Content-Length", "0"), request.end_headers()))
    sidecar = start_sidecar(game, maxQueued=4)
    for i in range(5):
        assert sidecar.update(f"v{i}", source.url("/gated"), wait="false").status == 202
        wait_until(lambda: sidecar.status()["underWay"], "the first is under way")
    body = f"version=burst&url={source.url('/gated')}&wait=false".encode()
    call = POST + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    statuses = []

    def burst():
        with socket.create_connection(("127.0.0.1", sidecar.port), 60) as connection, connection.makefile("rb") as answers:
            for _ in range(500):
                connection.sendall(call)
                statuses.append(answers.readline().split()[1])
                length = 0
                while (line := answers.readline().strip()):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                answers.read(length)

    with Watched(sidecar):
        callers = [threading.Thread(target=burst) for _ in range(20)]
        for caller in callers:
            caller.start()
        check_health(sidecar)
        for caller in callers:
            caller.join()
    assert len(statuses) == 10_000, set(statuses)
    assert set(statuses) == {b"429"}, set(statuses)
    gate.set()
    wait_until(lambda: not sidecar.status()["queued"] and not sidecar.status()["underWay"], "the queue is empty")
    check_update(sidecar, source, shared)


def test_an_api_server_that_hangs_for_minutes(game, start_sidecar, source, shared, tmp_path, things):
    account = tmp_path / "account"
    account.mkdir()
    ours = Authority(account, "ca")
    (account / "ca.crt").write_bytes(ours.certificate.read_bytes())
    (account / "token").write_text("token")
    (account / "namespace").write_text("games")
    things.append(RawServer(lambda connection, _: stay_silent(connection), context=ours.server("apiserver")))
    api = things[-1]
    env = {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(api.port), "POD_NAME": "pod", "POD_NAMESPACE": "games"}
    sidecar = start_sidecar(game, env=env, wait_ready=False, more_argv=["--service-account-dir", account],
                            storageConfig={"type": "InKube", "inKube": {"annotationKey": "example.com/result"}})
    wait_until(lambda: api.heads, "the API server is asked")
    with Watched(sidecar):
        check_health(sidecar)
        content = os.urandom(100_000)
        answer = sidecar.update("honest", source.put("/honest", content), wait="false")
        assert answer.status == 202
        wait_until(lambda: sidecar.status()["results"], "it ended", timeout=10)
        assert sidecar.status()["results"][-1]["result"] == "Succeeded"
        assert (shared / "honest").read_bytes() == content
        game.wait_for(1)
        answer = sidecar.update("waits", source.put("/waits", content))
        assert answer.status == 200, answer
        assert answer.json["recorded"] is False, answer
        assert answer.json["recordError"], answer
        check_health(sidecar)
    begun = time.monotonic()
    assert sidecar.stop(40) == 0
    assert time.monotonic() - begun < 25
