"""Every way in which a source fails, by a real one: what the operator is told, and that the live file stays."""

import datetime
import gzip
import json
import os
import re
import socket
import subprocess
import threading
import time

import pytest

from certificates import Authority
from downloads import QUICK, check, fetch, serve  # noqa: F401
from raw_server import head, reset, send, stay_silent
from sidecar import BINARY, Sidecar
from source import Answer
from waiting import free_ports, wait_until

BODY = os.urandom(300_000)


# Nobody there.


def test_refused(fetch):
    [port] = free_ports(1)
    check(fetch(f"http://127.0.0.1:{port}/file"), 502, "onnect", f":{port}", "attempt 2 of 2", reason="SourceUnreachable")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to make a network")
def test_unreachable(things, tmp_path, shared):
    """A route that says so, in a network of the test's own: the sidecar and its caller are in it."""
    (shared / "file").write_bytes(b"old")
    network = f"okg-faults-{os.getpid()}"
    inside = ["ip", "netns", "exec", network]
    subprocess.run(["ip", "netns", "add", network], check=True)
    try:
        subprocess.run([*inside, "ip", "link", "set", "lo", "up"], check=True)
        subprocess.run([*inside, "ip", "route", "add", "unreachable", "10.255.0.0/16"], check=True)
        config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": {"type": "Local"}, "download": QUICK}
        folder = tmp_path / "sidecar"
        argv = [*inside, str(BINARY), "--config", str(folder / "config.yaml")]
        sidecar = Sidecar(folder, config, argv=argv, wait_ready=False)
        curl = [*inside, "curl", "-s", "--max-time", "60"]
        wait_until(lambda: subprocess.run([*curl, "--fail", sidecar.base + "/readyz"], capture_output=True).returncode == 0, "ready")
        asked = [*curl, "-d", "version=v2&url=http://10.255.0.1/file", sidecar.base + "/hot-update"]
        answer = json.loads(subprocess.run(asked, check=True, capture_output=True).stdout)
        sidecar.stop()
    finally:
        subprocess.run(["ip", "netns", "del", network], check=True)
    assert answer["stage"] == "fetch", answer
    assert "10.255.0.1" in answer["message"], answer
    assert "attempt 2 of 2" in answer["message"], answer
    assert (shared / "file").read_bytes() == b"old", answer


def test_a_connection_that_nobody_accepts(fetch):
    """A full backlog: the kernel drops what else comes, as a host that is gone would."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        fillers = []
        for _ in range(8):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
            fillers.append(filler)
        begun = time.monotonic()
        check(fetch(f"http://127.0.0.1:{port}/file", retries=0), 504, f"{port}", "onnect", reason="SourceTimeout")
        assert time.monotonic() - begun < 10
        for filler in fillers:
            filler.close()


def test_a_name_that_is_not_found(fetch):
    check(fetch("http://nobody.invalid/file", retries=0), 502, "resolve", "nobody.invalid", reason="SourceUnreachable")


# TLS.


@pytest.mark.parametrize("fault", ["wrong host", "expired", "unknown authority"])
def test_a_certificate_that_does_not_verify_fails_at_once(fetch, serve, tmp_path, fault):
    ours, other = Authority(tmp_path), Authority(tmp_path, "other")
    context = {
        "wrong host": lambda: ours.server("server", host="DNS:elsewhere.example"),
        "expired": lambda: ours.server("server", days=-1),
        "unknown authority": lambda: other.server("server"),
    }[fault]()
    server = serve(send(head(Content_Length=3), b"new"), context=context)
    word = {"wrong host": "127.0.0.1", "expired": "expired", "unknown authority": "issuer"}[fault]
    answer = fetch(server.url(), caFile=str(ours.certificate))
    check(answer, 502, word, str(ours.certificate), reason="SourceTls")
    assert "attempt" not in answer.json["message"]
    assert not server.heads


def test_a_certificate_of_the_authority_in_ca_file_is_taken(fetch, serve, tmp_path, shared):
    ours = Authority(tmp_path)
    server = serve(send(head(Content_Length=3), b"new"), context=ours.server("server"))
    check(fetch(server.url(), caFile=str(ours.certificate)), 200)
    assert (shared / "file").read_bytes() == b"new"


def test_a_handshake_that_is_cut_is_tried_again(fetch, things):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        count = []

        def hang_up():
            for _ in range(2):
                connection, _ = listener.accept()
                connection.recv(10)
                count.append(1)
                reset(connection)
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        check(fetch(f"https://127.0.0.1:{listener.getsockname()[1]}/file"), 502, "attempt 2 of 2", reason="SourceTls")
        assert len(count) == 2


# Redirects.


def test_a_redirect_loop(fetch, source):
    source.answers["/loop"] = Answer(status=301, headers={"Location": "/loop"})
    check(fetch(source.url("/loop"), maxRedirects=3), 502, "redirect", reason="SourceError")
    assert len(source.requests) == 4


def test_a_redirect_from_https_to_http_is_refused(fetch, serve, source, tmp_path):
    ours = Authority(tmp_path)
    to = source.put("/file", b"new")
    server = serve(send(head("302 Found", Location=to, Content_Length=0)), context=ours.server("server"))
    check(fetch(server.url(), caFile=str(ours.certificate)), 502, "https never redirects to http", reason="SourceError")
    assert len(server.heads) == 1
    assert not source.requests


# Statuses.


@pytest.mark.parametrize("status, word, reason", [
    (401, "credentials", "SourceUnauthorized"), (403, "credentials", "SourceUnauthorized"), (404, "check the URL", "SourceNotFound"),
    (410, "check the URL", "SourceNotFound")])
def test_a_permanent_status_fails_at_once(fetch, source, status, word, reason):
    check(fetch(source.put("/file", b"error page", status=status)), 502, f"answered {status}", word, reason=reason)
    assert len(source.requests) == 1


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_transient_status_is_retried_up_to_retries(fetch, source, status):
    check(fetch(source.put("/file", b"", status=status), retries=2), 502, f"answered {status}", "attempt 3 of 3", reason="SourceError")
    assert len(source.requests) == 3


def test_503_and_then_200(fetch, source, shared):
    source.answers["/file"] = [Answer(status=503), Answer(b"new")]
    check(fetch(source.url("/file")), 200)
    assert (shared / "file").read_bytes() == b"new"


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_kept_to(fetch, serve, form):
    times = []

    def busy(connection, _):
        times.append(time.monotonic())
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
        value = "2" if form == "seconds" else later.strftime("%a, %d %b %Y %H:%M:%S GMT")
        connection.sendall(head("429 Too Many Requests", Retry_After=value, Content_Length=0, Connection="close"))

    def ready(connection, _):
        times.append(time.monotonic())
        connection.sendall(head(Content_Length=3, Connection="close") + b"new")

    check(fetch(serve(busy, ready).url()), 200)
    # A date has whole seconds: two of the three are left at least.
    assert 1.9 <= times[1] - times[0] <= 6, times


def test_a_retry_after_beyond_the_time_limit_fails_at_once_and_says_so(fetch, source):
    source.answers["/file"] = Answer(status=429, headers={"Retry-After": "3600"})
    begun = time.monotonic()
    check(fetch(source.url("/file")), 502, "429", "left alone for 60 s")
    assert time.monotonic() - begun < 5
    assert len(source.requests) == 1


def test_a_long_retry_after_is_capped_at_a_minute(start_sidecar, source):
    source.answers["/file"] = Answer(status=429, headers={"Retry-After": "86400"})
    sidecar = start_sidecar(download={"timeoutSeconds": 600})
    sidecar.update("v2", source.url("/file"), wait="false")
    wait_until(lambda: "pauseMs=60000" in sidecar.log(), what="the pause is told")


# Bodies.


def test_a_body_shorter_than_announced(fetch, serve):
    server = serve(send(head(Content_Length=10, Connection="close"), b"short"))
    check(fetch(server.url()), 502, "5 bytes", "attempt 2 of 2", reason="SourceIncomplete")
    assert len(server.heads) == 2


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize("size", [5, 300_000])
def test_a_body_longer_than_announced(fetch, serve, size, connection):
    body = b"x" * size
    server = serve(send(head(Content_Length=size, Connection=connection) + body + b"more"), send(head(Content_Length=5) + b"right"))
    check(fetch(server.url(), retries=0), 502, f"the {size} bytes of its Content-Length", reason="SourceIncomplete")


def test_a_body_longer_than_announced_is_tried_again(fetch, serve, shared):
    server = serve(send(head(Content_Length=3) + b"newer"), send(head(Content_Length=3) + b"new"))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == b"new"
    assert len(server.heads) == 2


def cut_in_the_middle(**headers):
    return send(head(Content_Length=len(BODY), **headers) + BODY[: len(BODY) // 2])


def test_a_cut_connection_is_resumed(fetch, serve, shared):
    def rest(connection, request):
        begin = int(re.search(r"Range: bytes=(\d+)-\r\n", request).group(1))
        assert 'If-Range: "one"' in request
        assert 0 < begin <= len(BODY) // 2
        connection.sendall(head("206 Partial Content", Content_Length=len(BODY) - begin,
                                Content_Range=f"bytes {begin}-{len(BODY) - 1}/{len(BODY)}") + BODY[begin:])

    server = serve(cut_in_the_middle(ETag='"one"'), rest)
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == BODY
    assert len(server.heads) == 2


@pytest.mark.parametrize("why", ["the source changed", "the source knows no Range"])
def test_a_cut_download_is_begun_again(fetch, serve, shared, why):
    other = os.urandom(1000) if why == "the source changed" else BODY
    server = serve(cut_in_the_middle(ETag='"one"'), send(head(ETag='"two"', Content_Length=len(other)) + other))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == other
    assert "Range: bytes=" in server.heads[1]


def test_a_source_that_changes_between_retries_is_never_mixed(fetch, serve, shared):
    """It answers a Range of the old content with a part of the new one; without a mark it is not even asked for a part."""
    new = os.urandom(len(BODY))
    wrong = send(head("206 Partial Content", Content_Range=f"bytes 7-{len(new) - 1}/{len(new)}", Content_Length=len(new) - 7) + new[7:])
    whole = send(head(Content_Length=len(new)) + new)
    server = serve(cut_in_the_middle(ETag='"one"'), wrong, whole)
    check(fetch(server.url(), retries=2), 200)
    assert (shared / "file").read_bytes() == new
    assert "Range:" not in server.heads[2]


@pytest.mark.parametrize("age, resumes", [(0, False), (3600, True)])
def test_a_date_is_a_mark_only_when_it_is_old_enough(fetch, serve, shared, age, resumes):
    now = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)
    form = "%a, %d %b %Y %H:%M:%S GMT"
    marks = {"Date": now.strftime(form), "Last_Modified": (now - datetime.timedelta(seconds=age)).strftime(form)}
    server = serve(cut_in_the_middle(**marks), send(head(Content_Length=len(BODY)) + BODY))
    check(fetch(server.url()), 200)
    assert ("If-Range:" in server.heads[1]) == resumes
    assert (shared / "file").read_bytes() == BODY


def test_an_endless_body_is_cut_at_max_bytes(fetch, serve):
    def endless(connection, _):
        connection.sendall(head())
        while True:
            connection.sendall(bytes(65536))

    server = serve(endless)
    check(fetch(server.url(), maxBytes="4Mi"), 422, "maxBytes", "4", reason="TooLarge")
    assert len(server.heads) == 1


def drip(connection, _):
    connection.sendall(head(Content_Length=1000))
    while True:
        connection.sendall(b"x")
        time.sleep(1)


@pytest.mark.parametrize("script", [drip, send(head(Content_Length=1000), then=stay_silent), send(then=stay_silent),
                                    send(head(Content_Length=200_000) + bytes(100_000), then=stay_silent)],
                         ids=["a byte a second", "silent after the headers", "silent before the headers", "silent after a burst"])
def test_a_stalled_source_is_given_up_after_the_stall_limit(fetch, serve, script):
    server = serve(script)
    answer = fetch(server.url(), stallTimeoutSeconds=2, retries=0)
    check(answer, 504, "16 bytes a second", "2000 ms", reason="SourceTimeout")
    assert 2000 <= answer.json["durationMs"] < 4000, answer
    assert len(server.heads) == 1


def test_a_rate_limit_of_our_own_holds_and_its_pauses_are_no_stall(fetch, source):
    answer = fetch(source.put("/file", bytes(6 << 20)), maxBytesPerSecond="2Mi", stallTimeoutSeconds=0.2, retries=0)
    check(answer, 200)
    assert answer.json["durationMs"] > 1500, answer


def test_a_broken_chunk(fetch, serve):
    server = serve(send(head(Transfer_Encoding="chunked") + b"5\r\nhello\r\nNOT A SIZE\r\n"))
    check(fetch(server.url()), 502, "chunk", "attempt 2 of 2")


def test_gzip_is_stored_as_it_was_sent(fetch, serve, shared):
    packed = gzip.compress(BODY)
    server = serve(send(head(Content_Encoding="gzip", Content_Length=len(packed)) + packed))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == packed
    assert "Accept-Encoding" not in server.heads[0]


def test_an_empty_file_is_refused(fetch, source):
    check(fetch(source.put("/file", b"")), 422, "allowEmpty", reason="EmptyContent")


def test_an_empty_file_is_taken_with_allow_empty(fetch, source, shared):
    check(fetch(source.put("/file", b""), allowEmpty=True), 200)
    assert (shared / "file").read_bytes() == b""
