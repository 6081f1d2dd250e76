"""The base image that scripts/image makes where no registry can be reached: from where this machine's packages come from."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = "Types: deb deb-src\nURIs: http://mirror.example.com/debian\nSuites: bookworm\nComponents: main\n"
OTHERS = "Types: deb\nURIs: http://elsewhere.example.com/debian\nSuites: stable\nComponents: main\n"
TAKEN = "Types: deb\nURIs: http://mirror.example.com/debian\nSuites: bookworm\nComponents: main\n\n"
LINE = "deb http://mirror.example.com/debian bookworm main\n"
# An engine that has no image and reaches no registry, and an mmdebstrap that notes what it is given and makes nothing.
ENGINE = '#!/bin/sh\n[ "$1" = info ]\n'
MMDEBSTRAP = '#!/bin/sh\ncat >"$NOTED"\nexit 1\n'


@pytest.mark.parametrize("files, given", [
    ({"sources.list.d/debian.sources": OURS, "sources.list.d/others.sources": OTHERS}, TAKEN),
    ({"sources.list.d/0000main.sources": OURS}, TAKEN),
    ({"sources.list.d/1.sources": OURS, "sources.list.d/2.sources": OURS}, TAKEN * 2),
    ({"sources.list": LINE + LINE.replace("deb ", "deb-src ")}, LINE),
], ids=["debian", "mmdebstrap", "several", "lines"])
def test_the_base_image_is_made_from_the_machines_package_source(tmp_path, files, given):
    for name, text in files.items():
        file = tmp_path / "apt" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in {"docker": ENGINE, "mmdebstrap": MMDEBSTRAP}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(tmp_path / "cache"), "NOTED": str(tmp_path / "noted")}
    subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", 'mount --bind "$1" /etc/apt && exec "$2"', "-",
                    tmp_path / "apt", ROOT / "scripts/image"], env=env, capture_output=True, check=False)
    assert (tmp_path / "noted").read_text() == given
