"""The site of README and docs/ is whole, in both languages, and loads nothing from elsewhere."""

import html.parser
import json
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = sorted(page.stem for page in (ROOT / "docs").glob("*.md"))
# What a browser fetches by itself: the element, and the attribute that says from where.
FETCHED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
NOT_FETCHED = {"canonical", "alternate", "next", "prev"}


@pytest.fixture(scope="module")
def site():
    """The folder of the site. --strict: a link or an anchor that leads nowhere is an error."""
    answer = subprocess.run([ROOT / "scripts/site"], capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return ROOT / "build/site/html"


class Fetches(html.parser.HTMLParser):
    """What a page makes a browser fetch."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if values.get("rel") not in NOT_FETCHED and values.get(FETCHED.get(tag, "")):
            self.found.append(values[FETCHED[tag]])


def test_every_page_is_there_in_both_languages(site):
    for name in [*PAGES, "index"]:
        assert (site / f"{name}.html").exists(), name
        chinese = (site / f"zh/{name}.html").read_text()
        assert '<html lang="zh"' in chinese, name


def test_a_link_to_the_other_language_leads_there(site):
    for page, address in [("errors.html", "zh/errors.html"), ("zh/errors.html", "../errors.html"), ("index.html", "zh/index.html"),
                          ("zh/index.html", "../index.html")]:
        assert f'<a href="{address}">' in (site / page).read_text()
        assert (site / page).parent.joinpath(address).exists()


def test_nothing_is_loaded_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 2 * len(PAGES)
    for page in pages:
        for address in Fetches(page.read_text()).found:
            assert "//" not in address, f"{page}: {address}"
    for sheet in site.rglob("*.css"):
        text = sheet.read_text().replace(" ", "")
        for form in ["url(http", 'url("http', "url('http", "url(//", "@importurl(http"]:
            assert form not in text, f"{sheet}: {form}"


def test_a_word_of_a_chinese_sentence_is_found(site):
    index = json.loads((site / "search/search_index.json").read_text())
    # The search goes by words, which Chinese does not set apart: they are found when the site is built.
    texts = [entry["text"] for entry in index["docs"] if entry["location"].startswith("zh/fleet.html")]
    assert any("\u200b" in text for text in texts)
