"""The pages of a run: everything an answer says is text, sizes are bounded, links lead somewhere."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from grader.results import Record
from grader.site import write_site
from tests.site.hostile import hostile

ALLOWED = {
    "html",
    "head",
    "meta",
    "title",
    "link",
    "body",
    "header",
    "nav",
    "h1",
    "h2",
    "h3",
    "p",
    "b",
    "a",
    "button",
    "section",
    "figure",
    "figcaption",
}
ALLOWED |= {
    "div",
    "span",
    "svg",
    "rect",
    "form",
    "label",
    "input",
    "select",
    "option",
    "output",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "noscript",
}
ALLOWED |= {"kbd", "script", "main", "article", "ul", "li", "ol", "i", "code", "details", "summary"}


class Tags(HTMLParser):
    """The tags of a page with their attributes, and the text of its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script":
            self.scripts.append(data)


def tags(path: Path) -> Tags:
    parser = Tags()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records, samples = hostile()

    def texts(record: Record) -> tuple[str | None, str | None]:
        sample = samples[record.sample]
        answer = sample.answer.text if sample.answer is not None and not sample.answer.error else None
        return answer, sample.ideal.text if sample.ideal is not None else None

    folder = tmp_path_factory.mktemp("site")
    write_site(records, texts, folder, title="</title><script>window.hacked=15</script>")
    return folder


def test_no_tag_and_no_handler_comes_from_an_answer(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 6
    for page in pages:
        parsed = tags(page)
        assert {tag for tag, _ in parsed.tags} <= ALLOWED, page
        assert not [name for _, attributes in parsed.tags for name in attributes if name.startswith("on")], page
        assert not [one for one in parsed.scripts if one.strip()], page
        for tag, attributes in parsed.tags:
            target = attributes.get("href") or attributes.get("src")
            if target:
                assert re.match(r"^(?:#f\d+|(?:\.\./)?(?:site\.css|site\.js|data\.js|index\.html|samples/)|[\w.%-]+\.html)$", target), (tag, target)
        policies = [attributes["content"] for tag, attributes in parsed.tags if tag == "meta" and "http-equiv" in attributes]
        assert policies
        assert "unsafe" not in str(policies)


def test_everything_lies_in_the_folder(site: Path) -> None:
    assert {path.parent.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} == {".", "samples"}


def test_the_table_names_pages_that_are_there(site: Path) -> None:
    data = (site / "data.js").read_text(encoding="utf-8")
    assert "<" not in data
    rows = json.loads(data.removeprefix("window.RUN=").rstrip(";\n"))["rows"]
    assert [(site / "samples" / unquote(row[1])).is_file() for row in rows] == [True] * 5


def test_a_page_stays_small_and_says_what_was_left_out(site: Path) -> None:
    sizes = {page.name: page.stat().st_size for page in site.rglob("*.html")}
    assert max(sizes.values()) < 300_000
    assert "more lines left out" in (site / "samples" / "long.html").read_text(encoding="utf-8")


def test_faults_mark_their_lines(site: Path) -> None:
    page = next(path for path in (site / "samples").glob("samples-cdk-go*.html"))
    parsed = tags(page)
    faults = [attributes for tag, attributes in parsed.tags if tag == "article"]
    marks = {attributes["href"] for tag, attributes in parsed.tags if tag == "a" and str(attributes.get("href", "")).startswith("#f")}
    assert faults
    assert marks <= {f"#{one['id']}" for one in faults}
    assert all(json.loads(str(one["data-answer"])) is not None for one in faults)
