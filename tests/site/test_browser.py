"""The pages in a real browser, opened from disk: no script of an answer runs, nothing is fetched, filters and faults work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.engine import grade
from grader.loader import load_sample
from grader.results import Record
from grader.rubric import load_rubric
from grader.site import write_site
from tests.site.hostile import hostile

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install '.[dev]'")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs Chromium on the path: apt-get install chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SAMPLES = sorted(path.parent for path in (Path(__file__).parents[2] / "samples").glob("*/MODEL_RESPONSE.md"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    said: list[str] = []
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.on("request", lambda request: None if request.url.startswith("file:") else said.append(request.url))
    yield opened, said
    context.close()


def texts_of(folders: dict[str, Path]) -> dict[str, tuple[str | None, str | None]]:
    found = {}
    for name, folder in folders.items():
        sample = load_sample(folder)
        found[name] = (sample.answer.text if sample.answer else None, sample.ideal.text if sample.ideal else None)
    return found


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = [grade(load_sample(folder), load_rubric()) for folder in SAMPLES]
    texts = texts_of({record.sample: folder for record, folder in zip(records, SAMPLES, strict=True)})
    folder = tmp_path_factory.mktemp("shipped")
    write_site(records, lambda record: texts[record.sample], folder, title="Samples")
    return folder


def test_no_script_of_an_answer_runs_and_nothing_is_fetched(tmp_path: Path, page: tuple[Page, list[str]]) -> None:
    records, samples = hostile()

    def texts(record: Record) -> tuple[str | None, str | None]:
        sample = samples[record.sample]
        return (sample.answer.text if sample.answer else None), (sample.ideal.text if sample.ideal else None)

    write_site(records, texts, tmp_path, title="<script>window.hacked = 0</script>")
    opened, said = page
    for path in sorted(tmp_path.rglob("*.html")):
        opened.goto(path.as_uri())
        opened.keyboard.press("j")
        for button in opened.query_selector_all(".fault button"):
            button.click()
        assert opened.evaluate("window.hacked") is None, path
        assert opened.evaluate("document.querySelectorAll('iframe, img, style, svg[onload]').length") == 0, path
    assert said == []


def test_a_script_that_slipped_in_would_not_run(tmp_path: Path, page: tuple[Page, list[str]], shipped: Path) -> None:
    shutil.copytree(shipped, tmp_path / "site")
    path = tmp_path / "site" / "index.html"
    path.write_text(path.read_text(encoding="utf-8").replace("</body>", "<script>window.hacked = 1</script></body>"), encoding="utf-8")
    opened, said = page
    opened.goto(path.as_uri())
    assert opened.evaluate("window.hacked") is None
    assert any("Content Security Policy" in one for one in said)


def test_the_run_is_filtered_sorted_and_searched(page: tuple[Page, list[str]], shipped: Path) -> None:
    opened, said = page
    opened.goto((shipped / "index.html").as_uri())
    assert opened.locator("#samples tbody tr").count() == len(SAMPLES)
    opened.fill("#search", "tf-hcl")
    shown = opened.locator("#samples tbody tr a").all_inner_texts()
    assert shown
    assert len(shown) < len(SAMPLES)
    opened.fill("#search", "")
    opened.select_option("#severity", label="critical")
    assert 0 < opened.locator("#samples tbody tr").count() <= len(SAMPLES)
    opened.select_option("#severity", value="")
    opened.click("[data-sort='4']")
    scores = [float(text) for text in opened.locator("#samples tbody td:nth-child(4)").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    assert said == []


def test_a_fault_shows_its_lines_on_both_sides(page: tuple[Page, list[str]], shipped: Path) -> None:
    opened, said = page
    path = next(one for one in (shipped / "samples").glob("*.html") if "cdk-go" in one.name)
    opened.goto(path.as_uri())
    opened.click(".fault button")
    assert opened.locator(".fault.open").count() == 1
    assert opened.locator("#answer li.on").count() > 0
    assert opened.locator("#answer li.on").first.is_visible()
    opened.keyboard.press("j")
    assert opened.locator(".fault.open").get_attribute("id") == "f2"
    opened.keyboard.press("t")
    assert opened.evaluate("document.documentElement.dataset.theme") in {"dark", "light"}
    assert said == []


def test_thousands_of_samples_stay_usable(tmp_path: Path, page: tuple[Page, list[str]]) -> None:
    base = grade(load_sample(SAMPLES[0]), load_rubric())
    records = [base.model_copy(update={"sample": f"group-{at % 7}/sample-{at:05}"}) for at in range(5_000)]
    (tmp_path / "samples").mkdir()
    from grader.site import pages  # noqa: PLC0415 - only the index of so many is drawn

    names = [f"{at}.html" for at in range(5_000)]
    for name in pages.ASSETS:
        shutil.copy(Path(pages.__file__).parent / "assets" / name, tmp_path / name)
    (tmp_path / "data.js").write_text(f"window.RUN={pages._script(pages._rows(records, names))};\n", encoding="utf-8")
    (tmp_path / "index.html").write_text(pages.run_page(records, "Many"), encoding="utf-8")
    opened, said = page
    opened.goto((tmp_path / "index.html").as_uri())
    assert opened.inner_text("#shown") == "5000 of 5000 samples"
    assert (tmp_path / "index.html").stat().st_size < 300_000
    opened.fill("#search", "group-3 sample-0001")
    assert opened.locator("#samples tbody tr").count() in {1, 2}
    assert said == []
