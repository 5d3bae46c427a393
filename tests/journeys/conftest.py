"""The site as a person meets it: a small demonstration served by `clearland serve`, and Chromium in front of it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.visitor import Visitor

CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-unsafe-swiftshader",
)  # fmt: skip
BUILD = """import sys, pathlib, clearland.cli.main
from clearland.work.demonstration.build import build
build(pathlib.Path(sys.argv[1]), hazards=24)"""
# Two papers on the invented nation that differ on one scope.
PAPERS = {
    "review.txt": ("Year in review (SYNTHETIC)", "3.52"),
    "letter.txt": ("Letter of the Harrow Foundation (SYNTHETIC)", "4.1"),
}
PAPER = """TALMERE

{title}

Clearance

The Talmere Mine Action Office reported clearance of {km2} km2 of mined area containing antipersonnel mines in 2024.
"""
STARTS_WITHIN_S = 30


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; skips without one, fails when CLEARLAND_REQUIRE names chromium."""
    found = shutil.which("chromium")
    if found is None:
        if "chromium" in os.environ.get("CLEARLAND_REQUIRE", ""):
            pytest.fail("Chromium is required here and absent")
        pytest.skip("no Chromium here")
    return found


@pytest.fixture(scope="session")
def site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served demonstration; nobody is signed in."""
    desk = tmp_path_factory.mktemp("journeys")
    folder, program = desk / "demo", [sys.executable, "-m", "clearland.cli.main", "--programme", str(desk / "demo")]
    papers = [desk / name for name in PAPERS]
    for path, (title, km2) in zip(papers, PAPERS.values(), strict=True):
        path.write_text(PAPER.format(title=title, km2=km2), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLEARLAND_")}
    subprocess.run([sys.executable, "-c", BUILD, folder], env=environment, check=True, timeout=120)
    subprocess.run([*program, "add", *papers], env=environment, check=True, timeout=60, stdout=subprocess.DEVNULL)
    port = _free_port()
    server = subprocess.Popen(
        [*program, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        assert server.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(f"{address}/login/", timeout=STARTS_WITHIN_S):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)  # nothing listens yet: there is no condition to wait on but the next try
    pytest.fail("the site did not start")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Not for the session: while Playwright runs, its event loop keeps Django from the database in this thread."""
    with sync_playwright() as machine:
        found = machine.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        yield found
        found.close()


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    """Somebody with a fresh browser, who has not signed in. Whatever the browser complained about fails the test."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="en-GB")
    somebody = Visitor(context.new_page())
    yield somebody
    complaints = list(somebody.complaints)
    context.close()
    assert not complaints


@pytest.fixture
def signed_in(visitor: Visitor) -> Visitor:
    """The same, in the demonstration by its one click."""
    visitor.go("/")
    visitor.page.get_by_role("button", name="Open the demonstration").click()
    visitor.arrived("/")
    return visitor
