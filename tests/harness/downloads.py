"""What tests of downloads share: raw sources, and one update from them whose failure has to leave the old content alone."""

import pytest

from raw_server import RawServer, head, send

QUICK = {"connectTimeoutSeconds": 1, "stallTimeoutSeconds": 1, "timeoutSeconds": 20, "retries": 1}


@pytest.fixture
def fetch(start_sidecar, shared):
    """fetch(url, fields={}, **download): the answer to one update, whose failure left the old content and nothing else."""
    (shared / "file").write_bytes(b"old")

    def fetch(url, env=None, fields=None, **download):
        sidecar = start_sidecar(download={**QUICK, **download}, env=env)
        answer = sidecar.update("v2", url, path="file", **(fields or {}))
        if answer.status != 200:
            assert answer.json["stage"] in ("fetch", "verify"), answer
            assert answer.json["result"] == "Failed", answer
            assert (shared / "file").read_bytes() == b"old"
            assert not list((shared / ".okg-sidecar/staging").iterdir())
            assert sidecar.get("/healthz").status == 200
        answer.log, answer.sidecar = sidecar.log(), sidecar
        return answer

    return fetch


@pytest.fixture
def serve(things):
    """serve(*scripts): a RawServer for the test."""

    def serve(*scripts, **more):
        things.append(RawServer(*scripts, **more))
        return things[-1]

    return serve


def check(answer, status, *words, reason=None):
    assert answer.status == status, answer
    assert reason is None or answer.json["reason"] == reason, answer
    for word in words:
        assert word in answer.json["message"], answer


def whole(body, status="200 OK", **headers):
    return send(head(status, Content_Length=len(body), **headers) + body)


def cut(body, **headers):
    """Half of `body`, and the end of the connection."""
    return send(head(Content_Length=len(body), **headers) + body[: len(body) // 2])


def rest_of(body, total=None, **headers):
    """What a Range asks for, as if it were a part of `body`."""

    def script(connection, request):
        begin = range_begin(request)
        range_ = f"bytes {begin}-{len(body) - 1}/{len(body) if total is None else total}"
        part = body[begin:]
        connection.sendall(head("206 Partial Content", Content_Length=len(part), Content_Range=range_, **headers) + part)

    return script


def range_begin(request):
    [line] = [line for line in request.split("\r\n") if line.startswith("Range: bytes=")]
    return int(line.split("=")[1].rstrip("-"))


def asked_for_a_part(request):
    return "Range: bytes=" in request
