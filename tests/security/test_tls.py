"""TLS, certificates of clients, and the web configuration file of Prometheus' exporters."""

import base64
import http.client
import json
import socket
import ssl
import subprocess

import pytest
from certificates import Authority, openssl
from raw_http import Line
from sidecar import BINARY
from waiting import free_ports, wait_until

BCRYPT = "$2b$04$abcdefghijklmnopqrstuu"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"), "stranger")


@pytest.fixture
def pair(authority, tmp_path):
    """tls.crt and tls.key of a server, where a Secret would be mounted."""
    folder = tmp_path / "tls"
    folder.mkdir()
    put_pair(authority, folder, "server-1")
    return folder


def put_pair(authority, folder, name):
    authority.server(name)
    (folder / "next").write_bytes((authority.folder / f"{name}.pem").read_bytes())
    (folder / "tls.key").write_bytes((authority.folder / f"{name}.key").read_bytes())
    (folder / "next").rename(folder / "tls.crt")


def client(authority, certificate=None, minimum=ssl.TLSVersion.TLSv1_2, maximum=ssl.TLSVersion.TLSv1_3):
    context = ssl.create_default_context(cafile=authority.certificate)
    context.minimum_version, context.maximum_version = minimum, maximum
    if certificate:
        context.load_cert_chain(certificate.with_suffix(".pem"), certificate.with_suffix(".key"))
    return context


def shown(sidecar, authority):
    """The common name that the server's certificate has."""
    with socket.create_connection(("127.0.0.1", sidecar.port), timeout=20) as plain:
        with client(authority).wrap_socket(plain, server_hostname="127.0.0.1") as tls:
            return dict(pair[0] for pair in tls.getpeercert()["subject"])["commonName"]


def call(sidecar, context, path="/hot-update", method="GET", body=None, **headers):
    connection = http.client.HTTPSConnection("127.0.0.1", sidecar.port, timeout=20, context=context)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read()
        answer.json = json.loads(text) if text.startswith(b"{") else text.decode()
        return answer
    finally:
        connection.close()


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture
def start_tls(start_sidecar, pair):
    def start(host=None, **more):
        tls = {"certificateFile": str(pair / "tls.crt"), "keyFile": str(pair / "tls.key"), **more}
        return start_sidecar(host={"tls": tls, **(host or {})}, wait_ready=False)

    return start


def test_an_update_over_tls(start_tls, authority, source, shared):
    sidecar = start_tls()
    context = client(authority)
    wait_until(lambda: call(sidecar, context, "/readyz").status == 200, "ready")
    url = source.put("/a", b"V2" * 100_000)
    done = subprocess.run(["curl", "-sS", "--noproxy", "*", "--cacert", authority.certificate, "-d", "version=v2", "--data-urlencode", f"url={url}",
                           f"https://127.0.0.1:{sidecar.port}/hot-update"], capture_output=True, timeout=60, check=True)
    assert json.loads(done.stdout)["result"] == "Succeeded"
    assert (shared / "a").read_bytes() == b"V2" * 100_000
    connection = http.client.HTTPSConnection("127.0.0.1", sidecar.port, timeout=20, context=context)
    for _ in range(3):  # one connection, with bodies larger than what is read at a time
        connection.request("POST", "/hot-update", body=b"version=v2&x=" + b"y" * 40_000)
        answer = connection.getresponse()
        assert answer.status == 400
        assert b"unknown field" in answer.read()
    connection.close()


def health(config_file, *argv):
    return subprocess.run([BINARY, "--config", config_file, "health", *argv], capture_output=True, text=True, timeout=30)


def test_probes_by_exec_ask_over_tls(start_tls, pair):
    [port] = free_ports(1)  # 0 would not say where to ask
    sidecar = start_tls(host={"listen": f"127.0.0.1:{port}"})
    wait_until(lambda: health(sidecar.config_file, "--ready").returncode == 0, "ready")
    assert health(sidecar.config_file).stdout == '{"status":"ok"}\n'
    (pair / "tls.crt").write_text("half of a new pair")  # the sidecar goes on with the one before it
    assert health(sidecar.config_file).returncode == 0


def test_older_tls_is_refused(start_tls, authority):
    sidecar = start_tls(minVersion="1.3")
    assert call(sidecar, client(authority), "/healthz").status == 200
    with pytest.raises(ssl.SSLError):
        call(sidecar, client(authority, maximum=ssl.TLSVersion.TLSv1_2), "/healthz")


def test_tls_1_1_is_refused_by_default(start_tls):
    sidecar = start_tls()
    for version, ends in (("-tls1_1", False), ("-tls1_2", True)):
        done = subprocess.run(["openssl", "s_client", version, "-cipher", "ALL:@SECLEVEL=0", "-connect", f"127.0.0.1:{sidecar.port}"], input=b"",
                              capture_output=True, timeout=20)
        assert (b"Cipher is (NONE)" not in done.stdout) == ends, done.stdout


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_no_session_is_resumed(start_tls, authority, version):
    """It would go on with what was verified before the files changed."""
    sidecar = start_tls()
    context = client(authority, minimum=version, maximum=version)
    session = None
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", sidecar.port), timeout=20) as plain:
            with context.wrap_socket(plain, server_hostname="127.0.0.1", session=session) as tls:
                tls.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                assert tls.recv(4096).startswith(b"HTTP/1.1 200")
                assert not tls.session_reused
                session = tls.session


def test_plain_http_and_silence_on_the_tls_port_keep_nobody_out(start_tls, authority):
    sidecar = start_tls(host={"http": {"requestSeconds": 1}})
    with Line(sidecar.port) as silent, Line(sidecar.port) as plain:
        plain.send(b"GET /hot-update HTTP/1.1\r\nHost: a\r\n\r\n")
        assert call(sidecar, client(authority), "/healthz").status == 200
        assert silent.is_ended()
        assert plain.file.read(4) != b"HTTP"


def test_a_new_pair_is_used_and_a_bad_one_is_not(start_tls, authority, pair):
    sidecar = start_tls()
    wait_until(lambda: call(sidecar, client(authority), "/readyz").status == 200, "ready")
    assert shown(sidecar, authority) == "server-1"
    put_pair(authority, pair, "server-2")
    assert shown(sidecar, authority) == "server-2"
    good = (pair / "tls.key").read_bytes()
    for bad in (b"", b"no key", (authority.folder / "server-1.key").read_bytes()):
        (pair / "tls.key").write_bytes(bad)
        assert shown(sidecar, authority) == "server-2"
        warnings = call(sidecar, client(authority)).json["warnings"]
        assert "CertificateNotUsable" in [each["reason"] for each in warnings]
        assert "okg_sidecar_tls_reload_failed 1" in call(sidecar, client(authority), "/metrics").json
        assert "the new certificate does not work" in sidecar.log()
    (pair / "tls.key").write_bytes(good)
    assert "CertificateNotUsable" not in json.dumps(call(sidecar, client(authority)).json)
    assert "okg_sidecar_tls_reload_failed 0" in call(sidecar, client(authority), "/metrics").json


@pytest.mark.parametrize("broken", ["tls.crt", "tls.key"])
def test_a_pair_that_does_not_work_at_the_start_is_a_mistake(start_tls, pair, broken):
    (pair / broken).write_text("nothing")
    with pytest.raises(RuntimeError, match=f"status 64(.|\n)*{broken}"):
        start_tls()


# Certificates of clients


def certificate_of(authority, name, extension="DNS:x.example"):
    authority.server(name, extension)
    return authority.folder / name


@pytest.fixture
def mutual(start_tls, authority):
    def start(names):
        certificates = {"caFile": str(authority.certificate), "allowedNames": names}
        return start_tls(host={"auth": {"clientCertificates": certificates, "readers": ["certificate:reader"]}})

    return start


def test_a_certificate_with_an_allowed_name_gets_in(mutual, authority):
    sidecar = mutual(["ops", "pipeline.example", "spiffe://games/deploy", "reader"])
    good = [certificate_of(authority, "ops"), certificate_of(authority, "a", "DNS:pipeline.example"),
            certificate_of(authority, "b", "URI:spiffe://games/deploy")]
    for each in good:
        wait_until(lambda each=each: call(sidecar, client(authority, each), method="POST").status == 400, each)
    reader = client(authority, certificate_of(authority, "reader"))
    assert call(sidecar, reader).status == 200
    assert call(sidecar, reader, method="POST").status == 403


def test_no_certificate_or_another_name_does_not(mutual, authority):
    sidecar = mutual(["ops", "pipeline.example"])
    assert call(sidecar, client(authority), "/healthz").status == 200
    assert call(sidecar, client(authority), "/readyz").json.keys() == {"status"}
    for context in (client(authority), client(authority, certificate_of(authority, "other")),
                    client(authority, certificate_of(authority, "opsevil", "DNS:pipeline.example.evil"))):
        for method in ("GET", "POST"):
            assert call(sidecar, context, method=method).status == 401


def test_a_certificate_of_another_authority_or_an_expired_one_ends_the_handshake(mutual, authority, stranger):
    sidecar = mutual(["ops", "*"])
    forged = certificate_of(stranger, "ops")
    authority.server("late", days=-1)
    for each in (forged, authority.folder / "late"):
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            call(sidecar, client(authority, each))


def revoke(authority, certificate):
    """The authority's list of revoked certificates, with this one on it."""
    folder = authority.folder
    (folder / "index.txt").write_text("")
    (folder / "ca.cnf").write_text(f"[ca]\ndefault_ca = d\n[d]\ndatabase = {folder}/index.txt\ndefault_md = sha256\ndefault_crl_days = 2\n")
    ours = ("ca", "-config", folder / "ca.cnf", "-cert", authority.certificate, "-keyfile", authority.key)
    openssl(*ours, "-revoke", certificate.with_suffix(".pem"))
    openssl(*ours, "-gencrl", "-out", folder / "revoked.pem")
    return (folder / "revoked.pem").read_text()


def test_a_certificate_counts_until_its_name_or_authority_is_taken_out(start_tls, authority, stranger, tmp_path):
    """Also a revoked one: lists of those are not read."""
    certificate = certificate_of(authority, "ops")
    trusted = tmp_path / "clients.pem"
    trusted.write_text(authority.certificate.read_text() + revoke(authority, certificate))
    auth = {"clientCertificates": {"caFile": str(trusted), "allowedNames": ["ops"]}}
    sidecar = start_tls(host={"auth": auth})
    assert call(sidecar, client(authority, certificate), method="POST").status == 400
    config = sidecar.config_file.read_text()
    assert sidecar.stop() == 0
    sidecar.config_file.write_text(config.replace("- ops", "- other"))
    sidecar.start(wait_ready=False)
    assert call(sidecar, client(authority, certificate), method="POST").status == 401
    assert sidecar.stop() == 0
    sidecar.config_file.write_text(config)
    trusted.write_text(stranger.certificate.read_text())
    sidecar.start(wait_ready=False)
    with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
        call(sidecar, client(authority, certificate), method="POST")


def test_certificates_need_tls(start_sidecar, authority):
    certificates = {"caFile": str(authority.certificate), "allowedNames": ["a"]}
    with pytest.raises(RuntimeError, match="status 64(.|\n)*needs tls"):
        start_sidecar(host={"auth": {"clientCertificates": certificates}})


def test_certificates_need_names(start_tls, authority):
    with pytest.raises(RuntimeError, match="status 64(.|\n)*allowedNames"):
        start_tls(host={"auth": {"clientCertificates": {"caFile": str(authority.certificate)}}})


# The web configuration file


def hash_of(password):
    import crypt

    return crypt.crypt(password, BCRYPT)


@pytest.fixture
def web(tmp_path):
    file = tmp_path / "web.yml"
    file.write_text(f"basic_auth_users:\n  alice: {hash_of('wonder')}\n  prometheus: {hash_of('scrape')}\n")
    return file


def plain(sidecar, method="GET", path="/hot-update", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=20)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    answer.json = json.loads(text) if text.startswith(b"{") else text.decode()
    return answer


def test_users_of_the_web_configuration_get_in_with_their_passwords(start_sidecar, web):
    sidecar = start_sidecar(host={"webConfigFile": str(web)})
    for _ in range(2):
        assert plain(sidecar, "POST", Authorization=basic("alice", "wonder")).status == 400
    for user, password in (("alice", "wonder "), ("alice", ""), ("alice", "scrape"), ("bob", "wonder"), ("", ""), ("alice", "wonder\0x"),
                           ("alice", hash_of("wonder"))):
        answer = plain(sidecar, "POST", Authorization=basic(user, password))
        assert answer.status == 401, (user, password)
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="okg-sidecar"'
    assert plain(sidecar).status == 401
    assert plain(sidecar, path="/healthz").status == 200
    assert "wonder" not in sidecar.log()


def test_users_are_read_again_and_a_broken_file_admits_nobody(start_sidecar, web):
    sidecar = start_sidecar(host={"webConfigFile": str(web)})
    assert plain(sidecar, Authorization=basic("alice", "wonder")).status == 200
    web.write_text(f"basic_auth_users:\n  alice: {hash_of('other')}\n")
    assert plain(sidecar, Authorization=basic("alice", "wonder")).status == 401
    assert plain(sidecar, Authorization=basic("alice", "other")).status == 200
    web.write_text("basic_auth_users: [")
    assert plain(sidecar, Authorization=basic("alice", "other")).status == 401
    assert "the web configuration admits nobody" in sidecar.log()


def test_a_user_may_be_kept_to_reading(start_sidecar, web, tmp_path):
    (tmp_path / "token").write_text("d3b07384d113edec49eaa6238ad5ff00")
    auth = {"tokenFiles": [str(tmp_path / "token")], "readers": ["user:prometheus"]}
    sidecar = start_sidecar(host={"webConfigFile": str(web), "auth": auth})
    assert plain(sidecar, path="/metrics", Authorization=basic("prometheus", "scrape")).status == 200
    assert plain(sidecar, "POST", Authorization=basic("prometheus", "scrape")).status == 403
    assert plain(sidecar, "POST", Authorization=basic("alice", "wonder")).status == 400
    assert plain(sidecar, "POST", Authorization="Bearer d3b07384d113edec49eaa6238ad5ff00").status == 400


def test_tls_of_the_web_configuration(start_sidecar, authority, pair, web):
    (pair / "web.yml").write_text(
        "tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\n  client_auth_type: RequireAndVerifyClientCert\n"
        f"  client_ca_file: {authority.certificate}\n  min_version: TLS12\n  client_allowed_sans: [x.example]\n")
    sidecar = start_sidecar(host={"webConfigFile": str(pair / "web.yml")}, wait_ready=False)
    assert call(sidecar, client(authority)).status == 401
    good = client(authority, certificate_of(authority, "scraper"))
    wait_until(lambda: call(sidecar, good).status == 200, "the plugin runs")
    assert call(sidecar, client(authority, certificate_of(authority, "other", "DNS:y.example"))).status == 401


@pytest.mark.parametrize(
    "text",
    [
        "basic_auth_users: {alice: secret}", "basic_auth_user: {}", "tls_server_config: {cert_file: a}", "[",
        "tls_server_config: {cert_file: a, key_file: b, min_version: TLS10}", "tls_server_config: {cert_file: a, key_file: b, cipher_suites: [X]}",
        "tls_server_config: {cert_file: a, key_file: b, client_auth_type: RequireAndVerifyClientCert}",
        "tls_server_config: {cert_file: a, key_file: b, client_auth_type: RequestClientCert}",
    ],
)
def test_a_web_configuration_that_cannot_be_meant_is_a_mistake(tmp_path, text):
    (tmp_path / "web.yml").write_text(text)
    (tmp_path / "config.yaml").write_text(
        f"plugins: [{{name: hot_update, config: {{loadPatchType: none}}}}]\nwebConfigFile: {tmp_path / 'web.yml'}\n")
    done = subprocess.run([BINARY, "validate", tmp_path / "config.yaml"], capture_output=True, timeout=20)
    assert done.returncode == 64
    assert b"webConfigFile" in done.stderr
    assert b"web.yml" in done.stderr
