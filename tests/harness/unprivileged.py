"""A sidecar that is no root and has no capabilities, as in a pod with runAsNonRoot."""

import os
import shutil

from sidecar import BINARY, Sidecar

USER = 65532
AS_USER = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]


def let_in(folder):
    """Makes a test's folder one that every user can go through."""
    for each in [folder, *folder.parents]:
        if str(each).startswith("/tmp/"):
            os.chmod(each, 0o755)


def start_as_user(tmp_path, config, wrapped=(), **more):
    """Its program is a copy, as the user may not reach the build's. `wrapped`: what runs as root before it becomes the user."""
    let_in(tmp_path)
    folder = tmp_path / "sidecar"
    folder.mkdir()
    binary = shutil.copy(BINARY, folder / "okg-sidecar")
    return Sidecar(folder, config, argv=[*wrapped, *AS_USER, str(binary), "--config", str(folder / "config.yaml")], **more)
