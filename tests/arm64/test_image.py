"""The image for arm64, its own loader and libraries included, run by qemu on a machine of another architecture.

qemu's user mode passes system calls on to this machine's kernel, so that games, sockets and files are real. It has no openat2: the
program does without (src/files/beneath.hpp)."""

import os
import pathlib
import re
import shlex
import subprocess

import image_root
import pytest
import sidecar as harness
from archives import tar_zst, tree_of, zipped
from certificates import Authority
from sidecar import request
from source import Source

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("OKG_SIDECAR_ARM64", ROOT / "build/release-arm64/okg-sidecar"))


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return image_root.lay_out(BINARY, tmp_path_factory.mktemp("arm64") / "root")


@pytest.fixture(scope="module")
def program(image):
    """Starts as the image's binary does. Absolute paths that the image has are the image's."""
    file = image.parent / "okg-sidecar"
    file.write_text(f'#!/bin/sh\nexec qemu-aarch64-static -L {shlex.quote(str(image))} {image}/usr/bin/okg-sidecar "$@"\n')
    file.chmod(0o755)
    return file


@pytest.fixture(autouse=True)
def started_by_qemu(program, monkeypatch):
    monkeypatch.setattr(harness, "BINARY", program)


def version_of(binary):
    return subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout


def test_it_says_its_version(program):
    assert re.fullmatch(r"okg-sidecar \d+\.\d+\.\d+\n", version_of(program))


def test_every_file_of_the_image_is_for_arm64(image):
    found = [path for path in image.rglob("*") if path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF"]
    assert len(found) > 5
    assert {path.name for path in found if "AArch64" not in image_root.readelf(path, "--file-header")} == set()
    assert (image / "etc/ld.so.cache").exists()


def test_a_scan_finds_its_packages(image):
    assert {fields["Architecture"] for fields in image_root.packages(image).values()} == {"arm64", "all"}


def test_a_mistake_in_the_binary_for_arm64_is_hard_to_use(image):
    """@source gcc(1), -mbranch-protection"""
    binary = image / "usr/bin/okg-sidecar"
    image_root.check_hardened(binary)
    assert "__stack_chk_fail" in image_root.readelf(binary, "--dyn-syms")
    code = subprocess.run(["aarch64-linux-gnu-objdump", "--disassemble", "--section=.text", binary],
                          capture_output=True, text=True, check=True).stdout
    assert code.count("paciasp") > 2_000  # functions that sign their return address; ours and libcurl's


def test_an_update_reaches_a_running_nginx_and_is_rolled_back(nginx, source, start_sidecar):
    sidecar = start_sidecar(nginx)
    master = nginx.process.pid
    answer = sidecar.update("v2", source.put("/index.html", b"<html>V2</html>"))
    assert (answer.status, answer.json["result"], answer.json["recorded"]) == (200, "Succeeded", True), answer
    assert f"SIGHUP sent to process {master}" in answer.json["message"]
    assert nginx.get() == b"<html>V2</html>"
    assert sidecar.update("v3", source.url("/gone")).json["reason"] == "SourceNotFound"
    assert nginx.get() == b"<html>V2</html>"
    back = request(sidecar.base + "/hot-update/rollback", "POST")
    assert (back.status, back.json["version"]) == (200, "original"), back
    assert nginx.get() == b"<html>V1</html>"
    assert nginx.process.poll() is None
    assert sidecar.stop() == 0


def test_it_goes_on_after_it_was_killed(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    for version in ("v1", "v2"):
        assert sidecar.update(version, source.put("/a", version.encode())).status == 200
    sidecar.kill()
    sidecar.start()
    assert sidecar.status()["live"]["a"]["version"] == "v2"
    assert request(sidecar.base + "/hot-update/rollback", "POST").json["version"] == "v1"
    assert (shared / "a").read_bytes() == b"v1"
    assert game.wait_for(3) == 3


def test_a_folder_is_downloaded_over_https_and_exchanged(game, things, start_sidecar, shared, tmp_path):
    authority = Authority(tmp_path)
    things.append(Source(authority.server("source")))
    source = things[-1]
    sidecar = start_sidecar(game, download={"caFile": str(authority.certificate)})
    files = {f"maps/{n}.json": b"%d" % n for n in range(50)}
    answer = sidecar.update("v1", source.put("/v1.tar.zst", tar_zst(files)), format="archive", path="game")
    assert (answer.status, answer.json["result"]) == (200, "Succeeded"), answer
    assert tree_of(shared / "game") == files
    assert game.wait_for(1) == 1
    untrusted = start_sidecar(game, fileDir=str(tmp_path / "other"), stateDir=str(tmp_path / "state"))
    assert untrusted.update("v1", source.url("/v1.tar.zst")).json["result"] == "Failed"


def test_names_of_a_zip_are_read_as_gbk(start_sidecar, source, shared):
    """By iconv's module in the image."""
    body = zipped({"aaaa": b"1"}).replace(b"aaaa", "地图".encode("gbk"))
    answer = start_sidecar().update("v1", source.put("/a.zip", body), format="archive", path="game", nameEncoding="gbk")
    assert answer.status == 200, answer
    assert tree_of(shared / "game") == {"地图": b"1"}
