"""What sources say of districts: on the map, in its table and on the district's page, joint where it is joint, never added."""

from datetime import date
from typing import Any

import pytest

from clearland.core.clock import fixed_clock
from clearland.ledger.drafts import NewRendition, NewSource
from clearland.ledger.rows import rows
from clearland.ledger.write import write
from tests.web.conftest import CHANGED, DEMO, Site, reader

TEXT = "The Office cleared 3.5 ha in the first district in 2021, and 40 mines were found in both districts in 2022."


def claim(quote: str, places: list[str], **said: Any) -> dict[str, Any]:
    start = TEXT.index(quote)
    scope = dict.fromkeys(("device", "activity", "method", "population", "outcome", "definition"))
    return {
        "file": "districts.txt", "start": start, "end": start + len(quote), "subject": "Office", "value_status": "known",
        "qualifier": None, "base": None, "scope": {"place": places, "actor": ["Office"], **scope}, "as_of": None,
        "polarity": "affirmed", "modality": "asserted", "claimant": "The Office", "chain": [], "stance": "reported",
        "quoted": False, "evidence": [], "question": None, "table_cell": None, "footnote": None, "in_footnote": None,
        "cited_source": None, **said,
    }  # fmt: skip


@pytest.fixture
def districts(site: Site) -> list[Any]:
    """Two districts with shapes, of which a document now speaks."""
    found = list(rows(reader(), "place").filter(attributes__place_type="admin1", min_x__isnull=False).order_by("local_id")[:2])
    one, other = (place.attributes["code"] for place in found)
    claims = [
        claim("3.5 ha", [one], attribute="release.cleared", value=3.5, unit="ha", period="2021"),
        claim("40 mines", [one, other], attribute="items.found", value=40, unit="mines", period="2022"),
    ]
    passages = [{"number": 1, "kind": "paragraph", "start": 0, "end": len(TEXT)}]
    rendition = NewRendition(text=TEXT, extractor="text", extractor_version="1", passages=passages, notes=[], claims=claims)
    source = NewSource(data=TEXT.encode(), filename="districts.txt", media_type="text/plain", received=date(2026, 6, 30))
    write([], actor=DEMO, reason="A paper", source=source, renditions=[rendition], clock=fixed_clock(CHANGED))
    return found


def test_districts_that_sources_speak_of_are_drawn_with_the_number_of_lines(site: Site, districts: list[Any]) -> None:
    shapes = site.client.get("/map/published.json").json()["features"]
    numbers = {feature["properties"]["code"]: feature["properties"]["n"] for feature in shapes}
    assert numbers == {districts[0].attributes["code"]: 2, districts[1].attributes["code"]: 1}
    assert {feature["geometry"]["type"] for feature in shapes} <= {"Polygon", "MultiPolygon"}
    assert 'data-layer="published"' in site.client.get("/map/").content.decode()


def test_each_line_leads_to_its_sentence_and_joint_figures_say_so(site: Site, districts: list[Any]) -> None:
    one, other = districts
    popup = site.client.get(f"/map/published/{one.attributes['code']}/").content.decode()
    assert "3.5\N{NO-BREAK SPACE}ha" in popup or "3.5 ha" in popup
    assert f"joint with {other.attributes['name']}, not split" in popup
    assert "43.5" not in popup
    (sentence,) = [part for part in popup.split('href="') if "#c-" in part and "3.5" in part]
    reading = site.client.get(sentence.split('"')[0].replace("&amp;", "&")).content.decode()
    assert f'id="c-{TEXT.index("3.5 ha")}"' in reading
    assert site.client.get("/map/published/NOWHERE/").status_code == 404


def test_the_table_and_the_page_of_the_district_say_the_same(site: Site, districts: list[Any]) -> None:
    table = site.client.get("/map/table/?layer=published").content.decode()
    assert table.count('<tr class="row"') == 3
    page = site.client.get(f"/record/{districts[0].record_uuid}/").content.decode()
    assert "What published sources say of this place" in page
    assert page.count("#c-") == 2


def test_before_the_source_came_nothing_was_published(site: Site, districts: list[Any]) -> None:
    assert site.client.get("/map/published.json?known=2026-03-01").json()["features"] == []
    assert "No source names a district" in site.client.get("/map/table/?layer=published").content.decode()
    assert 'data-layer="published"' not in site.client.get("/map/").content.decode()


def test_the_map_goes_to_each_country_apart(site: Site) -> None:
    page = site.client.get("/map/").content.decode()
    countries = list(rows(reader(), "place").filter(attributes__place_type="country"))
    assert countries
    for country in countries:
        assert f">{country.attributes['name']}</button>" in page
