"""scripts/release with both architectures: one index, and what goes with each."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tarfile

import pytest
from registry import Inbox
from sidecar import BINARY, ROOT

ARM64 = pathlib.Path(os.environ.get("OKG_SIDECAR_ARM64", ROOT / "build/release-arm64/okg-sidecar"))


def release(keep):
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    subprocess.run([ROOT / "scripts/release", version, "--binary", BINARY, "--binary", ARM64], check=True, stdout=subprocess.DEVNULL)
    return shutil.copytree(ROOT / "dist" / version, keep)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return release(tmp_path_factory.mktemp("release") / "first")


@pytest.fixture(scope="module")
def image(made):
    [file] = made.glob("*-image.tar")
    return file


def test_it_makes_the_same_bytes_twice(made, tmp_path):
    assert (release(tmp_path / "second") / "SHA256SUMS").read_text() == (made / "SHA256SUMS").read_text()


def test_each_architecture_has_its_program_and_its_sbom(made):
    for architecture in ("amd64", "arm64"):
        [archive] = made.glob(f"*-linux-{architecture}.tar.gz")
        [sbom] = made.glob(f"*-linux-{architecture}.spdx.json")
        with tarfile.open(archive) as tar:
            [name] = [name for name in tar.getnames() if name.endswith("/okg-sidecar")]
            machine = tar.extractfile(name).read()[18]  # e_machine @source elf(5)
        assert machine == {"amd64": 62, "arm64": 183}[architecture]
        purls = re.findall(r"pkg:deb/debian/libssl3@[^\"]*arch=(\w+)", sbom.read_text())
        assert purls == [architecture]


def test_the_index_names_both_architectures(image):
    with tarfile.open(image) as tar:
        def blob(descriptor):
            return json.load(tar.extractfile("blobs/" + descriptor["digest"].replace(":", "/")))

        [index] = json.load(tar.extractfile("index.json"))["manifests"]
        manifests = blob(index)["manifests"]
        configs = [blob(blob(each)["config"]) for each in manifests]
    assert [each["platform"] for each in manifests] == [{"architecture": "amd64", "os": "linux"}, {"architecture": "arm64", "os": "linux"}]
    assert [each["architecture"] for each in configs] == ["amd64", "arm64"]
    assert configs[0]["config"] == configs[1]["config"]


def test_the_index_is_pushed_to_a_registry_whole(image, things):
    """The command of CONTRIBUTING.md."""
    things.append(Inbox())
    where = f"{things[-1].host}/okg-sidecar:v1"
    subprocess.run(["skopeo", "copy", "--quiet", "--all", "--dest-tls-verify=false", f"oci-archive:{image}", f"docker://{where}"], check=True)
    index = things[-1].manifests["okg-sidecar:v1"]
    assert [each["platform"]["architecture"] for each in index["manifests"]] == ["amd64", "arm64"]
    assert {each["digest"] for each in index["manifests"]} <= set(things[-1].blobs)


def test_no_path_of_the_machine_that_built_it_is_in_the_program():
    assert str(pathlib.Path.home() / ".cache").encode() not in ARM64.read_bytes()
    assert str(ROOT).encode() not in ARM64.read_bytes()
