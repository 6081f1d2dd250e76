"""What scripts/image-root lays out, read as a scanner, the loader and whoever looks for a weak spot do."""

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def lay_out(binary, folder):
    """The image's files of a binary, in a folder that is made anew."""
    subprocess.run([ROOT / "scripts/image-root", binary, folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def packages(image):
    """{package: the fields of its stanza} as scanners find them: the release first, then dpkg's status. @source deb-control(5)"""
    release = dict(re.findall(r'^(\w+)="?([^"\n]*)', (image / "etc/os-release").read_text(), re.M))
    assert (release["ID"], release["VERSION_ID"]) == ("debian", "12")
    found = {}
    for stanza in (image / "var/lib/dpkg/status").read_text().split("\n\n"):
        fields = dict(re.findall(r"^([\w-]+): (.*)", stanza, re.M))
        assert fields["Status"] == "install ok installed"
        assert fields["Package"] not in found
        found[fields["Package"]] = fields
    assert {"base-files", "ca-certificates", "libarchive13", "libc6", "libcurl4", "libssl3", "libstdc++6", "libutf8proc2", "tzdata"} <= set(found)
    return found


def readelf(file, *options):
    return subprocess.run(["readelf", "--wide", *options, file], capture_output=True, text=True, check=True).stdout


def check_hardened(binary):
    """What a binary of every architecture is built with.
    @source gcc(1), -fstack-protector; ld(1), -z relro, -z now; feature_test_macros(7), _FORTIFY_SOURCE"""
    assert "DYN (Position-Independent Executable file)" in readelf(binary, "--file-header")
    segments = readelf(binary, "--program-headers")
    assert "GNU_RELRO" in segments
    assert re.search(r"GNU_STACK\s.* RW ", segments)
    assert not re.search(r"LOAD\s.* RWE ", segments)
    dynamic = readelf(binary, "--dynamic")
    assert re.search(r"\(FLAGS\).*BIND_NOW", dynamic)
    assert re.search(r"\(FLAGS_1\).* NOW\b", dynamic)
    assert "TEXTREL" not in dynamic
    assert not re.search(r"\((RPATH|RUNPATH)\)", dynamic)
    sections = readelf(binary, "--sections")
    assert ".text" in sections
    assert ".symtab" not in sections
    assert ".debug_info" not in sections
    assert "__snprintf_chk" in readelf(binary, "--dyn-syms")  # a call that no library makes that is linked statically
