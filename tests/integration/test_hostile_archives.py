"""Archives that would do harm, or look as if they did: what is refused leaves nothing, and says why; the rest is unpacked as it is meant."""

import bz2
import gzip
import io
import subprocess
import tarfile
import unicodedata

from archives import tar, tree_of, zipped

GOOD = {"good": b"good"}


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


def overlapping():
    """Both entries of the directory are the bytes of one: so a small zip becomes a large folder."""
    body = bytearray(zipped({"a": bytes(5000), "b": b"1"}))
    first, second = (n for n in range(len(body)) if body[n : n + 4] == b"PK\x01\x02")
    body[second + 42 : second + 46] = body[first + 42 : first + 46]
    return bytes(body)


def sparse(tmp_path):
    """As GNU tar writes a file with a hole."""
    with open(tmp_path / "holes", "wb") as file:
        file.seek(1 << 20)
        file.write(b"end")
    return subprocess.run(["tar", "-C", tmp_path, "-S", "--format=gnu", "-cf", "-", "holes"], stdout=subprocess.PIPE, check=True).stdout


def encrypted():
    """Only the flags say so, which is what counts."""
    body = bytearray(zipped(GOOD))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + at] |= 1
    return bytes(body)


def huge_size():
    """A header that announces 2^62 bytes, in base 256."""
    body = bytearray(tar(GOOD))
    body[124:136] = b"\x80" + (1 << 62).to_bytes(11, "big")
    body[148:156] = b" " * 8
    body[148:156] = b"%06o\0 " % sum(body[:512])
    return bytes(body)


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
    "encrypted": (encrypted(), "encrypted"),
    "huge size": (huge_size(), ""),
    "overlapping zip": (overlapping(), ""),
    "zip name that leaves": (with_names(zipped({"aaaa": b"1"}), [(b"aaaa", b"../a")]), "'..'"),
    "zip name with NUL": (with_names(zipped({"aaaa": b"1"}), [(b"aaaa", b"a\0aa")]), "NUL"),
    "zip with a GBK name": (with_names(zipped({"aaaa": b"1"}), [(b"aaaa", "地图".encode("gbk"))]), "nameEncoding"),
    "zip behind something else": (b"#!/bin/sh\n" + zipped(GOOD), ""),
    "zip before something else": (zipped(GOOD) + b"more", ""),
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
    "gzipped zip": (gzip.compress(zipped(GOOD)), "the zip itself"),
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


def test_what_would_do_harm_is_refused_and_leaves_nothing(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game)
    assert sidecar.update("v1", source.put("/v1", tar(GOOD)), path="game", format="archive").status == 200
    outside = {path.name for path in shared.parent.iterdir()}
    for name, (body, words) in HOSTILE.items():
        answer = send(sidecar, source, body)
        assert answer.status == 422, (name, answer)
        assert answer.json["reason"] in ("UnsafeArchive", "TooLarge"), (name, answer)
        assert words in answer.json["message"], (name, answer)
        assert tree_of(shared / "game") == GOOD, name
        assert not list((shared / ".okg-sidecar/staging").iterdir()), name
    assert {path.name for path in shared.parent.iterdir()} == outside


def test_symlinks_that_cannot_be_meant_are_refused(game, source, start_sidecar, shared):
    sidecar = start_sidecar(game, archive={"allowSymlinks": True})
    for name, (target, words) in LINKS.items():
        answer = send(sidecar, source, members(member("a"), member("l", tarfile.SYMTYPE, target)))
        assert (answer.status, answer.json["reason"]) == (422, "UnsafeArchive"), (name, answer)
        assert words in answer.json["message"], (name, answer)
    assert not tree_of(shared)


def test_what_only_looks_odd_is_unpacked_as_it_is_meant(game, source, start_sidecar, shared, tmp_path):
    long_name = "/".join(["folder" * 10] * 4) + "/name"
    quine = zipped({"quine.zip": zipped(GOOD)})
    odd = {
        "gnu long name": (members(member(long_name), form=tarfile.GNU_FORMAT), {long_name: b"x"}),
        "pax long name": (members(member(long_name)), {long_name: b"x"}),
        "pax name over a short one": (members(member("short", path="long/地图.json")), {"long/地图.json": b"x"}),
        "holes": (sparse(tmp_path), {"holes": bytes(1 << 20) + b"end"}),
        "hard link": (members(member("a"), member("b", tarfile.LNKTYPE, "a")), {"a": b"x", "b": b"x"}),
        "zip whose directory has another name": (with_names(zipped({"aa": b"1"}), [(b"aa", b"bb", [0])]), {"aa": b"1"}),
        "set-id bits": (members(member("suid", mode=0o6755)), {"suid": b"x"}),
        "archive in an archive": (quine, {"quine.zip": zipped(GOOD)}),
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
