"""A web page in an operator's browser is no caller, whichever name it gives this pod (DNS rebinding)."""

import json
import socket

import pytest
from raw_http import ask

UPDATE = "POST /hot-update"


def call(sidecar, request="GET /hot-update", host="10.0.0.7:5000", *lines):
    """(status, answer as JSON) of a call with these header lines."""
    head = "".join(f"{line}\r\n" for line in (f"Host: {host}", *lines))
    length = "" if request.startswith("GET") else "Content-Length: 0\r\n"
    status, _, body = ask(sidecar.port, f"{request} HTTP/1.1\r\n{head}{length}\r\n".encode("latin-1"))
    return status, json.loads(body) if body.startswith(b"{") else body.decode()


def is_cross_site(answered):
    status, body = answered
    return status == 403 and body["reason"] == "CrossSite" and body["result"] == "Failed"


def is_taken(answered):
    """Whether it reached the handler, which misses the fields."""
    status, body = answered
    return status == 400 and "is missing" in body["message"] or status in (200, 404) and "reason" not in body


STATE_CHANGING = ["POST /hot-update", "POST /hot-update/rollback", "POST /hot-update/forget"]


@pytest.mark.parametrize("request_line", STATE_CHANGING)
@pytest.mark.parametrize(
    "lines",
    [
        ["Origin: https://evil.example"],
        ["Origin: null"],
        ["Origin: http://10.0.0.7"],
        ["Origin: http://10.0.0.7:5001"],
        ["Origin: http://10.0.0.70:5000"],
        ["Origin: file://"],
        ["Origin: chrome-extension://abc"],
        ["Origin: "],
        ["Origin: http://10.0.0.7:5000", "Origin: https://evil.example"],
        ["Origin: https://evil.example", "Origin: http://10.0.0.7:5000"],
        ["Origin: http://10.0.0.7:5000 https://evil.example"],
        ["Origin: http://10.0.0.7:5000@evil.example"],
        ["oRIGIN: https://evil.example"],
        ["Sec-Fetch-Site: cross-site"],
        ["Sec-Fetch-Site: same-site"],
        ["Sec-Fetch-Site: x"],
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"],
        ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"],
        ["Sec-Fetch-Site: same-origin", "Origin: https://evil.example"],
        ["Sec-Fetch-Site: cross-site", "Origin: http://10.0.0.7:5000"],
    ],
)
def test_a_page_of_another_site_changes_nothing(plain, request_line, lines):
    assert is_cross_site(call(plain, request_line, "10.0.0.7:5000", *lines))


@pytest.mark.parametrize(
    "host, lines",
    [
        ("10.0.0.7:5000", []),
        ("10.0.0.7:5000", ["Origin: http://10.0.0.7:5000"]),
        ("10.0.0.7:5000", ["Origin: http://10.0.0.7:5000", "Sec-Fetch-Site: same-origin"]),
        ("10.0.0.7:5000", ["Sec-Fetch-Site: none"]),
        ("LOCALHOST:5000", ["Origin: http://localhost:5000"]),
        ("game", ["Origin: http://game"]),
        ("game:80", ["Origin: http://game"]),
        ("game.ns.svc", ["Origin: https://game.ns.svc"]),
        ("[fd00::7]:5000", ["Origin: http://[fd00::7]:5000"]),
    ],
)
def test_a_page_of_the_sidecars_own_and_what_is_no_browser_may_call(plain, host, lines):
    assert is_taken(call(plain, UPDATE, host, *lines))


@pytest.mark.parametrize(
    "lines",
    [
        ["Origin: https://evil.example"],
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
        ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
        ["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors"],
    ],
)
@pytest.mark.parametrize("path", ["/hot-update", "/hot-update/processes", "/metrics"])
def test_a_page_of_another_site_reads_nothing(plain, path, lines):
    assert is_cross_site(call(plain, f"GET {path}", "10.0.0.7:5000", *lines))


def test_a_link_to_the_status_may_be_followed(plain):
    lines = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-User: ?1"]
    assert is_taken(call(plain, "GET /hot-update", "10.0.0.7:5000", *lines))


FOREIGN = [
    "evil.example", "evil.example:5000", "127.0.0.1.evil.example", "10.0.0.7.evil.example:5000", "localhost.evil.example", "a.svc.evil.example",
    "svc.cluster.local.evil.example", "evilsvc.cluster.localx", "xn--a.example", "0x7f.1", "1.2.3.4.5", "256.1.1.1", "game-0.blue.evil.example",
    ".svc", "evil.example.", "EVIL.example", "%65vil.example",
]


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("request_line", ["GET /hot-update", "GET /metrics", "GET /hot-update/processes", *STATE_CHANGING])
def test_a_foreign_host_is_refused(plain, request_line, host):
    status, body = call(plain, request_line, host, f"Origin: http://{host}", "Sec-Fetch-Site: same-origin")
    assert status == 421, body
    assert body["reason"] == "CrossSite"
    assert "http.allowedHosts" in body["message"]


def test_the_host_in_the_target_counts_and_not_the_header(plain):
    status, _, body = ask(plain.port, b"GET http://evil.example/hot-update HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status == 421, body


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.7", "10.0.0.7:5000", "[::1]", "[fd00::7]:5000", "localhost", "localhost:5000", "LocalHost", "a.localhost", "game-0", "game-0.blue",
        "GAME-0.blue:5000", "hot-update.default.svc", "hot-update.default.svc.cluster.local:5000", "hot-update.default.svc.cluster.local.",
        "game-0.hot-update.default.svc", "sidecar:80", "", socket.gethostname(),
    ],
)
def test_names_that_nobody_outside_can_own_are_known(plain, host):
    assert is_taken(call(plain, "GET /hot-update", host))
    assert is_taken(call(plain, UPDATE, host))


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_may_use_any_host(plain, path):
    assert call(plain, f"GET {path}", "probe.example.com")[0] == 200


PROXIED = "X-Forwarded-Uri: /api/v1/namespaces/default/pods/game-0:5000/proxy/hot-update"


@pytest.mark.parametrize("lines", [[], ["Accept-Encoding: gzip"]])
def test_the_api_servers_proxy_sends_its_own_name(plain, lines):
    assert is_taken(call(plain, "GET /hot-update", "kubernetes.example.com:6443", PROXIED, *lines))


@pytest.mark.parametrize(
    "lines",
    [
        [PROXIED, "Accept-Encoding: gzip, deflate"],
        [PROXIED, "Accept-Encoding: gzip, deflate, br, zstd"],
        ["X-Forwarded-Uri: /", "Accept-Encoding: gzip"],
        ["X-Forwarded-For: 10.0.0.1"],
        ["X-Forwarded-Host: localhost"],
        ["Forwarded: host=localhost"],
    ],
)
def test_a_page_cannot_pass_for_the_api_servers_proxy(plain, lines):
    assert call(plain, UPDATE, "evil.example", *lines)[0] == 421


def test_more_names_can_be_allowed(start_sidecar):
    sidecar = start_sidecar(host={"http": {"allowedHosts": ["Ops.example.com", "*.games.example.com"]}})
    for host in ("ops.example.com", "OPS.example.com:8443", "eu.games.example.com"):
        assert is_taken(call(sidecar, UPDATE, host)), host
        assert is_taken(call(sidecar, UPDATE, host, f"Origin: http://{host}")), host
        assert is_cross_site(call(sidecar, UPDATE, host, "Origin: https://evil.example")), host
    for host in ("a.ops.example.com", "games.example.com", "evilgames.example.com", "ops.example.com.evil.example"):
        assert call(sidecar, UPDATE, host)[0] == 421, host


def test_every_name_can_be_allowed(start_sidecar):
    sidecar = start_sidecar(host={"http": {"allowedHosts": ["*"]}})
    assert is_taken(call(sidecar, UPDATE, "evil.example"))
    assert is_cross_site(call(sidecar, UPDATE, "evil.example", "Origin: https://other.example"))
