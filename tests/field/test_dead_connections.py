"""Connections that are open and dead: nothing comes on them any more, while new ones work."""

import os
import threading
import time

import pytest

from certificates import Authority
from downloads import check, fetch, serve, whole  # noqa: F401
from kube_stub import KubeStub
from raw_server import head, send, stay_silent
from relay import Relay
from scripted_source import Http2Source

BODY = os.urandom(100_000)


@pytest.fixture
def secure(tmp_path):
    ours = Authority(tmp_path)
    return ours.server("server"), {"caFile": str(ours.certificate)}


def test_an_http2_source_whose_kept_connection_falls_silent_is_asked_over_a_new_one(fetch, things, secure):
    context, trust = secure
    source = Http2Source(context, lambda exchange: exchange.answer(BODY))
    relay = Relay(source.port)
    things.extend([source, relay])
    url = f"https://127.0.0.1:{relay.port}/file"
    answer = fetch(url, **trust)
    check(answer, 200)
    relay.silence()
    answer = answer.sidecar.update("v3", url, path="file")
    check(answer, 200)
    assert relay.accepted == 2, answer
    assert answer.json["durationMs"] < 4000, answer


def test_an_http2_stream_that_falls_silent_in_the_middle_goes_on_over_a_new_connection(fetch, things, secure, shared):
    def half(exchange):
        exchange.head(content_length=len(BODY), etag='"a"')
        exchange.body(BODY[:50_000], end=False)
        exchange.fall_silent()

    def rest(exchange):
        begin = int(exchange.headers["range"].removeprefix("bytes=").rstrip("-"))
        exchange.answer(BODY[begin:], 206, etag='"a"', content_range=f"bytes {begin}-{len(BODY) - 1}/{len(BODY)}")

    context, trust = secure
    source = Http2Source(context, half, rest)
    things.append(source)
    check(fetch(source.url(), **trust), 200)
    assert source.connections == 2
    assert (shared / "file").read_bytes() == BODY


def test_an_http1_source_whose_kept_connection_falls_silent_is_asked_over_a_new_one(fetch, source, things):
    relay = Relay(source.port)
    things.append(relay)
    source.put("/file", BODY)
    url = f"http://127.0.0.1:{relay.port}/file"
    answer = fetch(url)
    check(answer, 200)
    relay.silence()
    check(answer.sidecar.update("v3", url, path="file"), 200)
    assert relay.accepted == 2


def test_every_attempt_after_a_silent_one_has_a_connection_of_its_own(fetch, serve):
    server = serve(send(then=stay_silent), send(then=stay_silent), whole(BODY))
    check(fetch(server.url(), retries=2), 200)
    assert len(server.heads) == 3


def test_a_kept_connection_that_was_reset_is_not_even_noticed(fetch, serve):
    server = serve(whole(BODY))  # it says nothing of closing, and closes
    answer = fetch(server.url(), retries=0)
    check(answer, 200)
    check(answer.sidecar.update("v3", server.url(), path="file"), 200)


@pytest.mark.parametrize("late", [head("408 Request Time-out", Content_Length=0, Connection="close"), head(Content_Length=4) + b"fake",
                                  b"the rest of a body that was longer than it said"], ids=["408", "200", "no answer"])
def test_what_comes_between_two_updates_is_not_the_answer_to_the_next(fetch, serve, shared, late):
    asked, sent = threading.Event(), threading.Event()

    def one_and_more(connection, _):
        connection.sendall(head(Content_Length=3) + b"one")
        asked.wait(20)
        connection.sendall(late)
        sent.set()
        connection.recv(65536)

    server = serve(one_and_more, whole(BODY))
    answer = fetch(server.url(), retries=0)
    asked.set()
    assert sent.wait(20)
    check(answer.sidecar.update("v3", server.url(), path="file"), 200)
    assert (shared / "file").read_bytes() == BODY
    assert len(server.heads) == 2


@pytest.fixture(params=["HTTP/1.1", "HTTP/2"])
def kube(request, tmp_path, things, game, start_sidecar):
    """An API server behind a relay, and a sidecar that uses it."""
    stub = KubeStub(tmp_path / "account", request.param)
    relay = Relay(stub.port)
    things.extend([stub, relay])
    sidecar = start_sidecar(game, env=stub.environment(relay.port), more_argv=["--service-account-dir", stub.folder],
                            storageConfig={"type": "InKube", "inKube": {"annotationKey": "example.com/result"}})
    return stub, relay, sidecar


def test_an_api_server_whose_kept_connection_falls_silent_records_over_a_new_one(kube, source):
    stub, relay, sidecar = kube
    assert sidecar.update("v1", source.put("/v1", b"v1")).json["recorded"] is True
    before = relay.accepted
    relay.silence()
    begun = time.monotonic()
    answer = sidecar.update("v2", source.put("/v2", b"v2"))
    assert answer.json["recorded"] is True, answer
    assert time.monotonic() - begun < 15, answer
    assert relay.accepted > before
    assert '"v2"' in stub.objects["pods"]["metadata"]["annotations"]["example.com/result"].replace(" ", "")


def test_an_api_server_that_falls_silent_again_and_again_is_still_recorded_at(kube, source):
    _, relay, sidecar = kube
    for number in range(3):
        relay.silence()
        answer = sidecar.update(f"v{number}", source.put("/file", b"%d" % number))
        assert answer.json["recorded"] is True, answer


def test_one_source_that_is_silent_leaves_the_connections_to_the_others_usable(fetch, serve, source):
    """No more than one connection too many is made for it."""
    silent = serve(send(then=stay_silent))
    answer = fetch(source.put("/file", BODY))
    check(answer, 200)
    assert answer.sidecar.update("v3", silent.url(), path="file").status == 504
    check(answer.sidecar.update("v4", source.url("/file"), path="file"), 200)


def test_a_goaway_that_waits_on_the_kept_connection_is_not_a_failed_update(fetch, things, secure):
    def last_one(exchange):
        exchange.answer(BODY)
        exchange.go_away()

    context, trust = secure
    source = Http2Source(context, last_one)
    things.append(source)
    answer = fetch(source.url(), retries=0, **trust)
    check(answer, 200)
    check(answer.sidecar.update("v3", source.url(), path="file"), 200)
    assert source.connections == 2
