"""A file is published only when every byte of it is known to be of one version of the source, and all of them came."""

import base64
import hashlib
import os
import socket
import threading
import time

import pytest
from hyperframe.frame import RstStreamFrame

from certificates import Authority
from downloads import asked_for_a_part, check, cut, fetch, range_begin, rest_of, serve, whole  # noqa: F401
from raw_server import head, send, stay_silent
from real_servers import SERVERS, HAProxy, NginxFolder, PythonServer, path_of
from relay import Relay
from scripted_source import Http2Source
from sidecar import SANITIZED

OLD, NEW = os.urandom(400_000), os.urandom(400_000)


# A download that is cut, and goes on with something else.


@pytest.mark.parametrize("first, then", [
    ({"ETag": '"a"'}, {"ETag": '"b"'}),
    ({"ETag": '"a"'}, {"ETag": 'W/"a"'}),
    ({"ETag": '"a"', "Last_Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}, {"ETag": '"a"', "Last_Modified": "Fri, 02 Jan 2026 00:00:00 GMT"}),
    ({"Last_Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "Date": "Thu, 01 Jan 2026 12:00:00 GMT"},
     {"Last_Modified": "Fri, 02 Jan 2026 00:00:00 GMT", "Date": "Fri, 02 Jan 2026 12:00:00 GMT"}),
    ({"ETag": '"a"'}, {"ETag": '"a"', "Content_Encoding": "gzip"}),
], ids=["another ETag", "the ETag became weak", "the ETag stayed, the date not", "another Last-Modified", "another encoding"])
def test_a_source_that_ignores_if_range_is_asked_for_the_whole_again(fetch, serve, shared, first, then):
    server = serve(cut(OLD, **first), rest_of(NEW, **then), whole(NEW, **then))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW
    assert [asked_for_a_part(request) for request in server.heads] == [False, True, False]


def test_a_part_of_a_content_of_another_size_is_not_taken(fetch, serve, shared):
    server = serve(cut(OLD, ETag='"a"'), rest_of(NEW + NEW, ETag='"a"'), whole(NEW + NEW, ETag='"a"'))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW + NEW
    assert len(server.heads) == 3


def test_a_part_without_any_mark_is_taken_when_its_total_is_the_same(fetch, serve, shared):
    server = serve(cut(OLD, ETag='"a"'), rest_of(OLD))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == OLD
    assert len(server.heads) == 2


def test_a_part_without_any_mark_and_with_an_unknown_total_is_not_taken(fetch, serve, shared):
    server = serve(cut(OLD, ETag='"a"'), rest_of(NEW, total="*"), whole(OLD, ETag='"a"'))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == OLD
    assert len(server.heads) == 3


def test_a_part_with_the_right_mark_and_an_unknown_total_ends_at_the_total_of_before(fetch, serve, shared):
    server = serve(cut(OLD, ETag='"a"'), rest_of(OLD, total="*", ETag='"a"'))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == OLD
    assert len(server.heads) == 2


@pytest.mark.parametrize("status", ["304 Not Modified", "400 Bad Request", "403 Forbidden", "404 Not Found", "412 Precondition Failed",
                                    "416 Range Not Satisfiable", "500 Internal Server Error", "501 Not Implemented",
                                    "503 Service Unavailable"])
def test_any_answer_that_is_no_use_to_a_range_means_one_more_attempt_without_it(fetch, serve, shared, status):
    length = {} if status.startswith("304") else {"Content_Length": 0}
    server = serve(cut(OLD, ETag='"a"'), send(head(status, **length)), whole(NEW, ETag='"b"'))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW
    assert [asked_for_a_part(request) for request in server.heads] == [False, True, False]


@pytest.mark.parametrize("answer", [
    lambda begin: head("206 Partial Content", Content_Length=3, ETag='"a"') + b"abc",
    lambda begin: head("206 Partial Content", Content_Length=3, Content_Range=f"bytes {begin + 1}-{begin + 3}/{len(OLD)}", ETag='"a"') + b"abc",
    lambda begin: head("206 Partial Content", Content_Length=3, Content_Range=f"bytes {begin}-{begin - 1}/{len(OLD)}", ETag='"a"') + b"abc",
    lambda begin: head("206 Partial Content", Content_Length=3, Content_Range=f"bytes {begin}-{begin + 9}/{len(OLD)}", ETag='"a"') + b"abc",
    lambda begin: head("206 Partial Content", Content_Length=3, Content_Range=f"items {begin}-{begin + 2}/{len(OLD)}", ETag='"a"') + b"abc",
    lambda begin: head("206 Partial Content", Content_Length=3, ETag='"a"', Content_Type="multipart/byteranges; boundary=x") + b"--x",
], ids=["no Content-Range", "another begin", "an end before its begin", "another length than it says", "another unit", "multipart/byteranges"])
def test_a_part_that_is_not_what_was_asked_for_is_not_taken(fetch, serve, shared, answer):
    server = serve(cut(OLD, ETag='"a"'), lambda connection, request: connection.sendall(answer(range_begin(request))),
                   whole(NEW, ETag='"b"'))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW
    assert not asked_for_a_part(server.heads[2])


@pytest.mark.parametrize("mark", [
    {"ETag": '"6a26-9c40"', "Last_Modified": "Thu, 01 Jan 2026 00:00:00 GMT", "Date": "Thu, 01 Jan 2026 00:00:01 GMT"},
    {"ETag": 'w/"a"'}, {"ETag": '""'},
], ids=["of a second and a size, in that second", "weak in small letters", "empty"])
def test_a_mark_that_two_contents_may_share_is_no_reason_to_go_on(fetch, serve, shared, mark):
    """nginx makes its ETag of the second and the size: both may be the same for the next content."""
    server = serve(cut(OLD, **mark), lambda connection, request: (rest_of if asked_for_a_part(request) else whole)(NEW, **mark)(connection, request))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW
    assert not any(map(asked_for_a_part, server.heads))


@pytest.mark.parametrize("server", ["nginx", "http.server"])
def test_a_file_that_is_replaced_in_the_second_it_was_written_in_is_fetched_again(start_sidecar, things, tmp_path, shared, server):
    """Its Last-Modified is the same, and so is nginx's ETag: neither says that it is another one."""
    root, folder = tmp_path / "root", tmp_path / server
    root.mkdir()
    folder.mkdir(exist_ok=True)
    (root / "index.html").touch()
    things.append({"nginx": NginxFolder, "http.server": PythonServer}[server](folder, root))
    url, sidecar = f"http://127.0.0.1:{things[-1].port}/file", start_sidecar()
    written = time.time()
    for body in (OLD, NEW):
        (root / "file").write_bytes(body)
        os.utime(root / "file", (written, written))
        assert sidecar.update("v1", url).json["result"] == "Succeeded"
        assert (shared / "file").read_bytes() == body


def test_a_part_shorter_than_what_is_missing_is_gone_on_from(fetch, serve, shared):
    def some(connection, request):
        begin = range_begin(request)
        connection.sendall(head("206 Partial Content", Content_Length=1000, ETag='"a"',
                                Content_Range=f"bytes {begin}-{begin + 999}/{len(OLD)}") + OLD[begin: begin + 1000])

    server = serve(cut(OLD, ETag='"a"'), some, rest_of(OLD, ETag='"a"'))
    check(fetch(server.url(), retries=2), 200)
    assert (shared / "file").read_bytes() == OLD
    assert range_begin(server.heads[2]) == range_begin(server.heads[1]) + 1000


def test_a_resumed_part_longer_than_it_says_is_not_taken(fetch, serve, shared):
    def too_much(connection, request):
        begin = range_begin(request)
        range_ = f"bytes {begin}-{len(OLD) - 1}/{len(OLD)}"
        data = OLD[begin:] + b"more"
        connection.sendall(head("206 Partial Content", Transfer_Encoding="chunked", ETag='"a"', Content_Range=range_) +
                           f"{len(data):x}\r\n".encode() + data + b"\r\n0\r\n\r\n")

    server = serve(cut(OLD, ETag='"a"'), too_much, whole(NEW, ETag='"b"'))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW


# The whole, or not.


def test_206_with_the_whole_content_to_a_request_without_range_is_taken(fetch, serve, shared):
    server = serve(whole(NEW, "206 Partial Content", Content_Range=f"bytes 0-{len(NEW) - 1}/{len(NEW)}"))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW
    assert len(server.heads) == 1


@pytest.mark.parametrize("range_", [f"bytes 0-{len(NEW) - 1}/{len(NEW) + 1}", f"bytes 1-{len(NEW)}/{len(NEW) + 1}",
                                    f"bytes 0-{len(NEW) - 1}/*", "bytes */7", "nonsense"])
def test_206_with_a_part_to_a_request_without_range_is_not(fetch, serve, range_):
    server = serve(whole(NEW, "206 Partial Content", Content_Range=range_))
    check(fetch(server.url()), 502, "206", "attempt 2 of 2")


def test_a_part_that_comes_as_200_is_not_the_whole(fetch, serve, shared):
    def part(connection, request):
        begin = range_begin(request)
        connection.sendall(head("200 OK", Content_Length=len(OLD) - begin, Content_Range=f"bytes {begin}-{len(OLD) - 1}/{len(OLD)}",
                                ETag='"a"') + OLD[begin:])

    server = serve(cut(OLD, ETag='"a"'), part, whole(NEW))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW


def test_an_answer_that_is_no_http_is_the_source_s_fault(fetch, serve):
    answer = fetch(serve(send(b"hello world\r\n\r\n")).url())
    check(answer, 502, "HTTP/0.9")
    assert "redirects" not in answer.json["message"]


def test_a_mark_that_is_no_text_is_not_kept(fetch, serve, shared):
    server = serve(send(b'HTTP/1.1 200 OK\r\nETag: "a\x1b\xff"\r\nContent-Length: 3\r\n\r\nnew'))
    answer = fetch(server.url())
    answer.sidecar.stop()
    answer.sidecar.start()
    check(answer.sidecar.update("v2", server.url(), path="file"), 200)
    assert "If-None-Match" not in server.heads[1]


@pytest.mark.parametrize("status", ["204 No Content", "205 Reset Content"])
def test_an_answer_that_has_no_content_is_refused(fetch, serve, status):
    check(fetch(serve(send(head(status, Content_Length=0))).url(), allowEmpty=True), 502, status[:3])


def test_304_that_nobody_asked_for_is_tried_again_past_the_caches(fetch, serve, shared):
    server = serve(send(head("304 Not Modified", ETag='"a"')), whole(NEW))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == NEW
    assert "Cache-Control: no-cache" in server.heads[1]


def test_304_of_another_content_than_ours_is_asked_again_without_a_condition(fetch, serve, shared):
    server = serve(whole(OLD, ETag='"a"'), send(head("304 Not Modified", ETag='"b"')), whole(NEW, ETag='"b"'))
    sidecar = fetch(server.url()).sidecar
    answer = sidecar.update("v2", server.url(), path="file")
    check(answer, 200)
    assert (shared / "file").read_bytes() == NEW, answer
    assert answer.json["result"] == "Succeeded", answer
    assert "If-None-Match" in server.heads[1]
    assert "If-None-Match" not in server.heads[2]


def test_two_different_lengths_are_not_believed(fetch, serve):
    check(fetch(serve(send(head(Content_Length=3) .replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n") + b"hello")).url()), 502, "Content-Length")


def test_a_body_that_is_chunked_twice_is_not_published_in_chunks(fetch, serve):
    body = b"d\r\n3\r\nnew\r\n0\r\n\r\n\r\n0\r\n\r\n"
    check(fetch(serve(send(head(Transfer_Encoding="chunked, chunked") + body)).url()), 502, "chunked twice")


def test_a_chunked_body_shorter_than_its_content_length_is_not_taken(fetch, serve):
    body = head(Content_Length=10, Transfer_Encoding="chunked") + b"5\r\nhello\r\n0\r\n\r\n"
    check(fetch(serve(send(body)).url()), 502, "5 of 10 bytes")


def test_a_body_whose_end_is_only_the_end_of_the_connection_is_taken_with_a_warning(fetch, serve, shared):
    answer = fetch(serve(send(head(Connection="close") + NEW)).url())
    check(answer, 200)
    assert (shared / "file").read_bytes() == NEW
    assert [warning["reason"] for warning in answer.json["warnings"]] == ["SourceLengthUnknown"], answer


def test_the_same_body_with_its_checksum_is_taken_without_one(fetch, serve):
    answer = fetch(serve(send(head(Connection="close") + NEW)).url(), fields={"sha256": hashlib.sha256(NEW).hexdigest()})
    check(answer, 200)
    assert not answer.json.get("warnings"), answer


def test_a_proxy_that_compresses_is_named(fetch, serve):
    answer = fetch(serve(whole(b"packed", Content_Encoding="gzip")).url())
    check(answer, 200)
    assert [warning["reason"] for warning in answer.json["warnings"]] == ["ContentEncoded"], answer
    assert "gzip" in answer.json["warnings"][0]["message"]


# Caches.


def test_another_version_with_the_same_bytes_succeeds_with_a_warning(start_sidecar, source, shared):
    sidecar = start_sidecar()
    assert not sidecar.update("v1", source.put("/v1/a", OLD)).json.get("warnings")
    answer = sidecar.update("v2", source.put("/v2/a", OLD))
    assert answer.json["result"] == "Succeeded", answer
    assert [w["reason"] for w in answer.json["warnings"]] == ["ContentUnchanged"], answer
    assert "v1" in answer.json["warnings"][0]["message"]
    assert "force" in answer.json["warnings"][0]["message"]
    assert sidecar.status()["results"][-1]["warnings"] == answer.json["warnings"]
    assert not sidecar.update("v3", source.put("/v3/a", NEW)).json.get("warnings")


def test_caches_are_asked_to_look_again_on_a_retry_and_with_force(fetch, serve):
    server = serve(send(head("503 Service Unavailable", Content_Length=0)), whole(NEW))
    answer = fetch(server.url())
    assert "Cache-Control" not in server.heads[0]
    assert "Cache-Control: no-cache" in server.heads[1]
    answer.sidecar.update("v3", server.url(), path="file")
    assert "Cache-Control" not in server.heads[2]
    answer.sidecar.update("v4", server.url(), path="file", force="true")
    assert "Cache-Control: no-cache" in server.heads[3]


@pytest.mark.parametrize("size, kept", [(256, True), (257, False)])
def test_a_mark_longer_than_256_bytes_is_not_kept(fetch, serve, shared, size, kept):
    mark = '"' + "x" * (size - 2) + '"'
    server = serve(whole(NEW, ETag=mark))
    answer = fetch(server.url())
    check(answer, 200)
    answer.sidecar.update("v2", server.url(), path="file")
    assert ("If-None-Match" in server.heads[1]) == kept
    assert (mark in (shared / ".okg-sidecar/journal").read_text().replace("\\", "")) == kept


# Redirects.


@pytest.fixture
def secure(tmp_path):
    """secure(): a context for 127.0.0.1, and the authority that vouches for it."""
    ours = Authority(tmp_path)
    names = iter("abcdef")
    return lambda: ours.server(next(names)), {"caFile": str(ours.certificate)}


def moved(to, status="302 Found"):
    return send(head(status, Location=to, Content_Length=0))


def test_https_never_leads_to_http_not_even_in_the_middle_of_a_chain(fetch, serve, source, secure):
    context, trust = secure
    to = source.put("/file", NEW)
    middle = serve(moved(to), context=context())
    check(fetch(serve(moved(middle.url())).url(), **trust), 502, "https never redirects to http")
    assert len(middle.heads) == 1
    assert not source.requests


def test_http_may_lead_to_https_and_to_another_host(fetch, serve, secure, shared):
    context, trust = secure
    end = serve(whole(NEW), context=context())
    check(fetch(serve(moved(end.url())).url(host="localhost"), **trust), 200)
    assert (shared / "file").read_bytes() == NEW


def test_an_error_after_a_redirect_says_where_it_came_from(fetch, serve, source):
    """Else an operator looks at the first URL, where all is well."""
    to = source.url("/gone?signature=s3cret")
    check(fetch(serve(moved(to)).url()), 502, f", redirected to {source.url('/gone')}?signature=***, answered 404; check the URL", reason="SourceNotFound")


def test_a_proxy_that_wants_a_password_is_named(fetch, serve):
    proxy = serve(send(head("407 Proxy Authentication Required", Content_Length=0)))
    check(fetch("http://cdn.example/file", env={"http_proxy": proxy.url("")}), 502, "407; a proxy on the way", reason="SourceUnauthorized")


def test_credentials_in_the_url_never_reach_another_origin(fetch, serve, source):
    end = serve(whole(NEW))
    first = serve(moved(end.url()))
    answer = fetch(first.url(host="deploy:s3cret@127.0.0.1"))
    check(answer, 200)
    basic = base64.b64encode(b"deploy:s3cret").decode()
    assert f"Authorization: Basic {basic}" in first.heads[0]
    assert "Authorization" not in end.heads[0]


def test_a_redirect_to_another_scheme_is_refused(fetch, serve):
    check(fetch(serve(moved("ftp://127.0.0.1/file")).url()), 502, "only http and https")


@pytest.mark.parametrize("status, words", [("300 Multiple Choices", "there are several of it"), ("305 Use Proxy", "set http_proxy"),
                                           ("306 Switch Proxy", "set http_proxy")])
def test_what_has_a_location_and_is_no_redirect_is_not_followed(fetch, serve, status, words):
    """Of 305, it is a proxy's: what that serves itself is not the content."""
    end = serve(whole(NEW))
    check(fetch(serve(moved(end.url(), status)).url()), 502, words, reason="SourceError")
    assert not end.heads


def test_a_redirect_to_two_places_is_refused(fetch, serve):
    end = serve(whole(NEW))
    two = send(head("302 Found", Location=end.url("/one"), Content_Length=0).replace(b"Content-Length", f"Location: {end.url('/two')}\r\nContent-Length".encode()))
    check(fetch(serve(two).url()), 502, "302 with two places to go to", reason="SourceError")
    assert not end.heads


def test_a_redirect_that_says_one_place_twice_is_followed(fetch, serve):
    end = serve(whole(NEW))
    twice = send(head("302 Found", Location=end.url(), Content_Length=0).replace(b"Content-Length", f"Location: {end.url()}\r\nContent-Length".encode()))
    check(fetch(serve(twice).url()), 200)


def test_a_source_that_wants_its_cookie_back_is_named(fetch, serve, source):
    source.put("/file", b"", status=302, headers={"Location": "/file", "Set-Cookie": "seen=1"})
    check(fetch(source.url("/file")), 502, "maxRedirects", "give a URL that needs none", reason="SourceError")


@pytest.mark.parametrize("status, words", [("202 Accepted", "send the update again later"), ("421 Misdirected Request", "check the URL's host"),
                                           ("451 Unavailable For Legal Reasons", "may not be sent"), ("511 Network Authentication Required", "log in")])
def test_an_answer_of_a_rare_status_says_what_to_do(fetch, serve, status, words):
    check(fetch(serve(whole(NEW, status)).url()), 502, status[:3], words, reason="SourceError")


def test_a_part_from_another_mirror_is_not_put_to_what_the_first_one_sent(fetch, serve, shared):
    """An ETag tells versions of one URL apart, not those of two mirrors."""
    one, two = serve(cut(OLD, ETag='"a"')), serve(rest_of(NEW, ETag='"a"'), whole(NEW, ETag='"a"'))
    chooser = serve(moved(one.url()), moved(two.url()))
    check(fetch(chooser.url()), 200)
    assert (shared / "file").read_bytes() == NEW


def test_a_redirect_signed_again_each_time_is_still_the_same_source(fetch, serve, shared):
    end = serve(cut(OLD, ETag='"a"'), rest_of(OLD, ETag='"a"'))
    chooser = serve(moved(end.url("/file?signature=1")), moved(end.url("/file?signature=2")))
    check(fetch(chooser.url()), 200)
    assert (shared / "file").read_bytes() == OLD
    assert asked_for_a_part(end.heads[1])


# Headers without end.


def flood(first, line):
    def script(connection, _):
        connection.sendall(first)
        while True:
            connection.sendall(line * 1000)

    return script


CHUNKED = head(Transfer_Encoding="chunked") + b"3\r\nnew\r\n0\r\n"


@pytest.mark.parametrize("script", [flood(CHUNKED, b"Trailer-Field: " + b"x" * 80 + b"\r\n"), flood(CHUNKED + b"X: ", b"x" * 80),
                                    flood(b"HTTP/1.1 200 OK\r\n", b"Header-Field: " + b"x" * 80 + b"\r\n"),
                                    flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")],
                         ids=["trailers", "one trailer", "headers", "100 Continue", "103 Early Hints"])
def test_headers_and_trailers_without_end_are_cut_off(fetch, serve, script):
    begun = time.monotonic()
    answer = fetch(serve(script).url(), retries=0)
    assert answer.status == 502, answer
    assert time.monotonic() - begun < 10
    assert SANITIZED or answer.sidecar.rss_anon_kib() < 40_000, answer.sidecar.rss_anon_kib()


def test_trailers_within_the_bounds_are_passed_over(fetch, serve, shared):
    check(fetch(serve(send(CHUNKED + b"ETag: \"trailer\"\r\nContent-Length: 7\r\n\r\n")).url()), 200)
    assert (shared / "file").read_bytes() == b"new"


def test_trailers_that_trickle_end_after_the_stall_limit(fetch, serve):
    def script(connection, _):
        connection.sendall(CHUNKED)
        while True:
            connection.sendall(b"X: y\r\n")
            time.sleep(1)

    answer = fetch(serve(script).url(), stallTimeoutSeconds=2, retries=0)
    check(answer, 504, "16 bytes a second")
    assert answer.json["durationMs"] < 6000, answer


def test_trailers_that_keep_coming_end_after_the_total_limit(fetch, serve):
    def script(connection, _):
        connection.sendall(CHUNKED)
        while True:
            connection.sendall(b"X: " + b"y" * 100 + b"\r\n")
            time.sleep(0.2)

    answer = fetch(serve(script).url(), timeoutSeconds=3, retries=0)
    check(answer, 504)
    assert answer.json["durationMs"] < 6000, answer


# HTTP/2.


@pytest.fixture
def http2(things, secure):
    def make(*scripts):
        context, trust = secure
        things.append(Http2Source(context(), *scripts))
        return things[-1], trust

    return make


def http2_rest(body, **headers):
    def script(exchange):
        begin = int(exchange.headers["range"].removeprefix("bytes=").rstrip("-"))
        exchange.answer(body[begin:], 206, content_range=f"bytes {begin}-{len(body) - 1}/{len(body)}", **headers)

    return script


def half_and_then(end, **headers):
    def script(exchange):
        exchange.head(content_length=len(OLD), **headers)
        exchange.body(OLD[: len(OLD) // 2], end=False)
        end(exchange)

    return script


ENDS = {
    "RST_STREAM": lambda exchange: exchange.reset(),
    "RST_STREAM without an error": lambda exchange: exchange.reset(0),
    "GOAWAY": lambda exchange: (exchange.go_away(2), exchange.hang_up()),
    "GOAWAY that leaves the request out": lambda exchange: (exchange.go_away(0, last_stream=0), exchange.hang_up()),
    "hangs up": lambda exchange: exchange.hang_up(),
    "END_STREAM too early": lambda exchange: exchange.body(b""),
}


@pytest.mark.parametrize("end", ENDS)
def test_http2_a_stream_that_ends_in_the_middle_is_resumed(fetch, http2, shared, end):
    source, trust = http2(half_and_then(ENDS[end], etag='"a"'), http2_rest(OLD, etag='"a"'))
    check(fetch(source.url(), **trust), 200)
    assert (shared / "file").read_bytes() == OLD
    assert len(source.requests) == 2


def http2_without_length(body, end, **headers):
    """A script: a head that announces no length, `body`, and `end(exchange)`."""
    def script(exchange):
        exchange.head(**headers)
        exchange.body(body, end=False)
        end(exchange)

    return script


def test_http2_a_body_without_a_length_ends_with_its_stream(fetch, http2, shared):
    source, trust = http2(http2_without_length(NEW, lambda exchange: exchange.body(b"")))
    answer = fetch(source.url(), **trust)
    check(answer, 200)
    assert (shared / "file").read_bytes() == NEW
    assert "warnings" not in answer.json, answer
    assert len(source.requests) == 1


@pytest.mark.parametrize("end", [end for end in ENDS if end != "END_STREAM too early"])
@pytest.mark.parametrize("bytes_sent", [0, 1000, len(OLD)])
def test_http2_a_body_without_a_length_whose_stream_did_not_end_is_not_taken(fetch, http2, end, bytes_sent):
    """RST_STREAM(NO_ERROR), too: libcurl 7.88 alone would take it for the end."""
    source, trust = http2(http2_without_length(OLD[:bytes_sent], ENDS[end]))
    check(fetch(source.url(), **trust), 502, "(attempt ")


def test_http2_a_body_without_a_length_whose_stream_was_reset_is_asked_for_again(fetch, http2, shared):
    source, trust = http2(http2_without_length(OLD[:1000], ENDS["RST_STREAM without an error"], etag='"a"'),
                          http2_rest(OLD, etag='"a"'), lambda exchange: exchange.answer(OLD, etag='"a"'))
    check(fetch(source.url(), **trust), 200)
    assert (shared / "file").read_bytes() == OLD


@pytest.mark.parametrize("length", [{"content_length": len(NEW)}, {}], ids=["by its length", "by END_STREAM"])
def test_http2_a_stream_that_is_reset_after_all_came_is_whole(fetch, http2, shared, length):
    """As servers do that want no more of a request. @source RFC 9113, 8.1"""
    def script(exchange):
        exchange.head(**length)
        exchange.body(NEW, end=not length)
        exchange.connection.raw.sendall(RstStreamFrame(exchange.stream).serialize())

    source, trust = http2(script)
    answer = fetch(source.url(), **trust)
    check(answer, 200)
    assert (shared / "file").read_bytes() == NEW
    assert len(source.requests) == 1


def test_http2_a_part_of_another_version_is_not_taken(fetch, http2, shared):
    source, trust = http2(half_and_then(ENDS["RST_STREAM"], etag='"a"'), http2_rest(NEW, etag='"b"'),
                          lambda exchange: exchange.answer(NEW, etag='"b"'))
    check(fetch(source.url(), **trust), 200)
    assert (shared / "file").read_bytes() == NEW
    assert "range" not in source.requests[2]


@pytest.mark.parametrize("more", [b"more", b""])
def test_http2_a_body_of_another_length_than_announced(fetch, http2, more):
    source, trust = http2(lambda exchange: (exchange.head(content_length=10), exchange.body(b"hello" + more + more)))
    check(fetch(source.url(), **trust), 502, "attempt 2 of 2")


def test_http2_trailers_are_passed_over(fetch, http2, shared):
    source, trust = http2(lambda exchange: (exchange.head(etag='"a"'), exchange.body(NEW, end=False), exchange.trailers(x_sum="1")))
    check(fetch(source.url(), **trust), 200)
    assert (shared / "file").read_bytes() == NEW


@pytest.mark.parametrize("where", ["headers", "trailers"])
def test_http2_headers_and_trailers_without_end_are_cut_off(fetch, http2, where):
    many = {f"x_{i}": "y" * 1000 for i in range(100)}

    def script(exchange):
        exchange.head(**(many if where == "headers" else {}))
        exchange.body(NEW, end=where == "headers")
        if where == "trailers":
            exchange.trailers(**many)

    source, trust = http2(script)
    check(fetch(source.url(), retries=0, **trust), 502, "more than 64 KiB of headers and trailers came", reason="SourceError")


# A Range that brings nothing, though the whole would come.


def unless_asked_for_a_part(to_a_part):
    def script(connection, request):
        (to_a_part if asked_for_a_part(request) else whole(OLD, ETag='"a"'))(connection, request)

    return script


def head_of_a_part(connection, request):
    begin = range_begin(request)
    range_ = f"bytes {begin}-{len(OLD) - 1}/{len(OLD)}"
    connection.sendall(head("206 Partial Content", Content_Length=len(OLD) - begin, ETag='"a"', Content_Range=range_))


NOTHING = {
    "hangs up": lambda connection, _: connection.close(),
    "sends a head alone": head_of_a_part,
    "stays silent": lambda connection, _: stay_silent(connection),
    "sends what is no HTTP": send(b"garbage\r\n\r\n"),
}


@pytest.mark.parametrize("what", NOTHING)
@pytest.mark.parametrize("retries", [1, 3])
def test_a_source_that_a_range_gets_nothing_from_is_asked_for_the_whole(fetch, serve, shared, what, retries):
    server = serve(cut(OLD, ETag='"a"'), unless_asked_for_a_part(NOTHING[what]))
    check(fetch(server.url(), retries=retries), 200)
    assert (shared / "file").read_bytes() == OLD
    ranges = 1 if retries == 1 or what == "sends what is no HTTP" else 2
    assert [asked_for_a_part(request) for request in server.heads] == [False] + [True] * ranges + [False]


def test_http2_a_source_that_resets_each_range_is_asked_for_the_whole(fetch, http2, shared):
    def script(exchange):
        exchange.reset(2) if "range" in exchange.headers else exchange.answer(OLD, etag='"a"')

    source, trust = http2(half_and_then(ENDS["RST_STREAM"], etag='"a"'), script)
    check(fetch(source.url(), **trust), 200)
    assert (shared / "file").read_bytes() == OLD


def test_what_has_come_is_kept_until_the_whole_comes_instead(fetch, serve, shared):
    server = serve(cut(OLD, ETag='"a"'), send(b""), send(b""), send(b""), rest_of(OLD, ETag='"a"'))
    check(fetch(server.url(), retries=3), 200)
    assert (shared / "file").read_bytes() == OLD
    assert [asked_for_a_part(request) for request in server.heads] == [False, True, True, False, True]


# A source that sends a little at a time.


def at_most(size):
    """A part of that many bytes, whatever is asked for."""

    def script(connection, request):
        begin = range_begin(request)
        part = OLD[begin : begin + size]
        range_ = f"bytes {begin}-{begin + len(part) - 1}/{len(OLD)}"
        connection.sendall(head("206 Partial Content", Content_Length=len(part), ETag='"a"', Content_Range=range_) + part)

    return script


def test_a_cdn_that_sends_small_parts_is_asked_for_all_of_them(fetch, serve, shared):
    server = serve(cut(OLD, ETag='"a"'), at_most(10_000))
    check(fetch(server.url(), retries=1), 200)
    assert (shared / "file").read_bytes() == OLD
    assert len(server.heads) == 1 + 20


def test_progress_renews_the_retries(fetch, serve, shared):
    server = serve(cut(OLD, ETag='"a"'), lambda connection, request: (
        connection.sendall(head("206 Partial Content", Content_Length=len(OLD) - range_begin(request), ETag='"a"',
                                Content_Range=f"bytes {range_begin(request)}-{len(OLD) - 1}/{len(OLD)}")
                           + OLD[range_begin(request) :][:40_000])))
    check(fetch(server.url(), retries=1), 200)
    assert (shared / "file").read_bytes() == OLD


def test_a_source_that_sends_next_to_nothing_each_time_is_given_up(fetch, serve):
    server = serve(cut(OLD, ETag='"a"'), at_most(100))
    check(fetch(server.url(), retries=2), 502, "attempt")
    assert len(server.heads) <= 8


# Real servers.


@pytest.fixture(params=["direct", "behind HAProxy"])
def relayed(request, things, tmp_path):
    """relayed(kind, cuts): a real server whose connections a relay cuts."""

    def start(kind, cuts):
        folder, root = tmp_path / kind, tmp_path / kind / "root"
        root.mkdir(parents=True)
        server = SERVERS[kind](folder, root)
        things.append(server)
        port = server.port
        if request.param == "behind HAProxy":
            (tmp_path / "haproxy").mkdir()
            things.append(HAProxy(tmp_path / "haproxy", port))
            port = things[-1].port
        things.append(Relay(port, cuts))
        return server, things[-1], f"http://127.0.0.1:{things[-1].port}{path_of(kind, 'file')}"

    return start


def make_old(server):
    """Files that are replaced within a second have the same ETag at nginx, and everywhere the same date."""
    if hasattr(server, "root"):
        an_hour_ago = time.time() - 3600
        os.utime(server.root / "file", (an_hour_ago, an_hour_ago))


@pytest.mark.parametrize("kind", SERVERS)
def test_a_real_server_whose_connection_is_cut(fetch, relayed, shared, kind):
    server, relay, url = relayed(kind, [100_000])
    server.put("file", OLD)
    check(fetch(url), 200)
    assert (shared / "file").read_bytes() == OLD
    assert relay.accepted == 2


@pytest.mark.parametrize("kind", SERVERS)
def test_a_real_server_whose_file_is_replaced_while_it_is_cut(fetch, relayed, shared, kind):
    server, relay, url = relayed(kind, [100_000])
    server.put("file", OLD)
    make_old(server)
    relay.on_cut = lambda: server.put("file", NEW)
    check(fetch(url), 200)
    assert (shared / "file").read_bytes() == NEW


@pytest.mark.parametrize("kind", SERVERS)
def test_a_real_server_that_has_nothing_there(fetch, relayed, kind):
    _, _, url = relayed(kind, [])
    check(fetch(url), 502, "answered 404", "check the URL")


@pytest.mark.parametrize("kind", SERVERS)
def test_a_real_server_is_asked_twice_for_the_same(fetch, relayed, kind):
    server, _, url = relayed(kind, [])
    server.put("file", OLD)
    make_old(server)
    answer = fetch(url)
    check(answer, 200)
    assert answer.sidecar.update("v2", url, path="file").json["result"] == "Unchanged"
    server.put("file", NEW)
    assert answer.sidecar.update("v2", url, path="file").json["result"] == "Succeeded"


@pytest.mark.parametrize("page", [b"<!DOCTYPE html>\n<title>Log in</title>", b"\xef\xbb\xbf\r\n <HTML lang=en>"])
def test_a_login_page_in_place_of_the_file_is_warned_about(start_sidecar, source, page):
    sidecar = start_sidecar()

    def reasons(path, **fields):
        answer = sidecar.update("v1", source.put("/login", page), path=path, force="true", **fields)
        check(answer, 200)
        return [warning["reason"] for warning in answer.json.get("warnings", [])]

    assert reasons("scripts/main.lua") == ["StoredAsPage"]
    assert reasons("scripts/main.lua", sha256=hashlib.sha256(page).hexdigest()) == []
    assert reasons("index.html") == []
    assert reasons("v1.2/page") == []


@pytest.mark.parametrize("body", [
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Key>maps/1.json</Key></Error>',
    b'<?xml version="1.0"?>\n<Error>\n  <Code>AccessDenied</Code>\n</Error>', b"\n<Error><Code>InternalError</Code></Error>",
], ids=["OSS", "COS", "without a declaration"])
def test_an_error_document_of_an_object_store_with_200_is_warned_about(fetch, serve, body):
    answer = fetch(serve(whole(body, Content_Type="application/xml")).url())
    check(answer, 200)
    assert [each["reason"] for each in answer.json["warnings"]] == ["StoredAsPage"], answer
    assert "error document of an object store" in answer.json["warnings"][0]["message"]


@pytest.mark.parametrize("body", [b"<map><error>1</error></map>", b"<Errors><Code>1</Code></Errors>", b"// <error> and <code>" + b" " * 600])
def test_xml_that_speaks_of_errors_is_no_error_document(fetch, serve, body):
    answer = fetch(serve(whole(body)).url())
    check(answer, 200)
    assert not answer.json.get("warnings"), answer


def test_a_git_lfs_pointer_in_place_of_the_file_is_warned_about(fetch, serve):
    body = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 12345\n"
    answer = fetch(serve(whole(body)).url())
    check(answer, 200)
    assert [each["reason"] for each in answer.json["warnings"]] == ["StoredAsPage"], answer
    assert "Git LFS pointer" in answer.json["warnings"][0]["message"]


@pytest.mark.parametrize("encoding", ["identity", "Identity", "aws-chunked", "UTF-8", "binary", "none"])
def test_a_content_encoding_that_says_nothing_of_the_bytes_is_no_warning(fetch, serve, encoding):
    answer = fetch(serve(whole(b"plain", Content_Encoding=encoding)).url())
    check(answer, 200)
    assert not answer.json.get("warnings"), answer


def test_a_part_whose_encoding_is_plain_in_other_words_is_taken(fetch, serve):
    body = os.urandom(40_000)
    server = serve(cut(body, ETag='"a"', Content_Encoding="identity"), rest_of(body, ETag='"a"'))
    check(fetch(server.url()), 200)
    assert asked_for_a_part(server.heads[1])


def test_a_server_without_tls_behind_https_is_named(fetch):
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def answer():
            connection, _ = plain.accept()
            with connection:
                connection.recv(1)
                connection.sendall(head("400 Bad Request", Content_Length=0))
                stay_silent(connection)

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"https://127.0.0.1:{plain.getsockname()[1]}/file"
        check(fetch(url, retries=0), 502, "speaks no TLS: check the port, and whether it wants http")
        thread.join(60)


def test_what_speaks_no_http_is_named(fetch, serve):
    banner = serve(send(b"SSH-2.0-OpenSSH_9.2\r\n"))
    check(fetch(banner.url(), retries=0), 502, "speaks no HTTP: check the port, and whether it wants https")


@pytest.mark.parametrize("number, words", [("18446744073709551616", "larger than 2^64 - 1"), ("1e3", "a fraction or an exponent"),
                                           ("1.5", "a fraction or an exponent"), ("-0", "a negative number"),
                                           ("-18446744073709551616", "a negative number")])
def test_a_number_of_a_manifest_that_cannot_be_is_named(start_sidecar, source, number, words):
    manifest = '{"files":[{"path":"a","sha256":"%s","bytes":%s}]}' % ("0" * 64, number)
    answer = start_sidecar().update("v1", source.put("/list.json", manifest.encode()), path="game", format="manifest")
    check(answer, 422, '"bytes" cannot be ' + words.replace("a fraction", "written with a fraction"), reason="InvalidManifest")
