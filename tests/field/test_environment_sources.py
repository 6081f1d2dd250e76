"""What the environment does to downloads: proxies, addresses that expire, disks, and a source's own words."""

import base64
import datetime
import os
import pathlib
import re
import socket
import subprocess
import time
import urllib.parse

import pytest
import yaml

from downloads import check, fetch, serve, whole  # noqa: F401
from raw_server import head, send, stay_silent
from sidecar import BINARY, Sidecar, request
from source import Source
from waiting import free_ports, wait_until

BODY = os.urandom(100_000)


# Proxies.


@pytest.fixture
def proxy(serve):
    return serve(whole(BODY))


def proxy_url(proxy):
    return f"http://127.0.0.1:{proxy.port}"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy"])
def test_a_proxy_for_http_is_used_however_its_variable_is_written(fetch, proxy, name):
    check(fetch("http://cdn.example/file", env={name: proxy_url(proxy)}), 200)
    assert proxy.heads[0].startswith("GET http://cdn.example/file HTTP/1.1")


def test_the_variable_in_small_letters_wins(fetch, proxy):
    [nobody] = free_ports(1)
    check(fetch("http://cdn.example/file", env={"HTTP_PROXY": f"http://127.0.0.1:{nobody}", "http_proxy": proxy_url(proxy)}), 200)


@pytest.mark.parametrize("value", ["127.0.0.1", "127.0.0.0/8", "*", "example.org,127.0.0.1"])
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_no_proxy_is_kept_to(fetch, proxy, source, name, value):
    check(fetch(source.put("/file", BODY), env={"HTTP_PROXY": proxy_url(proxy), name: value}), 200)
    assert not proxy.heads
    assert len(source.requests) == 1


@pytest.mark.parametrize("value", ["*.example", "*.EXAMPLE", "localhost,*.example", "cdn.example:80", "*:80", "x cdn.example", "cdn.example.", '"cdn.example"', "'.example' , x"])
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_no_proxy_is_understood_as_people_write_it(fetch, proxy, name, value):
    answer = fetch("http://cdn.example/file", env={"http_proxy": proxy_url(proxy), name: value}, retries=0)
    check(answer, 502, "Could not resolve host: cdn.example")
    assert not proxy.heads


@pytest.mark.parametrize("value", ["127.0.0.1:{}", "example.org, 127.0.0.1:{}", '"127.0.0.1:{}"'])
@pytest.mark.parametrize("is_ours", [True, False])
def test_no_proxy_with_a_port_holds_for_that_port_alone(fetch, proxy, source, value, is_ours):
    """As Go takes it."""
    value = value.format(source.port if is_ours else source.port + 1)
    check(fetch(source.put("/file", BODY), env={"HTTP_PROXY": proxy_url(proxy), "NO_PROXY": value}), 200)
    assert bool(source.requests) == is_ours
    assert bool(proxy.heads) != is_ours


@pytest.mark.parametrize("value", ["::1", "[::1]", "[::1]:{}", "::1/128", "::/13", "127.0.0.1 , ::1"])
def test_no_proxy_with_an_ipv6_address_is_kept_to(fetch, proxy, things, value):
    things.append(source := Source(address="::1"))
    source.put("/file", BODY)
    env = {"HTTP_PROXY": proxy_url(proxy), "NO_PROXY": value.format(source.port)}
    check(fetch(source.url("/file", host="[::1]"), env=env), 200)
    assert not proxy.heads


@pytest.mark.parametrize("value", ["*.other", "*example", "cdn.example.org", "dn.example", "cdn.example:81", ":80", "]:80", ".", "", ",", "10.0.0.0/8", "::/0"])
def test_no_proxy_of_others_is_none(fetch, proxy, value):
    check(fetch("http://cdn.example/file", env={"http_proxy": proxy_url(proxy), "NO_PROXY": value}), 200)


def test_the_proxy_for_http_is_not_used_for_https(fetch, proxy):
    [nobody] = free_ports(1)
    check(fetch(f"https://127.0.0.1:{nobody}/file", env={"HTTP_PROXY": proxy_url(proxy)}, retries=0), 502, "onnect")
    assert not proxy.heads


# A source's own words.


def test_the_head_of_an_error_page_is_quoted(fetch, source):
    words = b"<?xml version=\"1.0\"?>\n<Error><Code>RequestTimeTooSkewed</Code>\x1b[31m\xc2\x9b" + b"x" * 5000
    answer = fetch(source.put("/file", words, status=403))
    check(answer, 502, "answered 403", "<Error><Code>RequestTimeTooSkewed</Code>")
    quoted = re.search(r"'(.*)'", answer.json["message"]).group(1)
    assert len(quoted) <= 201, quoted
    assert quoted.isprintable(), quoted


@pytest.mark.parametrize("body, length", [(b"", 0), (b"\0\x01\x02", 3)])
def test_an_error_page_without_words_is_not(fetch, source, body, length):
    answer = fetch(source.put("/file", body, status=404))
    check(answer, 502, "answered 404")
    assert "''" not in answer.json["message"]


@pytest.mark.parametrize("script", [send(head("403 Forbidden", Content_Length=1000) + b"Denied by rule 7", then=stay_silent),
                                    send(head("403 Forbidden", Content_Length=1000) + b"Denied by rule 7"),
                                    send(head("403 Forbidden") + b"Denied by rule 7" + b" " * 5_000_000)],
                         ids=["never ends", "is cut", "is huge"])
def test_an_error_page_that_does_not_end_well_is_no_reason_to_wait_or_to_say_something_else(fetch, serve, script):
    server = serve(script)
    answer = fetch(server.url(), stallTimeoutSeconds=15)
    check(answer, 502, "answered 403", "Denied by rule 7")
    assert answer.json["durationMs"] < 4000, answer
    assert len(server.heads) == 1, answer


def test_an_error_page_that_repeats_the_secrets_of_the_url_is_quoted_without_them(fetch, serve):
    server = serve(send(head("403 Forbidden", Content_Length=40) + b"bad signature SECRETSIGNATURE of deploy!"))
    answer = fetch(server.url("/file?X-Amz-Signature=SECRETSIGNATURE", host="deploy:s3cret@127.0.0.1"))
    check(answer, 502, "bad signature")
    assert "SECRETSIGNATURE" not in answer.json["message"]
    assert "s3cret" not in answer.json["message"]


REPEATED = {
    "the signature decoded": ("", "Signature=ab%2Bcdefgh%2Fijk%3D", b"<SignatureProvided>ab+cdefgh/ijk=</SignatureProvided>"),
    "the signature wrapped": ("", "Signature=ab%2Bcdefgh%2Fijk%3D", b"<S>ab+cde\r\n fgh/ijk=</S>"),
    "the signature as JSON": ("", "Signature=ab%2Bcdefgh%2Fijk%3D", b'{"s":"ab\\u002bcdefgh\\/ijk="}'),
    "a short token": ("", "t=tk1", b"bad token tk1"),
    "the user": ("deploy:s3cret@", "", b"no deploy here"),
    "the password decoded": ("deploy:p%40ss@", "", b"no p@ss here"),
    "the Basic credentials": ("deploy:p%40ss@", "", b"Authorization was Basic " + base64.b64encode(b"deploy:p@ss")),
}
SECRETS = ["ab+cde", "ijk", "tk1", "deploy", "p@ss", "ZGVwbG95"]


@pytest.mark.parametrize("what", REPEATED)
def test_an_error_page_that_repeats_a_secret_in_another_form_is_quoted_without_it(fetch, serve, what):
    userinfo, query, words = REPEATED[what]
    server = serve(send(head("403 Forbidden", Content_Length=len(words)) + words))
    answer = fetch(server.url("/file?" + query, host=userinfo + "127.0.0.1"), retries=0)
    check(answer, 502, "***")
    for secret in SECRETS:
        assert secret not in answer.json["message"], answer
        assert secret not in answer.log, answer


def test_an_error_page_that_repeats_the_secrets_of_a_redirect_is_quoted_without_them(fetch, serve):
    words = b"bad signature REDIRECTED0123456789 given"
    end = serve(send(head("403 Forbidden", Content_Length=len(words)) + words))
    server = serve(send(head("302 Found", Location=end.url() + "?sig=REDIRECTED0123456789", Content_Length=0)))
    answer = fetch(server.url(), retries=0)
    check(answer, 502, "bad signature *** given")
    assert "REDIRECTED" not in answer.log


# Addresses that expire.


def at(seconds, form):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime(form)


BASIC = "%Y%m%dT%H%M%SZ"
EXPIRING = {
    "S3": lambda: f"X-Amz-Date={at(0, BASIC)}&X-Amz-Expires=3600&X-Amz-Signature=s",
    "TOS": lambda: f"X-Tos-Date={at(0, BASIC)}&X-Tos-Expires=3600&X-Tos-Signature=s",
    "GCS": lambda: f"X-Goog-Date={at(0, BASIC)}&X-Goog-Expires=3600&X-Goog-Signature=s",
    "OSS V4": lambda: f"x-oss-date={at(0, BASIC)}&x-oss-expires=3600&x-oss-signature=s",
    "OSS": lambda: f"Expires={int(time.time()) + 3600}&OSSAccessKeyId=a&Signature=s",
    "COS": lambda: f"q-sign-algorithm=sha1&q-sign-time={int(time.time())}%3B{int(time.time()) + 3600}&q-signature=s",
    "Azure": lambda: f"se={urllib.parse.quote(at(3600, '%Y-%m-%dT%H:%M:%SZ'))}&sig=s",
}


@pytest.mark.parametrize("kind", EXPIRING)
def test_an_address_that_expires_is_warned_about_and_shown_in_the_metrics(start_sidecar, source, kind):
    sidecar = start_sidecar()
    source.put("/file", BODY)
    answer = sidecar.update("v1", source.url("/file?" + EXPIRING[kind]()))
    assert answer.json["result"] == "Succeeded", answer
    [warning] = answer.json["warnings"]
    assert warning["reason"] == "SourceAddressExpires", answer
    assert at(3600, "%Y-%m-%dT%H:") in warning["message"], answer
    expiry = float(re.search(r"^okg_hot_update_source_expiry_timestamp_seconds (\S+)", sidecar.get("/metrics").body.decode(), re.M).group(1))
    assert 3590 < expiry - time.time() <= 3600
    answer = sidecar.update("v2", source.url("/file"), force="true")
    assert "SourceAddressExpires" not in str(answer.json.get("warnings"))
    assert "\nokg_hot_update_source_expiry_timestamp_seconds 0\n" in sidecar.get("/metrics").body.decode()


def test_an_address_that_has_expired_is_named_as_such(fetch, source):
    url = source.put("/file", b"<Code>AccessDenied</Code>", status=403)
    signed = url + f"?X-Amz-Date={at(-7200, BASIC)}&X-Amz-Expires=3600&X-Amz-Signature=s"
    check(fetch(signed), 502, "answered 403", "expired at", at(-3600, "%Y-%m-%dT%H:"), reason="SourceExpired")


# Disks.


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount file systems")
@pytest.mark.parametrize("mib, status", [(80, 200), (95, 507)])
def test_a_tenth_of_the_volume_stays_free(start_sidecar, source, tmp_path, mib, status):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m,mode=0755", "none", disk], check=True)
    try:
        sidecar = start_sidecar(fileDir=str(disk))
        answer = sidecar.update("v1", source.put("/file", bytes(mib << 20)))
        assert answer.status == status, answer
        there = os.statvfs(disk)
        assert there.f_bavail >= there.f_blocks // 10
        if status == 507:
            assert "minFreePercent" in answer.json["message"], answer
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize("error, status", [("ENOSYS", 200), ("EOPNOTSUPP", 200), ("EINVAL", 200), ("EIO", 200), ("ENOSPC", 507), ("EDQUOT", 507)])
def test_room_that_cannot_be_reserved_matters_only_when_there_is_none(things, tmp_path, shared, source, start_sidecar, error, status):
    # strace answers the call in the kernel's stead.
    sidecar = start_sidecar()
    tracer = subprocess.Popen(["strace", "-f", "-q", "-o", "/dev/null", "-e", "trace=fallocate", "-e", f"inject=fallocate:error={error}",
                               "-p", str(sidecar.process.pid)], stderr=subprocess.PIPE)
    try:
        status_file = pathlib.Path(f"/proc/{sidecar.process.pid}/status")
        wait_until(lambda: "TracerPid:\t0" not in status_file.read_text(), "strace is there")
        answer = sidecar.update("v1", source.put("/file", BODY))
        assert answer.status == status, answer
    finally:
        tracer.terminate()
        tracer.wait(20)


# Name servers.


@pytest.fixture
def silent_name_server(tmp_path):
    """The resolv.conf of a cluster whose name server takes questions and answers none."""
    address = "127." + ".".join(str(part) for part in os.urandom(3))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, 53))
        (tmp_path / "resolv.conf").write_text(f"nameserver {address}\noptions timeout:30 attempts:4\n")
        yield tmp_path / "resolv.conf"


@pytest.fixture
def sidecar_asking(things, tmp_path, shared):
    """A sidecar in a mount namespace of its own, with that resolv.conf."""

    def start(resolv_conf, **download):
        folder = tmp_path / "sidecar"
        config = {"fileDir": str(shared), "loadPatchType": "none", "storageConfig": {"type": "Local"}, "download": download}
        script = f"mount --bind {resolv_conf} /etc/resolv.conf && exec {BINARY} --config {folder}/config.yaml"
        things.append(Sidecar(folder, config, argv=["unshare", "--mount", "sh", "-c", script]))
        return things[-1]

    return start


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root for a mount namespace")
def test_a_name_server_that_does_not_answer_holds_up_no_other_update_and_no_stop(silent_name_server, sidecar_asking, source):
    sidecar = sidecar_asking(silent_name_server, connectTimeoutSeconds=1, timeoutSeconds=10, retries=1)
    begun = time.monotonic()
    answer = sidecar.update("v1", "http://cdn.example/map")
    assert (answer.status, answer.json["reason"]) == (504, "SourceTimeout"), answer
    assert "Resolving timed out" in answer.json["message"], answer
    assert time.monotonic() - begun < 10, answer
    assert sidecar.update("v2", source.put("/map", b"map")).status == 200
    assert sidecar.update("v3", "http://cdn.example/map", wait="false").status == 202
    wait_until(lambda: sidecar.status().get("underWay"), "it is being fetched")
    begun = time.monotonic()
    assert sidecar.stop() == 0
    assert time.monotonic() - begun < 10


# Files that are mounted into the sidecar.


@pytest.mark.parametrize("what", ["headers", "orders", "token"])
def test_a_fifo_in_place_of_a_mounted_file_holds_up_no_update_and_no_stop(start_sidecar, source, tmp_path, what):
    os.mkfifo(tmp_path / "fifo")
    fifo, url = str(tmp_path / "fifo"), source.put("/map", b"map")
    settings = {"headers": {"sourceHeaderFiles": {source.url("/"): fifo}}, "orders": {"orders": {"file": fifo}}}.get(what, {})
    (tmp_path / "token").write_text("s3cret")
    sidecar = start_sidecar(host={"auth": {"tokenFiles": [fifo, str(tmp_path / "token")]}}, **settings)
    answer = request(sidecar.base + "/hot-update", "POST", f"version=v1&url={url}".encode(), {"Authorization": "Bearer s3cret"})
    if what == "headers":
        assert answer.json["reason"] == "SourceUnauthorized", answer
        assert "is not a regular file" in answer.json["message"], answer
    else:
        assert answer.status == 200, answer
    begun = time.monotonic()
    assert sidecar.stop() == 0
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("what", ["FIFO", "device"])
@pytest.mark.parametrize("key", ["download.caFile", "sourceCertificates"])
def test_a_fifo_in_place_of_an_authority_is_named_with_its_key(start_sidecar, tmp_path, what, key):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    file = {"FIFO": str(fifo), "device": "/dev/zero"}[what]
    url = "https://127.0.0.1:1/map"
    settings = {"download.caFile": {"download": {"caFile": file}}, "sourceCertificates": {"sourceCertificates": {url: {"caFile": file}}}}[key]
    sidecar = start_sidecar(**settings)
    answer = sidecar.update("v1", url)
    check(answer, 502, f"{key}: ", "is not a regular file", reason="SourceTls")
    assert sidecar.stop() == 0


@pytest.mark.parametrize("which", ["certificateFile", "keyFile"])
def test_a_fifo_in_place_of_the_sidecars_own_certificate_is_named_at_the_start(tmp_path, which):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "shared").mkdir()
    (tmp_path / "empty").touch()
    tls = {"certificateFile": str(tmp_path / "empty"), "keyFile": str(tmp_path / "empty"), which: str(tmp_path / "fifo")}
    config = {"plugins": [{"name": "hot_update", "config": {"fileDir": str(tmp_path / "shared"), "loadPatchType": "none",
                                                              "storageConfig": {"type": "Local"}}}], "listen": "127.0.0.1:0", "tls": tls}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    done = subprocess.run([BINARY, "--config", tmp_path / "config.yaml"], capture_output=True, timeout=20)
    assert done.returncode == 64, done
    assert b"fifo" in done.stderr
    assert b"it is not a regular file" in done.stderr
