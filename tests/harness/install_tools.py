"""helm, kustomize and Python packages that tests of what people install use."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "okg-sidecar"
sys.path.insert(0, str(CACHE / "install-python"))


@pytest.fixture(scope="session")
def tool():
    """tool("helm", …): its standard output; check=False gives the whole result."""
    folder = subprocess.run([ROOT / "tests/install/build_tools.sh"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def run(name, *arguments, check=True):
        done = subprocess.run([f"{folder}/{name}", *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout if check else done

    return run
