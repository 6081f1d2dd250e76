"""A section of a page that changes in one language alone is found: scripts/twins, and its record of this repository."""

import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def twins(*arguments, root=ROOT):
    return subprocess.run([ROOT / "scripts/twins", "--root", root, *arguments], capture_output=True, text=True)


@pytest.fixture
def pages(tmp_path):
    """Two pages that go together and are recorded; write(language, text) changes the section `Second` of one."""
    (tmp_path / "docs/zh").mkdir(parents=True)

    def write(language, text):
        page = tmp_path / "docs" / ("zh" if language == "zh" else ".") / "page.md"
        page.write_text(f"# Page\n\nFirst.\n\n## Second\n\n```sh\n# no heading\n```\n\n{text}\n")

    write("en", "old")
    write("zh", "旧")
    assert twins(root=tmp_path).returncode == 0
    return write


@pytest.mark.parametrize("language, text, changed, other", [("en", "new", "docs/page.md", "docs/zh/page.md"),
                                                            ("zh", "新", "docs/zh/page.md", "docs/page.md")])
def test_a_section_that_changes_in_one_language_alone_is_named(tmp_path, pages, language, text, changed, other):
    pages(language, text)
    found = twins("--check", root=tmp_path)
    assert found.returncode == 1
    assert f"'1 Second' of {changed} has changed, and that of {other} has not" in found.stderr
    assert twins(root=tmp_path).returncode == 1  # which does not make it right
    assert twins("--check", root=tmp_path).returncode == 1
    assert twins("--as-is", changed, root=tmp_path).returncode == 0
    assert twins("--check", "--strict", root=tmp_path).returncode == 0


def test_a_section_that_changes_in_both_needs_one_command(tmp_path, pages):
    pages("en", "new")
    pages("zh", "新")
    assert twins("--check", root=tmp_path).returncode == 0
    assert twins("--check", "--strict", root=tmp_path).returncode == 1
    assert twins(root=tmp_path).returncode == 0
    assert twins("--check", "--strict", root=tmp_path).returncode == 0


def test_no_section_of_the_documentation_has_changed_in_one_language_alone():
    found = twins("--check", *(["--strict"] if "FULL" in os.environ else []))
    assert found.returncode == 0, found.stderr
