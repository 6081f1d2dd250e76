"""What a source says of the checksum of its content, in headers: a content that is another one is not published."""

import base64
import hashlib
import os

import pytest

from archives import tar
from downloads import asked_for_a_part, check, cut, fetch, rest_of, serve, whole  # noqa: F401

BODY = os.urandom(300_000)
OTHER = BODY[:-1] + bytes([BODY[-1] ^ 1])
POLYNOMIAL = 0xC96C5795D7870F42


def crc64(data):
    """CRC-64/XZ."""
    table = []
    for crc in range(256):
        for _ in range(8):
            crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
        table.append(crc)
    crc = 2**64 - 1
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 255]
    return crc ^ (2**64 - 1)


def base64_of(algorithm, data):
    return base64.b64encode(hashlib.new(algorithm, data).digest()).decode()


def in_colons(algorithm, name):
    return lambda data: f"{name}=:{base64_of(algorithm, data)}:"


HEADERS = {
    "Content_MD5": lambda data: base64_of("md5", data),
    "x_ms_blob_content_md5": lambda data: base64_of("md5", data),
    "Digest": lambda data: f"SHA-256={base64_of('sha256', data)}",
    "Repr_Digest": in_colons("sha512", "sha-512"),
    "Content_Digest": in_colons("sha256", "sha-256"),
    "x_oss_hash_crc64ecma": crc64,
    "x_cos_hash_crc64ecma": crc64,
    "x_tos_hash_crc64ecma": crc64,
    "x_amz_checksum_sha256": lambda data: base64_of("sha256", data),
    "x_goog_hash": lambda data: f"crc32c=AAAAAA==,md5={base64_of('md5', data)}",
}


@pytest.mark.parametrize("header", HEADERS)
def test_what_is_not_what_its_source_says_is_not_published(fetch, serve, header):
    server = serve(whole(OTHER, **{header: HEADERS[header](BODY)}))
    answer = fetch(server.url(), retries=3)
    check(answer, 502, f"does not match its header {header.replace('_', '-')}: expected ", "look at the source and at proxies", "attempt 2 of 4",
          reason="SourceChecksumMismatch")
    assert len(server.heads) == 2
    assert "no-cache" in server.heads[1]


@pytest.mark.parametrize("header", HEADERS)
def test_what_is_what_its_source_says_is_published(fetch, serve, shared, header):
    check(fetch(serve(whole(BODY, **{header: HEADERS[header](BODY)})).url()), 200)
    assert (shared / "file").read_bytes() == BODY


def test_what_a_proxy_damaged_once_comes_whole_the_next_time(fetch, serve, shared):
    says = {"ETag": '"a"', "Repr_Digest": HEADERS["Repr_Digest"](BODY)}
    server = serve(whole(OTHER, **says), whole(BODY, **says))
    check(fetch(server.url()), 200)
    assert (shared / "file").read_bytes() == BODY
    assert not asked_for_a_part(server.heads[1])


@pytest.mark.parametrize("header", ["Content_MD5", "x_oss_hash_crc64ecma", "Digest"])
def test_a_download_that_went_on_after_a_cut_is_compared_as_a_whole(fetch, serve, shared, header):
    """Content-MD5 of the part says nothing of the whole."""
    says, of_part = {"ETag": '"a"', header: HEADERS[header](BODY)}, {"Content_MD5": base64_of("md5", b"part")}
    server = serve(cut(BODY, **says), rest_of(OTHER, ETag='"a"', **of_part), cut(BODY, **says), rest_of(BODY, ETag='"a"', **of_part))
    check(fetch(server.url(), retries=3), 200)
    assert (shared / "file").read_bytes() == BODY
    assert [asked_for_a_part(request) for request in server.heads] == [False, True, False, True]


OF_THE_WHOLE = [header for header in HEADERS if header not in ("Content_MD5", "Content_Digest", "x_amz_checksum_sha256")]


@pytest.mark.parametrize("header", OF_THE_WHOLE)
def test_a_checksum_of_the_whole_that_comes_with_the_rest_alone_is_compared(fetch, serve, shared, header):
    """A cache that has the beginning, and asks its source for the rest."""
    says = {"ETag": '"a"', header: HEADERS[header](BODY)}
    server = serve(cut(BODY, ETag='"a"'), rest_of(OTHER, **says), cut(BODY, ETag='"a"'), rest_of(BODY, **says))
    answer = fetch(server.url(), retries=3)
    check(answer, 200)
    assert f"does not match its header {header.replace('_', '-')}: expected " in answer.log
    assert (shared / "file").read_bytes() == BODY
    assert [asked_for_a_part(request) for request in server.heads] == [False, True, False, True]


@pytest.mark.parametrize("header", [header for header in HEADERS if header not in OF_THE_WHOLE])
def test_a_checksum_of_the_part_says_nothing_of_the_whole(fetch, serve, shared, header):
    of_part = HEADERS[header](BODY[len(BODY) // 2:])
    check(fetch(serve(cut(BODY, ETag='"a"'), rest_of(BODY, ETag='"a"', **{header: of_part})).url()), 200)
    assert (shared / "file").read_bytes() == BODY


def test_a_part_that_contradicts_what_was_said_first_is_not_taken(fetch, serve, shared):
    """Whichever of them is right: they are of two contents."""
    first, then = {"ETag": '"a"', "Content_MD5": HEADERS["Content_MD5"](BODY)}, {"ETag": '"a"', "Digest": f"MD5={base64_of('md5', OTHER)}"}
    server = serve(cut(BODY, **first), rest_of(BODY, **then), whole(OTHER))
    check(fetch(server.url(), retries=3), 200)
    assert (shared / "file").read_bytes() == OTHER
    assert not asked_for_a_part(server.heads[2])


@pytest.mark.parametrize("header, value", [
    ("Content_MD5", "d41d8cd98f00b204e9800998ecf8427e"), ("Digest", "SHA-256=abc"), ("Repr_Digest", "sha-256=abc"),
    ("x_oss_hash_crc64ecma", "0x12"), ("x_goog_hash", "md5=\x1b[31m"),
])
def test_a_checksum_that_cannot_be_read_is_named_in_the_log(fetch, serve, header, value):
    answer = fetch(serve(whole(BODY, **{header: value})).url())
    check(answer, 200)
    [line] = [line for line in answer.log.splitlines() if "cannot be read" in line]
    assert header.replace("_", "-") in line
    assert "\x1b" not in line
    assert "warnings" not in answer.json, answer


@pytest.mark.parametrize("header, value", [
    ("Digest", "unixsum=30637,SHA=AAAA"), ("Repr_Digest", "sha-1024=:AAAA:"), ("x_goog_hash", "crc32c=AAAAAA=="),
    ("x_amz_checksum_sha256", base64_of("sha256", b"parts") + "-3"), ("x_amz_checksum_crc32", "AAAAAA=="),
])
def test_a_checksum_of_something_else_says_nothing(fetch, serve, header, value):
    answer = fetch(serve(whole(BODY, **{header: value})).url())
    check(answer, 200)
    assert "cannot be read" not in answer.log


@pytest.mark.parametrize("sent, status", [({}, 200), ({"Content_Encoding": "gzip"}, 502)], ids=["unpacked", "packed"])
def test_an_object_that_gcs_unpacks_is_not_compared_with_the_packed_one(fetch, serve, sent, status):
    says = {"x_goog_hash": HEADERS["x_goog_hash"](b"packed"), "x_goog_stored_content_encoding": "gzip"}
    check(fetch(serve(whole(BODY, **says, **sent)).url()), status)


def test_the_sha256_of_the_request_is_compared_instead(fetch, serve, shared):
    """The way out where a source sends a checksum that is wrong."""
    server = serve(whole(BODY, Content_MD5=base64_of("md5", b"other")))
    check(fetch(server.url(), fields={"sha256": hashlib.sha256(BODY).hexdigest()}), 200)
    assert (shared / "file").read_bytes() == BODY


@pytest.mark.parametrize("format_", ["archive", "manifest"])
def test_the_archive_or_manifest_of_a_folder_is_compared_as_well(start_sidecar, serve, shared, format_):
    body = tar({"a": b"1"}) if format_ == "archive" else b'{"files": []}'
    server = serve(whole(body, x_oss_hash_crc64ecma=crc64(b"other")))
    sidecar = start_sidecar(download={"retries": 1})
    answer = sidecar.update("v2", server.url("/x.tar"), path="folder", format=format_)
    check(answer, 502, reason="SourceChecksumMismatch")
    assert not (shared / "folder").exists()
