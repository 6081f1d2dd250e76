"""Archives that would do harm, or look as if they did: what is refused leaves nothing, and says why; the rest is unpacked as it is meant."""

import bz2
import gzip
import io
import lzma
import pathlib
import re
import struct
import subprocess
import tarfile
import unicodedata

import pytest
from archives import tar, tar_zst, tree_of, zipped
from raw_archives import END, ZipEntry, descriptor, entry, gnu_sparse, header, in_base_256, pax, raw_zip, zip64_field
from sidecar import SANITIZED

GOOD = {"good": b"good"}
LETTERS = b"abc" * 100
SKIPPABLE = struct.pack("<II", 0x184D2A50, 4) + b"skip"  # RFC 8878


def members(*infos, form=tarfile.PAX_FORMAT):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as archive:
        for info in infos:
            content = b"x" if info.isreg() else b""
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def member(name, kind=tarfile.REGTYPE, link="", mode=0o644, **pax):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.pax_headers = kind, link, mode, pax
    return info


def with_names(body, names):
    """A zip in which these names of the same length stand for others, in the local headers and in the directory or in one of both."""
    for old, new, *where in names:
        parts = body.split(old)
        chosen = where[0] if where else range(len(parts) - 1)
        body = parts[0] + b"".join((new if n in chosen else old) + part for n, part in enumerate(parts[1:]))
    return body


def sparse(tmp_path):
    """As GNU tar writes a file with a hole."""
    with open(tmp_path / "holes", "wb") as file:
        file.seek(1 << 20)
        file.write(b"end")
    return subprocess.run(["tar", "-C", tmp_path, "-S", "--format=gnu", "-cf", "-", "holes"], stdout=subprocess.PIPE, check=True).stdout


ACUTE = unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")
HOSTILE = {
    "gnu long name that leaves": (members(member("../" + "x" * 150), form=tarfile.GNU_FORMAT), "'..'"),
    "pax name that leaves": (members(member("short", path="../up")), "'..'"),
    "pax name that is absolute": (members(member("short", path="/etc/x")), "absolute"),
    "pax name with a backslash": (members(member("short", path="a\\b")), "backslash"),
    "pax name too long": (members(member("short", path="x" * 300)), "255"),
    "hard link that leaves": (members(member("a"), member("b", tarfile.LNKTYPE, "../../etc/passwd")), "'..'"),
    "hard link to nothing": (members(member("b", tarfile.LNKTYPE, "later"), member("later")), "no file of the archive"),
    "symlink": (members(member("l", tarfile.SYMTYPE, "/etc")), "symlink"),
    "below a file": (members(member("a"), member("a/b")), "no folder"),
    "device": (members(member("d", tarfile.CHRTYPE)), "device"),
    "fifo": (members(member("f", tarfile.FIFOTYPE)), "FIFO"),
    "case": (tar({"Map.json": b"1", "map.JSON": b"2"}), "case"),
    "case of a folder": (tar({"Maps/a": b"1", "maps/b": b"2"}), "case"),
    "sharp s": (tar({"straße": b"1", "STRASSE": b"2"}), "case"),
    "unicode form": (tar({ACUTE[0]: b"1", ACUTE[1]: b"2"}), "Unicode form"),
    "twice": (members(member("a"), member("./a")), "twice"),
    "right-to-left": (tar({"gpj.\u202eexe": b"x"}), "direction"),
    "control": (members(member("a\nb")), "control"),
    "too deep": (members(member("short", path="x/" * 600 + "y")), "1024"),
    "encrypted": (raw_zip(ZipEntry(flags=0x801)), "the zip is encrypted"),
    "encrypted where it lies alone": (raw_zip(ZipEntry(local={"flags": 0x801})), "'a' is encrypted"),
    "zip name that leaves": (with_names(zipped({"aaaa": b"1"}), [(b"aaaa", b"../a")]), "'..'"),
    "zip name with NUL": (with_names(zipped({"aaaa": b"1"}), [(b"aaaa", b"a\0aa")]), "NUL"),
    "zip with a GBK name": (with_names(zipped({"aaaa": b"1"}), [(b"aaaa", "地图".encode("gbk"))]), "nameEncoding"),
    "tar before something else": (tar(GOOD) + b"more", "followed"),
    "tar that is cut": (tar({"a": bytes(5000)})[:3000], "cut short"),
    "zip bomb": (zipped({"zeros": bytes(32 << 20)}), "bomb"),
    "bomb behind the end": (gzip.compress(tar(GOOD) + bytes(32 << 20)), "bomb"),
    "zero width": (tar({"a\u200bb": b"x"}), "invisible"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(600), "7z"),
    "rar": (b"Rar!\x1a\x07\x01\0" + bytes(600), "RAR"),
    "cpio": (b"070701" + bytes(600), "cpio"),
    "tar.bz2": (bz2.compress(tar(GOOD)), "bzip2"),
    "tar.lz4": (b"\x04\x22\x4d\x18" + bytes(600), "lz4"),
    "tar.lzma": (lzma.compress(tar(GOOD), format=lzma.FORMAT_ALONE), "lzma"),
    "gzipped zip": (gzip.compress(zipped(GOOD)), "the zip itself"),
    "packed twice": (gzip.compress(gzip.compress(tar(GOOD))), "packed twice"),
    "no file": (tar({}), "holds no file"),
    "folders alone": (tar({"a/": b"", "b/": b""}), "holds no file"),
}
MORE_THAN_MAX_BYTES = "announces more than archive.maxBytes"
TARS = {
    "size of 2^62": (header(size=1 << 62), MORE_THAN_MAX_BYTES),
    "size of 2^62 of the second": (entry() + header("b", 1 << 62), MORE_THAN_MAX_BYTES),
    "size of 2^64 + 1": (header(size=(1 << 64) + 1), "overflow"),
    "size that is negative": (header(size=-512), "negative"),
    "size that is no number": (header(size=b"many"), "first header"),
    "size of more than there is": (header(size=10 << 20) + bytes(512), "cut short"),
    "pax size of 2^62": (pax(size=1 << 62) + entry(), MORE_THAN_MAX_BYTES),
    "pax size of 2^64 + 1": (pax(size=(1 << 64) + 1) + entry(), "attribute overflow"),
    "pax size that is negative": (pax(size=-1) + entry(), "attribute is negative"),
    "pax size that is no number": (pax(size="many") + entry(), "damaged"),
    "pax size that is too small": (pax(size=1) + entry(content=b"y" * 1000) + END, "damaged"),
    "pax record whose length lies": (entry("p", b"99 path=b\n", kind=b"x") + entry() + END, "malformed pax"),
    "pax record of no length": (entry("p", b"0 path=b\n", kind=b"x") + entry() + END, "malformed pax"),
    "pax header that is huge": (pax(comment="c" * (20 << 20)) + entry() + END, "Special header too large"),
    "pax header of 2^62": (header("p", 1 << 62, b"x") + entry(), "Special header too large"),
    "pax header and no entry": (entry() + pax(path="b") + END, "damaged"),
    "pax name that is not UTF-8": (pax(path=b"\xff") + entry() + END, "not UTF-8"),
    "gnu long name that is huge": (entry("l", b"n" * (2 << 20), kind=b"L") + entry() + END, "Special header too large"),
    "gnu long name of 2^62": (header("l", 1 << 62, b"L") + entry(), "Special header too large"),
    "gnu long name of nothing": (entry("l", b"", kind=b"L") + entry() + END, "without a name"),
    "gnu long names without end": (entry("l", b"n", kind=b"L") * 5000 + entry() + END, "Too many special headers"),
    "gnu long link that leaves": (entry() + entry("l", b"../up", kind=b"K") + header("b", kind=b"1", link="a") + END, "'..'"),
    "holes of 2^62": (gnu_sparse(1 << 62, [(0, 1)]), MORE_THAN_MAX_BYTES),
    "holes of a bomb": (gnu_sparse(1 << 33, [(0, 1)]) + END, "bomb"),
    "holes that overlap": (gnu_sparse(1000, [(500, 2), (501, 2)], b"wxyz") + END, "sparse"),
    "holes backwards": (gnu_sparse(1000, [(500, 1), (3, 1)], b"xy") + END, "sparse"),
    "holes behind the end": (gnu_sparse(10, [(500, 1)]) + END, "sparse"),
    "a hole that is negative": (gnu_sparse(10, [(5, -1)]) + END, "sparse"),
    "pax holes of 2^62": (pax(GNU__sparse__major=0, GNU__sparse__minor=1, GNU__sparse__name="s", GNU__sparse__size=1 << 62, GNU__sparse__map="0,1") + entry(), MORE_THAN_MAX_BYTES),
    "pax holes of a name that leaves": (pax(GNU__sparse__major=0, GNU__sparse__minor=1, GNU__sparse__name="../s", GNU__sparse__size=9, GNU__sparse__map="0,1") + entry() + END, "'..'"),
    "another volume": (entry(kind=b"M") + END, "another volume"),
    "entry without a name": (entry("") + entry("b") + END, "without a name"),
    "entry that is the folder": (entry(".") + entry("b") + END, "without a name"),
    "file with a slash behind it": (entry("a/", b"content") + entry("b") + END, "damaged"),
    "file and folder": (entry() + header("a/", kind=b"5") + END, "both as a folder"),
    "folder and file": (header("a/", kind=b"5") + entry() + END, "both as a folder"),
    "folder of a file and file": (entry("a/b") + entry() + END, "both as a folder"),
    "case of a folder below": (entry("d/Sub/a") + entry("d/sub/b") + END, "'d/Sub' and 'd/sub' differ"),
    "case of a folder and a file": (entry("a") + entry("A/b") + END, "'a' and 'A' differ"),
    "below a hard link": (entry() + header("b", kind=b"1", link="a") + entry("b/c") + END, "no folder"),
    "hard link to itself": (header("b", kind=b"1", link="b") + entry() + END, "no file of the archive"),
    "hard link to a folder": (header("d/", kind=b"5") + header("b", kind=b"1", link="d") + END, "no file of the archive"),
    "wrong sum of the first": (b"b" + tar(GOOD)[1:], "first header"),
    "wrong sum of the second": (entry() + b"c" + entry("b")[1:] + END, "damaged"),
    "no end": (entry(), "mark of its end"),
    "two tars": (tar(GOOD) + tar({"b": b"2"}), "followed"),
    "two tars in gzip": (gzip.compress(tar(GOOD)) + gzip.compress(tar({"b": b"2"})), "followed"),
    "two tars in zstd": (tar_zst(GOOD) + tar_zst({"b": b"2"}), "followed"),
    "gzip before something else": (gzip.compress(tar(GOOD)) + b"more", "followed"),
    "gzip that is cut": (gzip.compress(tar(GOOD))[:-4], "gzip stream has no end"),
    "gzip with another sum": (gzip.compress(tar(GOOD))[:-8] + bytes(8), "incorrect data check"),
    "zstd before something else": (tar_zst(GOOD) + b"more", "followed"),
    "zstd that is cut in what it skips": (tar_zst(GOOD) + SKIPPABLE[:-1], "zstd stream has no end"),
}
FIRST, SECOND = ZipEntry("a", b"1"), ZipEntry("b", b"2")
ZIPS = {
    "overlapping": (raw_zip(FIRST, ZipEntry("b", b"2", central={"at": 0})), "entries of the zip overlap"),
    "listed twice": (raw_zip(FIRST, listed=[0, 0]), "entries of the zip overlap"),
    "overlapping by what lies before the content": (raw_zip(ZipEntry("a", b"1", local={"extra": FIRST.in_place()}), ZipEntry("b", b"2", central={"at": 31})), "overlap"),
    "reaches into the directory": (raw_zip(ZipEntry(central={"packed": 500})), "reaches into its directory"),
    "twice": (raw_zip(FIRST, FIRST), "twice"),
    "behind something else": (b"#!/bin/sh\n" + zipped(GOOD), "a zip with something else before it"),
    "behind something else that looks like it": (b"PK\3\4" + zipped(GOOD), "stands before the zip"),
    "behind something else that it knows of": (raw_zip(ZipEntry(before=b"PK\3\4junk")), "stands before the first entry"),
    "between its entries": (raw_zip(FIRST, ZipEntry("b", before=b"junk")), "between the entries"),
    "an entry that is not listed": (raw_zip(FIRST, ZipEntry("hidden"), SECOND, listed=[0, 2]), "between the entries"),
    "behind its entries": (raw_zip(FIRST, before_directory=b"junk"), "behind the last one"),
    "the last entry is not listed": (raw_zip(FIRST, ZipEntry("hidden"), listed=[0]), "behind the last one"),
    "behind its directory": (raw_zip(FIRST, before_end=b"junk"), "directory is not where it says"),
    "before something else": (zipped(GOOD) + b"more", "followed"),
    "before zeros": (zipped(GOOD) + bytes(512), "followed"),
    "two zips": (zipped(GOOD) + zipped({"b": b"2"}), "directory is not where it says"),
    "more than it says": (raw_zip(FIRST, SECOND, count=1), "its directory is damaged"),
    "less than it says": (raw_zip(FIRST, count=2), "its directory is damaged"),
    "nothing where an entry is": (raw_zip(ZipEntry(content=b"1" * 50, central={"at": 1, "packed": 49})), "stands before the first entry"),
    "no entry where one is": (raw_zip(FIRST, ZipEntry("b")).replace(b"PK\3\4", b"PK\3\5").replace(b"PK\3\5", b"PK\3\4", 1), "no entry where"),
    "a directory that is huge": (raw_zip(*[ZipEntry(str(n), central={"extra": b"\xfe\xca" + struct.pack("<H", 60_000) + bytes(60_000)}) for n in range(600)]), "directory is larger than 32 MiB"),
    "one of several": (raw_zip(FIRST, disk=1), "one part of several"),
    "an entry of another part": (raw_zip(ZipEntry(disk=1)), "one part of several"),
    "the last of several": (raw_zip(FIRST)[4:], "the last of its parts"),
    "deflate64": (raw_zip(ZipEntry(method=9)), "a method that is not read (9)"),
    "bzip2": (raw_zip(ZipEntry(content=bz2.compress(b"x"), method=12)), "a method that is not read (12)"),
    "lzma": (raw_zip(ZipEntry(method=14)), "a method that is not read (14)"),
    "two methods": (raw_zip(ZipEntry(content=LETTERS, deflate=True, local={"method": 0})), "packed by one method"),
    "another sum": (raw_zip(ZipEntry(crc=1)), "bad CRC"),
    "smaller than it is": (raw_zip(ZipEntry(content=LETTERS, deflate=True, unpacked=10)), "wrong size"),
    "larger than it is": (raw_zip(ZipEntry(content=LETTERS, deflate=True, unpacked=1 << 20)), "wrong size"),
    "two sizes": (raw_zip(ZipEntry(content=LETTERS, deflate=True, central={"unpacked": 10})), "Inconsistent uncompressed size"),
    "two packed sizes": (raw_zip(ZipEntry(content=LETTERS, deflate=True, local={"packed": 500})), "Inconsistent compressed size"),
    "zip64 size of 20 GiB": (raw_zip(ZipEntry(central={"unpacked": 0xFFFFFFFF, "extra": zip64_field(20 << 30)})), "Inconsistent uncompressed size"),
    "zip64 size of 20 GiB in both": (raw_zip(ZipEntry(unpacked=0xFFFFFFFF, packed=0xFFFFFFFF, extra=zip64_field(20 << 30, 1))), MORE_THAN_MAX_BYTES),
    "zip64 size of 2^63": (raw_zip(ZipEntry(central={"unpacked": 0xFFFFFFFF, "extra": zip64_field(1 << 63)})), "Malformed 64-bit uncompressed size"),
    "zip64 packed size of 2^62": (raw_zip(ZipEntry(central={"packed": 0xFFFFFFFF, "extra": zip64_field(1 << 62)})), "reaches into its directory"),
    "zip64 place of 2^62": (raw_zip(ZipEntry(central={"at": 0xFFFFFFFF, "extra": zip64_field(1 << 62)})), "reaches into its directory"),
    "zip64 without its field": (raw_zip(ZipEntry(central={"at": 0xFFFFFFFF})), "reaches into its directory"),
    "folder with content": (raw_zip(ZipEntry("a/", b"content", mode=0o040755), SECOND), "has content"),
    "file with a slash behind it": (raw_zip(ZipEntry("a/", b"content"), SECOND), "has content"),
    "entry without a name": (raw_zip(ZipEntry(""), SECOND), "without a name"),
    "file and folder": (raw_zip(FIRST, ZipEntry("a/", b"", mode=0o040755)), "both as a folder"),
    "below a file": (raw_zip(FIRST, ZipEntry("a/b")), "no folder"),
    "device": (raw_zip(ZipEntry(mode=0o020644)), "device"),
    "socket": (raw_zip(ZipEntry(mode=0o140644)), "socket"),
    "FIFO": (raw_zip(ZipEntry(mode=0o010644)), "'a' is a FIFO"),
    "unknown type": (raw_zip(ZipEntry(mode=0o170644)), "unknown type"),
}
LINKS = {
    "newline": ("a\nb", "control"),
    "right-to-left": ("gpj.\u202eexe", "direction"),
    "backslash": ("a\\b", "backslash"),
    "too long": ("x/" * 2500 + "y", "1024"),
    "empty": ("", "empty"),
    "out": ("../x", "leads out"),
}


def send(sidecar, source, body, **fields):
    return sidecar.update("v2", source.put("/archive", body), path="game", format="archive", **fields)


@pytest.mark.parametrize("archives", [HOSTILE, TARS, ZIPS], ids=["all", "tars", "zips"])
def test_what_would_do_harm_is_refused_and_leaves_nothing(game, source, start_sidecar, shared, archives):
    sidecar = start_sidecar(game)
    assert sidecar.update("v1", source.put("/v1", tar(GOOD)), path="game", format="archive").status == 200
    outside = {path.name for path in shared.parent.iterdir()}
    for name, (body, words) in archives.items():
        answer = send(sidecar, source, body)
        assert answer.status == 422, (name, answer)
        assert answer.json["reason"] in ("UnsafeArchive", "TooLarge"), (name, answer)
        assert words in answer.json["message"], (name, answer)
        assert tree_of(shared / "game") == GOOD, name
        assert not list((shared / ".okg-sidecar/staging").iterdir()), name
    assert {path.name for path in shared.parent.iterdir()} == outside


def check_too_large(answer, words, shared):
    assert (answer.status, answer.json["reason"]) == (422, "TooLarge"), answer
    assert words in answer.json["message"], answer
    assert not tree_of(shared)
    assert not list((shared / ".okg-sidecar/staging").iterdir())


def test_names_take_no_more_memory_than_they_may(game, source, start_sidecar, shared):
    """The archive is small, as zstd packs it, and its files are empty."""
    folders = "/".join(["d" * 250] * 3)
    body = b"".join(pax(path=f"{folders}/{'n' * 230}{n:05}") + entry(content=b"") for n in range(17_300)) + END
    packed = subprocess.run(["zstd", "-q", "-c"], input=body, stdout=subprocess.PIPE, check=True).stdout
    assert len(packed) < 64 << 10
    sidecar = start_sidecar(game)
    check_too_large(send(sidecar, source, packed), "names of more than 16 MiB", shared)
    most = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{sidecar.process.pid}/status").read_text())
    assert SANITIZED or int(most.group(1)) < 128 << 10, "KiB: what the manifests allow"


def test_folders_that_names_alone_tell_of_count(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, archive={"maxFiles": 100})
    for pack in (tar, zipped):
        check_too_large(send(sidecar, source, pack({"x/" * 101 + "y": b"1"})), "more folders than archive.maxFiles (100)", shared)
        assert send(sidecar, source, pack({"x/" * 100 + "y": b"1"})).status == 200
        assert sidecar.update("v3", source.put("/v3", tar({"a": b"1"})), path="game", format="archive").status == 200
        (shared / "game/a").unlink()


def test_symlinks_that_cannot_be_meant_are_refused(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, archive={"allowSymlinks": True})
    for name, (target, words) in LINKS.items():
        answer = send(sidecar, source, members(member("a"), member("l", tarfile.SYMTYPE, target)))
        assert (answer.status, answer.json["reason"]) == (422, "UnsafeArchive"), (name, answer)
        assert words in answer.json["message"], (name, answer)
    assert not tree_of(shared)


def test_the_state_directory_is_no_archives_to_write_to(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, archive={"allowSymlinks": True})
    for body in (entry() + entry(".okg-sidecar/journal") + END, entry() + header("l", kind=b"2", link=".okg-sidecar") + END,
                 entry() + header("d/l", kind=b"2", link="../.okg-sidecar/journal") + END):
        answer = sidecar.update("v2", source.put("/archive", body), format="archive")
        assert (answer.status, answer.json["reason"]) == (422, "UnsafeArchive"), answer
        assert "not an update's to take" in answer.json["message"], answer
    assert not tree_of(shared)


def test_what_only_looks_odd_is_unpacked_as_it_is_meant(game, source, start_sidecar, shared, tmp_path):
    long_name, whole = "/".join(["folder" * 10] * 4) + "/name", tar(GOOD)
    inner = zipped(GOOD)
    odd = {
        "gnu long name": (members(member(long_name), form=tarfile.GNU_FORMAT), {long_name: b"x"}),
        "pax long name": (members(member(long_name)), {long_name: b"x"}),
        "pax name over a short one": (members(member("short", path="long/地图.json")), {"long/地图.json": b"x"}),
        "holes": (sparse(tmp_path), {"holes": bytes(1 << 20) + b"end"}),
        "hard link": (members(member("a"), member("b", tarfile.LNKTYPE, "a")), {"a": b"x", "b": b"x"}),
        "hard link to a hard link": (entry() + header("b", kind=b"1", link="a") + header("c", kind=b"1", link="b") + END, dict.fromkeys("abc", b"x")),
        "mode 000": (header("d/", kind=b"5", mode=b"0000000\0") + entry("d/a", mode=b"0000000\0") + END, {"d/a": b"x"}),
        "long ago": (pax(mtime=-(10**20)) + entry("a") + entry("b", more=[(136, in_base_256(-(1 << 62)))]) + END, {"a": b"x", "b": b"x"}),
        "far ahead": (pax(mtime=10**20) + entry("a") + entry("b", more=[(136, in_base_256(1 << 62))]) + END, {"a": b"x", "b": b"x"}),
        "dots and slashes": (header("./", kind=b"5") + entry("./a") + entry(".//./b") + entry("c/./d") + END, {"a": b"x", "b": b"x", "c/d": b"x"}),
        "folder that is an empty file with a slash": (entry("d/", b"") + entry("d/a") + END, {"d/a": b"x"}),
        "folders of other folders whose case differs": (entry("d/Sub") + entry("e/sub") + END, {"d/Sub": b"x", "e/sub": b"x"}),
        "as git packs it": (pax(b"g", comment="0" * 40) + pax(path="b") + entry() + END, {"b": b"x"}),
        "a label": (entry("LABEL", b"", kind=b"V", magic=b"ustar  \0") + entry() + END, {"a": b"x"}),
        "before ustar": (entry(magic=bytes(8)) + END, {"a": b"x"}),
        "one block at the end": (entry() + bytes(512), {"a": b"x"}),
        "holes before a byte": (gnu_sparse(1000, [(999, 1)]) + END, {"holes": bytes(999) + b"x"}),
        "gzip in a row": (gzip.compress(whole[:700]) + gzip.compress(whole[700:]) + gzip.compress(b""), GOOD),
        "zstd that skips": (SKIPPABLE + tar_zst(GOOD) + SKIPPABLE, GOOD),
        "zip with a descriptor": (raw_zip(ZipEntry("a", LETTERS, deflate=True, behind=descriptor(LETTERS), flags=8, local={"crc": 0, "packed": 0, "unpacked": 0}), SECOND), {"a": LETTERS, "b": b"2"}),
        "zip with a descriptor that lies": (raw_zip(ZipEntry("a", LETTERS, deflate=True, behind=descriptor(LETTERS, 1, 2, 3), flags=8, local={"crc": 0, "packed": 0, "unpacked": 0})), {"a": LETTERS}),
        "zip that pads": (raw_zip(ZipEntry("a", local={"extra": b"\xfe\xca" + struct.pack("<H", 60000) + bytes(60000)})), {"a": b"x"}),
        "zip with ./ for a folder": (raw_zip(ZipEntry("./", b"", mode=0o040755), ZipEntry("./a")), {"a": b"x"}),
        "zip whose directory has another name": (with_names(zipped({"aa": b"1"}), [(b"aa", b"bb", [0])]), {"aa": b"1"}),
        "set-id bits": (members(member("suid", mode=0o6755)), {"suid": b"x"}),
        "archive in an archive": (zipped({"inner.zip": inner}), {"inner.zip": inner}),
    }
    sidecar = start_sidecar(game)
    for name, (body, files) in odd.items():
        answer = send(sidecar, source, body)
        assert answer.status == 200, (name, answer)
        assert tree_of(shared / "game") == files, name
        modes = {path.stat().st_mode & 0o7777 for path in (shared / "game").rglob("*") if path.is_file()}
        assert modes <= {0o644, 0o755}, name
    body = with_names(zipped({"aaaa": b"1"}), [(b"aaaa", "地图".encode("gbk"))])
    assert send(sidecar, source, body, nameEncoding="gbk").status == 200
    assert tree_of(shared / "game") == {"地图": b"1"}
