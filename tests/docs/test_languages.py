"""A page in both languages says the same: as many headings of each level, tables of the same size, the same code."""

import os
import pathlib
import re
import subprocess
import textwrap

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar"))
CHINESE = sorted((ROOT / "docs/zh").glob("*.md"))
CODE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.S | re.M)


def shape(page):
    text = page.read_text()
    plain = CODE.sub("", text)
    return {"headings": re.findall(r"^#+(?= )", plain, re.M), "rows": len(re.findall(r"^\|", plain, re.M)),
            "steps": len(re.findall(r"^\d+\. ", plain, re.M)),
            "code": [(kind, re.sub(r"#.*", "", code)) for kind, code in CODE.findall(text)]}


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: page.name)
def test_both_languages_have_the_same_parts(page):
    assert shape(page) == shape(ROOT / "docs" / page.name)


@pytest.mark.parametrize("page", CHINESE, ids=lambda page: page.name)
def test_every_file_that_a_chinese_page_names_is_there(page):
    for name in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / name).exists(), name


def test_the_configuration_for_moving_over_is_valid(tmp_path):
    file = tmp_path / "config.yaml"
    [(_, code)] = CODE.findall((ROOT / "docs/moving-over.md").read_text())
    file.write_text(textwrap.dedent(code))
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, timeout=20)
    # Only the service account is missing where no pod is.
    assert answer.returncode == 0 or answer.stderr.count("\n") == 1 and "InKube" in answer.stderr, answer.stderr
