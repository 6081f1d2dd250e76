"""What scripts/image-root lays out, as scanners and the loader read it."""

import os
import pathlib
import re
import subprocess

import image_root
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar"))


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return image_root.lay_out(BINARY, tmp_path_factory.mktemp("image") / "root")


def scan(image):
    """{package: (source package, version)}"""
    return {package: (fields.get("Source", package).split()[0], fields["Version"]) for package, fields in image_root.packages(image).items()}


def installed_version(package):
    return subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True, check=True).stdout


def test_a_scan_finds_each_package_in_the_version_that_is_installed(image):
    for package, (source, version) in scan(image).items():
        if source not in ("curl", "prometheus-cpp"):  # built from their source packages
            assert version == installed_version(package)


def linked_statically():
    """The source packages of the static libraries that the linker is given."""
    commands = subprocess.run(["ninja", "-C", BINARY.parent, "-t", "commands", "okg-sidecar"], capture_output=True, text=True, check=True)
    for library in set(re.findall(r"/usr/\S+\.a\b", commands.stdout.splitlines()[-1])):
        package = subprocess.run(["dpkg-query", "-S", library], capture_output=True, text=True, check=True).stdout.split(":")[0]
        status = subprocess.run(["dpkg-query", "-W", "-f=${source:Package}", package], capture_output=True, text=True, check=True)
        yield library, status.stdout


def test_a_scan_finds_what_is_linked_statically(image):
    found = scan(image)
    for package, source in (("libcurl4", "curl"), ("libprometheus-cpp-core1.0", "prometheus-cpp")):
        version = subprocess.run([ROOT / "scripts/source-library", source, "--version"], capture_output=True, text=True, check=True)
        assert found[package] == (source, version.stdout.strip())
    sources = {source for source, _ in found.values()}
    libraries = dict(linked_statically())
    assert len(libraries) > 2
    assert {library: source for library, source in libraries.items() if source not in sources} == {}


def test_every_library_is_of_a_package_that_a_scan_finds(image):
    found = scan(image)
    libraries = [path for path in image.rglob("*.so*") if path.is_file() and not path.is_symlink() and path.name != "ld.so.cache"]
    assert len(libraries) > 5
    for library in libraries:
        name = library.relative_to(image / "usr")
        owner = subprocess.run(f"dpkg-query -S /{name} /usr/{name} 2>/dev/null", shell=True, capture_output=True, text=True).stdout
        assert owner.split(":")[0] in found, f"no package of {name} is listed"


def test_none_of_the_libraries_of_debians_libcurl_is_needed(image):
    names = " ".join(path.name for path in image.rglob("*.so*"))
    assert not re.search("libcurl|libldap|krb5|gssapi|libssh2|librtmp|gnutls|libp11", names)
