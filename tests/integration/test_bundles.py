"""What is sent is made by the same binary: archives whose bytes depend on the folder alone, and manifests."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile

import pytest
from archives import tree_of
from sidecar import BINARY
from unprivileged import AS_USER, let_in

FILES = {"index.html": b"<html>", "maps/1.json": b"{}", "maps-old": b"x", "a b/ü#?.txt": b"name", "empty": b"",
         "deep/" + "/".join(["d" * 60] * 4) + "/" + "f" * 120: b"long name"}


def okg(*argv, status=0, **more):
    done = subprocess.run([BINARY, *map(str, argv)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    assert done.returncode == status, done
    return done


@pytest.fixture
def folder(tmp_path):
    return build(tmp_path / "build", FILES)


def build(where, files):
    for name, content in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (where / "nothing").mkdir()
    (where / "index.html").chmod(0o6750)
    return where


@pytest.mark.parametrize("ending", [".tar", ".tar.gz", ".tar.zst"])
def test_the_same_folder_gives_the_same_bytes(folder, tmp_path, ending):
    first, second = tmp_path / f"1{ending}", tmp_path / f"2{ending}"
    printed = okg("pack", folder, "-o", first).stdout
    assert printed == f"{hashlib.sha256(first.read_bytes()).hexdigest()}  {first}\n"
    other = build(tmp_path / "other", dict(reversed(FILES.items())))
    os.utime(other / "empty", (1, 1))
    (other / "empty").chmod(0o600)
    if os.geteuid() == 0:
        os.chown(other / "maps", 12345, 54321)
    okg("pack", other, "-o", second, umask=0o077, env={"LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Shanghai"})
    assert first.read_bytes() == second.read_bytes()
    listed = subprocess.run(["tar", "-taf", first], stdout=subprocess.PIPE, check=True).stdout.decode("unicode_escape")
    assert len(listed.splitlines()) == len(FILES) + 8
    if ending == ".tar":
        with tarfile.open(first) as archive:
            assert {member.name for member in archive if member.isfile()} == set(FILES)
            assert archive.getmember("index.html").mode == 0o755
            assert archive.getmember("nothing").isdir()


@pytest.mark.parametrize("ending", [".tar", ".tar.gz", ".tar.zst"])
def test_what_was_packed_goes_live(game, source, start_sidecar, shared, folder, tmp_path, ending):
    archive = tmp_path / f"v1{ending}"
    sha256 = okg("pack", folder, "-o", archive).stdout.split()[0]
    sidecar = start_sidecar(game)
    answer = sidecar.update("v1", source.put("/v1", archive.read_bytes()), path="game", format="archive", sha256=sha256)
    assert answer.status == 200, answer
    assert tree_of(shared / "game") == FILES
    assert (shared / "game" / "index.html").stat().st_mode & 0o7777 == 0o755
    assert (shared / "game" / "nothing").is_dir()


def test_a_manifest_of_a_folder_goes_live(game, source, start_sidecar, shared, folder):
    import urllib.parse
    manifest = folder / "manifest.json"
    for _ in range(2):  # the second time it is there already, and not listed
        done = okg("manifest", folder, "-o", manifest)
    assert "1 empty folders are left out" in done.stderr
    sha256 = done.stdout.split()[0]
    assert sha256 == hashlib.sha256(manifest.read_bytes()).hexdigest()
    for name, content in FILES.items():
        source.put("/v1/" + urllib.parse.quote(name), content)
    sidecar = start_sidecar(game)
    answer = sidecar.update("v1", source.put("/v1/manifest.json", manifest.read_bytes()), path="game", format="manifest", sha256=sha256)
    assert answer.status == 200, answer
    assert tree_of(shared / "game") == FILES
    assert (shared / "game" / "index.html").stat().st_mode & 0o7777 == 0o755


def test_a_manifest_does_not_list_the_file_that_a_shell_puts_it_into(folder):
    clean = okg("manifest", folder).stdout
    for _ in range(2):
        with open(folder / "manifest.json", "w") as output:
            assert subprocess.run([BINARY, "manifest", folder], stdout=output).returncode == 0
        assert (folder / "manifest.json").read_text() == clean


def test_a_base_url_stands_before_every_path(folder):
    listed = json.loads(okg("manifest", folder, "--base-url", "https://cdn.example.com/v2").stdout)["files"]
    assert [file["path"] for file in listed] == sorted(FILES, key=str.encode)
    assert {file["url"] for file in listed} >= {"https://cdn.example.com/v2/maps/1.json", "https://cdn.example.com/v2/a%20b/%C3%BC%23%3F.txt"}


@pytest.mark.parametrize("base", ["https://x/a b/", "https://x/y?t=1", "https://x/y#f", "ftp://x", "a\\b", "https://x/ü"])
def test_a_base_url_that_cannot_be_one_is_refused(folder, base):
    assert "--base-url" in okg("manifest", folder, "--base-url", base, status=1).stderr


def test_what_an_earlier_run_left_is_not_packed(folder):
    archive = folder / "v1.tar"
    okg("pack", folder, "-o", archive)
    clean = archive.read_bytes()
    (folder / "v1.tar.part").write_bytes(b"half")
    okg("pack", folder, "-o", archive)
    assert archive.read_bytes() == clean


def test_a_folder_without_a_file_is_refused(tmp_path):
    (tmp_path / "empty" / "more").mkdir(parents=True)
    assert "holds no file" in okg("pack", tmp_path / "empty", "-o", tmp_path / "v1.tar", status=1).stderr
    assert "holds no file" in okg("manifest", tmp_path / "empty", status=1).stderr


@pytest.mark.parametrize("wrong", ["ending", "symlink out", "socket", "control character", "case", "missing"])
def test_what_the_sidecar_would_refuse_is_not_packed(folder, tmp_path, wrong):
    archive = tmp_path / ("v1.rar" if wrong == "ending" else "v1.tar")
    if wrong == "symlink out":
        (folder / "out").symlink_to("/etc/passwd")
    if wrong == "socket":
        os.mkfifo(folder / "fifo")
    if wrong == "control character":
        (folder / "a\nb").write_bytes(b"")
    if wrong == "case":
        (folder / "INDEX.html").write_bytes(b"")
    okg("pack", folder / "no" if wrong == "missing" else folder, "-o", archive, status=64 if wrong == "missing" else 1)
    assert not list(tmp_path.glob("v1*")), "nothing is left behind"


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
@pytest.mark.parametrize("wrong, at, said", [
    ("folder", "build/maps", "list {}: Permission denied"), ("file", "build/maps/1.json", "open {}: Permission denied"),
    ("deep folder", "build/a b/deeper", "list {}: Permission denied"), ("whole", "build", "list {}: Permission denied"),
    ("outside", "build/a b", "look at {}/deeper: Permission denied")])
def test_what_may_not_be_read_is_named(folder, tmp_path, wrong, at, said):
    let_in(tmp_path)
    (folder / "a b" / "deeper").mkdir()
    binary = shutil.copy(BINARY, tmp_path / "okg-sidecar")
    (folder / "index.html").chmod(0o644)
    (tmp_path / at).chmod(0)
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o777)
    asked = folder / "a b" / "deeper" if wrong == "outside" else folder
    for argv in ["pack", asked, "-o", tmp_path / "out" / "v1.tar"], ["manifest", asked]:
        done = subprocess.run([*AS_USER, binary, *argv], stderr=subprocess.PIPE, text=True)
        assert done.returncode == (64 if wrong == "outside" else 1), done
        assert said.format(tmp_path / at) in done.stderr


def test_a_symlink_is_packed_and_not_listed(folder, tmp_path):
    (folder / "link").symlink_to("maps/1.json")
    okg("pack", folder, "-o", tmp_path / "v1.tar")
    with tarfile.open(tmp_path / "v1.tar") as archive:
        assert archive.getmember("link").linkname == "maps/1.json"
    assert "is a symlink" in okg("manifest", folder, status=1).stderr
