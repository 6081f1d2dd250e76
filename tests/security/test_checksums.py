"""requireSha256: nothing goes live of which nobody has said what it is."""

import hashlib
import json

import pytest

from kubelet import DownwardVolume
from sidecar import request
from waiting import wait_until

V1, V2 = b"content of v1", b"content of v2"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def start(start_sidecar):
    return lambda **settings: start_sidecar(requireSha256=True, **settings)


def test_an_update_without_a_checksum_is_refused(start, shared, source):
    sidecar = start()
    url = source.put("/v1", V1)
    for more in ({}, {"format": "archive"}, {"format": "manifest"}):
        answer = sidecar.update("v1", url, path="a", **more)
        assert (answer.status, answer.json["reason"]) == (400, "MissingField"), answer
        assert "requireSha256" in answer.json["message"], answer
    assert not source.peers
    assert sidecar.update("v1", url, path="a", sha256=sha256(V1)).status == 200
    assert (shared / "a").read_bytes() == V1


def test_content_of_another_checksum_is_refused(start, shared, source):
    answer = start().update("v1", source.put("/v1", V1), path="a", sha256=sha256(V2))
    assert (answer.status, answer.json["reason"]) == (422, "ChecksumMismatch"), answer
    assert not (shared / "a").exists()


def test_a_rollback_needs_no_checksum(start, shared, source):
    sidecar = start()
    for version, content in (("v1", V1), ("v2", V2)):
        assert sidecar.update(version, source.put(f"/{version}", content), path="a", sha256=sha256(content)).status == 200
    assert request(sidecar.base + "/hot-update/rollback", "POST", b"").status == 200
    assert (shared / "a").read_bytes() == V1


def test_an_order_without_a_checksum_fails(start, tmp_path, shared, source):
    volume = DownwardVolume(tmp_path / "downward")
    sidecar = start(orders={"file": str(volume.order_file)})
    url = source.put("/v1", V1)
    bare = {"version": "v1", "url": url}
    volume.write(desired=json.dumps({"a": bare, "b": {**bare, "sha256": sha256(V1)}}))
    wait_until(lambda: (shared / "b").exists(), "the other path of the order is live")
    assert not (shared / "a").exists()
    wait_until(lambda: "sha256 is missing" in sidecar.log(), "the log says why")


@pytest.mark.parametrize("trust", ["checked", "shared"])
def test_a_stored_entry_without_a_checksum_is_ignored(start, shared, source, trust):
    state = shared / ".okg-sidecar"
    state.mkdir(mode=0o700)
    entry = {"version": "v1", "url": source.put("/v1", V1), "requestedAt": "2026-01-01T00:00:00Z", "scope": "pod"}
    files = {"a": entry, "b": {**entry, "sha256": sha256(V1)}}
    (state / "result.json").write_text(json.dumps({"version": "v1", "result": "Succeeded", "files": files}))
    sidecar = start(latest={"trust": trust, "readOriginal": True})
    (ignored,) = sidecar.status()["ignored"]
    assert (ignored["path"], ignored["reason"]) == ("a", "MissingField"), ignored
    assert not (shared / "a").exists()
    assert (shared / "b").read_bytes() == V1
