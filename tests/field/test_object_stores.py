"""s3: objects of a store that takes signed requests alone, and who gets a signature."""

import hashlib
import json
import os

import pytest

from kubelet import DownwardVolume
from object_store import REGION, ObjectStore, authorization, credentials_text
from relay import Relay
from source import Answer, Source, cut
from waiting import wait_until

BODY = os.urandom(300_000)
KEYS = ("AKIDEXAMPLE", "s3cret-of-the/store+")
ODD = "/v%201/%E7%83%AD%E6%9B%B4+a&b=c~(x)'*!@$,;:%25.bin"


def manifest(files):
    """Of path -> (content, URL); without one the file is beside the manifest."""
    listed = [{"path": path, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), **({"url": url} if url else {})}
              for path, (content, url) in files.items()]
    return json.dumps({"files": listed}).encode()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    started = ObjectStore(tmp_path_factory.mktemp("moto"))
    started.put("file", BODY)
    started.put("game/maps/1.json", b"[1]")
    started.put("game/manifest.json", manifest({"maps/1.json": (b"[1]", None), "all.bin": (BODY, "s3://bucket/file")}))
    started.check_signatures()
    yield started
    started.stop()


@pytest.fixture
def credentials(tmp_path):
    file = tmp_path / "credentials"
    file.write_text(credentials_text(*KEYS))
    return file


@pytest.fixture
def start(start_sidecar, credentials):
    """start(port, host, s3={}, **settings): a sidecar whose object store is there; by address, with buckets in paths."""

    def start(port, host="127.0.0.1", s3=None, **settings):
        at = {"endpoint": f"http://{host}:{port}", "region": REGION, "credentialsFile": str(credentials), "pathStyle": host == "127.0.0.1"}
        return start_sidecar(loadPatchType="none", download={"retries": 0, **settings.pop("download", {})}, s3={**at, **(s3 or {})}, **settings)

    return start


def get(sidecar, url, status=200, reason=None):
    answer = sidecar.update("v1", url, path="file")
    assert answer.status == status, answer
    assert reason is None or answer.json["reason"] == reason, answer
    return answer.json


def get_folder(sidecar, url, status=200, reason=None):
    answer = sidecar.update("v1", url, path="game", format="manifest")
    assert answer.status == status, answer
    assert reason is None or answer.json["reason"] == reason, answer
    return answer.json


def is_signed_well(source, keys=KEYS):
    assert source.requests
    for path, headers in source.requests:
        assert headers["Authorization"] == authorization(path, headers, keys)


# A store that checks.


@pytest.mark.parametrize("host", ["127.0.0.1", "s3.localhost"])
def test_an_object_is_fetched_with_a_signature(start, store, credentials, shared, host):
    credentials.write_text("# ours\n[other]\naws_access_key_id=x\n\n" + credentials_text(*store.keys, profile="game"))
    sidecar = start(store.port, host, s3={"profile": "game"})
    get(sidecar, "s3://bucket/file")
    assert (shared / "file").read_bytes() == BODY


def test_keys_of_a_session_take_its_token_along(start, store, credentials, shared):
    credentials.write_text(credentials_text(*store.session))
    get(start(store.port), "s3://bucket/file")
    assert (shared / "file").read_bytes() == BODY


def test_a_wrong_secret_is_told_with_its_cure_and_the_file_is_read_again(start, store, credentials, shared):
    credentials.write_text(credentials_text(store.keys[0], "s3cret"))
    sidecar = start(store.port)
    told = get(sidecar, "s3://bucket/file", 502, "SourceUnauthorized")
    assert "SignatureDoesNotMatch" in told["message"]
    credentials.write_text(credentials_text(*store.keys))
    get(sidecar, "s3://bucket/file")
    assert (shared / "file").read_bytes() == BODY
    assert "NoSuchKey" in get(sidecar, "s3://bucket/nothing", 502)["message"]


def test_a_download_that_goes_on_is_signed_as_well(start, store, credentials, shared, things):
    credentials.write_text(credentials_text(*store.keys))
    relay = Relay(store.port, [100_000])
    things.append(relay)
    get(start(relay.port, download={"retries": 1}), "s3://bucket/file")
    assert (shared / "file").read_bytes() == BODY
    assert relay.accepted == 2


def part(body, begin, end, status, **headers):
    """An answer that announces `body` from `begin` on, and ends the connection at `end`."""

    def handler(request):
        request.send_response(status)
        for name, value in {"ETag": '"a"', "Content-Length": str(len(body) - begin), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body[begin:end])
        cut(request)

    return Answer(handler=handler)


def test_the_rest_of_an_object_is_asked_for_with_a_signature_of_its_own(start, source, shared):
    rest = part(BODY, 100_000, None, 206, Content_Range=f"bytes 100000-{len(BODY) - 1}/{len(BODY)}")
    source.answers["/bucket/file"] = [part(BODY, 0, 100_000, 200), rest]
    get(start(source.port, download={"retries": 1}), "s3://bucket/file")
    assert (shared / "file").read_bytes() == BODY
    assert [headers.get("Range") for _, headers in source.requests] == [None, "bytes=100000-"]
    is_signed_well(source)


# What is sent.


@pytest.mark.parametrize("host", ["127.0.0.1", "s3.localhost"])
@pytest.mark.parametrize("key", [ODD, "/a//b", "/file?versionId=a%2Fb+c&a=1"])
def test_odd_keys_are_signed_as_they_are_sent(start, source, host, key):
    get(start(source.port, host), "s3://bucket" + key, 502)
    [(path, headers)] = source.requests
    assert headers["Host"] == (f"127.0.0.1:{source.port}" if host == "127.0.0.1" else f"bucket.s3.localhost:{source.port}")
    assert path.startswith("/bucket/") == (host == "127.0.0.1")
    is_signed_well(source)


def test_the_url_of_the_object_is_signed_too_and_another_host_gets_nothing(start, source):
    sidecar = start(source.port, "s3.localhost")
    for host in ("s3.localhost", "bucket.s3.localhost"):
        get(sidecar, source.url("/file", host=host), 502)
    is_signed_well(source)
    source.requests.clear()
    for host in ("localhost", "a.b.s3.localhost", "evils3.localhost"):
        get(sidecar, source.url("/file", host=host), 502)
    assert [headers.get("Authorization") for _, headers in source.requests] == [None] * 3


@pytest.mark.parametrize("query", ["X-Amz-Date=20261126T000000Z&X-Amz-Signature=ab%2fc", "Expires=1&OSSAccessKeyId=a&Signature=b+c", "q-ak=a&q-signature=b"])
def test_a_url_that_is_signed_already_stays_as_it_is(start, source, query):
    source.put("/bucket/file", b"ours")
    get(start(source.port), source.url(f"/bucket/file?{query}"))
    [(path, headers)] = source.requests
    assert path == f"/bucket/file?{query}"
    assert not [name for name in headers if name.lower() == "authorization" or name.lower().startswith("x-amz-")]


def test_a_redirect_to_another_origin_takes_no_signature_along(start, source, credentials, things):
    things.append(Source())
    other = things[-1]
    credentials.write_text(credentials_text(*KEYS, token="s3cret-token"))
    source.answers["/bucket/file"] = Answer(status=307, headers={"Location": other.put("/file", b"other")})
    sidecar = start(source.port)
    get(sidecar, "s3://bucket/file")
    [(_, first)], [(_, second)] = source.requests, other.requests
    assert first["x-amz-security-token"] == "s3cret-token"
    assert not [name for name in second if name.lower() == "authorization" or name.lower().startswith("x-amz-")]
    assert "s3cret" not in sidecar.log() + str(sidecar.get("/hot-update").body)


def test_an_error_that_repeats_what_was_signed_is_not_quoted(start, source, shared):
    source.answers["/bucket/file"] = Answer(b"<Error><Code>AccessDenied</Code><Message>s3cret-of-the/store+</Message></Error>", 403)
    told = get(start(source.port), "s3://bucket/file", 502, "SourceUnauthorized")
    assert "AccessDenied" in told["message"]
    assert "s3cret" not in str(told)


# Manifests and redirects.


@pytest.mark.parametrize("host", ["127.0.0.1", "s3.localhost"])
def test_a_manifest_in_the_store_lists_objects_beside_it_and_elsewhere(start, store, credentials, shared, host):
    credentials.write_text(credentials_text(*store.keys))
    assert get_folder(start(store.port, host), "s3://bucket/game/manifest.json")["files"] == 2
    assert (shared / "game/maps/1.json").read_bytes() == b"[1]"
    assert (shared / "game/all.bin").read_bytes() == BODY


def test_a_manifest_of_a_web_server_may_list_objects_and_sees_no_signature(start, source, shared, things):
    things.append(Source())
    web = things[-1]
    source.put("/bucket/a", b"ours")
    get_folder(start(source.port), web.put("/manifest.json", manifest({"a": (b"ours", "S3://bucket/a")})))
    assert (shared / "game/a").read_bytes() == b"ours"
    is_signed_well(source)
    [(_, headers)] = web.requests
    assert "Authorization" not in headers


def test_an_object_of_a_manifest_has_to_be_allowed_as_well(start, source, shared, things):
    things.append(Source())
    web = things[-1]
    source.put("/bucket/a", b"ours")
    sidecar = start(source.port, allowedSources=[web.url("/")])
    get_folder(sidecar, web.put("/manifest.json", manifest({"a": (b"ours", "s3://bucket/a")})), 502, "SourceNotAllowed")
    assert not source.requests
    assert not (shared / "game").exists()


def test_a_manifest_lists_no_objects_where_no_store_is_configured(start_sidecar, source, shared):
    sidecar = start_sidecar(loadPatchType="none", download={"retries": 0})
    told = get_folder(sidecar, source.put("/manifest.json", manifest({"a": (b"ours", "s3://bucket/a")})), 400, "InvalidField")
    assert "s3" in told["message"]
    assert not (shared / "game").exists()


def test_a_redirect_leads_to_no_object(start, source, shared, things):
    things.append(Source())
    web = things[-1]
    source.put("/bucket/a", b"ours")
    web.answers["/file"] = Answer(status=302, headers={"Location": "s3://bucket/a"})
    get(start(source.port), web.url("/file"), 502, "SourceError")
    assert not source.requests
    assert not (shared / "file").exists()


# Files and rules.


@pytest.mark.parametrize("text", [None, "", *(credentials_text(*each) for each in [("id", ""), ("i d", "s"), ("id", "s", "a b"), ("id", "s", None, "other")])])
def test_a_file_without_keys_is_named_and_nothing_is_sent(start, source, credentials, text):
    credentials.unlink()
    if text is not None:
        credentials.write_text(text)
    told = get(start(source.port), "s3://bucket/file", 502, "SourceUnauthorized")
    assert str(credentials) in told["message"]
    assert not source.requests


def test_the_url_where_the_object_is_has_to_be_allowed(start, source):
    source.put("/game/file", b"ours")
    source.put("/other/file", b"ours")
    sidecar = start(source.port, allowedSources=[source.url("/game/")])
    get(sidecar, "s3://game/file")
    get(sidecar, "s3://other/file", 400, "SourceNotAllowed")
    assert len(source.requests) == 1


@pytest.mark.parametrize("url", ["s3://bucket", "s3://bucket/", "s3://Bucket/k", "s3://a@evil.test/k", "s3://evil.test:80/k", "s3://b/k", "s3:///k"])
def test_a_url_without_bucket_and_key_is_refused(start, source, url):
    get(start(source.port), url, 400)


def test_without_s3_the_url_of_an_object_is_refused(start_sidecar):
    assert "s3" in get(start_sidecar(loadPatchType="none"), "s3://bucket/file", 400)["message"]


@pytest.mark.parametrize(
    "s3",
    [
        {"endpoint": "https://s3.test/path"},
        {"endpoint": "s3.test"},
        {"endpoint": "http://127.0.0.1", "pathStyle": False},
        {"region": None},
        {"credentialsFile": "credentials"},
        {"bucket": "b"},
    ],
)
def test_an_s3_that_is_not_clear_is_a_mistake(start, s3):
    with pytest.raises(RuntimeError, match="s3"):
        start(1, s3=s3)


def test_orders_and_restores_take_objects(start, source, shared, tmp_path):
    volume = DownwardVolume(tmp_path / "downward")
    source.put("/bucket/a.txt", b"ours")
    settings = {"orders": {"file": str(volume.order_file)}}
    sidecar = start(source.port, **settings)
    order = {"a.txt": {"version": "v1", "url": "s3://bucket/a.txt", "sha256": hashlib.sha256(b"ours").hexdigest()}}
    volume.write(desired=json.dumps(order))
    wait_until(lambda: "a.txt" in sidecar.status()["live"], "what the order says is live")
    requests = len(source.requests)
    volume.write(desired=json.dumps({**order, "b.txt": {**order["a.txt"], "version": "v2"}}))
    wait_until(lambda: "b.txt" in sidecar.status()["live"], "what the order says is live")
    assert len(source.requests) == requests + 1  # what is live already is not fetched again
    assert sidecar.stop() == 0
    (shared / "a.txt").unlink()
    sidecar = start(source.port, **settings)
    wait_until(lambda: (shared / "a.txt").exists() and (shared / "a.txt").read_bytes() == b"ours", "what the order says is live")
    is_signed_well(source)
