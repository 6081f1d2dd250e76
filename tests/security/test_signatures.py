"""Signed content: whoever can write to a source, to the result store or to kept content, and has no key, makes nothing live."""

import hashlib
import json
import shutil
import subprocess

import pytest

from archives import tar, tree_of
from journal_reader import framed, lines_of
from kubelet import DownwardVolume
from sidecar import BINARY, request
from signer import Signer
from source import Answer
from waiting import wait_until

V1, V2 = b"content of v1", b"content of v2"


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    if not shutil.which("minisign"):
        pytest.skip("minisign is not installed")
    return Signer(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def stranger(signer):
    return Signer(signer.folder, "stranger")


def claims(version, path="a"):
    return f"path={path} version={version}"


@pytest.fixture
def start(start_sidecar, signer):
    def start(required=True, **more):
        settings = {"publicKeyFiles": [str(signer.public)], "required": required}
        return start_sidecar(signature={**settings, **more.pop("signature", {})}, **more)

    return start


def put(source, name, content, signature):
    if signature is not None:
        source.put(f"/{name}.minisig", signature)
    return source.put(f"/{name}", content)


def check_refused(answer, shared, live=None):
    assert answer.status in (400, 422), answer
    assert answer.json["result"] == "Failed", answer
    assert "signature" in answer.json["message"] or "signed" in answer.json["message"], answer
    file = shared / "a"
    assert (file.read_bytes() if file.exists() else None) == live


def test_signed_content_goes_live(start, shared, source, signer):
    answer = start().update("v1", put(source, "v1", V1, signer.sign(V1, claims("v1"))), path="a")
    assert answer.status == 200, answer
    assert (shared / "a").read_bytes() == V1


def test_the_signature_may_come_with_the_request(start, shared, source, signer):
    sidecar = start()
    answer = sidecar.update("v1", source.put("/v1", V1), path="a", signature=signer.sign(V1, claims("v1")).decode())
    assert answer.status == 200, answer
    other = signer.sign(V1, claims("v1")).decode()
    check_refused(sidecar.update("v2", source.put("/v2", V2), path="a", signature=other), shared, V1)


def test_the_signature_of_a_url_with_a_query_stands_before_the_query(start, source, signer):
    url = put(source, "v1", V1, signer.sign(V1, claims("v1")))
    assert start().update("v1", url + "?part=1", path="a").status == 200
    assert "/v1.minisig?part=1" in [path for path, _ in source.requests]


MIXTURES = {
    "none": lambda signer, stranger: None,
    "empty": lambda signer, stranger: b"",
    "truncated": lambda signer, stranger: signer.sign(V2, claims("v2"))[:-40],
    "without its trusted comment": lambda signer, stranger: b"\n".join(signer.sign(V2, claims("v2")).splitlines()[:2]),
    "of another key": lambda signer, stranger: stranger.sign(V2, claims("v2")),
    "of another path": lambda signer, stranger: signer.sign(V2, claims("v2", "b")),
    "of another version": lambda signer, stranger: signer.sign(V2, claims("v1")),
    "of other content": lambda signer, stranger: signer.sign(V1, claims("v2")),
    "of any path and version": lambda signer, stranger: signer.sign(V2, "timestamp:1"),
    "of another workload": lambda signer, stranger: signer.sign(V2, claims("v2") + " workload=prod/StatefulSet/other"),
    "with a changed comment": lambda signer, stranger: signer.sign(V2, claims("v1")).replace(b"version=v1", b"version=v2"),
    "of two files put together": lambda signer, stranger: b"\n".join(
        signer.sign(V2, claims("v1")).splitlines()[:2] + signer.sign(V1, claims("v2")).splitlines()[2:]),
    "of the legacy form": lambda signer, stranger: signer.sign(V2, claims("v2"), "-l"),
    "without end": lambda signer, stranger: signer.sign(V2, claims("v2")) + b"x" * 8192,
}


@pytest.mark.parametrize("mixture", MIXTURES.values(), ids=MIXTURES)
def test_every_mixture_fails_closed(start, shared, source, signer, stranger, mixture):
    sidecar = start()
    assert sidecar.update("v1", put(source, "v1", V1, signer.sign(V1, claims("v1"))), path="a").status == 200
    answer = sidecar.update("v2", put(source, "v2", V2, mixture(signer, stranger)), path="a")
    check_refused(answer, shared, V1)


def test_an_older_version_is_not_replayed_as_a_newer_one(start, shared, source, signer):
    old = signer.sign(V1, claims("v1"))
    check_refused(start().update("v2", put(source, "v2", V1, old), path="a"), shared)


def test_an_older_version_comes_back_under_its_own_name_and_signature(start, shared, source, signer):
    """Who may update orders whatever was signed."""
    sidecar = start()
    for version, content in (("v1", V1), ("v2", V2), ("v1", V1)):
        url = put(source, version, content, signer.sign(content, claims(version)))
        assert sidecar.update(version, url, path="a").status == 200
        assert (shared / "a").read_bytes() == content


OTHER_WORDS = ["branch=main", "v1", "PATH=a", "path=a", "version=v1", "workload=", "path", "=a", "comment:x"]


def test_a_comment_has_no_words_but_those_that_are_known(start, shared, source, signer):
    sidecar = start()
    for word in OTHER_WORDS:
        url = put(source, "v1", V1, signer.sign(V1, f"{claims('v1')} {word}"))
        check_refused(sidecar.update("v1", url, path="a"), shared)
    own = f"timestamp:1 file:v1 hashed {claims('v1')}"
    assert sidecar.update("v1", put(source, "v1", V1, signer.sign(V1, own)), path="a").status == 200


def test_a_value_of_a_comment_is_percent_encoded(start, shared, source, signer):
    sidecar = start()
    path = "maps/a b%.lua"
    for as_written in (path, "maps/a b%25.lua", "maps/a%20b%.lua", "maps/a+b%25.lua"):
        answer = sidecar.update("v1", put(source, "v1", V1, signer.sign(V1, claims("v1", as_written))), path=path)
        assert (answer.status, answer.json["reason"]) == (422, "SignatureInvalid"), answer
    for path, encoded in ((path, "maps/a%20b%25.lua"), ("maps/地图.lua", "maps/%E5%9C%B0图.lua")):
        signature = signer.sign(V1, claims("v1", encoded))
        answer = sidecar.update("v1", put(source, "v1", V1, signature), path=path)
        assert answer.status == 200, answer
        assert (shared / path).read_bytes() == V1
    for control in ({"path": "a\tb"}, {"version": "v\t1", "path": "a"}):  # there is none to encode
        answer = sidecar.update(**{"version": "v1", "url": source.url("/v1"), **control})
        assert (answer.status, answer.json["reason"]) == (400, "InvalidField"), answer


@pytest.mark.parametrize("mixture", [name for name in MIXTURES if name != "none"])
def test_a_bad_signature_is_refused_also_where_none_is_required(start, shared, source, signer, stranger, mixture):
    sidecar = start(required=False)
    check_refused(sidecar.update("v2", put(source, "v2", V2, MIXTURES[mixture](signer, stranger)), path="a"), shared)


def test_content_without_a_signature_is_taken_where_none_is_required(start, shared, source):
    assert start(required=False).update("v1", source.put("/v1", V1), path="a").status == 200


def test_a_workload_is_bound_where_it_is_given(start, shared, source, signer):
    sidecar = start(signature={"workload": "prod/StatefulSet/game"})
    bound = signer.sign(V1, claims("v1") + " workload=prod/StatefulSet/game")
    check_refused(sidecar.update("v1", put(source, "v1", V1, signer.sign(V1, claims("v1"))), path="a"), shared)
    assert sidecar.update("v1", put(source, "v1", V1, bound), path="a").status == 200


@pytest.mark.parametrize("key", ["missing", "no key"])
def test_without_a_key_nothing_goes_live(start, shared, source, signer, tmp_path, key):
    file = tmp_path / "key.pub"
    if key == "no key":
        file.write_text("no key")
    sidecar = start(signature={"publicKeyFiles": [str(signer.public), str(file)]})
    answer = sidecar.update("v1", put(source, "v1", V1, signer.sign(V1, claims("v1"))), path="a")
    assert answer.status == 500, answer
    assert "no signature can be verified" in answer.json["message"], answer
    assert not (shared / "a").exists()


def test_keys_are_exchanged_without_a_restart(start, shared, source, signer, stranger, tmp_path):
    keys = tmp_path / "key.pub"
    shutil.copy(signer.public, keys)
    sidecar = start(signature={"publicKeyFiles": [str(keys)]})
    url = put(source, "v1", V1, stranger.sign(V1, claims("v1")))
    check_refused(sidecar.update("v1", url, path="a"), shared)
    shutil.copy(stranger.public, keys)
    assert sidecar.update("v1", url, path="a").status == 200


def test_content_that_was_live_unsigned_is_not_taken_as_signed(start_sidecar, start, shared, source):
    url = source.put("/v1", V1)
    first = start_sidecar()
    assert first.update("v1", url, path="a").status == 200
    assert first.stop() == 0
    answer = start().update("v1", url, path="a")
    check_refused(answer, shared, V1)


# Rollbacks and restores.


def test_a_rollback_needs_the_signature_that_the_content_came_with(start_sidecar, start, shared, source, signer):
    unsigned = start_sidecar()
    for version, content in (("v0", b"unsigned"), ("v1", V1)):
        assert unsigned.update(version, source.put(f"/{version}", content), path="a").status == 200
    assert unsigned.stop() == 0
    sidecar = start()
    check_refused(request(sidecar.base + "/hot-update/rollback", "POST", b"version=v0"), shared, V1)
    for version, content in (("v2", V2), ("v3", b"v3")):
        assert sidecar.update(version, put(source, version, content, signer.sign(content, claims(version))), path="a").status == 200
    answer = request(sidecar.base + "/hot-update/rollback", "POST", b"version=v2")
    assert answer.status == 200, answer
    assert (shared / "a").read_bytes() == V2


def test_kept_content_that_somebody_wrote_to_is_not_rolled_back_to(start, shared, source, signer):
    """Also where its checksum in the journal was changed with it."""
    sidecar = start()
    for version, content in (("v1", V1), ("v2", V2)):
        assert sidecar.update(version, put(source, version, content, signer.sign(content, claims(version))), path="a").status == 200
    kept, = (shared / ".okg-sidecar/kept").iterdir()
    kept.write_bytes(b"planted")
    answer = request(sidecar.base + "/hot-update/rollback", "POST", b"")
    assert answer.status == 422, answer
    assert (shared / "a").read_bytes() == V2


def result_of(content, version, url, **more):
    """A pod's stored result, as somebody writes it who can write the store."""
    entry = {"version": version, "url": url, "requestedAt": "2026-01-01T00:00:00Z", "scope": "workload",
             "sha256": hashlib.sha256(content).hexdigest(), **more}
    return json.dumps({"version": version, "result": "Succeeded", "files": {"a": entry}})


@pytest.mark.parametrize("signed", [False, True])
def test_a_restore_needs_a_signature(start, shared, source, signer, signed):
    state = shared / ".okg-sidecar"
    state.mkdir(mode=0o700)
    url = put(source, "v1", V1, signer.sign(V1, claims("v1")) if signed else None)
    (state / "result.json").write_text(result_of(V1, "v1", url))
    sidecar = start()
    if signed:
        assert (shared / "a").read_bytes() == V1
    else:
        assert "signature" in sidecar.status()["ignored"][0]["why"]
        assert not (shared / "a").exists()


def test_content_on_the_disk_is_not_adopted_by_an_entry_without_a_signature(start, shared, source):
    state = shared / ".okg-sidecar"
    state.mkdir(mode=0o700)
    (shared / "a").write_bytes(b"planted")
    (state / "result.json").write_text(result_of(b"planted", "v1", source.put("/v1", b"planted")))
    sidecar = start()
    assert "signature" in sidecar.status()["ignored"][0]["why"]
    assert sidecar.status()["live"] == {}


def restore(shared, files):
    """What a pod finds that starts with an empty disk, or with what somebody put there."""
    (shared / ".okg-sidecar").mkdir(mode=0o700)
    (shared / ".okg-sidecar/result.json").write_text(files)


def test_a_restore_verifies_the_signature_that_is_stored(start, shared, source, signer):
    """The one of an update that was sent with it: nothing is beside the URL."""
    signature = signer.sign(V1, claims("v1")).decode()
    restore(shared, result_of(V1, "v1", source.put("/v1", V1), signature=signature))
    start()
    assert (shared / "a").read_bytes() == V1


@pytest.mark.parametrize("mixture", [name for name in MIXTURES if name not in ("none", "empty")])
def test_a_restore_of_every_mixture_fails_closed_and_holds_up_no_pod(start, shared, source, signer, stranger, mixture):
    signature = MIXTURES[mixture](signer, stranger).decode()
    restore(shared, result_of(V2, "v2", source.put("/v2", V2), signature=signature))
    sidecar = start()
    (ignored,) = wait_until(lambda: sidecar.status().get("ignored"), "the entry is refused")
    assert (ignored["path"], ignored["reason"]) == ("a", "SignatureInvalid"), ignored
    assert not (shared / "a").exists()


def test_a_restore_without_a_readable_key_waits_for_it(start, shared, source, signer, tmp_path):
    key = tmp_path / "later.pub"
    restore(shared, result_of(V1, "v1", put(source, "v1", V1, signer.sign(V1, claims("v1")))))
    sidecar = start(signature={"publicKeyFiles": [str(key)]}, wait_ready=False)
    wait_until(lambda: "no signature can be verified" in sidecar.log(), "the restore is refused")
    assert sidecar.get("/readyz").status == 503
    assert not (shared / "a").exists()
    shutil.copy(signer.public, key)
    sidecar.wait_ready()
    assert (shared / "a").read_bytes() == V1


def test_a_pod_restores_what_it_has_recorded_itself(start, shared, source, signer):
    """Its content gone, its source without signatures, its restart verifies again."""
    sidecar = start()
    assert sidecar.update("v1", put(source, "v1", V1, signer.sign(V1, claims("v1"))), path="a").status == 200
    assert sidecar.stop() == 0
    source.answers.pop("/v1.minisig")
    (shared / "a").unlink()
    start()
    assert (shared / "a").read_bytes() == V1


def test_kept_content_of_a_key_that_is_no_longer_trusted_is_not_rolled_back_to(start, shared, source, signer, stranger):
    sidecar = start(signature={"publicKeyFiles": [str(signer.public), str(stranger.public)]})
    for version, content, who in (("v1", V1, stranger), ("v2", V2, signer)):
        assert sidecar.update(version, put(source, version, content, who.sign(content, claims(version))), path="a").status == 200
    assert sidecar.stop() == 0
    sidecar = start()
    answer = request(sidecar.base + "/hot-update/rollback", "POST", b"")
    assert (answer.status, answer.json["reason"]) == (422, "SignatureInvalid"), answer
    assert (shared / "a").read_bytes() == V2


def test_what_a_failed_update_makes_live_again_is_not_verified_once_more(start, shared, source, signer, stranger, tmp_path):
    keys = tmp_path / "key.pub"
    shutil.copy(stranger.public, keys)
    source.put("/reload", b"")
    reload = {"port": source.port, "path": "/reload", "method": "GET"}
    sidecar = start(signature={"publicKeyFiles": [str(keys)]}, loadPatchType="request", request=reload)
    assert sidecar.update("v1", put(source, "v1", V1, stranger.sign(V1, claims("v1"))), path="a").status == 200
    shutil.copy(signer.public, keys)
    source.answers["/reload"] = [Answer(status=500), Answer()]
    answer = sidecar.update("v2", put(source, "v2", V2, signer.sign(V2, claims("v2"))), path="a")
    assert (answer.status, answer.json["reason"]) == (500, "ReloadRefused"), answer
    assert (shared / "a").read_bytes() == V1
    assert sidecar.status()["live"]["a"]["version"] == "v1"
    check_refused(sidecar.update("v1", source.url("/v1"), path="a"), shared, V1)


# Folders: the signature is of the archive, or of the manifest, which has the checksums of the files.

FOLDERS = {"v1": {"a.lua": b"one", "web/index.html": b"1"}, "v2": {"a.lua": b"two", "b": b""}}


def archive_of(source, version):
    return tar(FOLDERS[version])


def manifest_of(source, version):
    for path, content in FOLDERS[version].items():
        source.put(f"/{path}-{version}", content)
    return json.dumps({"files": [{"path": path, "url": f"/{path}-{version}", "sha256": hashlib.sha256(content).hexdigest()}
                                 for path, content in FOLDERS[version].items()]}).encode()


@pytest.fixture(params=[archive_of, manifest_of], ids=["archive", "manifest"])
def folder(request, source, signer):
    """folder(sidecar, version, signature): sends an update of the folder `web`, signed with its own version unless said otherwise."""
    kind = request.param

    def send(sidecar, version, signature=None):
        body = kind(source, version)
        url = put(source, f"folder-{version}", body, signer.sign(body, claims(version, "web")) if signature is None else signature)
        return sidecar.update(version, url, path="web", format=kind.__name__.removesuffix("_of"))

    send.body = lambda version: kind(source, version)
    return send


def roll_back(sidecar):
    return request(sidecar.base + "/hot-update/rollback", "POST", b"")


def test_a_folder_goes_live_by_the_signature_of_its_archive_or_manifest(start, shared, folder, signer):
    sidecar = start()
    answer = folder(sidecar, "v1", signer.sign(folder.body("v2"), claims("v1", "web")))
    assert (answer.status, answer.json["reason"]) == (422, "SignatureInvalid"), answer
    answer = folder(sidecar, "v1", b"")
    assert (answer.status, answer.json["reason"]) == (422, "SignatureInvalid"), answer
    assert not (shared / "web").exists()
    assert folder(sidecar, "v1").status == 200
    answer = folder(sidecar, "v2", signer.sign(folder.body("v2"), claims("v1", "web")))
    assert (answer.status, answer.json["reason"]) == (422, "SignatureInvalid"), answer
    assert tree_of(shared / "web") == FOLDERS["v1"]


def test_a_folder_is_rolled_back_to_as_it_was_signed(start, shared, folder):
    sidecar = start()
    assert folder(sidecar, "v1").status == folder(sidecar, "v2").status == 200
    answer = roll_back(sidecar)
    assert answer.status == 200, answer
    assert tree_of(shared / "web") == FOLDERS["v1"]
    assert roll_back(sidecar).status == 200
    assert tree_of(shared / "web") == FOLDERS["v2"]


def test_a_kept_folder_that_somebody_wrote_to_is_not_rolled_back_to(start, shared, folder):
    sidecar = start()
    assert folder(sidecar, "v1").status == folder(sidecar, "v2").status == 200
    (kept,) = (shared / ".okg-sidecar/kept").glob("*/web/a.lua")
    kept.write_bytes(b"bad")
    answer = roll_back(sidecar)
    assert (answer.status, answer.json["reason"]) == (422, "KeptContentChanged"), answer
    assert tree_of(shared / "web") == FOLDERS["v2"]


def with_changes(entry, change):
    """The same JSON, with every object in it as `change` makes it."""
    if isinstance(entry, list):
        return [with_changes(each, change) for each in entry]
    if not isinstance(entry, dict):
        return entry
    return change({key: with_changes(each, change) for key, each in entry.items()})


def test_of_what_a_kept_folders_signature_is_is_believed_from_the_journal(start_sidecar, start, shared, folder, signer):
    """Who can write to the state directory gives content that nobody signed the signature of something else."""
    unsigned = start_sidecar()
    assert folder(unsigned, "v1").status == 200
    assert unsigned.stop() == 0
    other = b"what was signed"
    claimed = {"signature": signer.sign(other, claims("v1", "web")).decode(), "blake2b": hashlib.blake2b(other).hexdigest()}
    journal = shared / ".okg-sidecar/journal"
    lines = [with_changes(each, lambda live: {**live, **claimed} if "tree" in live else live) for each in lines_of(journal)]
    journal.write_text("".join(map(framed, lines)))
    sidecar = start()
    assert folder(sidecar, "v2").status == 200
    assert roll_back(sidecar).status == 200
    assert tree_of(shared / "web") == FOLDERS["v1"]


def test_how_a_folder_is_made_of_its_archive_is_not_signed(start, shared, source, signer):
    sidecar = start()
    archive = tar({"top/a.lua": b"a", "top/web/index.html": b"1"})
    url = put(source, "folder", archive, signer.sign(archive, claims("v1", "web")))
    assert sidecar.update("v1", url, path="web", format="archive").status == 200
    assert tree_of(shared / "web") == {"top/a.lua": b"a", "top/web/index.html": b"1"}
    assert sidecar.update("v1", url, path="web", format="archive", stripComponents="1", include="*.lua").status == 200
    assert tree_of(shared / "web") == {"a.lua": b"a"}


def test_a_folder_from_before_signatures_were_verified_is_not_rolled_back_to(start_sidecar, start, shared, folder):
    unsigned = start_sidecar()
    assert folder(unsigned, "v1").status == 200
    assert unsigned.stop() == 0
    sidecar = start()
    assert folder(sidecar, "v2").status == 200
    answer = roll_back(sidecar)
    assert (answer.status, answer.json["reason"]) == (422, "SignatureInvalid"), answer
    assert tree_of(shared / "web") == FOLDERS["v2"]


def test_a_file_that_a_folder_replaced_is_rolled_back_to_as_it_was_signed(start, shared, folder, source, signer):
    sidecar = start()
    assert sidecar.update("v0", put(source, "file", V1, signer.sign(V1, claims("v0", "web"))), path="web").status == 200
    assert folder(sidecar, "v2").status == 200
    assert roll_back(sidecar).status == 200
    assert (shared / "web").read_bytes() == V1
    assert folder(sidecar, "v1").status == 200
    for kept in (shared / ".okg-sidecar/kept").iterdir():
        file = kept / "web" if kept.is_dir() else kept
        if file.is_file() and file.read_bytes() == V1:
            file.write_bytes(b"planted")
    answer = request(sidecar.base + "/hot-update/rollback", "POST", b"version=v0")
    assert answer.status == 422, answer
    assert tree_of(shared / "web") == FOLDERS["v1"]


# The same source once more, orders, the client, and where signatures come from.


def test_what_the_source_says_is_unchanged_is_verified_all_the_same(start, shared, source, signer):
    sidecar = start()
    url = source.url("/v1")
    source.put("/v1.minisig", signer.sign(V1, claims("v1")))
    source.answers["/v1"] = Answer(V1, headers={"ETag": '"1"'})
    assert sidecar.update("v1", url, path="a").json["result"] == "Succeeded"
    source.answers["/v1"] = Answer(status=304, headers={"ETag": '"1"'})
    assert sidecar.update("v1", url, path="a").json["result"] == "Unchanged"
    source.put("/v1.minisig", signer.sign(V1, claims("v2")))
    check_refused(sidecar.update("v1", url, path="a"), shared, V1)


def test_an_order_is_verified_and_may_bring_its_signature(start, shared, source, signer, tmp_path):
    volume = DownwardVolume(tmp_path / "downward")
    sidecar = start(orders={"file": str(volume.order_file)})
    url = source.put("/v1", V1)
    sent = {"version": "v1", "url": url}
    good, bad = (signer.sign(V1, claims("v1", path)).decode() for path in ("good", "b"))
    volume.write(desired=json.dumps({"bad": {**sent, "signature": bad}, "bare": sent, "good": {**sent, "signature": good}}))
    wait_until(lambda: len(sidecar.status()["results"]) == 3, "all of the order is done")
    assert {each["path"]: each.get("reason", "") for each in sidecar.status()["results"]} == {
        "bad": "SignatureInvalid", "bare": "SignatureInvalid", "good": ""}
    assert sorted(each.name for each in shared.iterdir()) == [".okg-sidecar", "good"]


def test_an_order_for_kept_content_is_verified(start_sidecar, start, shared, source, tmp_path):
    unsigned = start_sidecar()
    for version, content in (("v1", V1), ("v2", V2)):
        assert unsigned.update(version, source.put(f"/{version}", content), path="a").status == 200
    assert unsigned.stop() == 0
    volume = DownwardVolume(tmp_path / "downward")
    sidecar = start(orders={"file": str(volume.order_file)})
    sha256 = hashlib.sha256(V1).hexdigest()
    volume.write(desired=json.dumps({"a": {"version": "v1", "url": source.url("/v1"), "sha256": sha256}}))
    ended = wait_until(lambda: [each for each in sidecar.status()["results"] if each["result"] == "Failed"], "the order fails")
    assert ended[0]["reason"] == "SignatureInvalid", ended
    assert (shared / "a").read_bytes() == V2


def test_the_client_sends_the_file(start, shared, source, signer, tmp_path):
    sidecar = start()
    file = tmp_path / "sent.minisig"
    file.write_bytes(signer.sign(V1, claims("v1")))
    argv = [BINARY, "update", "v1", source.put("/v1", V1), "--path", "a", "--server", sidecar.base, "--signature"]
    done = subprocess.run([*argv, file], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    assert (shared / "a").read_bytes() == V1
    done = subprocess.run([*argv, tmp_path / "none"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 64, done
    assert "--signature" in done.stderr, done


def test_a_signature_that_is_none_is_refused_before_anything_is_fetched(start, source):
    answer = start().update("v1", source.put("/v1", V1), path="a", signature="no signature")
    assert (answer.status, answer.json["reason"]) == (400, "SignatureInvalid"), answer
    assert not source.peers


def test_a_signature_comes_only_from_where_content_may_come_from(start, shared, source, signer):
    sidecar = start(allowedSources=[source.url("/game/")])
    url = put(source, "game/v1", V1, None)
    source.put("/elsewhere", signer.sign(V1, claims("v1")))
    source.answers["/game/v1.minisig"] = Answer(status=302, headers={"Location": "/elsewhere"})
    answer = sidecar.update("v1", url, path="a")
    assert (answer.status, answer.json["reason"]) == (502, "SourceNotAllowed"), answer
    assert not (shared / "a").exists()


def test_a_signature_whose_source_fails_is_tried_again(start, shared, source, signer):
    sidecar = start(download={"retries": 1})
    url = put(source, "v1", V1, None)
    source.answers["/v1.minisig"] = [Answer(status=503), Answer(signer.sign(V1, claims("v1")))]
    assert sidecar.update("v1", url, path="a").status == 200
    source.answers["/v1.minisig"] = Answer(status=403)
    answer = sidecar.update("v1", url, path="a")
    assert (answer.status, answer.json["reason"]) == (502, "SourceUnauthorized"), answer


def test_a_signature_that_nobody_verifies_is_warned_about(start_sidecar, source, signer):
    answer = start_sidecar().update("v1", source.put("/v1", V1), path="a", signature=signer.sign(V1, claims("v1")).decode())
    assert answer.status == 200, answer
    assert [each["reason"] for each in answer.json["warnings"]] == ["SignatureNotVerified"], answer


@pytest.mark.parametrize("value", [{}, None, {"publicKeyFiles": []}, {"required": True}, {"publicKeyFiles": ["game.pub"]}, {"publicKeyFiles": [""]}])
def test_a_signature_setting_that_verifies_nothing_is_a_mistake(start_sidecar, value):
    with pytest.raises(RuntimeError, match="signature"):
        start_sidecar(signature=value)
