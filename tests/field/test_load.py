"""More than it should get: many clients, slow ones, big requests. Every limit is a key, and is tried at its edge."""

import contextlib
import json
import pathlib
import re
import threading
import time
import urllib.parse

import pytest
from raw_http import Line, ask
from sidecar import SANITIZED, request
from waiting import wait_until

STATUS = b"GET /hot-update HTTP/1.1\r\nHost: a\r\n\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


def fill_status(sidecar, source, updates=20):
    """Makes the answer of GET /hot-update about 300 KB."""
    for number in range(updates):
        url = source.put(f"/{'d' * 200}/" + f"{'e' * 250}/" * 28 + f"{number}", b"x")
        assert sidecar.update(f"v{number}", url, path=f"{number}.json").status == 200
    assert len(sidecar.get("/hot-update").body) > 200_000


def health_ms(sidecar):
    begun = time.monotonic()
    assert sidecar.get("/healthz").status == 200
    return (time.monotonic() - begun) * 1000


@pytest.mark.alone
def test_272_clients_that_ask_for_status_and_do_not_read_cost_no_copies_and_keep_nobody_out(
    start_sidecar, source, lines
):
    sidecar = start_sidecar(host={"http": {"maxConnectionsPerPeer": 272}})
    fill_status(sidecar, source)
    before = sidecar.rss_anon_kib()
    for _ in range(272):
        lines(sidecar.port, receive_buffer=4096).send(STATUS)
    assert health_ms(sidecar) < 1000
    if not SANITIZED:
        assert sidecar.rss_anon_kib() - before < 16 * 1024
    assert sidecar.update("v99", source.put("/new", b"new"), timeout=20).status == 200


def test_a_client_that_does_not_read_makes_room_before_one_that_waits(start_sidecar, source, lines):
    sidecar = start_sidecar(host={"http": {"maxConnections": 2}})
    fill_status(sidecar, source)
    idle = lines(sidecar.port)
    idle.send(HEALTH)
    assert idle.answer()[0] == 200
    slow = lines(sidecar.port, receive_buffer=4096)
    slow.send(STATUS * 3)
    slow.socket.recv(1)  # its answer is on its way
    time.sleep(1.2)  # a client is slow once nothing has gone out for a second
    assert ask(sidecar.port, HEALTH)[0] == 200
    idle.send(HEALTH)
    assert idle.answer()[0] == 200


def test_one_peer_beyond_its_limit_only_loses_connections_of_its_own(start_sidecar, lines):
    sidecar = start_sidecar(host={"http": {"maxConnectionsPerPeer": 3}})
    other = lines(sidecar.port, source_address="127.0.0.2")
    own = [lines(sidecar.port, source_address="127.0.0.3") for _ in range(4)]
    assert own[0].is_ended()  # the one that had waited longest
    for line in [*own[1:], other]:
        line.send(HEALTH)
        assert line.answer()[0] == 200


def test_a_peer_with_all_its_connections_busy_gets_503_and_others_are_served(start_sidecar, source, lines):
    sidecar = start_sidecar(host={"http": {"maxConnectionsPerPeer": 2}})
    gate, url = source_gate(source)
    body = urllib.parse.urlencode({"version": "v1", "url": url}).encode()
    head = b"POST /hot-update HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    busy = [lines(sidecar.port, source_address="127.0.0.3") for _ in range(2)]
    for line in busy:
        line.send(head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    wait_until(lambda: len(sidecar.status()["queued"]) == 1, what="both are busy")
    third = lines(sidecar.port, source_address="127.0.0.3")
    third.send(HEALTH)
    status, head, answer = third.answer()
    assert status == 503
    assert b"maxConnectionsPerPeer" in answer
    assert json.loads(answer)["reason"] == "TooManyConnections"
    assert any(line.startswith("Retry-After:") for line in head)
    assert health_ms(sidecar) < 1000
    gate.open.set()
    assert [line.answer()[0] for line in busy] == [200, 200]


def source_gate(source, path="/gated"):
    from source import gated

    return gated(source, path)


def test_at_max_connections_the_longest_idle_one_makes_room(start_sidecar, lines):
    sidecar = start_sidecar(host={"http": {"maxConnections": 3}})
    held = [lines(sidecar.port) for _ in range(3)]
    for line in held:
        line.send(HEALTH)
        assert line.answer()[0] == 200
    one_more = lines(sidecar.port)
    one_more.send(HEALTH)
    assert one_more.answer()[0] == 200
    assert held[0].is_ended()
    for line in held[1:]:
        line.send(HEALTH)
        assert line.answer()[0] == 200


def with_header_of(size):
    """A request whose head has exactly that many bytes."""
    head = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n"
    return head % (b"x" * (size - len(head) + 2))


@pytest.mark.parametrize("size, status", [(2048, 200), (2049, 431)])
def test_max_header_bytes_at_its_edge(start_sidecar, size, status):
    sidecar = start_sidecar(host={"http": {"maxHeaderBytes": "2Ki"}})
    assert ask(sidecar.port, with_header_of(size))[0] == status


def test_trailers_count_as_headers(start_sidecar):
    sidecar = start_sidecar(host={"http": {"maxHeaderBytes": "2Ki"}})
    head = b"POST /hot-update HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    assert ask(sidecar.port, head + b"X: y\r\n" * 2000 + b"\r\n")[0] == 431


@pytest.mark.parametrize("size, status", [(1024, 400), (1025, 413)])
def test_max_body_bytes_at_its_edge(start_sidecar, size, status):
    sidecar = start_sidecar(host={"http": {"maxBodyBytes": "1Ki"}})
    body = b"version=".ljust(size, b"v")  # too long a version: 400 shows that the body was read
    answer = request(sidecar.base + "/hot-update", "POST", body)
    assert answer.status == status, answer


@pytest.mark.parametrize("key, sent", [("idleSeconds", HEALTH), ("requestSeconds", b"GET /he")])
def test_how_long_a_client_may_wait_is_a_key(start_sidecar, lines, key, sent):
    sidecar = start_sidecar(host={"http": {key: 1}})
    line = lines(sidecar.port)
    line.send(sent)
    begun = time.monotonic()
    assert line.answer()[0] == (200 if key == "idleSeconds" else 408)
    assert line.is_ended(seconds=8)
    assert 0.8 < time.monotonic() - begun < 6


def is_served(sidecar, line):
    """Whether the server's end of a connection is open, which a client that does not read cannot see.
    @source proc(5), /proc/net/tcp: state 01 is established"""
    ends = [f"{port:04X}" for port in (sidecar.port, line.socket.getsockname()[1])]
    rows = [row.split() for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return any([row[1][-4:], row[2][-4:], row[3]] == [*ends, "01"] for row in rows)


def test_how_long_an_answer_may_take_to_go_out_is_a_key(start_sidecar, source, lines):
    sidecar = start_sidecar(host={"http": {"responseSeconds": 1}})
    fill_status(sidecar, source)
    slow = lines(sidecar.port, receive_buffer=4096)
    slow.send(STATUS * 3)
    wait_until(lambda: not is_served(sidecar, slow), what="the server ends the connection", timeout=5)
    received = b""
    with contextlib.suppress(ConnectionError):
        while part := slow.socket.recv(1 << 20):
            received += part
    assert len(received) < 3 * 200_000  # it was ended on the way


def timer_seconds(pid):
    """What the server's timer is set to. @source proc_pid_fdinfo(5), timerfd: it_value is what remains"""
    files = [entry.read_text() for entry in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir()]
    found = [re.search(r"^it_value: \((\d+),", text, re.M) for text in files]
    return max(int(each.group(1)) for each in found if each)


def test_an_idle_connection_lives_longer_than_load_balancers_keep_one(start_sidecar, lines):
    sidecar = start_sidecar()
    line = lines(sidecar.port)
    line.send(HEALTH)
    assert line.answer()[0] == 200
    # The timer is set again when what it was set to before, 10 s for a request, has passed.
    wait_until(lambda: 60 < timer_seconds(sidecar.process.pid) <= 75, what="the connection has 75 s")


@pytest.mark.parametrize(
    "keys",
    [
        {"maxConnections": 0},
        {"maxConnectionsPerPeer": 0},
        {"maxHeaderBytes": "100"},
        {"maxBodyBytes": 0},
        {"idleSeconds": 0},
        {"maxConnection": 5},
    ],
)
def test_a_limit_that_cannot_work_is_a_mistake_in_the_configuration(tmp_path, keys):
    import subprocess

    import yaml
    from sidecar import BINARY

    file = tmp_path / "config.yaml"
    plugin = {"name": "hot_update", "config": {"loadPatchType": "none", "storageConfig": {"type": "Local"}}}
    file.write_text(yaml.safe_dump({"plugins": [plugin], "http": keys}))
    done = subprocess.run([str(BINARY), "--config", str(file)], capture_output=True, timeout=20)
    assert done.returncode == 64
    assert f"http.{next(iter(keys))}".encode() in done.stderr


@pytest.mark.parametrize("queued, status", [(2, 200), (3, 429)])
def test_max_queued_at_its_edge(start_sidecar, source, queued, status):
    sidecar = start_sidecar(maxQueued=2)
    gate, url = source_gate(source)
    answers = []
    fields = {"wait": "false"}
    assert sidecar.update("v0", url, **fields).status == 202
    assert gate.reached.wait(20)
    for number in range(queued):
        answers.append(sidecar.update(f"v{number}", url, **fields))
    assert [answer.status for answer in answers[:2]] == [202, 202]
    if status == 429:
        assert answers[2].status == 429
        assert "maxQueued" in answers[2].json["message"]
        assert answers[2].headers["Retry-After"]
    gate.open.set()


def test_max_paths_at_its_edge(start_sidecar, source):
    sidecar = start_sidecar(maxPaths=3)
    url = source.put("/a", b"x")
    gate, gated = source_gate(source)
    assert sidecar.update("v1", url, path="1").status == 200
    assert sidecar.update("v1", gated, path="2", wait="false").status == 202
    assert sidecar.update("v1", url, path="3", wait="false").status == 202
    refused = sidecar.update("v1", url, path="4")
    assert refused.status == 400, refused
    assert "maxPaths" in refused.json["message"]
    assert refused.json["reason"] == "TooManyPaths", refused
    gate.open.set()
    assert sidecar.update("v2", url, path="3").status == 200  # it is there already


def test_17_updates_that_trickle_do_not_keep_the_next_one_out_for_hours(start_sidecar, source):
    sidecar = start_sidecar(maxUpdateSeconds=1)
    trickling = threading.Event()

    def trickle(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not trickling.wait(0.2):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    from source import Answer

    source.answers["/slow"] = Answer(handler=trickle)
    try:
        for number in range(17):
            answer = sidecar.update(f"v{number}", source.url("/slow"), path=f"{number}", wait="false")
            assert answer.status == 202, answer
        good = source.put("/good", b"good")
        begun = time.monotonic()
        wait_until(lambda: sidecar.update("v99", good, wait="false").status == 202, what="a place in the queue")
        assert time.monotonic() - begun < 10
        wait_until(lambda: any(r["version"] == "v99" for r in sidecar.status()["results"]), what="its turn")
        results = {result["version"]: result for result in sidecar.status()["results"]}
        assert results["v99"]["result"] == "Succeeded"
        assert "maxUpdateSeconds" in results["v1"]["message"]
        assert results["v1"]["reason"] == "UpdateTimeout"
    finally:
        trickling.set()


def test_an_update_that_nobody_waits_behind_may_take_longer_than_max_update_seconds(start_sidecar, source):
    sidecar = start_sidecar(maxUpdateSeconds=1)
    gate, url = source_gate(source)
    timer = threading.Timer(2.5, gate.open.set)
    timer.start()
    answer = sidecar.update("v1", url)
    timer.join()
    assert answer.json["result"] == "Succeeded"


def test_a_thousand_pipelined_calls_are_answered_in_order(start_sidecar, lines):
    sidecar = start_sidecar()
    line = lines(sidecar.port)
    line.send(HEALTH * 1000)
    for _ in range(1000):
        assert json.loads(line.answer()[2]) == {"status": "ok"}


def test_clients_that_ask_for_metrics_and_do_not_read_keep_nobody_out(start_sidecar, lines):
    sidecar = start_sidecar(host={"http": {"maxConnections": 8}})
    for _ in range(24):
        lines(sidecar.port, receive_buffer=4096).send(b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" * 200)
    assert health_ms(sidecar) < 2000


def test_a_body_that_stops_half_way_is_408(start_sidecar, lines):
    sidecar = start_sidecar(host={"http": {"requestSeconds": 1}})
    line = lines(sidecar.port)
    line.send(b"POST /hot-update HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nversion=v1")
    status, _, answer = line.answer()
    assert status == 408
    assert json.loads(answer)["reason"] == "RequestTimeout"
    assert line.is_ended()


def test_clients_that_reset_their_connections_leave_nothing_behind(start_sidecar):
    import socket
    import struct

    sidecar = start_sidecar()
    descriptors = pathlib.Path(f"/proc/{sidecar.process.pid}/fd")
    sidecar.get("/healthz")
    before = len(list(descriptors.iterdir()))
    for _ in range(300):
        with Line(sidecar.port) as line:
            line.send(STATUS[: len(STATUS) // 2])
            line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: len(list(descriptors.iterdir())) <= before + 1, what="all are closed")
    assert sidecar.get("/healthz").status == 200
