"""What `download` limits, and whom an https download trusts."""

import socket
import ssl
import subprocess
import threading
import time

import pytest
from source import Answer, Source

BODY = b"x" * 1_000_000


def make_certificate(folder, name):
    """A self-signed certificate for that name alone."""
    folder.mkdir(exist_ok=True)
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-keyout", key, "-out", certificate, "-subj", "/CN=test", "-addext", f"subjectAltName={name}"],
                   check=True, capture_output=True)
    return key, certificate


@pytest.fixture
def secure(things, tmp_path):
    """An https source, and the authority that vouches for it under 127.0.0.1."""
    key, certificate = make_certificate(tmp_path / "tls", "IP:127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    things.append(Source(context))
    return things[-1], str(certificate)


def test_https_with_the_configured_authority_is_fetched(secure, start_sidecar, shared):
    source, authority = secure
    answer = start_sidecar(download={"caFile": authority}).update("v1", source.put("/a", BODY))
    assert answer.status == 200, answer
    assert (shared / "a").read_bytes() == BODY, answer


def test_https_without_the_authority_is_refused(secure, start_sidecar, shared):
    source, _ = secure
    answer = start_sidecar().update("v1", source.put("/a", BODY))
    assert answer.status == 502, answer
    assert "caFile" in answer.json["message"], answer
    assert not source.requests
    assert not (shared / "a").exists()


def test_https_under_another_name_is_refused(secure, start_sidecar):
    source, authority = secure
    source.put("/a", BODY)
    answer = start_sidecar(download={"caFile": authority}).update("v1", source.url("/a", host="localhost"))
    assert answer.status == 502, answer
    assert "host name" in answer.json["message"], answer
    assert not source.requests, answer


def test_https_is_not_redirected_to_http(secure, source, start_sidecar, shared):
    safe, authority = secure
    safe.answers["/a"] = Answer(status=302, headers={"Location": source.put("/a", BODY)})
    answer = start_sidecar(download={"caFile": authority}).update("v1", safe.url("/a"))
    assert answer.status == 502, answer
    assert not source.requests, answer
    assert not (shared / "a").exists(), answer


def test_a_missing_ca_file_is_named(secure, start_sidecar):
    source, _ = secure
    answer = start_sidecar(download={"caFile": "/nowhere.pem"}).update("v1", source.put("/a", BODY))
    assert answer.status == 502, answer
    assert "/nowhere.pem" in answer.json["message"], answer


def test_max_bytes_per_second_limits(source, start_sidecar):
    answer = start_sidecar(download={"maxBytesPerSecond": "500k"}).update("v1", source.put("/a", BODY))
    assert answer.status == 200, answer
    assert 1_500 <= answer.json["durationMs"] < 10_000, answer


def test_a_connection_that_nobody_accepts_ends_after_connect_timeout_seconds(start_sidecar):
    # A full backlog: the kernel drops what comes after it, as a host that does not answer would.
    with socket.socket() as silent, socket.socket() as first, socket.socket() as second:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(silent.getsockname())
        begun = time.monotonic()
        answer = start_sidecar(download={"connectTimeoutSeconds": 0.5, "retries": 0}).update(
            "v1", f"http://127.0.0.1:{silent.getsockname()[1]}/a")
    assert answer.status == 504, answer
    assert answer.json["durationMs"] >= 500, answer
    assert time.monotonic() - begun < 8, answer


def test_a_source_that_stops_in_the_middle_ends_after_stall_timeout_seconds(source, start_sidecar, shared):
    hold = threading.Event()

    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(BODY)))
        handler.end_headers()
        handler.wfile.write(BODY[: len(BODY) // 2])
        hold.wait(60)

    source.answers["/a"] = Answer(handler=half)
    answer = start_sidecar(download={"stallTimeoutSeconds": 1, "retries": 0}).update("v1", source.url("/a"))
    hold.set()
    assert answer.status == 504, answer
    assert 1_000 <= answer.json["durationMs"] < 15_000, answer
    assert not (shared / "a").exists()
