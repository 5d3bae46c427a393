"""One whole document is reviewed in Chromium with nothing but a keyboard, and read again afterwards."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from clearland.work import judging
from clearland.work import programme as programmes
from tests.conftest import ADMIN, PASSWORD
from tests.journeys.conftest import CHROMIUM, _free_port, _wait_for, chromium
from tests.journeys.visitor import Visitor
from tests.judging.papers import ANNA, TEXT, proposals, read
from tests.ledger.book import START

__all__ = ["chromium"]  # a fixture of the journeys, used here too
pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Served:
    """A programme with one paper behind `clearland serve`."""

    address: str
    folder: Path
    source: str


@pytest.fixture
def served(chromium: str, sqlite_template: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Served]:
    folder = tmp_path / "programme"
    shutil.copytree(sqlite_template, folder)
    with django_db_blocker.unblock():
        programmes.use(folder)
        source = read(proposals())
        connections.close_all()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLEARLAND_")}
    port = _free_port()
    command = [sys.executable, "-m", "clearland.cli.main", "--programme", str(folder), "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}", server)
        yield Served(f"http://127.0.0.1:{port}", folder, source)
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def browser(chromium: str, served: Served) -> Iterator[Browser]:
    """Started after Django has done its work: Playwright's event loop, while it runs, keeps Django from the database."""
    with sync_playwright() as machine:
        found = machine.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        yield found
        found.close()


@pytest.fixture
def visitor(browser: Browser, served: Served) -> Iterator[Visitor]:
    """Somebody signed in, by keyboard, in front of the paper's review. What the browser complains of fails the test."""
    context = browser.new_context(base_url=served.address, viewport={"width": 1280, "height": 900}, locale="en-GB")
    somebody = Visitor(context.new_page())
    page = somebody.page
    page.goto(f"/login/?next=/source/{served.source}/review/")
    page.focus("input[name=username]")
    for text, key in ((ADMIN, "Tab"), (PASSWORD, "Enter")):
        page.keyboard.type(text)
        page.keyboard.press(key)
    somebody.arrived(f"/source/{served.source}/review/")
    page.set_viewport_size({"width": 1280, "height": 900})
    yield somebody
    complaints = list(somebody.complaints)
    context.close()
    assert not complaints


def type_in(page: Page, **fields: str) -> None:
    """Fill the open form by Tab and typing alone: fields come in the order of the page."""
    for _ in range(30):
        name = page.evaluate("document.activeElement.name")
        if name in fields:
            page.keyboard.press("Control+a")
            page.keyboard.type(fields.pop(name))
        if not fields:
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    pytest.fail(f"not reached by Tab: {fields}")


def test_a_whole_document_is_reviewed_by_keyboard_and_no_decision_is_lost(
    visitor: Visitor, served: Served, django_db_blocker: DjangoDbBlocker
) -> None:
    page = visitor.page
    here, progress = page.locator("#margin li.here"), page.locator("#progress")
    press = page.keyboard.press

    press("?")
    expect(page.locator("#help")).to_be_visible()
    press("Escape")
    press("j")
    expect(here).to_contain_text("120")
    press("k")
    expect(page.locator("#doc mark.here")).to_have_text("3.52 km²")

    press("a")  # the first claim: accepted, and on to the next
    expect(progress).to_contain_text("1 of 5 decided")
    expect(page.locator("#margin li").first).to_contain_text(f"accepted · {ADMIN}")
    press("c")  # 120 mines were 12
    type_in(page, value="a dozen")
    expect(page.locator("#sheet [role=alert]")).to_contain_text("is no number")
    visitor.complaints.clear()  # the refusal was a 400, as it should be
    page.focus("#f-value")
    type_in(page, value="12", reason="Misprint")
    expect(progress).to_contain_text("2 of 5 decided")
    press("c")
    press("Escape")  # Esc leaves everything as it was
    press("r")  # 9 km² was a plan
    expect(progress).to_contain_text("3 of 5 decided")
    press("u")  # no: undecided again, and looked at again
    expect(progress).to_contain_text("2 of 5 decided")
    press("k")
    press("j")
    expect(here).to_contain_text("9 km²")
    while page.locator('#margin li[data-verdict="proposed"]').count() > 1:
        before = progress.inner_text()
        press("r" if "9" in here.inner_text() else "a")
        expect(progress).not_to_have_text(before)
    expect(here).to_contain_text("40")
    press("s")  # 40 people were two groups
    expect(page.locator("#f-a_words")).to_be_focused()
    type_in(page, a_value="30", b_value="10")
    expect(progress).to_contain_text("7 of 7 decided")
    page.wait_for_load_state("load")
    press("n")  # and one more from words of one's own
    expect(page.locator("#f-words")).to_be_focused()
    type_in(page, words="Mine action in Sandland", value="true", subject="Sandland", attribute="programme.exists")
    expect(progress).to_contain_text("8 of 8 decided")
    expect(page.locator("#doc h2 mark.done")).to_have_text("Mine action in Sandland")

    with django_db_blocker.unblock():
        decisions = _in_thread(lambda: _decisions(served, again=False))
        assert decisions == _in_thread(lambda: _decisions(served, again=True))
    assert sorted(verdict for verdict, *_ in decisions) == [
        "accepted", "accepted", "added", "added", "added", "corrected", "rejected", "rejected"
    ]  # fmt: skip
    page.reload()
    expect(progress).to_contain_text("8 of 8 decided")


def test_words_selected_in_the_text_become_a_claim_on_a_narrow_screen_too(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("""() => {
      const text = document.evaluate("//*[@id='doc']//text()[contains(., 'were trained')]", document, null, 9).singleNodeValue;
      const at = text.data.indexOf("were trained");
      getSelection().setBaseAndExtent(text, at, text, at + 12);
    }""")
    page.keyboard.press("n")
    expect(page.locator("#f-words")).to_have_value("were trained")
    expect(page.locator("#sheet input[name=near]")).to_have_value(str(TEXT.index("were trained")))
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).not_to_be_visible()
    expect(page.locator("#margin li:visible")).to_have_count(1)
    expect(page.locator("#margin li:visible").get_by_role("button", name="Accept")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert re.search(r"\d of 5 decided", page.locator("#progress").inner_text())


def _decisions(served: Served, *, again: bool) -> list[tuple[str, str, object]]:
    """What stands, after reading the same source with another version of the reader if asked."""
    programmes.use(served.folder)
    try:
        if again:
            read(proposals(), version="2", on=(datetime.now(UTC) - START).days + 2)
        standing = judging.desk(served.source, actor=ANNA).standing
        return [(each.verdict, each.attribute, each.body.get("value")) for each in standing]
    finally:
        connections.close_all()


def _in_thread(work: Callable[[], list[tuple[str, str, object]]]) -> list[tuple[str, str, object]]:
    """Playwright keeps an event loop in this thread, where Django refuses to ask the database."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()
