"""sourceCertificates: a source is shown our certificate, and nobody else is."""

import shutil
import socket
import ssl
import threading

import pytest

from certificates import Authority, openssl
from source import Answer, Source


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


class AskingSource(Source):
    """Asks each caller for a certificate, and notes whose it was shown with which path."""

    def __init__(self, authority, name):
        context = authority.server(name)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(authority.certificate)
        self.shown = []
        super().__init__(context)

    def put(self, path, body, status=200, location=None):
        def handler(request):
            certificate = request.connection.getpeercert() or {"subject": ()}
            self.shown.append((path, dict(pair[0] for pair in certificate["subject"]).get("commonName")))
            request.send_response(status)
            if location:
                request.send_header("Location", location)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        self.answers[path] = Answer(handler=handler)
        return self.url(path)


@pytest.fixture
def asking(authority, things):
    things.append(AskingSource(authority, "asking"))
    return things[-1]


@pytest.fixture
def pair(authority, tmp_path):
    """tls.crt and tls.key of "game"."""
    return renew(authority, tmp_path, "game")


def renew(authority, folder, name):
    authority.server(name)
    for end, to in (("pem", "tls.crt"), ("key", "tls.key")):
        shutil.copy(folder / f"{name}.{end}", folder / to)
    return {"certificateFile": str(folder / "tls.crt"), "keyFile": str(folder / "tls.key")}


@pytest.fixture
def sidecar(asking, authority, pair, start_sidecar):
    return start_sidecar(loadPatchType="none", sourceCertificates={asking.url("/game/"): pair},
                         download={"retries": 0, "caFile": str(authority.certificate)})


def test_it_is_shown_for_the_urls_it_is_for_and_for_no_others(sidecar, asking):
    for path in ("/game/file", "/elsewhere", "/game/more"):
        assert sidecar.update("v1", asking.put(path, b"ours")).status == 200
    assert asking.shown == [("/game/file", "game"), ("/elsewhere", None), ("/game/more", "game")]


def test_a_redirect_leads_to_no_other_source_with_it(sidecar, asking, authority, things):
    things.append(AskingSource(authority, "other"))
    other = things[-1]
    url = asking.put("/game/hop", b"", 302, other.put("/game/file", b"other"))
    assert sidecar.update("v1", url).status == 200
    assert asking.shown == [("/game/hop", "game")]
    assert other.shown == [("/game/file", None)]


def test_a_pair_that_changes_is_shown_at_once(sidecar, asking, authority, tmp_path):
    url = asking.put("/game/file", b"ours")
    assert sidecar.update("v1", url).status == 200
    renew(authority, tmp_path, "renewed")
    assert sidecar.update("v2", url).status == 200
    assert [name for _, name in asking.shown] == ["game", "renewed"]


def lock(folder):
    openssl("pkcs8", "-topk8", "-in", folder / "game.key", "-out", folder / "tls.key", "-passout", "pass:secret")


FLAWS = {
    "no certificate": ("tls.crt", lambda folder: (folder / "tls.crt").unlink()),
    "no key": ("tls.key", lambda folder: (folder / "tls.key").unlink()),
    "an empty certificate": ("tls.crt", lambda folder: (folder / "tls.crt").write_text("")),
    "a key for a certificate": ("tls.crt", lambda folder: shutil.copy(folder / "game.key", folder / "tls.crt")),
    "a certificate for a key": ("tls.key", lambda folder: shutil.copy(folder / "game.pem", folder / "tls.key")),
    "the key of another": ("tls.key", lambda folder: shutil.copy(folder / "asking.key", folder / "tls.key")),
    "a key with a password": ("tls.key", lock),
    "an endless file": ("tls.crt", lambda folder: ((folder / "tls.crt").unlink(), (folder / "tls.crt").symlink_to("/dev/zero"))),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_pair_that_cannot_be_used_connects_to_nothing(sidecar, asking, tmp_path, flaw):
    named, make = FLAWS[flaw]
    make(tmp_path)
    answer = sidecar.update("v1", asking.put("/game/file", b"ours"))
    assert answer.status == 502, answer
    assert answer.json["reason"] == "SourceUnauthorized", answer
    assert f"sourceCertificates: {tmp_path / named} " in answer.json["message"], answer
    assert not asking.peers


def test_ca_file_counts_for_that_source_alone(asking, authority, tmp_path, things, start_sidecar):
    things.append(AskingSource(authority, "other"))
    sidecar = start_sidecar(loadPatchType="none", download={"retries": 0},
                            sourceCertificates={asking.url("/"): {"caFile": str(authority.certificate)}})
    assert sidecar.update("v1", asking.put("/file", b"ours")).status == 200
    answer = sidecar.update("v2", things[-2].put("/file", b"other"))
    assert (answer.status, answer.json["reason"]) == (502, "SourceTls"), answer
    assert [name for _, name in asking.shown] == [None]


def test_a_source_that_insists_on_one_says_so(authority, tmp_path, start_sidecar):
    context = authority.server("insisting")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.certificate)
    sidecar = start_sidecar(loadPatchType="none", download={"retries": 0, "caFile": str(authority.certificate)})
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            plain, _ = listener.accept()
            copy = plain.dup()
            with plain, pytest.raises(ssl.SSLError):
                context.wrap_socket(plain, server_side=True)
            with copy:
                copy.shutdown(socket.SHUT_WR)
                while copy.recv(4096):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        answer = sidecar.update("v1", f"https://127.0.0.1:{listener.getsockname()[1]}/file")
        thread.join(20)
    assert (answer.status, answer.json["reason"]) == (502, "SourceUnauthorized"), answer
    assert "sourceCertificates" in answer.json["message"], answer


@pytest.mark.parametrize(("value", "word"), [
    ({"cdn.example.com": {"caFile": "/ca"}}, "prefix of URLs"),
    ({"http://h/": {"caFile": "/ca"}}, "https"),
    ({"https://h/": {"certificateFile": "/c"}}, "keyFile"),
    ({"https://h/": {"keyFile": "/k"}}, "keyFile"),
    ({"https://h/": {"certificateFile": "c", "keyFile": "/k"}}, "absolute"),
    ({"https://h/": {}}, "missing"),
    ({"https://h/": "/file"}, "a map"),
    ({"https://h/": {"caFile": "/ca", "cafile2": "/ca"}}, "cafile2"),
    ({}, "names no file"),
    (["https://h/"], "a map"),
])
def test_what_is_not_clear_is_a_mistake(start_sidecar, value, word):
    with pytest.raises(RuntimeError, match=f"sourceCertificates.*{word}"):
        start_sidecar(loadPatchType="none", sourceCertificates=value)
