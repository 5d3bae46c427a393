"""Walks through the site in Chromium, each step leading to the next by what stands on the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

HAZARD = re.compile(r"^SYN-HAZARD-\d+$")
RENDERED = """() => {
  const map = window.clearlandMap, seen = map.queryRenderedFeatures().filter(f => f.source === "hazard" && f.properties.id);
  for (const feature of seen) {
    let ring = feature.geometry.coordinates;
    while (typeof ring[0][0] !== "number") { ring = ring[0]; }
    const at = map.project(ring[0]), size = map.getContainer().getBoundingClientRect();
    if (at.x > 30 && at.y > 30 && at.x < size.width - 60 && at.y < size.height - 30) {
      return { x: size.x + at.x, y: size.y + at.y, id: feature.properties.id };
    }
  }
  return null;
}"""


def test_nothing_is_seen_without_signing_in(visitor: Visitor) -> None:
    for path in ("/", "/map/", "/records/hazard/", "/sources/", "/figures/"):
        visitor.go(path)
        assert "/login/" in visitor.page.url
        expect(visitor.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        assert "SYN-" not in visitor.page.locator("body").inner_text()


def test_from_the_overview_to_the_history_of_a_hazard_and_its_sentence(signed_in: Visitor) -> None:
    """Overview → map → hazard → history → the document behind the place → the sentence of a claim."""
    page = signed_in.page
    expect(page.locator("ul.answers a.figure").first).to_be_visible()
    page.get_by_role("link", name="To the map").click()
    signed_in.arrived("/map/")
    signed_in.map_drawn()
    page.get_by_role("link", name="As a table").click()
    signed_in.arrived("/map/table/")
    row = page.get_by_role("link", name=HAZARD).first
    number = row.inner_text()
    row.click()
    signed_in.arrived("/record/[0-9a-f-]{36}/")
    expect(page.locator(".head")).to_contain_text(number)
    expect(page.locator("#mini canvas")).to_be_visible()
    expect(page.locator("#history")).to_be_visible()
    expect(page.locator("ol.history > li").first).to_contain_text("SYNTHETIC records")
    page.get_by_role("link", name="On the map").click()
    signed_in.arrived("/map/")
    signed_in.map_drawn()
    page.wait_for_function(f"() => ({RENDERED})() !== null")
    spot = page.evaluate(RENDERED)
    page.mouse.click(spot["x"], spot["y"])
    popup = page.locator(".maplibregl-popup-content a").first
    expect(popup).to_be_visible()
    assert re.fullmatch(r"/record/[0-9a-f-]{36}/", popup.get_attribute("href") or "")


def test_from_a_figure_to_the_characters_it_rests_on(signed_in: Visitor) -> None:
    """Sources → a document → a claim in its margin → the sentence in place → its note."""
    page = signed_in.page
    signed_in.go("/sources/")
    page.get_by_role("link", name=re.compile("published figures", re.IGNORECASE)).first.click()
    signed_in.arrived("/source/[0-9a-f]{64}/")
    noted = page.locator("#margin li").filter(has_text=re.compile(r"note \w+")).first
    noted.locator("a").click()
    number = noted.get_attribute("data-claim")
    mark = page.locator(f'mark[data-claims~="{number}"]').first
    expect(mark).to_have_class(re.compile("here"))
    expect(mark).to_be_in_viewport()
    assert noted.locator("b").inner_text().strip()
    marker = page.locator('#doc sup a, #doc a.marker, #doc a[href^="#n-"]').first
    target = marker.get_attribute("href") or ""
    marker.click()
    expect(page.locator(f'[id="{target.removeprefix("#")}"]')).to_be_in_viewport()


def test_both_sides_of_a_disagreement_lead_to_their_words(signed_in: Visitor) -> None:
    page = signed_in.page
    signed_in.go("/disagreements/")
    sides = page.locator("section.sides").first.locator("> div")
    expect(sides).to_have_count(2)
    for number in range(2):
        expect(sides.nth(number).locator("blockquote mark")).to_contain_text(re.compile(r"3\.52|4\.1"))
    sides.nth(1).locator("a.figure").click()
    signed_in.arrived("/source/[0-9a-f]{64}/")
    expect(page.locator("mark.here").first).to_be_in_viewport()


def test_the_date_of_knowledge_changes_what_is_shown(signed_in: Visitor) -> None:
    page = signed_in.page
    today = page.locator("ul.answers a.figure").all_inner_texts()
    page.locator("summary.chip", has_text="Data as known").click()
    page.locator("#known").fill("2025-06-30")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(re.compile("known=2025-06-30"))
    signed_in.look()
    expect(page.locator(".band")).to_contain_text("As known on")
    assert page.locator("ul.answers a.figure").all_inner_texts() != today
    page.locator(".band").get_by_role("link", name="Back to today").click()
    signed_in.arrived("/")
    assert page.locator("ul.answers a.figure").all_inner_texts() == today


@pytest.mark.parametrize(("code", "name", "heading"), [("az", "Azərbaycan", "Mənbələr"), ("ru", "Рус", "Источники")])
def test_the_language_is_switched_on_every_page(signed_in: Visitor, code: str, name: str, heading: str) -> None:
    page = signed_in.page
    signed_in.go("/sources/")
    page.locator("summary.chip", has_text="EN").click()
    page.locator(f'button[name="language"][value="{code}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page.locator("h1")).to_contain_text(heading)
    signed_in.go("/map/")
    expect(page.locator("html")).to_have_attribute("lang", code)


@pytest.mark.parametrize(
    "path",
    ["/", "/map/", "/map/table/", "/records/hazard/", "/records/place/", "/land/", "/figures/", "/figure/CONT-1/", "/sources/",
     "/disagreements/", "/reports/", "/search/?q=district", "/password/", "/findings/", "/land/efficiency/"],
)  # fmt: skip
def test_every_page_fits_its_screen_and_complains_of_nothing(signed_in: Visitor, path: str) -> None:
    signed_in.go(path)
    expect(signed_in.page.locator(".foot")).to_contain_text("ledger head")
