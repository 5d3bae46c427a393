"""A visitor who notices what a careful person would: errors, broken addresses, pages wider than the screen."""

import re

from playwright.sync_api import ConsoleMessage, Page, Response, expect

WIDTHS = (1280, 390)
TIMEOUT_MS = 20_000


class Visitor:
    """A page of the browser, and everything that went wrong on it so far (`complaints`)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(TIMEOUT_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("response", self._answered)
        page.on("requestfailed", lambda request: self._failed(request.url, request.failure))

    def _heard(self, message: ConsoleMessage) -> None:
        """Violations of the content security policy are console errors too."""
        if "status of 503" in message.text:
            return  # judged by its headers in `_answered`
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        asks_to_wait = response.status == 503 and "retry-after" in response.headers  # figures are being computed
        if response.status >= 400 and not asks_to_wait:
            self.complaints.append(f"{response.status}: {response.url}")

    def _failed(self, url: str, failure: str | None) -> None:
        """A tile that is no longer wanted when the page is left is aborted by the browser: that is no failure."""
        if failure != "net::ERR_ABORTED":
            self.complaints.append(f"{failure}: {url}")

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(path)
        self.look()

    def arrived(self, path: str) -> None:
        """Wait until the address is `path` (a regular expression of the whole path), then look at the page."""
        self.page.wait_for_url(re.compile(rf"^https?://[^/]+{path}(?:[?#].*)?$"))
        self.look()

    def look(self) -> None:
        """The page has a heading and fits the screen at each width. A first count is waited for."""
        self.page.wait_for_load_state("load")
        expect(self.page.locator("#counting")).to_have_count(0, timeout=TIMEOUT_MS)
        expect(self.page.locator("h1").first).to_be_attached()
        for width in reversed(WIDTHS):
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.complaints.append(f"{self.page.url} is {wide} px wide on a screen of {width} px")

    def map_drawn(self) -> None:
        """Wait until tiles have arrived and a record is drawn at one point at least."""
        self.page.wait_for_function(
            "() => window.clearlandMap && window.clearlandMap.isStyleLoaded() && window.clearlandMap.areTilesLoaded()"
            " && window.clearlandMap.queryRenderedFeatures().length > 0"
        )
