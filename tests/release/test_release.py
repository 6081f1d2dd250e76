"""scripts/release: what is published, twice the same bytes."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tarfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar"))


def release(*more):
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    subprocess.run([ROOT / "scripts/release", version, "--binary", BINARY, *more], check=True, stdout=subprocess.DEVNULL)
    return version, ROOT / "dist" / version


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """A key of minisign's without password: its file, beside which .pub is the public one."""
    file = tmp_path_factory.mktemp("minisign") / "key"
    subprocess.run(["minisign", "-G", "-W", "-s", file, "-p", f"{file}.pub"], check=True, stdout=subprocess.DEVNULL)
    return file


@pytest.fixture(scope="module")
def made(tmp_path_factory, key):
    version, folder = release("--sign-with", key)
    kept = tmp_path_factory.mktemp("release") / version
    shutil.copytree(folder, kept)
    return version, kept


def test_it_makes_the_same_bytes_twice(made):
    version, first = made
    _, second = release()
    assert (first / "SHA256SUMS").read_text() == (second / "SHA256SUMS").read_text()
    names = {path.name for path in first.iterdir()}
    assert {"CHANGES.md", "SHA256SUMS", f"okg-sidecar-{version}-image.tar", f"okg-sidecar-{version}-manifests.tar.gz",
            f"okg-sidecar-{version}.tgz"} < names


def test_the_checksums_are_those_of_every_file(made):
    _, folder = made
    lines = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert lines == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if "SHA256SUMS" not in path.name}


def test_the_sbom_has_every_package_of_the_image_and_what_is_linked_statically(made):
    version, folder = made
    [file] = folder.glob(f"okg-sidecar-{version}-linux-*.spdx.json")
    document = json.loads(file.read_text())
    packages = {each["name"]: each for each in document["packages"]}
    assert {"okg-sidecar", "libc6", "libstdc++6", "libssl3", "libcurl4", "libnghttp2-14", "tzdata"} <= set(packages)
    assert all(each["externalRefs"][0]["referenceLocator"].startswith("pkg:deb/debian/")
               for name, each in packages.items() if name != "okg-sidecar")


def test_the_image_is_an_index_with_the_settings_of_the_dockerfile(made):
    version, folder = made
    with tarfile.open(folder / f"okg-sidecar-{version}-image.tar") as tar:
        def blob(descriptor):
            return json.load(tar.extractfile("blobs/" + descriptor["digest"].replace(":", "/")))

        [index] = json.load(tar.extractfile("index.json"))["manifests"]
        [manifest] = blob(index)["manifests"]
        config = blob(blob(manifest)["config"])
    assert manifest["platform"]["architecture"] == config["architecture"]
    assert config["config"] == {"User": "65532:65532", "ExposedPorts": {"5000/tcp": {}}, "Entrypoint": ["/usr/bin/okg-sidecar"]}


def test_a_version_that_the_binary_is_not_is_refused():
    refused = subprocess.run([ROOT / "scripts/release", "99.0.0", "--binary", BINARY], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "CMakeLists.txt" in refused.stderr


UNRELEASED = """# Changelog

## Unreleased

- of no version yet

"""
CHANGELOG = """## 1.2.10 - 2026-11-25

- of the tenth

## 1.2.1 - 2026-11-01

- of the first
"""


@pytest.mark.parametrize("begin, version, expected", [
    ("# Changelog\n\n## Unreleased\n\n", "1.2.1", "of the first"), ("# Changelog\n\n", "1.2.10", "of the tenth"), (UNRELEASED, "1.3.0", "of no version yet")])
def test_the_changes_are_those_of_the_version_alone(tmp_path, begin, version, expected):
    (tmp_path / "CHANGELOG.md").write_text(begin + CHANGELOG)
    printed = subprocess.run([ROOT / "scripts/changes", version, tmp_path / "CHANGELOG.md"], capture_output=True, text=True, check=True).stdout
    assert printed.count("## ") == 1
    assert [line for line in printed.splitlines() if line.startswith("- ")] == [f"- {expected}"]


def test_a_version_that_is_out_already_is_not_made_of_what_came_after_it(tmp_path):
    (tmp_path / "CHANGELOG.md").write_text(UNRELEASED + CHANGELOG)
    refused = subprocess.run([ROOT / "scripts/changes", "1.2.10", tmp_path / "CHANGELOG.md"], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "'## Unreleased'" in refused.stderr


def test_the_chart_is_of_the_programs_version():
    version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    chart = (ROOT / "deploy/helm/okg-sidecar/Chart.yaml").read_text()
    assert f'\nversion: {version}\nappVersion: "{version}"\n' in chart


def test_a_version_without_changes_is_refused(tmp_path):
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 1.2.1\n\n- of the first\n")
    refused = subprocess.run([ROOT / "scripts/changes", "1.2.10", tmp_path / "CHANGELOG.md"], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "'## 1.2.10'" in refused.stderr


def test_a_key_that_is_not_there_is_said_before_anything_is_made(tmp_path):
    refused = subprocess.run([ROOT / "scripts/release", "1.2.3", "--sign-with", tmp_path / "key"], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "cannot be read" in refused.stderr
    assert not (ROOT / "dist/1.2.3").exists()


def test_the_binary_comes_with_its_papers_in_both_languages(made):
    version, folder = made
    [archive] = folder.glob(f"okg-sidecar-{version}-linux-*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.split("/", 1)[-1] for name in tar.getnames()}
    assert {"okg-sidecar", "LICENSE", "README.md", "README.zh.md", "CHANGELOG.md", "okg-sidecar.1", "completion/okg-sidecar.bash"} <= names


@pytest.mark.ends_after(7200)
@pytest.mark.skipif("FULL" not in os.environ, reason="builds the whole program twice: ./scripts/test --full release")
def test_two_builds_in_different_folders_give_the_same_bytes(tmp_path):
    assert stripped(build(tmp_path / "first")) == stripped(build(tmp_path / "a-folder-with-a-longer-name"))


def build(folder):
    """The preset release, compiled there and not taken from a cache."""
    env = {**os.environ, "CCACHE_RECACHE": "1"}
    subprocess.run(["cmake", "--preset", "release", "-B", folder], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--target", "okg-sidecar"], env=env, check=True, stdout=subprocess.DEVNULL)
    return folder / "okg-sidecar"


def stripped(binary):
    """The checksum of what scripts/image-root makes of it."""
    subprocess.run(["strip", "-o", f"{binary}.stripped", binary], check=True)
    return hashlib.sha256(pathlib.Path(f"{binary}.stripped").read_bytes()).hexdigest()


def test_the_packed_chart_is_one_that_helm_takes(made, tool):
    version, folder = made
    assert f"version: {version}" in tool("helm", "show", "chart", folder / f"okg-sidecar-{version}.tgz")


def test_what_is_packed_names_the_image_as_it_is_tagged(made, tool):
    version, folder = made
    with tarfile.open(folder / f"okg-sidecar-{version}-image.tar") as tar:
        [index] = json.load(tar.extractfile("index.json"))["manifests"]
    image = f"okg-sidecar:v{version}"
    assert index["annotations"]["org.opencontainers.image.ref.name"] in (image, image.split(":")[1])
    with tarfile.open(folder / f"okg-sidecar-{version}-manifests.tar.gz") as tar:
        text = "".join(tar.extractfile(each).read().decode() for each in tar if each.name.endswith(".yaml"))
    assert set(re.findall(r"\bimage: ['\"]?(okg-sidecar:[\w.-]+)", text)) == {image}
    assert f'image: "{image}"' in tool("helm", "template", "lobby", folder / f"okg-sidecar-{version}.tgz", "--set=example.enabled=true")


def test_the_signature_is_that_of_the_checksums(made, key, tmp_path):
    version, folder = made
    verify = ["minisign", "-V", "-p", f"{key}.pub", "-x", folder / "SHA256SUMS.minisig", "-m"]
    checked = subprocess.run([*verify, folder / "SHA256SUMS"], capture_output=True, text=True)
    assert checked.returncode == 0
    assert f"okg-sidecar {version}" in checked.stdout
    (tmp_path / "SHA256SUMS").write_text("changed")
    assert subprocess.run([*verify, tmp_path / "SHA256SUMS"], capture_output=True).returncode != 0
