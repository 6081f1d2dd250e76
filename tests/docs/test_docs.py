"""The documentation's examples are true."""

import os
import pathlib
import re
import subprocess
import textwrap

import limits
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("OKG_SIDECAR", ROOT / "build/dev/okg-sidecar"))
NO_FAULTS = ["test_a_certificate_of_the_authority_in_ca_file_is_taken", "test_a_rate_limit_of_our_own_holds_and_its_pauses_are_no_stall"]
CONFIGURATIONS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/configuration.md").read_text(), re.S)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")),
         *sorted((ROOT / "docs/decisions").glob("*.md"))]
# Changes and contributing are for whoever works on the code, and are in English.
TWINNED = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/decisions").glob("*.md"))]
CHINESE = [ROOT / "README.zh.md", *sorted((ROOT / "docs/zh").rglob("*.md"))]


def test_the_hardened_configuration_shown_is_valid(tmp_path):
    (text,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/security.md").read_text(), re.S)
    (tmp_path / "namespace").write_text("games")
    (tmp_path / "config.yaml").write_text(text)
    argv = [BINARY, "validate", tmp_path / "config.yaml", "--service-account-dir", tmp_path]
    answer = subprocess.run(argv, capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0, answer.stderr


def test_no_paragraph_says_what_stays_open_without_a_test():
    """Each such sentence is a row, and each row names its test."""
    for page, head in (("docs/security.md", "what stays open"), ("docs/zh/security.md", "仍然开放的")):
        text = (ROOT / page).read_text()
        rows = re.findall(rf"^\| {head} \|.*\n\|---\|---\|\n((?:\|.*\n)+)", text, re.M)
        assert len(rows) == 7
        assert all("`test_" in row for table in rows for row in table.splitlines())
        assert not re.search(rf"{head}[:：]", text, re.I)


@pytest.mark.parametrize("text", CONFIGURATIONS)
def test_every_configuration_shown_is_valid(tmp_path, text):
    file = tmp_path / "config.yaml"
    file.write_text(text)
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0, answer.stderr


def test_the_configuration_page_shows_the_users_own():
    assert (ROOT / "examples/config.yaml").read_text().strip() in [text.strip() for text in CONFIGURATIONS]


def twin_of(page):
    """The Chinese page that goes with an English one."""
    return ROOT / "README.zh.md" if page == ROOT / "README.md" else ROOT / "docs/zh" / page.relative_to(ROOT / "docs")


def structure(page):
    """The levels of its headings in order, and its code blocks."""
    text = page.read_text()
    fenced = re.findall(r"^```.*?^```", text, re.M | re.S)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    # After an empty line; elsewhere an indented line belongs to an item of a list.
    return re.findall(r"^(#+) ", rest, re.M), fenced, re.findall(r"\n\n((?:    .*\n)+)", rest)


def tables(page):
    """How many cells each row of its tables has."""
    rest = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    return [line.count("|") for line in rest.splitlines() if line.startswith("|")]


def names(page):
    """What stands between backticks in its sentences: fields, keys, commands, statuses, tests."""
    rest = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    return set(re.findall(r"`([^`\n]+)`", rest))


def test_every_page_has_a_chinese_twin():
    missing = [page.name for page in TWINNED if not twin_of(page).exists()]
    assert not missing
    assert set(CHINESE) == {twin_of(page) for page in TWINNED}


@pytest.mark.parametrize("page", TWINNED, ids=lambda page: page.name)
def test_a_page_and_its_chinese_twin_have_the_same_headings_and_code(page):
    assert structure(twin_of(page)) == structure(page)


@pytest.mark.parametrize("page", TWINNED, ids=lambda page: page.name)
def test_a_page_and_its_chinese_twin_have_the_same_tables_and_names(page):
    assert tables(twin_of(page)) == tables(page)
    assert names(twin_of(page)) ^ names(page) == set()


@pytest.mark.parametrize("page", PAGES + CHINESE, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_is_there(page):
    text = page.read_text()
    for name in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / name).exists(), name
    for name in re.findall(r"(?:\./)?((?:scripts|\.ci)/[a-z]+(?:-[a-z]+)*)\b(?!\.)", text):
        assert os.access(ROOT / name, os.X_OK), name


def tables_of(page):
    """Its tables: each a list of rows, each a list of cells."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    rows = re.findall(r"(?:^\|.*\n?)+", text, re.M)
    return [[[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()] for table in rows]


@pytest.mark.parametrize("page", PAGES + CHINESE, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_table_has_a_head(page):
    for table in tables_of(page):
        assert len(table) > 2, table
        assert set("".join(table[1])) <= set("-: "), table[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_that_a_page_names_is_there(page):
    tests = "".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    for name in re.findall(r"`(test_\w+)`", page.read_text()):
        assert f"def {name}(" in tests, name


@pytest.mark.parametrize("page", ["security.md", "support.md"])
def test_every_row_of_a_table_with_tests_names_one(page):
    shown = [table for table in tables_of(ROOT / "docs" / page) if table[0][-1] == "test"]
    assert shown
    for row in [row for table in shown for row in table[2:]]:
        assert "`test_" in row[-1], row


@pytest.mark.parametrize("page", ["security.md", "failure-modes.md", "field-cases.md"])
def test_a_page_names_the_groups_that_run_its_tests(page):
    text = (ROOT / "docs" / page).read_text()
    groups = set(re.findall(r"`([a-z0-9]+)`", text.split("\n\n")[1]))
    for file in (ROOT / "tests").rglob("test_*.py"):
        here = [name for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.M) if f"`{name}`" in text]
        assert not here or file.relative_to(ROOT / "tests").parts[0] in groups, (file, here)


def test_every_warning_takes_its_reason_from_the_table():
    """A Warning that is made of a word of its own would be on no page."""
    sources = {file: file.read_text() for file in (ROOT / "src").rglob("*.cpp")}
    assert sum(text.count("warn(Reason::") + text.count("warn(\n") for text in sources.values()) > 5
    own = [(file, word) for file, text in sources.items()
           for word in re.findall(r"(?:warnings_?\.push_back\(|Warnings? [^;]*?(?:return )?)\s*\{\s*\"([A-Z]\w+)\",", text)]
    assert not own


def test_every_failure_mode_names_a_test_that_is_there():
    rows = [line for line in (ROOT / "docs/failure-modes.md").read_text().splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith("| fault |")]
    tests = "".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    assert len(rows) > 30
    for row in rows:
        names = re.findall(r"`(test_\w+)`", row.split("|")[-2])
        assert names, row
        assert row.count("|") == 6, row
        for name in names:
            assert f"def {name}(" in tests, name


def test_every_field_case_names_a_test_that_is_there():
    page = (ROOT / "docs/field-cases.md").read_text()
    tests = "".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| what the operator meets")]
    for row in rows:
        names = re.findall(r"`(test_\w+)`", row.split("|")[-2])
        assert names, row
        assert all(f"def {name}(" in tests for name in names), row


def test_every_fault_that_is_tested_is_in_the_table():
    page = (ROOT / "docs/failure-modes.md").read_text()
    for file in [*(ROOT / "tests/crash").glob("test_*.py"), *(ROOT / "tests/faults").glob("test_*.py")]:
        for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.M):
            assert f"`{name}`" in page or name in NO_FAULTS, name


def test_every_limit_names_a_key_of_the_configuration():
    configuration = (ROOT / "docs/configuration.md").read_text()
    rows = [line for line in (ROOT / "docs/limits.md").read_text().splitlines() if line.startswith("| ")]
    keys = [key for row in rows for key in re.findall(r"`([\w.]+)`", row.split("|")[2])]
    assert len(keys) > 15
    for key in keys:
        assert re.search(rf"\b{key.split('.')[-1]}: ", configuration), key


def test_every_limit_is_tried_at_the_edge_that_the_page_names():
    files = [file for suffix in ("py", "cpp") for file in (ROOT / "tests").rglob(f"*.{suffix}") if file != pathlib.Path(__file__)]
    tried = {name for file in files for name in re.findall(r'(?<!\w)documented\(\s*"([^"]+)"\s*\)', file.read_text())}
    limits_of_page = [row[0] for row in limits.rows()]
    assert sorted(set(limits_of_page)) == sorted(limits_of_page)
    assert set(limits_of_page) - tried == set()


def test_the_chinese_page_has_the_same_limits():
    chinese = limits.rows(ROOT / "docs/zh/limits.md")
    numbers = [[(row[1], re.findall(r"\d+(?: ?[KMG]i)?", row[2])) for row in page] for page in (limits.rows(), chinese)]
    assert numbers[0] == numbers[1]


def test_the_journal_page_has_every_member_that_the_journal_has():
    """A key that is written stands in braces, {"key", …}, or in brackets, ["key"] = …; one that is read alone, in neither."""
    files = [*sorted((ROOT / "src/plugins/hot_update/ledger").glob("*_json.cpp")), ROOT / "src/results/tree_json.cpp"]
    written = {key for file in files for pair in re.findall(r'\{"(\w+)",|\["(\w+)"\]', file.read_text()) for key in pair if key}
    tables = {table[0][0]: table[2:] for table in tables_of(ROOT / "docs/journal.md")}
    named = {name for head in ("kind", "member") for row in tables.get(head, []) for name in re.findall(r"`([^`]+)`", row[0])}
    assert written - named == set(), "docs/journal.md lacks them"
    assert named - written == set(), "nothing writes them"


def test_the_demo_sends_the_curl_of_the_readme():
    curl = re.search(r"curl (-X POST -d version=v2 --data-urlencode) \"url=", (ROOT / "README.md").read_text())
    assert curl
    assert curl.group(1) in (ROOT / "scripts/demo").read_text()


@pytest.mark.parametrize("page", [*PAGES, ROOT / "scripts/demo"], ids=lambda page: page.name)
def test_every_example_sends_the_url_in_a_form_that_is_right_for_every_url(page):
    for line in page.read_text().splitlines():
        if "curl -" in line and "url=" in line and "hot-update" in line:
            assert re.search(r"--data-urlencode [\\]?[\"']url=", line), line


def test_the_configuration_for_moving_over_is_valid(tmp_path):
    file = tmp_path / "config.yaml"
    file.write_text(textwrap.dedent(re.findall(r"^ *```yaml\n(.*?)^ *```", (ROOT / "docs/moving-over.md").read_text(), re.S | re.M)[0]))
    answer = subprocess.run([BINARY, "validate", file], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0, answer.stderr


def test_the_recipes_shown_are_the_programs_that_tests_run():
    """tests/field/test_recipes.py runs those of examples/recipes, the e2e tests the example game."""
    page = (ROOT / "docs/add-to-your-game.md").read_text()
    shown = dict(re.findall(r"```(cpp|lua|python|js|java|nginx)\n(.*?)```", page, re.S))
    programs = {"cpp": "game.cpp", "lua": "game.lua", "python": "game.py", "js": "game.js", "java": "Game.java"}
    for language, file in programs.items():
        assert shown.pop(language) == (ROOT / "examples/recipes" / file).read_text(), "copy the file into both pages"
    assert textwrap.indent(shown["nginx"], "  ") in (ROOT / "examples/game-2048/nginx.conf").read_text()


def test_the_man_page_is_the_one_of_the_command_line():
    page = subprocess.check_output([BINARY, "reference", "man"], text=True)
    assert (ROOT / "man/okg-sidecar.1").read_text() == page, "run ./scripts/reference"
