"""RFC 9112 to the letter: where a proxy might read a request in another way, it is refused and the connection ended."""

import pytest
from raw_http import Line, ask

POST = "POST /hot-update HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n"
SMUGGLED = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


def refused_and_ended(sidecar, text):
    with Line(sidecar.port) as line:
        line.send(text.encode("latin-1"))
        status, _, body = line.answer()
        assert (status, line.is_ended()) == (400, True), body
        assert b'"reason":"MalformedRequest"' in body, body
    assert sidecar.get("/healthz").status == 200
    return True


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "Host: a\r\nHost: b\r\n",
        "Host: a\r\nHost: a\r\n",
        "Host: a\r\nhost: a\r\n",
        "Host: user@a\r\n",
        "Host: a/b\r\n",
        "Host: a:b\r\n",
        "Host: a:70000\r\n",
        "Host: a:1:2\r\n",
        "Host: [::1\r\n",
        "Host: [evil.example]\r\n",
        "Host: a b\r\n",
        "Host: a, b\r\n",
        "Host: a?b\r\n",
    ],
)
def test_a_host_that_is_missing_or_double_or_none(plain, lines):
    assert refused_and_ended(plain, f"GET /hot-update HTTP/1.1\r\n{lines}\r\n")


@pytest.mark.parametrize("target", ["http://user@a/hot-update", "http://a:b/hot-update", "http://[::/hot-update", "http:///hot-update", "http://:80/hot-update"])
def test_a_target_with_a_broken_host(plain, target):
    status, _, body = ask(plain.port, f"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    assert status == 400, body


@pytest.mark.parametrize(
    "coding",
    [
        "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", ",chunked", "chunked,", "xchunked", "identity", "",
        '"chunked"', "chunked;q=1", "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: gzip", "\x0bchunked",
        "chunke\x00d", "chunked x",
    ],
)
def test_a_transfer_coding_that_is_not_chunked(plain, coding):
    assert refused_and_ended(plain, f"{POST}Transfer-Encoding: {coding}\r\n\r\n0\r\n\r\n{SMUGGLED}")


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 0\r\nTransfer-Encoding: identity",
        "Content-Length: 5\r\nTransfer-Encoding: x",
    ],
)
def test_a_length_beside_a_transfer_coding(plain, lines):
    assert refused_and_ended(plain, f"{POST}{lines}\r\n\r\n0\r\n\r\n{SMUGGLED}")


@pytest.mark.parametrize(
    "lines",
    [
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5\r\ncontent-length: 05",
        "Content-Length: 5, 5",
        "Content-Length: 5,6",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 5 5",
        "Content-Length: 5.0",
        "Content-Length: 5e0",
        "Content-Length:",
        "Content-Length: 18446744073709551621",
        "Content-Length: five",
    ],
)
def test_a_length_that_is_double_or_no_number(plain, lines):
    assert refused_and_ended(plain, f"{POST}{lines}\r\n\r\nabcde{SMUGGLED}")


@pytest.mark.parametrize(
    "chunks",
    [
        "+3\r\nabc\r\n", "-3\r\nabc\r\n", "0x3\r\nabc\r\n", " 3\r\nabc\r\n", "3 \r\nabc\r\n", "\r\nabc\r\n", "3\nabc\r\n", "3\r\nabcXX",
        "3\r\nabc\n", "4\r\nabc\r\n", "2\r\nabc\r\n", "FFFFFFFFFFFFFFFF3\r\nabc\r\n", "g\r\nabc\r\n", "3;a=b\nabc\r\n", "3;a\rb\r\nabc\r\n",
        "3;=\r\nabc\r\n", "3,3\r\nabc\r\n",
    ],
)
def test_a_chunk_that_is_not_well_formed(plain, chunks):
    assert refused_and_ended(plain, f"{CHUNKED}{chunks}0\r\n\r\n{SMUGGLED}")


@pytest.mark.parametrize("trailer", ["X y", "X : y", " X: y", "Content-Length: 5", "Transfer-Encoding: chunked", "X: a\x00b"])
def test_a_trailer_that_is_not_well_formed_or_says_a_length(plain, trailer):
    assert refused_and_ended(plain, f"{CHUNKED}0\r\n{trailer}\r\n\r\n{SMUGGLED}")


@pytest.mark.parametrize(
    "lines",
    [
        "X: 1\r\n 2", "X: 1\r\n\t2", "X:\r\n 2", "X: 1\r\n ", "Content-Length:\r\n 0", "Transfer-Encoding: chunked\r\n ,gzip",
        "X : 1", "X\t: 1", "Content-Length : 0", "Transfer-Encoding : chunked", " X: 1", "X", ": 1", "X: a\x00b", "X: a\rb", "X: a\nY: b",
        "X: \x7f", "X(: 1", "X\x80: 1",
    ],
)
def test_a_header_that_is_folded_or_not_well_formed(plain, lines):
    assert refused_and_ended(plain, f"GET /hot-update HTTP/1.1\r\n{lines}\r\nHost: a\r\n\r\n")
    assert refused_and_ended(plain, f"GET /hot-update HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n")


@pytest.mark.parametrize(
    "line",
    [
        "GET /hot-update HTTP/2.0", "GET /hot-update HTTP/1.2", "GET /hot-update HTTP/1.10", "GET /hot-update http/1.1", "GET /hot-update",
        "GET  /hot-update HTTP/1.1", "GET\t/hot-update HTTP/1.1", "GET /hot-update  HTTP/1.1", "GET /hot update HTTP/1.1",
        "GET /hot-update HTTP/1.1 ", "G(T /hot-update HTTP/1.1", "GET /hot\x00update HTTP/1.1",
    ],
)
def test_a_request_line_that_is_not_well_formed(plain, line):
    assert refused_and_ended(plain, f"{line}\r\nHost: a\r\n\r\n")


def test_a_transfer_coding_in_http_1_0(plain):
    assert refused_and_ended(plain, f"POST /hot-update HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}")


@pytest.mark.parametrize("coding", ["chunked", "ChunKED", " \tchunked \t"])
def test_what_is_well_formed_is_taken(plain, coding):
    body = "3;a=b\r\nx=1\r\n0\r\nX: y\r\n\r\n"
    status, _, answer = ask(plain.port, f"{POST}Transfer-Encoding: {coding}\r\n\r\n{body}".encode())
    assert status == 400, answer
    assert b"unknown field" in answer, answer
