"""Bytes and files, done and in total, are wherever an update's progress is shown: by its id, in the status, in events, in metrics and in the client."""

import hashlib
import json
import os
import subprocess

import pytest
from archives import tar, zipped
from event_stream import EventStream
from half import Half
from sidecar import BINARY, request
from source import Answer
from waiting import wait_until

BODY = os.urandom(200_000)
COUNTS = ("bytesDone", "bytesTotal", "filesDone", "filesTotal")


def half_of_a_file(source):
    half = Half(BODY)
    source.answers["/v1"] = Answer(handler=half)
    return half, {}, (100_000, 200_000, 0, 1), "97.7 KiB of 195.3 KiB (50 %), 0 of 1 file"


def half_of_an_archive(source, pack):
    body = pack({"a": BODY, "b": b"more"})
    half = Half(body)
    source.answers["/v1"] = Answer(handler=half)
    return half, {"path": "game", "format": "archive"}, (len(body) // 2, len(body), 0, None), f"({len(body) // 2 * 100 // len(body)} %)"


def half_of_a_manifest(source):
    half = Half(BODY)
    source.answers["/b"] = Answer(handler=half)
    files = [{"path": name, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body), "url": source.put("/" + name, body) if name == "a" else source.url("/b")}
             for name, body in (("a", bytes(100_000)), ("b", BODY))]
    source.put("/v1", json.dumps({"files": files}).encode())
    return half, {"path": "game", "format": "manifest"}, (200_000, 300_000, 1, 2), "195.3 KiB of 293.0 KiB (66 %), 1 of 2 files"


def metrics(sidecar):
    """What they have instead of the members of COUNTS."""
    lines = dict(line.rsplit(" ", 1) for line in sidecar.get("/metrics").body.decode().splitlines())
    names = [f'okg_hot_update_progress_{what}{{count="{count}"}}' for what in ("bytes", "files") for count in ("done", "total")]
    return tuple(int(float(lines[name])) if name in lines else None for name in names)


FORMATS = {"file": half_of_a_file, "tar": lambda source: half_of_an_archive(source, tar), "zip": lambda source: half_of_an_archive(source, zipped),
           "manifest": half_of_a_manifest}


@pytest.mark.parametrize("format_", FORMATS)
def test_bytes_and_files_are_wherever_progress_is_shown(start_sidecar, source, things, format_):
    half, fields, counts, words = FORMATS[format_](source)
    sidecar = start_sidecar()
    things.append(EventStream(sidecar.port))
    stream = things[-1]
    update = sidecar.update("v1", source.url("/v1"), wait="false", **fields).json["id"]

    def shown(view):
        return tuple(view.get(name) for name in COUNTS)

    def by_id():
        return request(f"{sidecar.base}/hot-update/updates/{update}").json

    wait_until(lambda: shown(by_id()) == counts, what=f"half of it is there: {counts}")
    assert shown(sidecar.status()["underWay"]) == counts
    assert metrics(sidecar) == counts
    stream.wait_for(lambda events: [each for each in events if each.kind == "progress" and shown(each.json) == counts])
    said = subprocess.run([str(BINARY), "status", update, "--server", sidecar.base], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert words in said, said
    of_all = subprocess.run([str(BINARY), "status", "--server", sidecar.base], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert words in of_all, of_all
    half.open.set()
    ended = wait_until(lambda: by_id() if by_id()["state"] == "Ended" else None, what="it has ended")
    files = 1 if format_ == "file" else 2
    assert (ended["filesDone"], ended["filesTotal"], ended["bytesDone"], ended["bytesTotal"]) == (files, files, ended["bytes"], ended["bytes"])
    assert metrics(sidecar) == (None,) * 4, "nothing is in progress"
    [line] = [line for line in sidecar.log().splitlines() if "update ended" in line]
    assert f"bytes={ended['bytes']} files={files} " in line
    said = subprocess.run([str(BINARY), "status", update, "--server", sidecar.base], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert ("2 files, " in said) == (format_ != "file"), said
