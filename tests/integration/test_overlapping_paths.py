"""Updates of a folder, of a file in it and of all that is there, in every order: what was asked for last counts, also after a start."""

import itertools
import shutil

import pytest
from archives import manifest_of, tar, tree_of
from sidecar import request
from waiting import wait_until

FILE = {"maps/1.json": b"file"}
FOLDER = {"maps/1.json": b"folder", "maps/2.json": b"folder"}
OTHER = {"maps/3.json": b"other"}
WHOLE = {"maps/1.json": b"whole", "top": b"whole"}
# "other" is a manifest, the folders beside it are archives.
# name: path, what is sent, what is there afterwards of what was there before
UPDATES = {
    "file": ("maps/1.json", FILE, lambda before: before),
    "folder": ("maps", FOLDER, lambda before: {name: text for name, text in before.items() if not name.startswith("maps/")}),
    "other": ("maps", OTHER, lambda before: {name: text for name, text in before.items() if not name.startswith("maps/")}),
    "whole": (".", WHOLE, lambda before: {}),
}


def send(sidecar, source, name):
    path, files, _ = UPDATES[name]
    if path == "maps/1.json":
        return sidecar.update(name, source.put(f"/{name}", b"file"), path=path)
    below = {each.removeprefix("maps/") if path == "maps" else each: text for each, text in files.items()}
    if name == "other":
        return sidecar.update(name, source.put(f"/{name}", manifest_of(source, below)), path=path, format="manifest")
    return sidecar.update(name, source.put(f"/{name}", tar(below)), path=path, format="archive")


@pytest.mark.parametrize("order", [*itertools.permutations(["file", "folder", "other"]), *itertools.permutations(["file", "folder", "whole"])], ids="-".join)
def test_what_was_asked_for_last_counts(game, source, start_sidecar, shared, order):
    sidecar = start_sidecar(game)
    expected, was = {}, [{}]
    for name in order:
        answer = send(sidecar, source, name)
        assert answer.status == 200, answer
        expected = {**UPDATES[name][2](expected), **UPDATES[name][1]}
        assert tree_of(shared) == expected, f"after {name}"
        was.append(expected)
    asked = len(source.requests)
    sidecar.kill()
    sidecar.start()
    assert tree_of(shared) == expected
    assert len(source.requests) == asked, "what is there is not fetched"
    answer = request(sidecar.base + "/hot-update/rollback", "POST", f"path={UPDATES[order[-1]][0]}".encode())
    if answer.status == 200:
        assert tree_of(shared) == was[-2], answer
    else:
        assert answer.status == 404, answer
        assert order[-1] == "file" or was[-2] == {}, answer
        assert tree_of(shared) == expected


@pytest.mark.parametrize("order", itertools.permutations(["file", "folder"]), ids="-".join)
def test_an_emptied_pod_gets_all_of_it_again(game, source, start_sidecar, shared, order):
    sidecar = start_sidecar(game)
    for name in order:
        assert send(sidecar, source, name).status == 200
    expected = tree_of(shared)
    sidecar.kill()
    shutil.rmtree(shared / "maps")
    sidecar.start()
    wait_until(lambda: tree_of(shared) == expected, what="all of it is live again")
