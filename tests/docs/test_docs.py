"""The documentation's examples are true."""

import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar"))
CONFIGURATIONS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/configuration.md").read_text(), re.S)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_every_configuration_shown_is_valid(tmp_path, text):
    file = tmp_path / "config.yaml"
    file.write_text(text)
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0, answer.stderr


def test_the_configuration_page_shows_the_users_own():
    assert (ROOT / "examples/config.yaml").read_text().strip() in [text.strip() for text in CONFIGURATIONS]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_is_there(page):
    text = page.read_text()
    for name in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / name).exists(), name
    for name in re.findall(r"(?:\./)?((?:scripts|\.ci)/[a-z]+)\b", text):
        assert os.access(ROOT / name, os.X_OK), name


def test_the_demo_sends_the_curl_of_the_readme():
    curl = re.search(r"curl (-k -X POST -d) \"version=v2&url=", (ROOT / "README.md").read_text())
    assert curl and curl.group(1) in (ROOT / "scripts/demo").read_text()
