"""Calls as clients really send them: curl as people type it, and HTTP's less common ways."""

import json
import signal
import socket
import subprocess

import pytest
from game import wait_until


def curl(*arguments):
    done = subprocess.run(["curl", "-sS", "--noproxy", "*", *arguments], capture_output=True, timeout=60)
    assert done.returncode == 0, done
    return done.stdout


def test_the_curl_of_the_readme(source, start_sidecar, shared):
    sidecar = start_sidecar()
    url = source.put("/game/v2/index.html", b"V2")
    answer = json.loads(curl("-k", "-X", "POST", "-d", f"version=v2&url={url}", sidecar.base + "/hot-update"))
    assert answer["result"] == "Succeeded"
    assert (shared / "index.html").read_bytes() == b"V2"


@pytest.mark.parametrize(
    "data, name",
    [
        (["-d", "path=a%20b%2Bc.html"], "a b+c.html"),
        (["-d", "path=a+b.html"], "a b.html"),
        (["-d", "path=地图/一.json"], "地图/一.json"),
        (["--data-urlencode", "path=100% + &.html"], "100% + &.html"),
    ],
)
def test_curl_sends_names_in_any_spelling(source, start_sidecar, shared, data, name):
    sidecar = start_sidecar()
    url = source.put("/a", b"V2")
    answer = json.loads(curl(*data, "-d", "version=v2", "--data-urlencode", f"url={url}", sidecar.base + "/hot-update"))
    assert answer["path"] == name, answer
    assert (shared / name).read_bytes() == b"V2", answer


def test_the_name_in_an_address_is_decoded(source, start_sidecar, shared):
    url = source.put("/v2/%E5%9C%B0%20%E5%9B%BE.json", b"map")
    assert start_sidecar().update("v2", url).json["path"] == "地 图.json"
    assert (shared / "地 图.json").read_bytes() == b"map"


class Line:
    """A connection on which a test says every byte."""

    def __init__(self, port, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=20)
        self.file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def head(self):
        lines = []
        while line := self.file.readline().strip():
            lines.append(line.decode())
        return lines

    def answer(self, with_body=True):
        head = self.head()
        length = next(int(line.split(":")[1]) for line in head if line.lower().startswith("content-length:"))
        return head, self.file.read(length) if with_body else b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()


def test_a_body_is_sent_after_100_continue(source, start_sidecar):
    sidecar = start_sidecar()
    body = f"version=v2&url={source.put('/a', b'V2')}?{'x' * 2000}".encode()
    with Line(sidecar.port) as line:
        line.send(b"POST /hot-update HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                  + f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode())
        assert line.head() == ["HTTP/1.1 100 Continue"]
        line.send(body)
        head, answer = line.answer()
    assert head[0] == "HTTP/1.1 200 OK"
    assert json.loads(answer)["result"] == "Succeeded"


def test_one_connection_carries_many_calls_and_head_gets_no_body(start_sidecar):
    sidecar = start_sidecar()
    with Line(sidecar.port) as line:
        for path in ("/healthz", "/readyz", "/metrics", "/hot-update"):
            line.send(f"HEAD {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            head, _ = line.answer(with_body=False)
            line.send(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            full, body = line.answer()
            assert head[0] == full[0] == "HTTP/1.1 200 OK", path
            assert body, path


def test_a_silent_client_and_a_slow_one_do_not_keep_others_out(start_sidecar):
    sidecar = start_sidecar()
    with Line(sidecar.port), Line(sidecar.port) as slow:
        slow.send(b"POST /hot-update HTTP/1.1\r\nContent-Le")
        assert sidecar.get("/healthz").status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_orderly_stop_ends_with_0(start_sidecar, number):
    sidecar = start_sidecar()
    sidecar.process.send_signal(number)
    assert sidecar.process.wait(20) == 0
    assert "stopped" in sidecar.log()


def test_log_level_error_leaves_the_rest_out(start_sidecar, source):
    sidecar = start_sidecar()
    sidecar.stop()
    assert " info listening " in sidecar.log()
    process = subprocess.Popen([*sidecar.argv, "--log-level", "error"], stderr=subprocess.PIPE)
    wait_until(lambda: open_ports(process.pid), what="it listens")
    process.terminate()
    assert process.communicate(timeout=20)[1] == b""
    assert process.returncode == 0


def open_ports(pid):
    """The listening sockets of a process, as inodes."""
    import os
    import re

    listening = {line.split()[9] for line in open(f"/proc/{pid}/net/tcp") if line.split()[3] == "0A"}
    inodes = set()
    for entry in os.scandir(f"/proc/{pid}/fd"):
        try:
            inodes |= set(re.findall(r"socket:\[(\d+)\]", os.readlink(entry.path)))
        except FileNotFoundError:
            pass  # closed since
    return inodes & listening
